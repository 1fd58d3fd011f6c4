"""Upstream's names of weights, here and nowhere else, and weights that follow from others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from torch import Tensor

from fgclip.model.fgclip2 import REGION_SCALE
from fgclip.model.text import stretch_positions

# Our name → upstream's, replaced in this order, wherever it occurs.
UPSTREAM = {
    "vision.position_embedding": "vision_model.embeddings.position_embedding.weight",
    "vision.class_embedding": "vision_model.embeddings.class_embedding",
    "vision.patch_embedding": "vision_model.embeddings.patch_embedding",
    "vision.norm_pre": "vision_model.pre_layrnorm",
    "vision.norm_post": "vision_model.post_layernorm",
    "vision.blocks": "vision_model.encoder.layers",
    "text.token_embedding": "text_model.embeddings.token_embedding",
    "text.position_embedding": "text_model.embeddings.position_embedding.weight",
    "text.long_position_head": "text_model.embeddings.position_embedding_ori.weight",
    "text.long_position_tail": "text_model.embeddings.position_embedding_res.weight",
    "text.norm_final": "text_model.final_layer_norm",
    "text.blocks": "text_model.encoder.layers",
    "long_text_projection": "text_filip_projection",
    "vision_projection": "visual_projection",
    "region_logit_scale": "logit_scale_finegraind",
    "hard_negative_logit_scale": "logit_scale_hardneg",
    ".norm1": ".layer_norm1",
    ".norm2": ".layer_norm2",
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.output": "self_attn.out_proj",
    "mlp.expand": "mlp.fc1",
    "mlp.contract": "mlp.fc2",
    # FG-CLIP 2 and SigLIP 2
    "vision.head": "vision_model.head",
    "text.head": "text_model.head",
    "dense_head": "dense_feature_head",
    "long_head": "longtext_head",
    "box_head": "boxtext_head",
    "head.in_weight": "head.attention.in_proj_weight",
    "head.in_bias": "head.attention.in_proj_bias",
    "head.out.": "head.attention.out_proj.",
    "head.norm.": "head.layernorm.",
}
SHORT_POSITIONS = "text_model.embeddings.position_embedding.weight"
LONG_POSITIONS = (
    "text_model.embeddings.position_embedding_ori.weight",
    "text_model.embeddings.position_embedding_res.weight",
)
TRAINING_ONLY = ("logit_scale_finegraind", "logit_scale_hardneg")
IGNORED = (
    "vision_model.embeddings.position_ids",
    "text_model.embeddings.position_ids",
)
SIGLIP_ONLY = "vision_model.head.probe"  # what CLIP has no likeness of
TOKENS = "text_model.embeddings.token_embedding.weight"
SIGLIP_VOCABULARIES = (32_000, 250_000)  # of SigLIP, the latter multilingual; SigLIP 2 has Gemma's
FEWEST_POSITIONS = 22  # of a text that can be stretched
CLIP_ROWS = 77  # text positions of CLIP
LONG_CLIP_ROWS = 248  # of Long-CLIP; as one table it is Long-CLIP's two merged


def upstream_name(name: str) -> str:
    """The name in upstream's checkpoints of one of our parameters."""
    for ours, theirs in UPSTREAM.items():
        name = name.replace(ours, theirs)
    return name


def family_of(tensors: Mapping[str, Tensor]) -> str:
    """What names and shapes of weights say of their family, before anything is completed."""
    for family, head in (("FG-CLIP 2", _SIGLIP_LONG[0]), ("FG-CLIP", _CLIP_LONG[0])):
        if any(name.startswith(head) for name in tensors):
            return family
    if is_siglip(tensors):
        old = _rows(tensors, TOKENS) in SIGLIP_VOCABULARIES
        return "SigLIP" if old else "SigLIP 2"
    return "Long-CLIP" if _rows(tensors, SHORT_POSITIONS) == LONG_CLIP_ROWS else "CLIP"


def is_siglip(tensors: Collection[str]) -> bool:
    """Whether the weights are FG-CLIP 2's or SigLIP 2's, rather than FG-CLIP's or CLIP's."""
    return SIGLIP_ONLY in tensors


def complete(tensors: dict[str, Tensor]) -> None:
    """Add what plain CLIP, plain SigLIP 2 and stripped releases lack, as upstream starts it.

    A long route is added only where all of it is absent: half of one is a damaged checkpoint.
    CLIP with 248 positions is Long-CLIP, which has one route: its first 77 are the short one's.

    Raises:
        ValueError: There are too few text positions to stretch.
    """
    siglip = is_siglip(tensors)
    long_head, short_head = _SIGLIP_LONG if siglip else _CLIP_LONG
    short = tensors.get(SHORT_POSITIONS)
    has_long = any(name.startswith((long_head, *LONG_POSITIONS)) for name in tensors)
    if not has_long and short is not None and short.ndim == 2:
        if len(short) < FEWEST_POSITIONS:
            raise ValueError(f"{len(short)} text positions, too few to stretch to a long route")
        merged = not siglip and len(short) == LONG_CLIP_ROWS
        long = short if merged else stretch_positions(short)
        tensors |= {name: long.clone() for name in LONG_POSITIONS}
        tensors[SHORT_POSITIONS] = short[:CLIP_ROWS].clone() if merged else short
        tensors |= _copies(tensors, long_head, short_head)
    if siglip:
        for target, source in _SIGLIP_HEADS:
            if not any(name.startswith(target) for name in tensors):
                tensors |= _copies(tensors, target, source)
    scale = tensors.get("logit_scale")
    for name in TRAINING_ONLY:
        if name not in tensors and scale is not None:
            # What upstream resets it to when training starts.
            tensors[name] = scale.new_tensor(REGION_SCALE) if siglip else scale.clone()


_CLIP_LONG = ("text_filip_projection.", "text_projection.")  # copy, original
_SIGLIP_LONG = ("longtext_head.", "text_model.head.")
_SIGLIP_HEADS = (
    ("boxtext_head.", "text_model.head."),
    ("dense_feature_head.", "vision_model.head."),
)


def _rows(tensors: Mapping[str, Tensor], name: str) -> int:
    """How long a table is; 0 where there is none."""
    return len(tensors[name]) if name in tensors and tensors[name].ndim else 0


def _copies(tensors: dict[str, Tensor], target: str, source: str) -> dict[str, Tensor]:
    return {
        target + name.removeprefix(source): value.clone()
        for name, value in tensors.items()
        if name.startswith(source)
    }
