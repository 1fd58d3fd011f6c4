"""What a run keeps, and the model that comes out of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, SquareComposer, tiny_options, tiny_recipe, tiny_tokenizer
from training.batch import Batch
from training.checkpoints import save_checkpoint
from training.collate import Collate
from training.distributed import Ranks
from training.recipe import Distillation, Recipe, Weights
from training.run import Run


def run(recipe: Recipe, out: Path, steps: int) -> Run:
    options = tiny_options(out, 1000)
    found = Run(initialise(FGCLIP(TINY), seed=0), recipe, options, Ranks())
    for number in range(steps):
        found.update([batch_of(recipe, 8 * number)], 0.1)
    return found


def batch_of(recipe: Recipe, first: int = 0) -> Batch:
    scenes = [(number, SquareComposer().scene(number)) for number in range(first, first + 8)]
    return Collate(recipe, tiny_tokenizer(), seed=0)(scenes)


def weights(model: FGCLIP) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_the_threshold_of_the_rank_margin_follows_the_gap_and_is_kept(tmp_path: Path) -> None:
    recipe = tiny_recipe(weights=Weights(long=0, short=0, hard=1, rank_margin=1))
    first = run(recipe, tmp_path, 3)
    threshold = first.state.threshold
    assert 0 < threshold < 10
    save_checkpoint(tmp_path / "checkpoints", 3, first.state.to_dict())
    again = run(recipe, tmp_path, 0)
    assert again.state.threshold == threshold
    assert again.update([batch_of(recipe, 24)], 0.1) == first.update([batch_of(recipe, 24)], 0.1)


def test_a_step_without_rewrites_leaves_the_threshold_alone(tmp_path: Path) -> None:
    recipe = tiny_recipe(weights=Weights(long=1, short=0, hard=1, rank_margin=1))
    begun = run(recipe, tmp_path, 4)
    threshold = begun.state.threshold
    bare = dataclasses.replace(batch_of(recipe), hard_box=torch.zeros(0, dtype=torch.long))
    bare = dataclasses.replace(
        bare, hard_text=bare.hard_text[:0], hard_present=bare.hard_present[:0]
    )
    begun.update([bare], 0.1)
    assert begun.state.threshold == threshold > 0


SELF = tiny_recipe(
    weights=Weights(long=0, short=0, distil=1),
    distillation=Distillation(boxes="annotated"),
    trained=("vision.blocks.",),
)
CLIPSELF = dataclasses.replace(SELF, average=None, blend=0.7)


def test_clipself_moves_only_blocks_and_saves_a_blend_with_the_start(tmp_path: Path) -> None:
    start = weights(initialise(FGCLIP(TINY), seed=0))
    trained = run(CLIPSELF, tmp_path, 2)
    now, shown = weights(trained.model), weights(trained.state.finished_model())
    for name, value in start.items():
        moved = not torch.equal(now[name], value)
        assert moved == (name.startswith("vision.blocks.") and moved)
        torch.testing.assert_close(shown[name], 0.7 * now[name] + 0.3 * value)
    assert not torch.equal(
        now["vision.blocks.0.mlp.expand.weight"], start["vision.blocks.0.mlp.expand.weight"]
    )


def test_the_teacher_stays_what_the_run_began_with_also_after_going_on(tmp_path: Path) -> None:
    start = weights(initialise(FGCLIP(TINY), seed=0))
    first = run(CLIPSELF, tmp_path, 2)
    save_checkpoint(tmp_path / "checkpoints", 2, first.state.to_dict())
    again = run(CLIPSELF, tmp_path, 0)
    assert again.teacher is not None
    for name, value in again.teacher.state_dict().items():
        assert torch.equal(value, start[name]), name
    assert not any(parameter.requires_grad for parameter in again.teacher.parameters())


def test_a_model_of_one_route_has_it_on_all(tmp_path: Path) -> None:
    recipe = tiny_recipe(
        weights=Weights(long=1, short=0, components=1),
        one_route=True,
        components=2,
        frozen=("text.long_position_head",),
    )
    trained = run(recipe, tmp_path, 2)
    shown = trained.state.finished_model()
    start = initialise(FGCLIP(TINY), seed=0)
    assert torch.equal(trained.model.text.long_position_head, start.text.long_position_head)
    assert not torch.equal(trained.model.text.long_position_tail, start.text.long_position_tail)
    ids = torch.from_numpy(tiny_tokenizer().batch(["red " * 40], 77).ids)
    with torch.no_grad():
        short, long = shown.encode_text(ids, "short"), shown.encode_text(ids, "long")
    torch.testing.assert_close(short, long)


@pytest.mark.parametrize(("weight", "copied"), [(0.0, True), (1.0, False)])
def test_a_long_route_that_nothing_teaches_stays_a_copy_of_the_short(
    weight: float, copied: bool, tmp_path: Path
) -> None:
    recipe = tiny_recipe(weights=Weights(long=weight, short=1), copy_short_to_long=True)
    shown = run(recipe, tmp_path, 2).state.finished_model()
    same = torch.equal(shown.long_text_projection.weight, shown.text_projection.weight)
    assert same == copied
