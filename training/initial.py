"""Where a run starts: a fresh model, or a checkpoint moved to the recipe's picture size."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
from torch import Tensor

from fgclip.model.checkpoint import load_model
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.model.vision import resize_positions
from fgclip.tokenizer import Tokenizer
from fgclip.zoo import check_tokenizer
from training.recipes import Recipe


def starting_model(recipe: Recipe, tokenizer: Tokenizer, folder: Path | None, seed: int) -> FGCLIP:
    """Make or load the model that a run trains.

    Args:
        recipe: shape of a fresh model, and the picture size of any.
        tokenizer: its size is a fresh model's vocabulary.
        folder: a checkpoint to go on from; None for a fresh model.
        seed: of the fresh weights.
    """
    if folder is None:
        text = dataclasses.replace(recipe.model.text, vocab_size=tokenizer.vocab_size)
        vision = dataclasses.replace(recipe.model.vision, image_size=recipe.image_size)
        config = dataclasses.replace(recipe.model, text=text, vision=vision)
        model = initialise(FGCLIP(config), seed=seed)
        with torch.no_grad():
            width = config.vision.width
            positions = sinusoidal_positions(vision.grid_size, width)
            model.vision.position_embedding[1:].copy_(positions)
    else:
        model = resized(load_model(folder), recipe.image_size)
        check_tokenizer(tokenizer, model.config.text, folder)
    if recipe.copy_short_to_long:
        model.copy_short_to_long()
    if recipe.reset_scales:
        with torch.no_grad():
            model.region_logit_scale.copy_(model.logit_scale)
            model.hard_negative_logit_scale.copy_(model.logit_scale)
    return model.train()


def resized(model: FGCLIP, image_size: int) -> FGCLIP:
    """The same model for pictures of another size: its positions interpolated, the rest shared."""
    if image_size == model.config.vision.image_size:
        return model
    vision = dataclasses.replace(model.config.vision, image_size=image_size)
    config: FGCLIPConfig = dataclasses.replace(model.config, vision=vision)
    state = model.state_dict()
    table = state["vision.position_embedding"]
    grid = (vision.grid_size, vision.grid_size)
    state["vision.position_embedding"] = resize_positions(table, grid)
    with torch.device("meta"):
        other = FGCLIP(config)
    other.load_state_dict(state, strict=True, assign=True)
    return other.requires_grad_(True)


def sinusoidal_positions(side: int, width: int) -> Tensor:
    """Sines and cosines of the row and of the column at geometric wavelengths.

    A start from which a small ViT learns faster than from noise, because neighbours begin alike
    (Beyer et al. 2022); it is trained on like any other table.

    Args:
        side: patches per side.
        width: multiple of 4.

    Returns:
        (side², width), of the size of CLIP's initial noise around patches.
    """
    wavelengths = 1000 ** (torch.arange(width // 4) / (width // 4))
    angles = torch.arange(side)[:, None] / wavelengths  # (side, width / 4)
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)  # (side, width / 2)
    rows = waves[:, None].expand(-1, side, -1)
    columns = waves[None].expand(side, -1, -1)
    return 0.1 * torch.cat([rows, columns], dim=2).flatten(0, 1)
