"""Pictures of any shape → patches, as SigLIP 2's NaFlex and FG-CLIP 2 take them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BUDGETS = (128, 256, 576, 784, 1024)  # patches; a picture gets the first that is not exceeded
TOLERANCE = 1e-5  # of the scale that is searched for


def patch_budget(width: int, height: int, patch: int = 16) -> int:
    """Patches that FG-CLIP 2 gives a picture of so many pixels."""
    own = (width // patch) * (height // patch)
    return next((budget for budget in BUDGETS if own <= budget), BUDGETS[-1])


def patch_grid(width: int, height: int, budget: int, patch: int = 16) -> tuple[int, int]:
    """Patches down and across that fill a budget best at (nearly) the picture's own shape.

    Small pictures are enlarged, too. The scale is bisected as transformers' processor does it.
    """

    def grid(scale: float) -> tuple[int, int]:
        down, across = (max(1, math.ceil(scale * side / patch)) for side in (height, width))
        return down, across

    low, high = TOLERANCE / 10, 100.0
    while high - low >= TOLERANCE:
        middle = (low + high) / 2
        if math.prod(grid(middle)) <= budget:
            low = middle
        else:
            high = middle
    return grid(low)


def cut_into_patches(
    picture: Image.Image, budget: int, patch: int = 16
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Resize an RGB picture to its grid (bilinear) and cut it up.

    Returns:
        (H·W, patch·patch·3) pixel values, row by row of patches, each row by row of pixels, channel
        last; and the grid (H, W).
    """
    down, across = patch_grid(*picture.size, budget, patch)
    resized = picture.resize((across * patch, down * patch), Image.Resampling.BILINEAR)
    return _cut(resized, patch), (down, across)


def cut_square(
    picture: Image.Image, size: int, patch: int, resampling: Image.Resampling
) -> NDArray[np.uint8]:
    """Squash an RGB picture to `size` pixels a side: (side², patch·patch·3), see above.

    What is left beyond whole patches on the right and below is dropped, as a convolution does.
    """
    return _cut(picture.resize((size, size), resampling), patch)


def _cut(picture: Image.Image, patch: int) -> NDArray[np.uint8]:
    across, down = (pixels // patch for pixels in picture.size)
    values = np.asarray(picture)[: down * patch, : across * patch]
    cut = values.reshape(down, patch, across, patch, 3).transpose(0, 2, 1, 3, 4)
    return cut.reshape(down * across, -1)
