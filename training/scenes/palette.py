"""The eleven colour words, and which of them are true of a drawing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (218, 36, 40),
    "orange": (245, 134, 24),
    "yellow": (250, 212, 40),
    "green": (52, 160, 62),
    "blue": (40, 100, 216),
    "purple": (132, 60, 180),
    "pink": (245, 130, 185),
    "brown": (128, 78, 42),
    "black": (30, 30, 34),
    "grey": (138, 140, 144),
    "white": (246, 246, 246),
}
COLOUR_NAMES = tuple(COLOURS)
OPAQUE = 128  # alpha from which a pixel counts


def colour_shares(sprite: Image.Image) -> NDArray[np.float32]:
    """Return how much of a drawing each colour word is true of.

    Args:
        sprite: RGBA.

    Returns:
        (11,) shares of the opaque pixels, in the order of COLOUR_NAMES. Skin and beige count as
        none, so the sum may stay below 1.
    """
    opaque = np.asarray(sprite.getchannel("A")) >= OPAQUE
    hsv = np.asarray(sprite.convert("RGB").convert("HSV"))[opaque].astype(np.float32)
    if not len(hsv):
        return np.zeros(len(COLOURS), np.float32)
    words = _word_of(hsv[:, 0] * (360 / 255), hsv[:, 1] / 255, hsv[:, 2] / 255)
    counts = np.bincount(words, minlength=len(COLOURS) + 1)
    return (counts[: len(COLOURS)] / len(words)).astype(np.float32)


def _word_of(
    hue: NDArray[np.floating], saturation: NDArray[np.floating], value: NDArray[np.floating]
) -> NDArray[np.intp]:
    """Name pixels by hue in degrees, saturation and value in [0, 1]: (P,) each → (P,) indices."""
    pale = (saturation < 0.5) & (value > 0.7)
    rules = [
        ("black", value < 0.24),
        ("white", (saturation < 0.12) & (value > 0.86)),
        ("grey", (saturation < 0.14) | ((saturation < 0.25) & (value < 0.7))),
        ("pink", ((hue >= 335) | (hue < 12)) & pale),
        ("red", (hue >= 345) | (hue < 14)),
        ("brown", (hue < 70) & (value < 0.68)),
        (None, (hue < 48) & pale),  # skin, beige
        ("orange", hue < 40),
        ("yellow", hue < 66),
        ("green", hue < 168),
        ("blue", hue < 252),
        ("purple", (hue < 292) | (value < 0.6)),
        ("pink", hue < 345),
    ]
    none = len(COLOURS)
    words = [none if name is None else COLOUR_NAMES.index(name) for name, _ in rules]
    return np.select([condition for _, condition in rules], words, default=none)
