"""What ships: half precision, and words it never met say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.checkpoints.loading import load_model, save_model
from fgclip.zoo import load
from training.export import export
from training.init import starting_model
from training.recipe import RecipeError
from training.recipes import recipe


def test_a_run_that_began_otherwise_is_refused(model_folder: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    save_model(starting_model(recipe("mini_stage1"), tokenizer, None, seed=0), tmp_path / "run")
    tokenizer.save(tmp_path / "run")
    with pytest.raises(RecipeError, match="shares no token with a fresh mini_stage1 of seed 7"):
        export(tmp_path / "run", tmp_path / "out", begun=recipe("mini_stage1"), seed=7)


def test_exported_folder_loads_and_unmet_words_are_zero(model_folder: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    trained = starting_model(recipe("mini_stage1"), tokenizer, None, seed=0)
    met = tokenizer.encode("the cat")
    with torch.no_grad():
        trained.text.token_embedding.weight[met] += 1
    save_model(trained, tmp_path / "run")
    tokenizer.save(tmp_path / "run")

    known = export(tmp_path / "run", tmp_path / "out", begun=recipe("mini_stage1"), image_size=144)

    rows = load_model(tmp_path / "out").text.token_embedding.weight
    assert known == len(set(met))
    assert set(rows.any(dim=1).nonzero().flatten().tolist()) == set(met)
    assert load(tmp_path / "out", device="cpu", dtype="float32").card.grid_size == 12
    assert (tmp_path / "out" / "model.safetensors").stat().st_size < 0.52 * (
        tmp_path / "run" / "model.safetensors"
    ).stat().st_size


def test_a_run_may_meet_the_model_it_went_on_from_half_way(
    model_folder: Path, tmp_path: Path
) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    trained = starting_model(recipe("mini_stage1"), tokenizer, None, seed=0)
    with torch.no_grad():
        trained.text.token_embedding.weight[tokenizer.encode("the cat")] += 1
    for folder, scale in (("before", 1.0), ("run", 3.0)):
        with torch.no_grad():
            trained.logit_scale.fill_(scale)
        save_model(trained, tmp_path / folder)
        tokenizer.save(tmp_path / folder)
    begun = recipe("mini_stage1")
    export(tmp_path / "run", tmp_path / "out", begun=begun, other=tmp_path / "before")
    assert float(load_model(tmp_path / "out").logit_scale.detach()) == 2
    with pytest.raises(ValueError, match="has the shape"):
        export(tmp_path / "run", tmp_path / "out", begun=begun, other=model_folder)
