"""However a step is cut to fit the memory, its losses and gradients are the whole batch's."""

from __future__ import annotations

import copy
import dataclasses

import pytest
import torch
from torch import Tensor

from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, SquareComposer, tiny_recipe, tiny_tokenizer
from training.batch import Batch
from training.collate import Collate
from training.distributed import Ranks
from training.gradient_cache import pieces
from training.recipe import Distillation, Recipe, Weights
from training.step import add_gradients, forget_activations

EVERYTHING = tiny_recipe(
    weights=Weights(
        long=1,
        short=1,
        components=0.5,
        region=1,
        nouns=0.5,
        hard=1,
        hard_contrast=0.5,
        rank_margin=0.5,
        spread=0.5,
        distil=1,
    ),
    distillation=Distillation(teacher="self_live", boxes="annotated", enlargement=1.5),
    components=2,
)
CPU = torch.device("cpu")


def batch_of(recipe: Recipe, first: int = 0, count: int = 7) -> Batch:
    scenes = [(number, SquareComposer().scene(number)) for number in range(first, first + count)]
    named = [
        (
            number,
            dataclasses.replace(
                scene,
                regions=tuple(
                    dataclasses.replace(region, category=region.phrase.split()[1])
                    for region in scene.regions
                ),
            ),
        )
        for number, scene in scenes
    ]
    return Collate(recipe, tiny_tokenizer(), seed=0, nouns=("pink", "blue"))(named)


def gradients(
    recipe: Recipe,
    batches: list[Batch],
    *,
    piece: int | None = None,
    dtype: torch.dtype = torch.float32,
    recompute: bool = False,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Losses and gradients of one step."""
    model = initialise(FGCLIP(TINY), seed=0)
    teacher = copy.deepcopy(model).requires_grad_(False)
    if recompute:
        forget_activations(model)
    losses = add_gradients(
        *(model, batches, recipe, Ranks()),
        device=CPU,
        dtype=dtype,
        piece=piece,
        teacher=teacher,
        threshold=0.3,
    )
    return losses, {n: p.grad for n, p in model.named_parameters() if p.grad is not None}


def assert_same(found: dict[str, Tensor], expected: dict[str, Tensor], rtol: float) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        atol = max(1e-6, rtol * float(value.abs().max()))  # a key's bias has no gradient at all
        torch.testing.assert_close(found[name], value, rtol=rtol, atol=atol, msg=name)


@pytest.mark.parametrize("teacher", ["frozen", "self_detached", "self_live"])
@pytest.mark.parametrize("piece", [1, 3])
def test_pieces_give_the_gradients_of_the_whole_batch(piece: int, teacher: str) -> None:
    how = dataclasses.replace(EVERYTHING.distillation, teacher=teacher)
    recipe = EVERYTHING.replace(distillation=how)
    whole = gradients(recipe, [batch_of(recipe)])
    cut = gradients(recipe, [batch_of(recipe)], piece=piece)
    assert set(recipe.to_dict()["weights"]) < set(whole[0])  # every loss is there
    assert all(float(value) != 0 for name, value in whole[0].items())
    assert_same(cut[0], whole[0], rtol=1e-5)
    assert_same(cut[1], whole[1], rtol=1e-4)


def test_pieces_give_the_gradients_of_the_whole_batch_in_low_precision() -> None:
    whole = gradients(EVERYTHING, [batch_of(EVERYTHING)], dtype=torch.bfloat16)
    cut = gradients(EVERYTHING, [batch_of(EVERYTHING)], dtype=torch.bfloat16, piece=3)
    assert cut[1].keys() == whole[1].keys()
    for name, value in whole[1].items():
        if not name.endswith("key.bias"):  # whose gradient is 0 but for rounding
            assert float((cut[1][name] - value).norm() / value.norm()) < 0.1, name


def test_every_row_of_a_batch_is_in_one_piece() -> None:
    batch = batch_of(EVERYTHING)
    parts = list(pieces(batch, 3))
    assert sum(len(part) for part in parts) == len(batch) == 7
    assert sum(len(part.boxes) for part in parts) == len(batch.boxes)
    assert sum(len(part.crops) for part in parts) == len(batch.crops) > 0
    for name in ("long", "short", "phrases", "nouns"):
        rows = sum(len(ids) for part in parts for ids in getattr(part, name).groups)
        assert rows == len(getattr(batch, name)) > 0


def test_accumulated_batches_give_the_mean_of_their_gradients() -> None:
    first, second = (batch_of(EVERYTHING, start, 4) for start in (0, 4))
    both = gradients(EVERYTHING, [first, second])
    one, other = gradients(EVERYTHING, [first]), gradients(EVERYTHING, [second])
    for found, left, right in zip(both, one, other, strict=True):
        mean = {name: (left[name] + right[name]) / 2 for name in left}
        assert_same(found, mean, rtol=1e-4)


def test_forgotten_activations_come_back_with_the_same_gradients() -> None:
    kept = gradients(EVERYTHING, [batch_of(EVERYTHING)])
    forgotten = gradients(EVERYTHING, [batch_of(EVERYTHING)], recompute=True)
    assert_same(forgotten[0], kept[0], rtol=1e-6)
    assert_same(forgotten[1], kept[1], rtol=1e-5)
