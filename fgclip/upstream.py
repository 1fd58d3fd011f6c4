"""Upstream's class and method names over our models, for scripts that were written for them.

A script changes its import, or calls `register` once and goes on with
`AutoModelForCausalLM.from_pretrained(name, trust_remote_code=True)`; no remote code is run. Names,
arguments and frames are upstream's, oddly spelt ones included; all getters give plain tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.checkpoints.loading import CheckpointError, load_model
from fgclip.model.eva import EVACLIP
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2, DenseMaps
from fgclip.model.naflex import Patches
from fgclip.types import Route

OURS = {
    "config", "trust_remote_code", "low_cpu_mem_usage", "attn_implementation", "device_map",
    "adapter_kwargs", "revision", "code_revision", "cache_dir", "token",
}  # fmt: skip
"""Keywords of upstream's `from_pretrained` that change nothing here."""


class _Upstream(nn.Module):
    """What both generations have."""

    config_class: Any = None  # set by `register`
    family: type[FGCLIP] | type[FGCLIP2]

    def __init__(self, model: FGCLIP | FGCLIP2) -> None:
        super().__init__()
        self.model = model

    @classmethod
    def from_pretrained(cls, name: str | Path, *_: Any, **keywords: Any) -> Self:
        """Load strictly from a folder or a hub id, every tensor equal to the file's.

        `dtype` (or `torch_dtype`) casts the model; what else upstream takes changes nothing.

        Raises:
            TypeError: A keyword is not known.
            CheckpointError: The weights are not sound, or of the other generation.
        """
        dtype = keywords.pop("dtype", keywords.pop("torch_dtype", None))
        if unknown := set(keywords) - OURS:
            raise TypeError(f"from_pretrained does not know {min(unknown)!r}")
        if keywords.get("revision") not in (None, "main"):
            raise TypeError(
                f"revision {keywords['revision']!r} cannot be asked for; download it to a folder "
                "and give that"
            )
        model = load_model(name)
        if isinstance(model, EVACLIP) or not isinstance(model, cls.family):
            raise CheckpointError(f"{name} holds {type(model).__name__}, not {cls.family.__name__}")
        if dtype is not None and dtype != "auto":
            model.to(getattr(torch, dtype) if isinstance(dtype, str) else dtype)
        return cls(model)

    @property
    def logit_scale(self) -> Tensor:
        """Logarithm of what cosines are multiplied by."""
        return self.model.logit_scale

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.model.logit_scale.device


class FGCLIPModel(_Upstream):
    """FG-CLIP as upstream's `FGCLIPModel` (branch v1.0)."""

    family = FGCLIP
    model: FGCLIP

    def get_image_features(self, pixel_values: Tensor, **_: Any) -> Tensor:
        """(B, 3, S, S) → (B, D), not normalised."""
        return self.model.encode_image(pixel_values)

    def get_image_dense_features(
        self, pixel_values: Tensor, box_info: Any = None, **_: Any
    ) -> Tensor:
        """(B, 3, S, S) → (B, H·W, D) row by row, not normalised; `box_info` is not read."""
        return self.model.encode_dense(pixel_values).flatten(2).transpose(1, 2)

    def get_image_box_roi_features(
        self, pixel_values: Tensor, box_info: Tensor | Sequence[Tensor], **_: Any
    ) -> Tensor:
        """Features of boxes.

        Args:
            pixel_values: (B, 3, S, S).
            box_info: (R, 5) picture, x0, y0, x1, y1 in patches; or B tensors (R_b, 4).

        Returns:
            (R, D) float32, not normalised.
        """
        dense = self.model.encode_dense(pixel_values)
        height, width = dense.shape[-2:]
        boxes, owner = _with_owners(box_info, pixel_values.device)
        grid = boxes.new_tensor([width, height, width, height])
        return self.model.encode_regions(dense, boxes / grid, owner)

    def get_text_features(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        walk_short_pos: bool = True,
        use_bbox: bool = False,
        **_: Any,
    ) -> Tensor:
        """(N, L) ids → (N, D), not normalised.

        A mask changes nothing: attention is causal, and the vector is read at the first end mark.
        `walk_short_pos=False` takes the long positions, unless `use_bbox`, and the long projection.
        """
        if position_ids is not None:
            raise ValueError("position_ids cannot be given; the walk chooses the positions")
        pooled = self.model.text(input_ids, long=not walk_short_pos and not use_bbox)
        project = self.model.text_projection if walk_short_pos else self.model.long_text_projection
        return project(pooled)  # type: ignore[no-any-return]

    def resize_postion_embeding(self, newsize: int = 0) -> None:
        """Stretch the short positions to the long ones; the size is not read."""
        self.model.text.stretch()

    def copy_weight(self) -> None:
        """Start the long projection from the short one."""
        with torch.no_grad():
            self.model.long_text_projection.weight.copy_(self.model.text_projection.weight)


class Fgclip2Model(_Upstream):
    """FG-CLIP 2 as upstream's `Fgclip2Model` and its training class `FG_CLIP2_Model`."""

    family = FGCLIP2
    model: FGCLIP2

    @property
    def logit_bias(self) -> Tensor:
        """Added to scaled cosines before a sigmoid."""
        return self.model.logit_bias

    def get_image_features(
        self, pixel_values: Tensor, pixel_attention_mask: Tensor, spatial_shapes: Tensor, **_: Any
    ) -> Tensor:
        """NaFlex's triple → (B, D), not normalised."""
        return self.model.encode_image(_patches(pixel_values, pixel_attention_mask, spatial_shapes))

    def get_image_dense_feature(
        self, pixel_values: Tensor, pixel_attention_mask: Tensor, spatial_shapes: Tensor, **_: Any
    ) -> Tensor:
        """NaFlex's triple → (B, P, D), not normalised; zero where there is padding."""
        return self._dense(pixel_values, pixel_attention_mask, spatial_shapes).tokens

    def get_image_region_features(
        self,
        pixel_values: Tensor,
        pixel_attention_mask: Tensor,
        spatial_shapes: Tensor,
        image_sizes: Sequence[tuple[int, int]],
        region_infos: Sequence[Sequence[Sequence[float]]],
        **_: Any,
    ) -> list[Tensor]:
        """Features of boxes in pixels.

        Args:
            pixel_values: NaFlex's patches.
            pixel_attention_mask: 1 where there is no padding.
            spatial_shapes: patches down and across.
            image_sizes: height and width of each picture, pixels.
            region_infos: of each picture its boxes x0, y0, x1, y1, pixels.

        Returns:
            (R_i, D) of each picture, not normalised; an empty list where there is no box at all.
        """
        counts = [len(boxes) for boxes in region_infos]
        if not sum(counts):
            return []
        dense = self._dense(pixel_values, pixel_attention_mask, spatial_shapes)
        sizes = torch.tensor([[w, h, w, h] for h, w in image_sizes], dtype=torch.float32)
        owner = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
        flat = torch.tensor([box for boxes in region_infos for box in boxes], dtype=torch.float32)
        boxes = (flat / sizes[owner]).to(pixel_values.device)
        found = self.model.encode_regions(dense, boxes, owner.to(pixel_values.device))
        return list(torch.split(found, counts))

    def get_image_box_roi_features(
        self,
        pixel_values: Tensor,
        pixel_attention_mask: Tensor,
        spatial_shapes: Tensor,
        box_info: Sequence[Tensor],
        **_: Any,
    ) -> Tensor:
        """B tensors (R_b, 5) picture, x0, y0, x1, y1 in patches → (R, D) of unit length."""
        dense = self._dense(pixel_values, pixel_attention_mask, spatial_shapes)
        boxes, owner = _with_owners(torch.cat(list(box_info)), pixel_values.device)
        grid = spatial_shapes.flip(1).repeat(1, 2).to(boxes)[owner]
        return F.normalize(self.model.encode_regions(dense, boxes / grid, owner), dim=-1)

    def get_text_features(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        walk_type: str = "short",
        **_: Any,
    ) -> Tensor:
        """(N, 64) or for "long" (N, 196) ids → (N, D), not normalised.

        A mask is heeded, as upstream does; the towers were trained without one.
        """
        if position_ids is not None:
            raise ValueError("position_ids cannot be given; the walk chooses the positions")
        walks: dict[str, Route] = {"short": "short", "long": "long", "box": "box"}
        if walk_type.lower() not in walks:
            raise ValueError(f"walk_type {walk_type!r} is not one of {', '.join(walks)}")
        present = None if attention_mask is None else attention_mask.bool()
        return self.model.encode_text(input_ids, walks[walk_type.lower()], present=present)

    def forward(
        self,
        input_ids: Tensor,
        pixel_values: Tensor,
        pixel_attention_mask: Tensor,
        spatial_shapes: Tensor,
        attention_mask: Tensor | None = None,
        walk_type: str = "short",
        **_: Any,
    ) -> SimpleNamespace:
        """Unit vectors of pictures and texts, and the logits of every pair before a sigmoid."""
        texts = self.get_text_features(input_ids, attention_mask, walk_type=walk_type)
        images = self.get_image_features(pixel_values, pixel_attention_mask, spatial_shapes)
        texts, images = F.normalize(texts, dim=-1), F.normalize(images, dim=-1)
        logits = texts @ images.T * self.logit_scale.exp() + self.logit_bias
        return SimpleNamespace(
            logits_per_text=logits, logits_per_image=logits.T, text_embeds=texts,
            image_embeds=images,
        )  # fmt: skip

    def _dense(self, pixel_values: Tensor, mask: Tensor, shapes: Tensor) -> DenseMaps:
        return self.model.encode_dense(_patches(pixel_values, mask, shapes))


FG_CLIP2_Model = Fgclip2Model


def register() -> None:
    """Let transformers' `AutoModelForCausalLM.from_pretrained` give these classes.

    FG-CLIP's configuration is CLIP's; FG-CLIP 2's has a model type of its own.
    """
    from transformers import AutoConfig, AutoModelForCausalLM, CLIPConfig, PretrainedConfig

    class Fgclip2Config(PretrainedConfig):  # type: ignore[no-untyped-call]
        """What `config.json` says; read by our own code."""

        model_type = "fgclip2"

    FGCLIPModel.config_class, Fgclip2Model.config_class = CLIPConfig, Fgclip2Config
    AutoConfig.register("fgclip2", Fgclip2Config, exist_ok=True)
    AutoModelForCausalLM.register(CLIPConfig, FGCLIPModel, exist_ok=True)
    AutoModelForCausalLM.register(Fgclip2Config, Fgclip2Model, exist_ok=True)


def _patches(pixel_values: Tensor, mask: Tensor, shapes: Tensor) -> Patches:
    return Patches(pixel_values, mask.bool(), shapes)


def _with_owners(boxes: Tensor | Sequence[Tensor], device: torch.device) -> tuple[Tensor, Tensor]:
    """(R, 5), or a list of (R_b, 4) → (R, 4) and the (R,) picture of each."""
    if isinstance(boxes, Tensor):
        return boxes[:, 1:].float().to(device), boxes[:, 0].long().to(device)
    counts = torch.tensor([len(each) for each in boxes])
    owner = torch.repeat_interleave(torch.arange(len(counts)), counts)
    return torch.cat(list(boxes)).float().to(device), owner.to(device)
