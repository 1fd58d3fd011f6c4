from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
import torch

from fgclip.model.checkpoints.loading import load_model
from fgclip.model.fgclip import FGCLIP
from tests.support.training import SquareComposer, tiny_options, tiny_recipe, tiny_tokenizer
from training.checkpoints import ResumeError, checkpoints, load_checkpoint, save_checkpoint
from training.collate import Collate
from training.data import SceneData, Steps, loader
from training.distributed import Ranks
from training.init import resized, sinusoidal_positions, starting_model
from training.recipe import Recipe
from training.run import Run


def run(out: Path, recipe: Recipe, *, pictures: int, resume: bool = True) -> Run:
    """Train, as the command line does, until `pictures` have been seen in all sittings."""
    out.mkdir(exist_ok=True)
    model = starting_model(recipe, tiny_tokenizer(), None, seed=0)
    options = tiny_options(out, recipe.pictures, resume=resume)
    found = Run(model, recipe, options, Ranks())
    batches = loader(
        SceneData(SquareComposer(recipe.image_size)),
        Steps(position=found.state.pictures, batch_size=recipe.batch_size),
        Collate(recipe, tiny_tokenizer(), seed=0),
        workers=0,
    )
    if pictures >= recipe.pictures:
        found.train(batches)
    else:
        while found.state.pictures < pictures:
            found.update([next(batches)], found.progress)
        found.save()
    return found


@pytest.mark.parametrize("optimiser", ["adamw", "muon"])
def test_an_interrupted_run_ends_with_the_same_bits(optimiser: str, tmp_path: Path) -> None:
    recipe = tiny_recipe(optimiser=optimiser, max_hard_boxes=1)
    unbroken = run(tmp_path / "unbroken", recipe, pictures=48)
    run(tmp_path / "broken", recipe, pictures=24)
    resumed = run(tmp_path / "broken", recipe, pictures=48)
    assert resumed.state.step == unbroken.state.step == 6
    for name, value in unbroken.model.state_dict().items():
        assert torch.equal(resumed.model.state_dict()[name], value), name


def test_training_lowers_the_loss_and_writes_a_model_that_loads(tmp_path: Path) -> None:
    recipe = tiny_recipe(pictures=400)
    trained = run(tmp_path, recipe, pictures=400)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["total"] < rows[0]["total"] - 0.5
    assert rows[-1]["pictures"] == 400
    saved = load_model(tmp_path / "model").state_dict()
    shown = trained.state.finished_model()  # the running mean
    assert not torch.equal(shown.logit_scale, trained.model.logit_scale)
    for name, value in shown.state_dict().items():
        assert torch.equal(saved[name].reshape(value.shape), value), name


def test_a_run_does_not_go_on_from_another_recipes_checkpoint(tmp_path: Path) -> None:
    run(tmp_path, tiny_recipe(), pictures=8)
    with pytest.raises(ResumeError, match="was made with name 'tiny', this run has 'other'"):
        run(tmp_path, tiny_recipe(name="other"), pictures=16)


def test_a_fresh_start_ignores_checkpoints(tmp_path: Path) -> None:
    run(tmp_path, tiny_recipe(), pictures=16)
    assert run(tmp_path, tiny_recipe(), pictures=8, resume=False).state.step == 1


def test_the_last_two_checkpoints_are_kept(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        save_checkpoint(tmp_path, step, {"step": step})
    assert [path.name for path in checkpoints(tmp_path)] == ["step-00000002.pt", "step-00000003.pt"]
    assert load_checkpoint(tmp_path / "step-00000003.pt")["step"] == 3
    assert not list(tmp_path.glob("*.partial"))


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path, 1, {"step": 1})
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ResumeError, match=r"step-00000001.pt cannot be read.*Delete it"):
        load_checkpoint(path)


def test_a_loss_that_is_not_a_number_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(FloatingPointError, match="Lower the learning rate"):
        run(tmp_path, tiny_recipe(learning_rate=1e30, warmup_pictures=0), pictures=48)


def test_an_endless_gradient_stops_the_run_before_the_weights_take_it_up(tmp_path: Path) -> None:
    begun = run(tmp_path, tiny_recipe(), pictures=8)
    before = {name: value.clone() for name, value in begun.model.state_dict().items()}
    begun.model.logit_scale.register_hook(lambda gradient: gradient * math.inf)
    batch = Collate(tiny_recipe(), tiny_tokenizer(), seed=0)([(0, SquareComposer().scene(0))] * 2)
    with pytest.raises(FloatingPointError, match="NaN or infinity at step 2"):
        begun.update([batch], 0.5)
    assert all(torch.equal(value, before[name]) for name, value in begun.model.state_dict().items())


def test_another_picture_size_keeps_the_class_token_and_the_other_weights() -> None:
    model = starting_model(tiny_recipe(), tiny_tokenizer(), None, seed=0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    larger = resized(model, 48)
    assert larger.config.vision.image_size == 48
    after = larger.state_dict()
    positions = "vision.position_embedding"
    assert after[positions].shape == (1 + 6 * 6, 16)
    assert torch.equal(after[positions][0], before[positions][0])
    assert all(torch.equal(after[name], before[name]) for name in before if name != positions)


def test_the_same_picture_size_changes_nothing() -> None:
    model = starting_model(tiny_recipe(), tiny_tokenizer(), None, seed=0)
    assert resized(model, 32) is model


def test_neighbouring_patches_begin_with_similar_positions() -> None:
    table = torch.nn.functional.normalize(sinusoidal_positions(8, 64), dim=1).unflatten(0, (8, 8))
    beside = (table[0, 0] * table[0, 1]).sum()
    far = (table[0, 0] * table[7, 7]).sum()
    assert beside > 0.8 > far


def test_a_fresh_model_fits_the_tokenizer() -> None:
    model: FGCLIP = starting_model(tiny_recipe(), tiny_tokenizer(), None, seed=0)
    assert model.config.text.vocab_size == tiny_tokenizer().vocab_size
    assert dataclasses.asdict(model.config.vision)["image_size"] == 32
