"""Where runs start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.checkpoints.loading import CheckpointError, load_model, save_model
from fgclip.model.fgclip2 import FGCLIP2
from tests.support.models import siglip2
from tests.support.training import tiny_siglip_tokenizer
from training.init import starting_model
from training.recipe import RecipeError
from training.recipes import recipe


def test_checkpoint_moves_to_the_recipes_picture_size(model_folder: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    before = load_model(model_folder)
    larger = starting_model(
        recipe("mini_stage3").replace(image_size=96), tokenizer, model_folder, seed=0
    )
    assert larger.config.vision.grid_size == 6
    assert torch.equal(larger.vision.position_embedding[0], before.vision.position_embedding[0])


def test_long_route_may_start_anew_from_the_short_one(model_folder: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    trained = load_model(model_folder)
    with torch.no_grad():
        trained.long_text_projection.weight.zero_()
    save_model(trained, tmp_path)
    kept = recipe("mini_stage3").replace(image_size=96)
    anew = replace(kept, copy_short_to_long=True)
    models = [starting_model(each, tokenizer, tmp_path, seed=0) for each in (kept, anew)]
    assert not models[0].long_text_projection.weight.any()
    assert torch.equal(models[1].long_text_projection.weight, trained.text_projection.weight)


def test_fgclip_2_starts_from_siglip_2(tmp_path: Path) -> None:
    theirs = siglip2(tmp_path)
    chosen = recipe("fgclip2_stage2")
    tokenizer = tiny_siglip_tokenizer()
    with pytest.raises(CheckpointError, match="number of tokens is 9, the weights' 50"):
        starting_model(chosen, tokenizer, tmp_path, seed=0)
    model = load_model(tmp_path)
    model.config = replace(model.config, text=replace(model.config.text, vocab_size=9))
    model.text.token_embedding.weight.data = model.text.token_embedding.weight.data[:9].clone()
    save_model(model, tmp_path / "smaller")
    begun = starting_model(chosen, tokenizer, tmp_path / "smaller", seed=0)
    assert isinstance(begun, FGCLIP2)
    assert begun.training
    assert torch.equal(begun.dense_head.in_weight, begun.vision.head.in_weight)
    expected = theirs.state_dict()["text_model.head.weight"]  # type: ignore[attr-defined]
    assert torch.equal(begun.box_head.weight, expected)
    assert begun.region_logit_scale.item() == pytest.approx(4.6052)


def test_a_checkpoint_of_the_other_family_is_refused(model_folder: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    with pytest.raises(RecipeError, match="holds FGCLIP, but recipe fgclip2_code trains FGCLIP2"):
        starting_model(recipe("fgclip2_code"), tokenizer, model_folder, seed=0)
    siglip2(tmp_path)
    with pytest.raises(RecipeError, match="holds FGCLIP2, but recipe clip trains FGCLIP."):
        starting_model(recipe("clip"), tokenizer, tmp_path, seed=0)


def test_temperatures_start_where_the_recipe_says(model_folder: Path) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    chosen = recipe("mini_stage3").replace(image_size=96)
    chosen = replace(chosen, scale_start=4.0, region_scale_start=3.0, reset_scales=True)
    begun = starting_model(chosen, tokenizer, model_folder, seed=0)
    assert begun.logit_scale.item() == 4
    assert begun.region_logit_scale.item() == begun.hard_negative_logit_scale.item() == 3
    copied = replace(chosen, region_scale_start=None)
    begun = starting_model(copied, tokenizer, model_folder, seed=0)
    assert begun.region_logit_scale.item() == 4
