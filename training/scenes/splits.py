"""What training may see, and which unseen thing each test split shows.

Everything is decided by a hash of names, so it holds for any seed, machine or sprite order.
Each test split withholds one thing and keeps the rest as in training.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from training.scenes.sources import styles

Split = Literal["train", "seen", "compositions", "drawings", "style", "style2", "concepts"]
"""train: seen drawings, with style augmentation. seen: the same without it (memorisation).
compositions: held-out (concept, colour) and (concept, tone) pairs. drawings: one style held out of
a concept that has others. style, style2: art styles never trained on (OpenMoji, FxEmoji).
concepts: things never trained on, in seen styles."""

SPLITS: tuple[Split, ...] = get_args(Split)
HELD_OUT_STYLES: dict[Split, str] = {"style": "openmoji", "style2": "fxemoji"}
TRAIN_STYLES = styles("train")
# Drawings of few or no fills, shown in training only: they teach that outlines carry no meaning.
OUTLINED_STYLES = styles("outlined")

CONCEPTS_HELD_OUT = 20  # one concept in this many
PAIRS_HELD_OUT = 10
DRAWINGS_HELD_OUT = 10
STYLES_NEEDED = 3  # a drawing is held out only of a concept that this many train styles draw


@cache
def concept_held_out(name: str) -> bool:
    """Whether training never sees or names this concept."""
    return _one_in(CONCEPTS_HELD_OUT, "concept", name)


@cache
def pair_held_out(name: str, word: str) -> bool:
    """Whether training never shows or says this concept in this colour or skin tone."""
    return _one_in(PAIRS_HELD_OUT, "pair", name, word)


@cache
def drawing_held_out(name: str, style: str, train_styles: int) -> bool:
    """Whether training never shows this style's drawing of the concept.

    Args:
        name: concept.
        style: art style.
        train_styles: how many train styles draw the concept.
    """
    return train_styles >= STYLES_NEEDED and _one_in(DRAWINGS_HELD_OUT, "drawing", name, style)


@dataclass(frozen=True)
class Rules:
    """What one split draws and says."""

    split: Split

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ValueError(f"unknown split {self.split!r}; choose from {', '.join(SPLITS)}")

    @property
    def styled(self) -> bool:
        """Whether pictures get random outlines, colour shifts and blur."""
        return self.split == "train"

    def draws(self, name: str, style: str, train_styles: int) -> bool:
        """Whether the split shows this style's drawing of a concept."""
        if style != HELD_OUT_STYLES.get(self.split, style):
            return False
        drawn = (*TRAIN_STYLES, *OUTLINED_STYLES) if self.split == "train" else TRAIN_STYLES
        if self.split not in HELD_OUT_STYLES and style not in drawn:
            return False
        if concept_held_out(name) != (self.split == "concepts"):
            return False
        held = style in TRAIN_STYLES and drawing_held_out(name, style, train_styles)
        return self.split == "concepts" or held == (self.split == "drawings")

    def shows(self, name: str, word: str) -> bool:
        """Whether an altered object may have this colour or tone; unaltered ones always may."""
        return pair_held_out(name, word) == (self.split == "compositions")

    def says(self, name: str, word: str = "") -> bool:
        """Whether a phrase, true or false, may name this concept (in this colour or tone)."""
        if self.split == "concepts":
            return True
        if concept_held_out(name):
            return False
        return self.split == "compositions" or not (word and pair_held_out(name, word))


def _one_in(count: int, *parts: str) -> bool:
    digest = hashlib.blake2b("|".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count == 0
