"""Shapes of FG-CLIP 2 and SigLIP 2: frozen data that refuses nonsense."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fgclip.model.config import (
    KEEP_LENGTH,
    ConfigError,
    StretchedTextConfig,
    TowerConfig,
    check_count,
    named_fields,
)

FIXED_SIZE = "siglip"  # the model type of SigLIP, and of SigLIP 2 for pictures of one size
SIGLIP_VOCABULARY = 32_000  # that transformers leaves out of SigLIP's file


@dataclass(frozen=True, kw_only=True)
class NaFlexConfig(TowerConfig):
    """Shape of the vision tower; the defaults are SigLIP 2's base."""

    width: int = 768
    heads: int = 12
    mlp_width: int = 3072
    activation: str = "gelu_pytorch_tanh"
    layer_norm_eps: float = 1e-6
    patch_size: int = 16  # pixels per side
    num_patches: int = 256  # rows of the table of positions, a square grid

    def __post_init__(self) -> None:
        super().__post_init__()
        if math.isqrt(self.num_patches) ** 2 != self.num_patches:
            raise ConfigError(f"num_patches {self.num_patches} is not the area of a square grid")

    @property
    def grid_size(self) -> int:
        """Patches per side of the table of positions."""
        return math.isqrt(self.num_patches)


@dataclass(frozen=True, kw_only=True)
class SiglipTextConfig(StretchedTextConfig):
    """Shape of the text tower; the defaults are SigLIP 2's base with Gemma's vocabulary."""

    width: int = 768
    heads: int = 12
    mlp_width: int = 3072
    activation: str = "gelu_pytorch_tanh"
    layer_norm_eps: float = 1e-6
    vocab_size: int = 256_000
    context_length: int = 64
    features: int | None = None  # dimensions that the heads give; None: as many as the width

    @property
    def projection_dim(self) -> int:
        """Dimensions of a text's features."""
        return self.features or self.width


@dataclass(frozen=True, kw_only=True)
class FGCLIP2Config:
    """Two towers; the space they share has the width of the one for pictures."""

    vision: NaFlexConfig = field(default_factory=NaFlexConfig)
    text: SiglipTextConfig = field(default_factory=SiglipTextConfig)

    def __post_init__(self) -> None:
        if self.vision.width != self.text.projection_dim:
            raise ConfigError(
                f"vision width {self.vision.width} differs from the {self.text.projection_dim} "
                "dimensions of texts"
            )

    @property
    def projection_dim(self) -> int:
        """Dimensions of the shared space."""
        return self.vision.width

    @classmethod
    def base(cls) -> FGCLIP2Config:
        """384 M parameters, as `qihoo360/fg-clip2-base`."""
        return cls()

    @classmethod
    def large(cls) -> FGCLIP2Config:
        """897 M parameters."""
        return cls(
            vision=NaFlexConfig(width=1024, layers=24, heads=16, mlp_width=4096),
            text=SiglipTextConfig(width=1024, layers=24, heads=16, mlp_width=4096),
        )

    @classmethod
    def so400m(cls) -> FGCLIP2Config:
        """1,154 M parameters."""
        return cls(
            vision=NaFlexConfig(width=1152, layers=27, heads=16, mlp_width=4304),
            text=SiglipTextConfig(width=1152, layers=27, heads=16, mlp_width=4304),
        )

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> FGCLIP2Config:
        """Read upstream's, SigLIP 2's or SigLIP's `config.json`; absent fields are its defaults."""
        vision, text = (raw.get(f"{tower}_config") or {} for tower in ("vision", "text"))
        try:
            if raw.get("model_type") == FIXED_SIZE:
                vision = {**vision, "num_patches": _patches_of_square(raw)}
                text = {"vocab_size": SIGLIP_VOCABULARY, **text}
            return cls(
                vision=NaFlexConfig(**named_fields(vision, _VISION)),
                text=SiglipTextConfig(**named_fields(text, _TEXT)),
            )
        except TypeError as error:
            raise ConfigError(f"config.json holds a value of the wrong type: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """The same as a `config.json` that upstream's loader reads."""
        vision = {theirs: getattr(self.vision, ours) for theirs, (ours, _) in _VISION.items()}
        text = {theirs: getattr(self.text, ours) for theirs, (ours, _) in _TEXT.items()}
        ours = {
            "keep_len": KEEP_LENGTH,
            "longtext_len": self.text.long_context_length,
            "projection_size": self.projection_dim,
        }
        return {
            "architectures": ["Fgclip2Model"],
            "model_type": "fgclip2",
            "vision_config": vision | {"model_type": "fgclip2_vision_model"},
            "text_config": text | ours | {"model_type": "fgclip2_text_model"},
        }


# Upstream's field → (our field, the default that transformers leaves out of the file).
_TOWER: dict[str, tuple[str, Any]] = {
    "hidden_size": ("width", 768),
    "num_hidden_layers": ("layers", 12),
    "num_attention_heads": ("heads", 12),
    "intermediate_size": ("mlp_width", 3072),
    "hidden_act": ("activation", "gelu_pytorch_tanh"),
    "layer_norm_eps": ("layer_norm_eps", 1e-6),
}
_VISION = _TOWER | {"patch_size": ("patch_size", 16), "num_patches": ("num_patches", 256)}
_TEXT = _TOWER | {
    "vocab_size": ("vocab_size", 256_000),
    "max_position_embeddings": ("context_length", 64),
    "projection_size": ("features", None),
}


def size_of_square(raw: Mapping[str, Any]) -> int:
    """Pixels per side of the pictures that a `config.json` of SigLIP or SigLIP 2 is for."""
    side = (raw.get("vision_config") or {}).get("image_size", 224)
    check_count("image_size", side)
    return int(side)


def _patches_of_square(raw: Mapping[str, Any]) -> int:
    """Whole patches of a square picture; where 14 does not divide 384, the rest is not seen."""
    patch = (raw.get("vision_config") or {}).get("patch_size", 16)
    check_count("patch_size", patch)
    return int(size_of_square(raw) // patch) ** 2
