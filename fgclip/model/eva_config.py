"""Shapes of EVA-02-CLIP, the network that CLIPSelf and FineCLIP fine-tune."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fgclip.model.config import ConfigError, PlainTextConfig, VisionConfig, check_count

ROPE_BASE = 10_000.0  # ratio of the slowest to the fastest rotation
ROPE_SPAN = 16.0  # positions along an axis, at any resolution


@dataclass(frozen=True, kw_only=True)
class EvaVisionConfig(VisionConfig):
    """Shape of EVA-02's vision tower; the defaults are B/16. `activation` is not read: SwiGLU."""

    mlp_width: int = 2048
    layer_norm_eps: float = 1e-6

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.head_width % 4:
            raise ConfigError(
                f"width {self.width} over heads {self.heads} is {self.head_width}, but rotations "
                "in two axes need a multiple of 4"
            )

    @property
    def head_width(self) -> int:
        """Channels of a head."""
        return self.width // self.heads


def eva_text_config(**sizes: int) -> PlainTextConfig:
    """EVA-02-CLIP's text tower is CLIP's with the exact GELU."""
    return PlainTextConfig(activation="gelu", **sizes)


@dataclass(frozen=True, kw_only=True)
class EVACLIPConfig:
    """Two towers and the width of the space they share."""

    vision: EvaVisionConfig = field(default_factory=EvaVisionConfig)
    text: PlainTextConfig = field(default_factory=eva_text_config)
    projection_dim: int = 512

    def __post_init__(self) -> None:
        check_count("projection_dim", self.projection_dim)

    @classmethod
    def base(cls) -> EVACLIPConfig:
        """EVA02-CLIP-B-16 at 224 pixels."""
        return cls()

    @classmethod
    def large(cls) -> EVACLIPConfig:
        """EVA02-CLIP-L-14 at 336 pixels."""
        return cls(
            vision=EvaVisionConfig(
                image_size=336, patch_size=14, width=1024, layers=24, heads=16, mlp_width=2730
            ),
            text=eva_text_config(width=768, heads=12, mlp_width=3072),
            projection_dim=768,
        )

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> EVACLIPConfig:
        """Read the fields of EVA-CLIP's model description."""
        try:
            vision, text = raw["vision_cfg"], raw["text_cfg"]
            return cls(
                vision=EvaVisionConfig(
                    width=vision["width"],
                    layers=vision["layers"],
                    heads=vision["width"] // vision["head_width"],
                    mlp_width=int(vision["width"] * vision["mlp_ratio"]),
                    image_size=vision["image_size"],
                    patch_size=vision["patch_size"],
                ),
                text=eva_text_config(
                    width=text["width"],
                    layers=text["layers"],
                    heads=text["heads"],
                    mlp_width=int(text["width"] * text.get("mlp_ratio", 4)),
                    vocab_size=text["vocab_size"],
                    context_length=text["context_length"],
                ),
                projection_dim=raw["embed_dim"],
            )
        except KeyError as error:
            raise ConfigError(f"config.json lacks {error}, which EVA-CLIP's has") from error
        except (TypeError, ZeroDivisionError, OverflowError) as error:
            raise ConfigError(f"config.json holds a value of the wrong type: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """The same as EVA-CLIP's model description."""
        vision, text = self.vision, self.text
        return {
            "embed_dim": self.projection_dim,
            "vision_cfg": {
                "image_size": vision.image_size,
                "patch_size": vision.patch_size,
                "layers": vision.layers,
                "width": vision.width,
                "head_width": vision.head_width,
                "mlp_ratio": _ratio(vision.mlp_width, vision.width),
                "qkv_bias": True,
                "rope": True,
                "pt_hw_seq_len": int(ROPE_SPAN),
                "intp_freq": True,
                "naiveswiglu": True,
                "subln": True,
            },
            "text_cfg": {
                "context_length": text.context_length,
                "vocab_size": text.vocab_size,
                "width": text.width,
                "heads": text.heads,
                "layers": text.layers,
                "mlp_ratio": _ratio(text.mlp_width, text.width),
            },
        }


def _ratio(part: int, whole: int) -> float:
    """A ratio that gives `part` back when multiplied by `whole` and cut to a whole number."""
    return math.ceil(part / whole * 10_000) / 10_000
