"""Phrases: what is said of an object, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from training.scenes.looks import Look, size_word
from training.scenes.names import synonyms, with_article
from training.scenes.splits import Rules

PLAIN = 0.3  # share of phrases that are just "a LABEL", so that class names work as prompts
SYNONYM, TAG = 0.10, 0.05  # share of training phrases with another word for the thing
SAID = {"colour": 0.8, "natural": 0.25, "tone": 0.75, "size": 0.5, "turned": 0.8, "upright": 0.12}
IN_CAPTION = 0.7  # share of true colours, tones and orientations a caption mentions

Corners = tuple[float, float, float, float]


class Wording(NamedTuple):
    """The parts of a phrase; an empty part is not said.

    Attributes:
        name: the concept.
        size: "small", "large" or "".
        orientation: "upside-down", "upright" or "".
        colour: colour word.
        tone: "light", "medium" or "dark".
        noun: word used instead of the name.
        bare: use the noun without article.
    """

    name: str
    size: str = ""
    orientation: str = ""
    colour: str = ""
    tone: str = ""
    noun: str = ""
    bare: bool = False

    @property
    def phrase(self) -> str:
        """The words: "a large upside-down blue glove", "a man with dark skin"."""
        noun = self.noun or self.name
        adjectives = [word for word in (self.size, self.orientation, self.colour) if word]
        text = " ".join([*adjectives, noun])
        if not self.bare:
            text = with_article(text, name=noun)
        return f"{text} with {self.tone} skin" if self.tone else text


@dataclass(frozen=True)
class Placed:
    """An object in its scene: its look and its box (fractions of the picture)."""

    look: Look
    box: Corners

    @property
    def size(self) -> str:
        """The word for it: "small", "large" or ""."""
        return size_word(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))

    @property
    def area(self) -> float:
        """Share of the picture."""
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def word_region(placed: Placed, tags: Sequence[str], rules: Rules, rng: Random) -> Wording:
    """Choose what a region's phrase says.

    Args:
        placed: the object.
        tags: associated words of its concept; used in training only.
        rules: of the split.
        rng: source of the choice.
    """
    look = placed.look
    wording = Wording(look.name)
    if rng.random() >= PLAIN or look.told_apart:
        mentioned = {part: rng.random() < share for part, share in SAID.items()}
        colour = _colour_word(look, rules, mentioned)
        upright = look.turnable and not look.turned and mentioned["upright"]
        turned = look.turned and mentioned["turned"]
        wording = Wording(
            name=look.name,
            size=placed.size if mentioned["size"] else "",
            orientation="upside-down" if turned else "upright" if upright else "",
            colour=colour,
            tone=look.tone if mentioned["tone"] or look.told_apart else "",
        )
    return _renamed(wording, tags, rng) if rules.split == "train" else wording


def _colour_word(look: Look, rules: Rules, mentioned: dict[str, bool]) -> str:
    if look.tint:
        return look.tint if mentioned["colour"] or look.told_apart else ""
    natural = look.main_colour
    wanted = mentioned["natural"] or look.told_apart
    return natural if natural and wanted and rules.says(look.name, natural) else ""


def _renamed(wording: Wording, tags: Sequence[str], rng: Random) -> Wording:
    draw = rng.random()
    others = synonyms(wording.name)
    if others and draw < SYNONYM * 2:  # about half of what is drawn has synonyms
        return wording._replace(noun=rng.choice(others))
    if tags and not others and draw < TAG:
        return wording._replace(noun=rng.choice(tags), bare=True)
    return wording


def word_caption(placed: Placed, rules: Rules, rng: Random) -> Wording:
    """Choose what a caption says of an object; never its size, which long captions add."""
    look = placed.look
    colour = look.tint or (look.main_colour if rng.random() < 0.2 else "")
    if not look.tint and colour and not rules.says(look.name, colour):
        colour = ""
    mentioned = look.told_apart or rng.random() < IN_CAPTION
    return Wording(
        name=look.name,
        orientation="upside-down" if look.turned and rng.random() < IN_CAPTION else "",
        colour=colour if mentioned else "",
        tone=look.tone if mentioned else "",
    )
