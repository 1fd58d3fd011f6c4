"""FG-CLIP 2's losses are the original's, from its own tiny checkpoint and inputs.

`out.…` is what upstream's code gave in float32 (tests/data/fgclip2_tiny).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from fgclip.model.checkpoints.loading import load_model
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.naflex import Patches
from tests.support.originals import as_batch
from training.batch import Batch
from training.distributed import Ranks
from training.gradient_cache import backward_in_pieces
from training.losses import next_threshold
from training.objective import GAP, objective
from training.recipe import Weights
from training.recipes import recipe
from training.text_batches import Texts

TINY = Path(__file__).parents[1] / "data" / "fgclip2_tiny"
CODE = recipe("fgclip2_code")
CAPTIONS = Weights(long=1, short=1)


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


@pytest.fixture
def model() -> FGCLIP2:
    found = load_model(TINY)
    assert isinstance(found, FGCLIP2)
    return found


def as_texts(ids: Tensor) -> tuple[Texts, Tensor]:
    different, rows = ids.unique(dim=0, return_inverse=True)
    return Texts((different,), torch.arange(len(different))), rows


@pytest.fixture(scope="module")
def batch(original: dict[str, Tensor]) -> Batch:
    patches = Patches(
        original["in.pixel_values"],
        original["in.pixel_attention_mask"].bool(),
        original["in.spatial_shapes"],
    )
    return as_batch(original, patches, as_texts)


@pytest.fixture(autouse=True)
def pixels_are_normalised_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.features.image_values", lambda pixels: pixels)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("loss_global", CAPTIONS),
        ("loss_global_region", dataclasses.replace(CAPTIONS, region=0.2, spread=0.1)),
    ],
)
def test_losses_of_captions_and_regions(
    name: str, weights: Weights, model: FGCLIP2, batch: Batch, original: dict[str, Tensor]
) -> None:
    found = objective(model, batch, CODE.replace(weights=weights))["total"]
    torch.testing.assert_close(found, original[f"out.{name}"].squeeze(), rtol=1e-5, atol=0)


def test_the_full_loss_and_the_threshold_that_it_leaves(
    model: FGCLIP2, batch: Batch, original: dict[str, Tensor]
) -> None:
    first = objective(model, batch, CODE)
    expected = original["out.loss_full_threshold0"].squeeze()
    torch.testing.assert_close(first["total"], expected, rtol=1e-5, atol=0)
    threshold = next_threshold(float(first[GAP]), 0.0)
    assert threshold == pytest.approx(float(original["out.threshold_after"]), rel=1e-4, abs=1e-5)
    second = objective(model, batch, CODE, threshold=float(original["out.threshold_after"]))
    expected = original["out.loss_full_threshold1"].squeeze()
    torch.testing.assert_close(second["total"], expected, rtol=1e-5, atol=0)


def test_pieces_give_the_gradients_of_the_whole_batch(model: FGCLIP2, batch: Batch) -> None:
    objective(model, batch, CODE)["total"].backward()
    whole = {n: p.grad for n, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    backward_in_pieces(model, batch, CODE, Ranks(), size=1)
    for name, parameter in model.named_parameters():
        if name in whole:
            assert parameter.grad is not None
            atol = max(1e-6, 1e-4 * float(whole[name].abs().max()))
            torch.testing.assert_close(parameter.grad, whole[name], rtol=1e-4, atol=atol, msg=name)
    assert len(whole) == len(list(model.parameters())) - 1  # all but the dense head's probe
