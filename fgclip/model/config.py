"""Shapes of the networks: frozen data that refuses nonsense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

KEEP_LENGTH = 20  # text positions that the stretch leaves alone (Long-CLIP)
STRETCH = 4  # new positions for each old one after those

ACTIVATIONS = ("quick_gelu", "gelu", "gelu_pytorch_tanh")


class ConfigError(ValueError):
    """A shape that no network can have, with the field and the value at fault."""


@dataclass(frozen=True, kw_only=True)
class TowerConfig:
    """What both towers have."""

    width: int
    layers: int = 12
    heads: int
    mlp_width: int
    activation: str = "quick_gelu"
    layer_norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        for each in fields(self):
            if each.type == "int":
                check_count(each.name, getattr(self, each.name))
        if self.width % self.heads:
            raise ConfigError(f"width {self.width} is not a multiple of heads {self.heads}")
        if self.activation not in ACTIVATIONS:
            raise ConfigError(f"activation {self.activation!r} is not one of {ACTIVATIONS}")
        if not 0 < self.layer_norm_eps < 1:
            raise ConfigError(f"layer_norm_eps {self.layer_norm_eps} is not between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class VisionConfig(TowerConfig):
    """Shape of the vision tower; the defaults are ViT-B/16."""

    width: int = 768
    heads: int = 12
    mlp_width: int = 3072
    image_size: int = 224  # pixels per side
    patch_size: int = 16  # pixels per side

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image_size % self.patch_size:
            raise ConfigError(
                f"image_size {self.image_size} is not a multiple of patch_size {self.patch_size}"
            )

    @property
    def grid_size(self) -> int:
        """Patches per side."""
        return self.image_size // self.patch_size


@dataclass(frozen=True, kw_only=True)
class StretchedTextConfig(TowerConfig):
    """What text towers with a second, longer route have."""

    vocab_size: int
    context_length: int  # tokens on the short and box routes

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.context_length <= KEEP_LENGTH:
            raise ConfigError(
                f"context_length {self.context_length} must exceed the {KEEP_LENGTH} kept positions"
            )

    @property
    def long_context_length(self) -> int:
        """Tokens on the long route: 248 for 77, 196 for 64."""
        return STRETCH * self.context_length - (STRETCH - 1) * KEEP_LENGTH


@dataclass(frozen=True, kw_only=True)
class TextConfig(StretchedTextConfig):
    """Shape of the text tower; the defaults are CLIP's B/16."""

    width: int = 512
    heads: int = 8
    mlp_width: int = 2048
    vocab_size: int = 49408  # tokens, the last two being begin and end of text
    context_length: int = 77

    @property
    def bos_token_id(self) -> int:
        """Begin of text. CLIP's vocabularies end with the two special tokens."""
        return self.vocab_size - 2

    @property
    def eos_token_id(self) -> int:
        """End of text, where the tower pools; also the padding."""
        return self.vocab_size - 1


@dataclass(frozen=True, kw_only=True)
class PlainTextConfig(TextConfig):
    """A text tower without a long route."""

    @property
    def long_context_length(self) -> int:
        """Tokens on the long route, which is the short one."""
        return self.context_length


@dataclass(frozen=True, kw_only=True)
class FGCLIPConfig:
    """Two towers and the width of the space they share."""

    vision: VisionConfig = field(default_factory=VisionConfig)
    text: TextConfig = field(default_factory=TextConfig)
    projection_dim: int = 512

    def __post_init__(self) -> None:
        check_count("projection_dim", self.projection_dim)

    @classmethod
    def base(cls) -> FGCLIPConfig:
        """ViT-B/16 at 224 pixels, as `qihoo360/fg-clip-base`."""
        return cls()

    @classmethod
    def large(cls) -> FGCLIPConfig:
        """ViT-L/14 at 336 pixels, as `qihoo360/fg-clip-large`."""
        return cls(
            vision=VisionConfig(
                image_size=336, patch_size=14, width=1024, layers=24, heads=16, mlp_width=4096
            ),
            text=TextConfig(width=768, heads=12, mlp_width=3072),
            projection_dim=768,
        )

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> FGCLIPConfig:
        """Read the fields of a Hugging Face CLIP `config.json`; absent ones are CLIP's defaults."""
        try:
            return cls(
                vision=VisionConfig(**named_fields(raw.get("vision_config") or {}, _VISION)),
                text=TextConfig(**named_fields(raw.get("text_config") or {}, _TEXT)),
                projection_dim=raw.get("projection_dim", 512),
            )
        except TypeError as error:
            raise ConfigError(f"config.json holds a value of the wrong type: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """The same as a `config.json` that upstream's loader reads."""
        vision = {theirs: getattr(self.vision, ours) for theirs, (ours, _) in _VISION.items()}
        text = {theirs: getattr(self.text, ours) for theirs, (ours, _) in _TEXT.items()}
        special = {"bos_token_id": self.text.bos_token_id, "eos_token_id": self.text.eos_token_id}
        return {
            "architectures": ["FGCLIPModel"],
            "model_type": "clip",
            "projection_dim": self.projection_dim,
            "vision_config": vision | {"projection_dim": self.projection_dim},
            "text_config": text
            | special
            | {"pad_token_id": self.text.eos_token_id, "projection_dim": self.projection_dim},
        }


# Hugging Face's field → (our field, the default that transformers leaves out of the file).
_TOWER: dict[str, tuple[str, Any]] = {
    "num_hidden_layers": ("layers", 12),
    "hidden_act": ("activation", "quick_gelu"),
    "layer_norm_eps": ("layer_norm_eps", 1e-5),
}
_VISION: dict[str, tuple[str, Any]] = _TOWER | {
    "hidden_size": ("width", 768),
    "num_attention_heads": ("heads", 12),
    "intermediate_size": ("mlp_width", 3072),
    "image_size": ("image_size", 224),
    "patch_size": ("patch_size", 32),
}
_TEXT: dict[str, tuple[str, Any]] = _TOWER | {
    "hidden_size": ("width", 512),
    "num_attention_heads": ("heads", 8),
    "intermediate_size": ("mlp_width", 2048),
    "vocab_size": ("vocab_size", 49408),
    "max_position_embeddings": ("context_length", 77),
}


def check_count(name: str, value: object) -> None:
    """Refuse what is not a whole number of at least 1."""
    if type(value) is not int or value < 1:
        raise ConfigError(f"{name} is {value!r}, but must be a whole number of at least 1")


def named_fields(raw: Mapping[str, Any], names: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
    """Our fields from a file's, by a table of its name → (our name, default)."""
    return {ours: raw.get(theirs, default) for theirs, (ours, default) in names.items()}
