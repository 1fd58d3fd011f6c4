"""Our losses and their gradients are the original's, on its own tiny checkpoint.

`out.loss_…` and `out.grad.…` are what upstream's code gave in float32 (tests/data/fgclip_v1_tiny).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from fgclip.model.checkpoints.loading import load_model
from fgclip.model.checkpoints.names import upstream_name
from tests.support.originals import as_batch
from training.batch import Batch
from training.features import pixel_values
from training.objective import objective
from training.recipe import Weights
from training.recipes import recipe
from training.text_batches import Texts

TINY = Path(__file__).parents[1] / "data" / "fgclip_v1_tiny"
EOS = 49407
STAGE_2 = recipe("fgclip_stage2")


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


def as_texts(ids: Tensor) -> tuple[Texts, Tensor]:
    """Padded rows → different texts trimmed to the longest, and the row of each."""
    different, rows = ids.unique(dim=0, return_inverse=True)
    length = int((different == EOS).int().argmax(dim=1).max()) + 1
    return Texts((different[:, :length],), torch.arange(len(different))), rows


@pytest.fixture(scope="module")
def batch(original: dict[str, Tensor]) -> Batch:
    return as_batch(original, original["in.pixel_values"], as_texts)


@pytest.fixture(autouse=True)
def pixels_are_normalised_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.features.pixel_values", lambda pixels: pixels)


WEIGHTS = {
    "loss_global": Weights(long=1, short=1),
    "loss_global_region": Weights(long=1, short=1, region=0.1),
    "loss_global_region_hard": STAGE_2.weights,
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_loss_equals_the_originals(name: str, batch: Batch, original: dict[str, Tensor]) -> None:
    chosen = dataclasses.replace(STAGE_2, weights=WEIGHTS[name])
    total = objective(load_model(TINY), batch, chosen)["total"]
    torch.testing.assert_close(total, original[f"out.{name}"][0], rtol=1e-5, atol=0)


def test_gradients_equal_the_originals(batch: Batch, original: dict[str, Tensor]) -> None:
    model = load_model(TINY)
    objective(model, batch, STAGE_2)["total"].backward()
    compared = 0
    for name, parameter in model.named_parameters():
        expected = original.get(f"out.grad.{upstream_name(name)}")
        if expected is None:
            continue
        assert parameter.grad is not None
        error = (parameter.grad - expected.view_as(parameter)).norm() / expected.norm()
        assert error < 1e-5, name
        compared += 1
    assert compared == sum(name.startswith("out.grad.") for name in original)


def test_pixels_are_normalised_as_clip_does() -> None:
    grey = pixel_values(torch.full((1, 2, 2, 3), 255, dtype=torch.uint8))
    expected = [(1 - 0.48145466) / 0.26862954, (1 - 0.4578275) / 0.26130258, 2.1458969]
    torch.testing.assert_close(grey[0, :, 0, 0], torch.tensor(expected))
