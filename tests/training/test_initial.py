"""Where runs start."""

from dataclasses import replace
from pathlib import Path

import torch

from fgclip.model.checkpoint import load_model, save_model
from fgclip.tokenizer import Tokenizer
from training.initial import starting_model
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
