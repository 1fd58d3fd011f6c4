"""Where a run starts: a fresh model, or a checkpoint moved to the recipe's picture size."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
from torch import Tensor

from fgclip.inputs.families import check_tokenizer
from fgclip.model.checkpoints.loading import load_model
from fgclip.model.config import FGCLIPConfig
from fgclip.model.eva import EVACLIP
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.model.fgclip2 import FGCLIP2, initialise_fgclip2
from fgclip.model.fgclip2_config import FGCLIP2Config
from fgclip.model.vision import resize_positions
from training.features import TrainedModel
from training.recipe import Recipe, RecipeError
from training.tokens import AnyTokenizer


def starting_model(
    recipe: Recipe, tokenizer: AnyTokenizer, folder: Path | None, seed: int
) -> TrainedModel:
    """Make or load the model that a run trains.

    Args:
        recipe: shape of a fresh model, and the picture size of any.
        tokenizer: its size is a fresh model's vocabulary.
        folder: a checkpoint to go on from: FG-CLIP or CLIP, or for recipes of FG-CLIP 2 that or
            SigLIP 2, whose missing parts are copies of those that it has; None for a fresh model.
        seed: of the fresh weights.

    Raises:
        RecipeError: The checkpoint is of another family than the recipe's model.
    """
    model = _fresh(recipe, tokenizer, seed) if folder is None else _loaded(recipe, folder)
    if folder is not None:
        check_tokenizer(tokenizer, model.config.text, folder)
    if recipe.copy_short_to_long:
        model.copy_short_to_long()
    with torch.no_grad():
        if recipe.scale_start is not None:
            model.logit_scale.fill_(recipe.scale_start)
        if recipe.reset_scales:
            own = recipe.region_scale_start
            for scale in (model.region_logit_scale, model.hard_negative_logit_scale):
                scale.fill_(float(model.logit_scale) if own is None else own)
    return model.train()


def _fresh(recipe: Recipe, tokenizer: AnyTokenizer, seed: int) -> TrainedModel:
    shape, size = recipe.model, tokenizer.vocab_size
    if isinstance(shape, FGCLIP2Config):
        text = dataclasses.replace(shape.text, vocab_size=size)
        return initialise_fgclip2(FGCLIP2(dataclasses.replace(shape, text=text)), seed=seed)
    config = dataclasses.replace(
        shape,
        text=dataclasses.replace(shape.text, vocab_size=size),
        vision=dataclasses.replace(shape.vision, image_size=recipe.image_size),
    )
    model = initialise(FGCLIP(config), seed=seed)
    with torch.no_grad():
        positions = sinusoidal_positions(config.vision.grid_size, config.vision.width)
        model.vision.position_embedding[1:].copy_(positions)
    return model


def _loaded(recipe: Recipe, folder: Path) -> TrainedModel:
    model = load_model(folder)
    same = isinstance(model, FGCLIP2) == isinstance(recipe.model, FGCLIP2Config)
    if isinstance(model, EVACLIP) or not same:
        raise RecipeError(
            f"{folder} holds {type(model).__name__}, but recipe {recipe.name} trains "
            f"{type(recipe.model).__name__.removesuffix('Config')}. Choose another of them."
        )
    return resized(model, recipe.image_size) if isinstance(model, FGCLIP) else model


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
