"""Phrases and captions: what is said of an object, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from training.scenes.backgrounds import Background
from training.scenes.looks import Look, size_word
from training.scenes.names import is_plural, synonyms, with_article
from training.scenes.splits import Rules

PLAIN = 0.3  # share of phrases that are just "a LABEL", so that class names work as prompts
SYNONYM, TAG = 0.10, 0.05  # share of training phrases with another word for the thing
SAID = {"colour": 0.8, "natural": 0.25, "tone": 0.75, "size": 0.5, "turned": 0.8, "upright": 0.12}
IN_CAPTION = 0.7  # share of true colours, tones and orientations a caption mentions
ON_BACKGROUND = 0.5
COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")

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
        said = {part: rng.random() < share for part, share in SAID.items()}
        colour = _colour_word(look, rules, said)
        upright = look.turnable and not look.turned and said["upright"]
        turned = look.turned and said["turned"]
        wording = Wording(
            name=look.name,
            size=placed.size if said["size"] else "",
            orientation="upside-down" if turned else "upright" if upright else "",
            colour=colour,
            tone=look.tone if said["tone"] or look.told_apart else "",
        )
    return _renamed(wording, tags, rng) if rules.split == "train" else wording


def _colour_word(look: Look, rules: Rules, said: dict[str, bool]) -> str:
    if look.tint:
        return look.tint if said["colour"] or look.told_apart else ""
    natural = look.main_colour
    wanted = said["natural"] or look.told_apart
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
    said = look.told_apart or rng.random() < IN_CAPTION
    return Wording(
        name=look.name,
        orientation="upside-down" if look.turned and rng.random() < IN_CAPTION else "",
        colour=colour if said else "",
        tone=look.tone if said else "",
    )


def short_caption(
    objects: Sequence[Placed], wordings: Sequence[Wording], background: Background, rng: Random
) -> str:
    """Return one clause on up to the three biggest objects, half of the time on its background."""
    order = sorted(range(len(objects)), key=lambda i: -objects[i].area)[:3]
    if len(order) >= 2 and rng.random() < 0.2:
        first, second = order[:2]
        side = relation(objects[first], objects[second])
        if side:
            text = f"{wordings[first].phrase} {side} {wordings[second].phrase}"
            return _on_background(text, background, rng)
    return _on_background(_joined([wordings[i].phrase for i in order]), background, rng)


def long_caption(
    objects: Sequence[Placed], wordings: Sequence[Wording], background: Background, rng: Random
) -> tuple[str, str]:
    """Return several sentences, and the same with one relation turned round ("" without one)."""
    count = COUNTS[len(objects)] + (" object" if len(objects) == 1 else " objects")
    sentences = []
    if rng.random() < ON_BACKGROUND:
        sentences.append(f"{count} on {background.phrase}.")
    elif rng.random() < 0.5:
        sentences.append(f"{count}.")
    for placed, wording in zip(objects, wordings, strict=True):
        whole = wording._replace(size=placed.size if rng.random() < 0.5 else "")
        verb = "are" if is_plural(wording.name) else "is"
        sentences.append(f"{_capital(whole.phrase)} {verb} {place_of(placed.centre)}.")
    related = _relations(objects, wordings, rng)
    wrong = ""
    if related:
        first, side, second = related[0]
        swapped = [_sentence(second, side, first), *(_sentence(*other) for other in related[1:])]
        wrong = " ".join([*sentences, *swapped])
    return " ".join([*sentences, *(_sentence(*parts) for parts in related)]), wrong


def place_of(centre: tuple[float, float]) -> str:
    """Return where a point is, in thirds of the picture: "at the top left"."""
    across = ("left", "", "right")[min(2, int(centre[0] * 3))]
    down = ("top", "", "bottom")[min(2, int(centre[1] * 3))]
    if down and across:
        return f"at the {down} {across}"
    if down:
        return f"at the {down}"
    return f"on the {across}" if across else "in the middle"


def relation(first: Placed, second: Placed) -> str:
    """Return how the first object lies to the second; "" where no word is clearly right."""
    (x0, y0), (x1, y1) = first.centre, second.centre
    across, down = x1 - x0, y1 - y0
    if max(abs(across), abs(down)) < 0.25 or 0.6 < abs(across) / (abs(down) + 1e-6) < 1.6:
        return ""
    if abs(across) > abs(down):
        return "to the left of" if across > 0 else "to the right of"
    return "above" if down > 0 else "below"


def _relations(
    objects: Sequence[Placed], wordings: Sequence[Wording], rng: Random
) -> list[tuple[Wording, str, Wording]]:
    """Return up to two relations between neighbours in the list, each holding for its pair."""
    found = []
    for i in range(len(objects) - 1):
        side = relation(objects[i], objects[i + 1])
        if side:
            found.append((wordings[i], side, wordings[i + 1]))
    return rng.sample(found, min(2, len(found)))


def _sentence(first: Wording, side: str, second: Wording) -> str:
    verb = "are" if is_plural(first.name) else "is"
    return f"{_capital(_definite(first))} {verb} {side} {_definite(second)}."


def _definite(wording: Wording) -> str:
    phrase = wording.phrase
    for article in ("a ", "an ", "the "):
        if phrase.startswith(article):
            return "the " + phrase.removeprefix(article)
    return phrase if phrase[0].isupper() else f"the {phrase}"


def _joined(phrases: Sequence[str]) -> str:
    if len(phrases) == 1:
        return phrases[0]
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _on_background(text: str, background: Background, rng: Random) -> str:
    return f"{text} on {background.phrase}" if rng.random() < ON_BACKGROUND else text


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
