"""Backgrounds: a pattern in one or two named colours."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.scenes.palette import COLOUR_NAMES, COLOURS

PATTERNS = ("plain", "gradient", "speckled", "striped", "checked")


@dataclass(frozen=True)
class Background:
    """What a background is.

    Attributes:
        pattern: one of PATTERNS.
        colour: colour word.
        second: second colour word, or "" for two shades of one colour.
    """

    pattern: str
    colour: str
    second: str = ""

    @property
    def phrase(self) -> str:
        """The words for it: "a striped blue and white background"."""
        return describe(self.pattern, self.colour, self.second)


def describe(pattern: str, colour: str, second: str = "") -> str:
    """Return the phrase for a background."""
    colours = f"{colour} and {second}" if second else colour
    if pattern == "gradient":
        noun = f"{colours} gradient background"
    else:
        noun = f"{pattern} {colours} background"
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def choose_background(rng: Random, *, avoid: frozenset[str]) -> Background:
    """Draw a background in colours outside `avoid`."""
    colours = [colour for colour in COLOUR_NAMES if colour not in avoid]
    pattern = rng.choices(PATTERNS, (30, 25, 15, 15, 15))[0]
    colour = rng.choice(colours)
    second = ""
    if pattern not in ("plain", "speckled") and rng.random() < 0.4:
        second = rng.choice([other for other in colours if other != colour] or [""])
    return Background(pattern, colour, second)


def paint_background(background: Background, size: int, rng: Random) -> Image.Image:
    """Return an RGB picture of `size` × `size` pixels."""
    first = _shade(COLOURS[background.colour], rng)
    if background.second:
        other = _shade(COLOURS[background.second], rng)
    else:
        shift = rng.choice((-1, 1)) * rng.randint(26, 40)
        other = tuple(min(255, max(0, part + shift)) for part in first)
    if background.pattern == "plain":
        return Image.new("RGB", (size, size), first)
    if background.pattern == "speckled":
        return _speckled(first, size, rng)
    mask = Image.fromarray(_MASKS[background.pattern](size, rng))
    return Image.composite(
        Image.new("RGB", (size, size), other), Image.new("RGB", (size, size), first), mask
    )


def _shade(rgb: tuple[int, ...], rng: Random) -> tuple[int, ...]:
    return tuple(min(255, max(0, part + rng.randint(-14, 14))) for part in rgb)


def _speckled(rgb: tuple[int, ...], size: int, rng: Random) -> Image.Image:
    # Noise a little coarser than a pixel, so that it survives resizing.
    grains = max(24, size // rng.choice((1, 2, 3)))
    noise = np.frombuffer(rng.randbytes(grains * grains), np.uint8).reshape(grains, grains)
    levels = (noise.astype(np.float32) - 127.5) * (rng.uniform(0.18, 0.4))
    pixels = np.clip(levels[..., None] + np.array(rgb, np.float32), 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((size, size), Image.Resampling.BILINEAR)


def _gradient(size: int, rng: Random) -> NDArray[np.uint8]:
    line = np.linspace(0, 255, size, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    across, down = np.cos(angle), np.sin(angle)
    slope = across * line[None] + down * line[:, None]
    low, high = float(slope.min()), float(slope.max())
    pixels: NDArray[np.uint8] = ((slope - low) * (255 / (high - low))).astype(np.uint8)
    return pixels


def _stripes(size: int, rng: Random) -> NDArray[np.uint8]:
    line = np.arange(size, dtype=np.float32)
    period = size * rng.uniform(0.09, 0.25)
    angle = rng.choice((0.0, 0.25, 0.5, 0.75)) * np.pi
    position = np.cos(angle) * line[None] + np.sin(angle) * line[:, None] + rng.uniform(0, period)
    return np.where(position % period < period / 2, 255, 0).astype(np.uint8)


def _checks(size: int, rng: Random) -> NDArray[np.uint8]:
    cell = size * rng.uniform(0.06, 0.17)
    line = np.floor((np.arange(size) + rng.uniform(0, cell)) / cell).astype(np.int64)
    pixels: NDArray[np.uint8] = (255 * ((line[None] + line[:, None]) % 2)).astype(np.uint8)
    return pixels


_MASKS = {"gradient": _gradient, "striped": _stripes, "checked": _checks}
