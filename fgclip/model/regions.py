"""Region features: RoIAlign with a single bin, as a product of sampling weights."""

from __future__ import annotations

import torch
from torch import Tensor


def region_features(dense: Tensor, boxes: Tensor, image_index: Tensor) -> Tensor:
    """Average the dense features inside each box (RoIAlign, one bin, aligned, adaptive sampling).

    Boxes form one flat list, so a picture may own any number of them; no map is copied.

    Args:
        dense: (B, D, H, W) patch features in the joint space.
        boxes: (N, 4) corners x0, y0, x1, y1 as fractions of the picture, in [0, 1].
        image_index: (N,) row of `dense` that each box belongs to.

    Returns:
        (N, D) float32 features, not normalised; zero for a box without area.
    """
    count, _, height, width = dense.shape
    slots = _slot_in_picture(image_index, count)
    boxes = boxes.float()
    with torch.autocast(dense.device.type, enabled=False):
        x0, y0, x1, y1 = boxes.unbind(-1)
        rows = sampling_weights(y0 * height, y1 * height, height)  # (N, H)
        columns = sampling_weights(x0 * width, x1 * width, width)  # (N, W)
        weights = (rows[:, :, None] * columns[:, None, :]).flatten(1)  # (N, H·W)
        # One product a picture: the boxes of picture b are the rows of padded[b].
        most = int(slots.max()) + 1 if len(boxes) else 0
        padded = weights.new_zeros(count, most, height * width)
        padded[image_index, slots] = weights
        pooled = padded @ dense.float().flatten(2).transpose(1, 2)  # (B, most, D)
        return pooled[image_index, slots]


def sampling_weights(start: Tensor, end: Tensor, size: int) -> Tensor:
    """Weight of each cell of one axis in the mean over an interval.

    RoIAlign samples the interval at ceil(length) equally spaced points and reads each bilinearly
    between cell centres, which is a tent function around every centre.

    Args:
        start: (N,) lower ends in cells, 0 … size.
        end: (N,) upper ends in cells.
        size: cells along the axis.

    Returns:
        (N, size) weights; a row sums to 1, or to 0 where the interval is empty.
    """
    length = end - start
    samples = length.ceil()
    step = torch.arange(size + 1, dtype=start.dtype, device=start.device)
    # Cell centres lie at k + ½ in the picture's frame, at k in the samples' frame.
    spacing = (length / samples.clamp(min=1))[:, None]
    points = start[:, None] - 0.5 + (step + 0.5) * spacing
    present = (step < samples[:, None]) & (points >= -1) & (points <= size)
    points = points.clamp(0, size - 1)
    centres = torch.arange(size, dtype=start.dtype, device=start.device)
    tents = (1 - (points[:, :, None] - centres).abs()).clamp(min=0)  # (N, samples, size)
    return (tents * present[:, :, None]).sum(1) / samples.clamp(min=1)[:, None]


def _slot_in_picture(image_index: Tensor, count: int) -> Tensor:
    """Number the boxes of each picture 0, 1, 2 …, whatever order they come in."""
    order = image_index.argsort(stable=True)
    owners = image_index[order]
    first = torch.bincount(owners, minlength=count).cumsum(0).roll(1)
    first[:1] = 0
    slots = torch.empty_like(image_index)
    slots[order] = torch.arange(len(owners), device=owners.device) - first[owners]
    return slots
