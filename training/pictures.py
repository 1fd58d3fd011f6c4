"""Pictures and boxes as a recipe wants them: resized to squares, cut out, tiled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fgclip.data.records import Corners
from training.recipe import Distillation, Resize

Pixels = NDArray[np.uint8]  # (H, W, 3)
LEAST_AREA, MOST_AREA = 8**2, 1024**2  # pixels of a box whose crop can teach (CLIPSelf)
WHOLE: Corners = (0.0, 0.0, 1.0, 1.0)


def as_square(pixels: Pixels, size: int, resize: Resize) -> tuple[Pixels, Corners]:
    """Resize a picture to a square, bicubic.

    Args:
        pixels: (H, W, 3).
        size: pixels per side.
        resize: "squash" both sides; "pad" right and below with black; "crop" the middle.

    Returns:
        (size, size, 3), and where the square lies in the picture: x0, y0, x1, y1 as fractions of
        the picture, beyond 1 where it is padded.
    """
    height, width = pixels.shape[:2]
    if resize == "squash" or width == height:
        return _resized(pixels, size, size), WHOLE
    if resize == "pad":
        longest = max(width, height)
        inner = _resized(
            pixels, *(max(1, round(size * side / longest)) for side in (width, height))
        )
        square = np.zeros((size, size, 3), np.uint8)
        square[: inner.shape[0], : inner.shape[1]] = inner
        return square, (0.0, 0.0, size / inner.shape[1], size / inner.shape[0])
    shortest = min(width, height)
    left, top = (width - shortest) / 2, (height - shortest) / 2
    window = (left, top, left + shortest, top + shortest)
    picture = Image.fromarray(pixels)
    cut = picture.resize((size, size), Image.Resampling.BICUBIC, box=window)
    frame = (window[0] / width, window[1] / height, window[2] / width, window[3] / height)
    return np.asarray(cut), frame


def in_square(box: Corners, frame: Corners) -> Corners:
    """A box of the picture as fractions of the square that lies at `frame`, clipped to it."""
    x0, y0, x1, y1 = frame
    edges = ((box[0] - x0, x1 - x0), (box[1] - y0, y1 - y0), (box[2] - x0, x1 - x0))
    a, b, c = (min(1.0, max(0.0, edge / side)) for edge, side in edges)
    return a, b, c, min(1.0, max(0.0, (box[3] - y0) / (y1 - y0)))


def taught_boxes(
    boxes: Sequence[Corners],
    shape: tuple[int, int],
    how: Distillation,
    random: np.random.Generator,
) -> list[Corners]:
    """Choose the boxes of one picture that are compared with their crops.

    Args:
        boxes: the annotated ones.
        shape: height and width of the picture in pixels.
        how: a random grid, or annotated boxes of a sensible size; shuffled, at most so many.
        random: where chance comes from.
    """
    if how.boxes == "grid":
        found = random_grid(how.max_split, random)
    else:
        height, width = shape
        areas = [(x1 - x0) * width * (y1 - y0) * height for x0, y0, x1, y1 in boxes]
        found = [
            box for box, area in zip(boxes, areas, strict=True) if LEAST_AREA <= area <= MOST_AREA
        ]
    order = random.permutation(len(found))[: how.max_boxes]
    return [found[place] for place in order]


def random_grid(max_split: int, random: np.random.Generator) -> list[Corners]:
    """Tile a picture by one of CLIPSelf's grids.

    M rows, 1 to `max_split`, and from M/2 to 2M columns, at most `max_split`: all pairs alike.
    """
    pairs = [
        (rows, columns)
        for rows in range(1, max_split + 1)
        for columns in range((rows + 1) // 2, min(2 * rows, max_split) + 1)
    ]
    rows, columns = pairs[random.integers(len(pairs))]
    return [
        (column / columns, row / rows, (column + 1) / columns, (row + 1) / rows)
        for row in range(rows)
        for column in range(columns)
    ]


def cut_out(
    pixels: Pixels, box: Corners, size: int, *, enlargement: float, resize: Resize
) -> Pixels:
    """The inside of a box as a picture of its own.

    Args:
        pixels: (H, W, 3).
        box: fractions of the picture.
        size: pixels per side of the result.
        enlargement: of the box around its centre; what leaves the picture is clipped.
        resize: "squash"; otherwise the crop keeps its shape in the middle of black.

    Returns:
        (size, size, 3).
    """
    height, width = pixels.shape[:2]
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    half = ((box[2] - box[0]) / 2 * enlargement, (box[3] - box[1]) / 2 * enlargement)
    left, right = _span(middle[0] - half[0], middle[0] + half[0], width)
    top, bottom = _span(middle[1] - half[1], middle[1] + half[1], height)
    inside = pixels[top:bottom, left:right]
    if resize == "squash":
        return _resized(inside, size, size)
    longest = max(inside.shape[:2])
    sides = [max(1, round(size * side / longest)) for side in (inside.shape[1], inside.shape[0])]
    inner = _resized(inside, *sides)
    square = np.zeros((size, size, 3), np.uint8)
    x, y = (size - sides[0]) // 2, (size - sides[1]) // 2
    square[y : y + sides[1], x : x + sides[0]] = inner
    return square


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """A span of fractions in whole pixels, at least one."""
    first = min(size - 1, max(0, int(np.floor(start * size))))
    return first, max(first + 1, min(size, int(np.ceil(end * size))))


def _resized(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))
