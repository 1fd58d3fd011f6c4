"""RoIAlign with one bin, against its definition."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from fgclip.model.regions import region_features, sampling_weights

edge = st.floats(0, 1, width=32)


def by_definition(dense: Tensor, box: tuple[float, float, float, float]) -> Tensor:
    """Mean over ceil(height) × ceil(width) points, each read bilinearly. (D, H, W) → (D,)."""
    _, height, width = dense.shape
    x0, y0, x1, y1 = (torch.tensor(value) for value in box)
    left, right, top, bottom = x0 * width, x1 * width, y0 * height, y1 * height
    down, across = math.ceil(bottom - top), math.ceil(right - left)
    total = torch.zeros(dense.shape[0], dtype=torch.float64)
    for row in range(down):
        for column in range(across):
            y = float(top - 0.5 + (row + 0.5) * (bottom - top) / down)
            x = float(left - 0.5 + (column + 0.5) * (right - left) / across)
            total += read(dense.double(), min(max(y, 0), height - 1), min(max(x, 0), width - 1))
    return total / max(down * across, 1)


def read(dense: Tensor, y: float, x: float) -> Tensor:
    top, left = int(y), int(x)
    bottom, right = min(top + 1, dense.shape[1] - 1), min(left + 1, dense.shape[2] - 1)
    down, across = y - top, x - left
    upper = (1 - across) * dense[:, top, left] + across * dense[:, top, right]
    lower = (1 - across) * dense[:, bottom, left] + across * dense[:, bottom, right]
    return (1 - down) * upper + down * lower


@given(edge, edge, edge, edge, st.integers(1, 9), st.integers(1, 9))
def test_any_box_is_the_mean_of_its_bilinear_samples(
    a: float, b: float, c: float, d: float, height: int, width: int
) -> None:
    box = (min(a, b), min(c, d), max(a, b), max(c, d))
    dense = torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(0))
    found = region_features(dense, torch.tensor([box]), torch.tensor([0]))
    torch.testing.assert_close(
        found[0].double(), by_definition(dense[0], box), atol=1e-4, rtol=1e-4
    )


def test_box_over_the_whole_picture_averages_all_patches() -> None:
    dense = torch.arange(16.0).view(1, 1, 4, 4)
    whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    region = region_features(dense, whole, image_index=torch.tensor([0]))
    torch.testing.assert_close(region, torch.tensor([[7.5]]))


def test_box_without_area_is_zero_and_has_a_finite_gradient() -> None:
    dense = torch.randn(1, 2, 4, 4, requires_grad=True)
    point = torch.tensor([[0.5, 0.5, 0.5, 0.5]])
    region = region_features(dense, point, image_index=torch.tensor([0]))
    region.sum().backward()
    assert region.tolist() == [[0.0, 0.0]]
    assert dense.grad is not None
    assert dense.grad.isfinite().all()


def test_boxes_of_several_pictures_may_come_in_any_order() -> None:
    dense = torch.randn(3, 5, 4, 6)
    boxes = torch.rand(7, 4).sort(dim=1).values[:, [0, 1, 2, 3]]
    owners = torch.tensor([2, 0, 2, 2, 1, 0, 2])
    together = region_features(dense, boxes, owners)
    for box, owner, found in zip(boxes, owners, together, strict=True):
        alone = region_features(dense[owner : owner + 1], box[None], torch.tensor([0]))
        torch.testing.assert_close(found, alone[0])


def test_no_box_gives_no_row() -> None:
    found = region_features(torch.randn(2, 5, 4, 4), torch.zeros(0, 4), torch.zeros(0).long())
    assert found.shape == (0, 5)


@pytest.mark.parametrize("size", [1, 7, 24])
def test_weights_of_an_interval_sum_to_one(size: int) -> None:
    start = torch.linspace(0, 0.5, 11) * size
    end = start + 0.3 * size
    torch.testing.assert_close(sampling_weights(start, end, size).sum(1), torch.ones(11))
