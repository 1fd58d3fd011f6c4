"""Sizes of a network read off the shapes of its weights, for files without a `config.json`."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any

from fgclip.model.config import ConfigError, FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.eva_config import EVACLIPConfig, EvaVisionConfig, eva_text_config

HEAD_WIDTH = 64  # channels of a head in every CLIP and EVA-02-CLIP
Shape = Callable[[str, int], tuple[int, ...]]
"""The shape of a tensor by our name and number of dimensions."""
Count = Callable[[str], int]
"""How many blocks there are under one of our names."""


def clip_config(shape: Shape, blocks: Count) -> FGCLIPConfig:
    """CLIP's sizes; its activation is QuickGELU, which no shape tells.

    Args:
        shape: of a tensor by our name.
        blocks: how many there are under one of our names.

    Raises:
        ConfigError: The shapes are no CLIP's.
    """
    return FGCLIPConfig(
        vision=VisionConfig(**_vision(shape, blocks)),
        text=TextConfig(**_text(shape, blocks)),
        projection_dim=shape("vision_projection.weight", 2)[0],
    )


def eva_config(shape: Shape, blocks: Count) -> EVACLIPConfig:
    """EVA-02-CLIP's sizes, as `clip_config`."""
    return EVACLIPConfig(
        vision=EvaVisionConfig(**_vision(shape, blocks)),
        text=eva_text_config(**_text(shape, blocks)),
        projection_dim=shape("vision_projection.weight", 2)[0],
    )


def _vision(shape: Shape, blocks: Count) -> dict[str, Any]:
    width, _, patch, _ = shape("vision.patch_embedding.weight", 4)
    patches = shape("vision.position_embedding", 2)[0] - 1  # one is the class token's
    side = isqrt(max(patches, 0))
    if side * side != patches:
        raise ConfigError(f"{patches} positions of patches make no square")
    mlp_width = shape("vision.blocks.0.mlp.expand.weight", 2)[0]
    return {
        "width": width,
        "layers": blocks("vision.blocks"),
        "heads": _heads(width),
        "mlp_width": mlp_width,
        "image_size": side * patch,
        "patch_size": patch,
    }


def _text(shape: Shape, blocks: Count) -> dict[str, Any]:
    vocab_size, width = shape("text.token_embedding.weight", 2)
    return {
        "width": width,
        "layers": blocks("text.blocks"),
        "heads": _heads(width),
        "mlp_width": shape("text.blocks.0.mlp.expand.weight", 2)[0],
        "vocab_size": vocab_size,
        "context_length": shape("text.position_embedding", 2)[0],
    }


def _heads(width: int) -> int:
    if width % HEAD_WIDTH:
        raise ConfigError(f"width {width} is not a multiple of {HEAD_WIDTH}, the width of a head")
    return width // HEAD_WIDTH
