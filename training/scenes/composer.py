"""Compose scenes: a picture, its boxes and everything said about it, from a seed and a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fgclip.data.records import Region
from training.scenes import paint
from training.scenes.backgrounds import Background, choose_background, paint_background
from training.scenes.captions import long_caption, short_caption
from training.scenes.layout import empty_box, free_corner
from training.scenes.looks import LARGE, SMALL, Casting, Look
from training.scenes.negatives import Rewriter
from training.scenes.phrases import Placed, Wording, word_caption, word_region
from training.scenes.splits import Rules, Split
from training.scenes.sprites import SpritePack

SMALLEST, BIGGEST = 28, 80  # pixels of an object's longest side, in pictures up to REFERENCE
REFERENCE = 144  # pixels; larger pictures scale their objects
WIDEST = (0.85, 0.62, 0.55, 0.46, 0.40)  # longest side as a share of the picture, by object count
BACKGROUND_BOXES = 0.15  # share of scenes with a captioned box of background
BACKGROUND = "background"  # category of such a box


@dataclass(frozen=True)
class Scene:
    """One composed picture.

    Attributes:
        pixels: (S, S, 3) uint8 RGB.
        short_caption: one clause.
        long_caption: several sentences.
        regions: objects in painting order, then perhaps one box of background.
        meta: split, seed, index, background, and one wrong long caption.
    """

    pixels: NDArray[np.uint8]
    short_caption: str
    long_caption: str
    regions: tuple[Region, ...]
    meta: Mapping[str, Any]


class Composer:
    """Scenes of one split by number; the same number gives the same scene.

    Args:
        sprites: drawings.
        size: pixels per side.
        objects: least and most objects of a scene.
        split: what may be shown, see `training.scenes.splits`.
        seed: another seed gives other scenes.
    """

    def __init__(
        self,
        sprites: SpritePack,
        *,
        size: int,
        objects: tuple[int, int],
        split: Split = "train",
        seed: int = 0,
    ) -> None:
        if size < 32:
            raise ValueError(f"size {size} is too small to show anything; use 32 pixels or more")
        if not 1 <= objects[0] <= objects[1] <= len(WIDEST):
            raise ValueError(f"objects {objects} must be an ordered pair within 1 to {len(WIDEST)}")
        self.sprites = sprites
        self.size = size
        self.objects = objects
        self.seed = seed
        self.rules = Rules(split)
        self._casting = Casting(sprites, self.rules)
        self._rewriter = Rewriter(sprites, self.rules)

    def __reduce__(self) -> tuple[Any, ...]:
        return _compose_like, (self.sprites, self.size, self.objects, self.rules.split, self.seed)

    def scene(self, index: int) -> Scene:
        """Return scene number `index`."""
        rng = Random(f"{self.rules.split} {self.seed} {index}")
        looks = self._casting.choose(rng.randint(*self.objects), rng)
        colours = frozenset(look.tint or look.main_colour for look in looks)
        background = choose_background(rng, avoid=colours)
        picture = paint_background(background, self.size, rng)
        objects = self._paste(picture, looks, rng)
        if self.rules.styled:
            picture = paint.vary_scene(picture, rng)
        regions = [self._region(placed, rng) for placed in objects]
        if rng.random() < BACKGROUND_BOXES:
            regions += self._background_region(background, objects, rng)
        wordings = [word_caption(placed, self.rules, rng) for placed in objects]
        short = short_caption(objects, wordings, background, rng)
        long, wrong = long_caption(objects, wordings, background, rng)
        meta = {
            "split": self.rules.split,
            "seed": self.seed,
            "index": index,
            "background": background.phrase,
            "wrong_long_caption": wrong,
        }
        return Scene(np.asarray(picture), short, long, tuple(regions), meta)

    def _paste(self, picture: Image.Image, looks: list[Look], rng: Random) -> list[Placed]:
        """Paint objects into the picture where there is room; the first always fits."""
        pixel_boxes: list[tuple[int, int, int, int]] = []
        placed = []
        for look in looks:
            cut = self._cut_out(look, len(looks), rng)
            corner = free_corner(cut.size, self.size, pixel_boxes, rng)
            if corner is None:
                continue
            picture.paste(cut, corner, cut)
            pixel_box = (*corner, corner[0] + cut.width, corner[1] + cut.height)
            pixel_boxes.append(pixel_box)
            x0, y0, x1, y1 = (edge / self.size for edge in pixel_box)
            placed.append(Placed(look, (x0, y0, x1, y1)))
        return placed

    def _cut_out(self, look: Look, count: int, rng: Random) -> Image.Image:
        sprite = self.sprites.image(look.number)
        if look.tint:
            sprite = paint.tint(sprite, look.tint, rng)
        angle = rng.gauss(0, 6) if rng.random() < 0.7 else 0.0
        cut = paint.place(
            sprite,
            self._longest(count, rng),
            angle=angle + 180 * look.turned,
            mirrored=look.mirrored,
            stretch=paint.random_stretch(rng) if self.rules.styled else 1.0,
            smooth=self.size > REFERENCE,
        )
        if self.rules.styled and not look.lines:
            cut = paint.vary_drawing(cut, rng)
        limit = self.size - 2
        if max(cut.size) > limit:
            cut.thumbnail((limit, limit))
        return cut

    def _longest(self, count: int, rng: Random) -> float:
        """Draw an object's longest side in pixels; sizes that have a word come often."""
        unit = max(1.0, self.size / REFERENCE)
        low = min(SMALLEST * unit, 0.3 * self.size)
        high = WIDEST[count - 1] * self.size
        if count > 1:
            high = min(high, BIGGEST * unit)
        small, large = SMALL * self.size, LARGE * self.size
        draw = rng.random()
        if draw < 0.25 and low < small:
            return rng.uniform(low, 0.96 * small)
        if draw < 0.55 and high > large:
            return rng.uniform(1.02 * large, high)
        return rng.uniform(min(1.1 * small, high), min(0.94 * large, high))

    def _region(self, placed: Placed, rng: Random) -> Region:
        look = placed.look
        concept = self.sprites.concepts[look.concept]
        wording = word_region(placed, concept.tags, self.rules, rng)
        alike = self.sprites.drawn_like(look.number)
        return Region(
            box=placed.box,
            phrase=wording.phrase,
            long_phrase=_full(placed).phrase,
            negatives=self._rewriter.of_object(placed, wording, rng),
            category=look.name,
            meta={
                "style": self.sprites.sprites[look.number].style,
                "colour": look.tint,
                "tone": look.tone,
                "turned": look.turned,
                "size": placed.size,
                "altered": look.altered,
                "held_out": look.held_out,
                "alike": [self.sprites.concepts[other].name for other in sorted(alike)],
            },
        )

    def _background_region(
        self, background: Background, objects: list[Placed], rng: Random
    ) -> list[Region]:
        box = empty_box([placed.box for placed in objects], rng)
        if box is None:
            return []
        negatives = self._rewriter.of_background(background, rng)
        phrase = background.phrase
        return [Region(box, phrase, phrase, negatives, category=BACKGROUND)]


def _compose_like(
    sprites: SpritePack, size: int, objects: tuple[int, int], split: Split, seed: int
) -> Composer:
    return Composer(sprites, size=size, objects=objects, split=split, seed=seed)


def _full(placed: Placed) -> Wording:
    """Say everything that is true of an object."""
    look = placed.look
    return Wording(
        name=look.name,
        size=placed.size,
        orientation="upside-down" if look.turned else "",
        colour=look.tint,
        tone=look.tone,
    )
