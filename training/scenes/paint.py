"""Pixels of objects: recolour, turn and resize, and vary the drawing style."""

from __future__ import annotations

import colorsys
import io
import math
from functools import cache
from random import Random

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from training.scenes.palette import COLOURS

_COLOURLESS = ("black", "grey", "white", "brown")


def tint(sprite: Image.Image, colour: str, rng: Random) -> Image.Image:
    """Recolour an RGBA drawing: by brightness ramp, or by hue alone, which keeps more detail."""
    alpha = sprite.getchannel("A")
    if colour in _COLOURLESS or rng.random() < 0.4:
        grey = sprite.convert("L")
        grey.putpalette(_ramp(colour))
        painted = grey.convert("RGB")
    else:
        hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in COLOURS[colour]))
        _, s, v = sprite.convert("RGB").convert("HSV").split()
        h = Image.new("L", sprite.size, round(hue * 255))
        s = s.point(_saturation_curve(round(saturation * 255)))
        painted = Image.merge(
            "HSV", (h, s, v.point(_MUCH_BRIGHTER if colour in _GAINS else _BRIGHTER))
        ).convert("RGB")
    painted.putalpha(alpha)
    return painted


def place(
    sprite: Image.Image,
    longest: float,
    *,
    angle: float,
    mirrored: bool,
    stretch: float = 1.0,
    smooth: bool = False,
) -> Image.Image:
    """Scale, mirror and rotate a drawing, trimmed to what is visible.

    Args:
        sprite: RGBA.
        longest: pixels of the longest side before rotation.
        angle: degrees, counter-clockwise.
        mirrored: swap left and right first.
        stretch: factor of the width, whose inverse is the height's, before rotation.
        smooth: bicubic instead of bilinear.
    """
    scale = longest / max(sprite.size)
    if scale < 0.55:
        sprite = sprite.reduce(2)
        scale = longest / max(sprite.size)
    width, height = sprite.size
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    across, down = scale * stretch, scale / stretch
    out_width = math.ceil(abs(width * across * cos) + abs(height * down * sin)) + 2
    out_height = math.ceil(abs(width * across * sin) + abs(height * down * cos)) + 2
    flip = -1 if mirrored else 1
    a, b, d, e = flip * cos / across, -flip * sin / across, sin / down, cos / down
    matrix = (
        a,
        b,
        width / 2 - a * out_width / 2 - b * out_height / 2,
        d,
        e,
        height / 2 - d * out_width / 2 - e * out_height / 2,
    )
    resample = Image.Resampling.BICUBIC if smooth else Image.Resampling.BILINEAR
    size = (out_width, out_height)
    return trim(sprite.transform(size, Image.Transform.AFFINE, matrix, resample=resample))


def trim(picture: Image.Image) -> Image.Image:
    """Crop an RGBA picture to the pixels that it covers at least by half."""
    half_covered = picture.getchannel("A").convert("1", dither=Image.Dither.NONE)
    box = half_covered.getbbox()
    return picture.crop(box) if box else picture


def vary_drawing(picture: Image.Image, rng: Random) -> Image.Image:
    """Sometimes outline an object, ink its inner edges or flatten its colours.

    Held-out styles differ most in their outlines; this makes outlines carry no meaning.
    """
    if rng.random() < 0.15:
        picture = _flattened(picture, rng)
    if rng.random() < 0.25:
        picture = _inked(picture)
    if rng.random() < 0.40:
        picture = _outlined(picture, rng)
    return picture


def random_stretch(rng: Random) -> float:
    """Sometimes make an object wider or narrower: artists differ in proportions, too."""
    return math.exp(rng.uniform(-0.22, 0.22)) if rng.random() < 0.6 else 1.0


def vary_scene(scene: Image.Image, rng: Random) -> Image.Image:
    """Sometimes shift the colours of a whole RGB picture a little, blur it or compress it."""
    if rng.random() < 0.3:
        scene = scene.convert("RGB", _colour_shift(rng))
    if rng.random() < 0.1:
        scene = scene.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.0)))
    if rng.random() < 0.1:
        scene = ImageEnhance.Contrast(scene).enhance(rng.uniform(0.75, 1.25))
    if rng.random() < 0.05:
        buffer = io.BytesIO()
        scene.save(buffer, "JPEG", quality=rng.randint(40, 85))
        scene = Image.open(buffer).convert("RGB")
    return scene


def _outlined(picture: Image.Image, rng: Random) -> Image.Image:
    thickness = rng.choice((1, 1, 2))
    picture = ImageOps.expand(picture, thickness, (0, 0, 0, 0))
    alpha = picture.getchannel("A")
    shade = rng.randint(0, 50)
    outline = Image.new("RGBA", picture.size, (shade, shade, shade, 255))
    outline.putalpha(alpha.filter(ImageFilter.MaxFilter(2 * thickness + 1)))
    outline.alpha_composite(picture)
    return outline


def _flattened(picture: Image.Image, rng: Random) -> Image.Image:
    """Without gradients and small detail: few colours in larger patches."""
    alpha = picture.getchannel("A")
    flat = picture.convert("RGB")
    if rng.random() < 0.5:
        flat = flat.filter(ImageFilter.MedianFilter(3))
    flat = ImageOps.posterize(flat, rng.choice((2, 3)))
    flat.putalpha(alpha)
    return flat


def _inked(picture: Image.Image) -> Image.Image:
    alpha = picture.getchannel("A")
    edges = picture.convert("L").filter(ImageFilter.FIND_EDGES).point(_STRONG_EDGE)
    inked = picture.copy()
    inked.paste((20, 20, 20), mask=edges)
    inked.putalpha(alpha)
    return inked


def _colour_shift(rng: Random) -> tuple[float, ...]:
    """Return a 3 × 4 matrix: hue ±8°, saturation 0.55-1.25, brightness 0.85-1.12."""
    angle = math.radians(rng.uniform(-8, 8))
    saturation, brightness = rng.uniform(0.55, 1.25), rng.uniform(0.85, 1.12)
    cos, sin = saturation * math.cos(angle), saturation * math.sin(angle) / math.sqrt(3)
    weights = (0.299, 0.587, 0.114)
    matrix: list[float] = []
    for row in range(3):
        for column in range(3):
            turn = (0, -sin, sin)[(column - row) % 3]
            keep = cos if row == column else 0
            matrix.append(brightness * (weights[column] * (1 - cos) + keep + turn))
        matrix.append(0)
    return tuple(matrix)


@cache
def _ramp(colour: str) -> bytes:
    """Return a palette from a dark to a light shade of the colour, 256 RGB entries."""
    rgb = COLOURS[colour]
    low, high = _GAINS.get(colour, (0.35, 1.35))
    entries = []
    for level in range(256):
        gain = low + (high - low) * level / 255
        entries += [_lit(part, gain) for part in rgb]
    return bytes(entries)


def _lit(part: int, gain: float) -> int:
    """Scale a channel; above 1 move towards white instead, so that highlights stay visible."""
    if gain <= 1 or part < 60:
        return min(255, round(part * gain))
    return round(part + (255 - part) * min(1.0, (gain - 1) * 1.2))


@cache
def _saturation_curve(target: int) -> list[int]:
    return [
        max(round(target * 0.55), min(target, round(level * 0.4 + target * 0.6)))
        for level in range(256)
    ]


# Brightness of the darkest and the lightest shade. Dark orange and yellow are brown to a viewer,
# dark white is grey.
_GAINS = {
    "white": (0.8, 1.0),
    "black": (0.15, 1.9),
    "grey": (0.45, 1.25),
    "orange": (0.55, 1.35),
    "yellow": (0.55, 1.35),
    "pink": (0.5, 1.35),
}
_BRIGHTER = [min(255, round(60 + level * 0.78)) for level in range(256)]
_MUCH_BRIGHTER = [min(255, round(115 + level * 0.55)) for level in range(256)]
_STRONG_EDGE = [min(255, max(0, (level - 50) * 4)) for level in range(256)]
