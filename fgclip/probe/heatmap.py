"""Heat maps: the cosine of one prompt with every patch, as numbers and as a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from fgclip.probe.prompts import DenseField
from fgclip.types import Embeddings

Map = NDArray[np.float32]
"""(H, W) cosines."""

# Viridis at nine equal steps; colours between are mixed linearly.
VIRIDIS = (
    "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c",
    "#28ae80", "#5ec962", "#addc30", "#fde725",
)  # fmt: skip
BAR = 56  # pixels of the strip that holds the colour scale


def heat_map(field: DenseField, text_embedding: Embeddings) -> Map:
    """Cosine of every patch with one text: (D,) unit vector → (H, W)."""
    similarity: Map = field.similarity(text_embedding[None])[0]
    return similarity


def upsampled(heat: Map, width: int, height: int) -> Map:
    """Interpolate bilinearly between patch centres: (H, W) → (height, width)."""
    rows, row_shares = _neighbours(heat.shape[0], height)
    columns, column_shares = _neighbours(heat.shape[1], width)
    down = heat[rows[0]] * (1 - row_shares[:, None]) + heat[rows[1]] * row_shares[:, None]
    across = down[:, columns[0]] * (1 - column_shares) + down[:, columns[1]] * column_shares
    return across.astype(np.float32)


def coloured(values: Map, low: float, high: float) -> NDArray[np.uint8]:
    """Viridis colours of values: low is the dark end, high the bright one. (…) → (…, 3)."""
    place = np.clip((values - low) * (255 / max(high - low, 1e-9)), 0, 255)
    colours: NDArray[np.uint8] = _COLOURS[np.rint(place).astype(np.uint8)]
    return colours


def _colours() -> NDArray[np.uint8]:
    stops = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in VIRIDIS], float)
    place = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(place, range(len(stops)), stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


_COLOURS = _colours()  # (256, 3)


def overlay(
    picture: Image.Image,
    heat: Map,
    *,
    low: float | None = None,
    high: float | None = None,
    opacity: float = 0.6,
) -> Image.Image:
    """The picture under its heat map, with the colour scale below.

    Args:
        picture: RGB.
        heat: (H, W) cosines.
        low: Cosine at the dark end; the map's own lowest if not given.
        high: Cosine at the bright end; the map's own highest if not given.
        opacity: Of the map, 0…1.
    """
    low = float(heat.min()) if low is None else low
    high = float(heat.max()) if high is None else high
    colours = Image.fromarray(coloured(upsampled(heat, *picture.size), low, high))
    canvas = Image.new("RGB", (picture.width, picture.height + BAR), "white")
    canvas.paste(Image.blend(picture.convert("RGB"), colours, opacity), (0, 0))
    _draw_scale(canvas, picture.height, low, high)
    return canvas


def _neighbours(
    cells: int, pixels: int
) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float32]]:
    """The two cells around every pixel of an axis, and the share of the second."""
    place = np.clip((np.arange(pixels) + 0.5) * cells / pixels - 0.5, 0, cells - 1)
    first = np.floor(place).astype(np.intp)
    return (first, np.minimum(first + 1, cells - 1)), (place - first).astype(np.float32)


def _draw_scale(canvas: Image.Image, top: int, low: float, high: float) -> None:
    width = min(canvas.width - 16, 320)
    if width < 1:
        return  # a picture this narrow has no room for numbers
    scale = coloured(np.tile(np.linspace(0, 1, width, dtype=np.float32), (14, 1)), 0, 1)
    canvas.paste(Image.fromarray(scale), (8, top + 8))
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(16)
    draw.text((8, top + 28), f"{low:.3f}", fill="black", font=font)
    draw.text((8 + width, top + 28), f"{high:.3f}", fill="black", font=font, anchor="ra")
