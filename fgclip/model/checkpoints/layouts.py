"""Other layouts of CLIP-like weights, told apart by their names, and our names for them.

Facts of the names: OpenAI's CLIP and open_clip, Long-CLIP (Zhang et al., ECCV 2024), EVA-CLIP,
whose files CLIPSelf and FineCLIP share. Hugging Face's names are in `names`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

FUSED = "in_proj_"  # begins the last part of a fused projection's name
THIRDS = ("q_proj", "k_proj", "v_proj")  # what it is taken apart to, in this order
LONG_MARK = "positional_embedding_res"  # what only Long-CLIP has


@dataclass(frozen=True)
class Stack:
    """The blocks of one tower: what comes before their number, and what after."""

    ours: str
    theirs: str
    parts: Mapping[str, str]  # our beginning → theirs
    fused: bool = True  # one tensor holds queries, keys and values


@dataclass(frozen=True)
class Layout:
    """Names of one family's weights. Beginnings end with a dot; other names are whole."""

    family: str
    singles: Mapping[str, str]  # ours → theirs, outside of blocks
    stacks: tuple[Stack, ...]
    text_prefix: str = ""  # before the names of the text tower when saved
    eva: bool = False  # the vision tower is EVA-02's

    def file_name(self, ours: str) -> str:
        """The file's name of one of our parameters; the name itself where there is none."""
        prefix = self.text_prefix if ours.startswith("text") else ""
        for stack in self.stacks:
            if ours.startswith(stack.ours):
                name = _in_block(ours, stack.ours, stack.theirs, stack.parts) or ours
                for third in THIRDS if stack.fused else ():
                    name = name.replace(f"{third}.", FUSED)
                return prefix + name
        return prefix + (_replaced(ours, self.singles) or ours)

    def our_name(self, theirs: str) -> str | None:
        """Our name of a tensor of the file, None where we have no such parameter."""
        for stack in self.stacks:
            if theirs.startswith(stack.theirs):
                return _in_block(theirs, stack.theirs, stack.ours, _inverse(stack.parts))
        return _replaced(theirs, _inverse(self.singles))


_PARTS = {
    "norm1.": "ln_1.",
    "norm2.": "ln_2.",
    "attention.query.": "attn.q_proj.",
    "attention.key.": "attn.k_proj.",
    "attention.value.": "attn.v_proj.",
    "attention.output.": "attn.out_proj.",
    "mlp.expand.": "mlp.c_fc.",
    "mlp.contract.": "mlp.c_proj.",
}
_EVA_PARTS = {
    "norm1.": "norm1.",
    "norm2.": "norm2.",
    "attention.query.bias": "attn.q_bias",
    "attention.value.bias": "attn.v_bias",
    "attention.query.": "attn.q_proj.",
    "attention.key.": "attn.k_proj.",
    "attention.value.": "attn.v_proj.",
    "attention.norm.": "attn.inner_attn_ln.",
    "attention.output.": "attn.proj.",
    "mlp.gate.": "mlp.w1.",
    "mlp.expand.": "mlp.w2.",
    "mlp.norm.": "mlp.ffn_ln.",
    "mlp.contract.": "mlp.w3.",
}
_TEXT = {
    "text.token_embedding.": "token_embedding.",
    "text.position_embedding": "positional_embedding",
    "text.norm_final.": "ln_final.",
    "text_projection.weight": "text_projection",
    "logit_scale": "logit_scale",
}
_TEXT_STACK = Stack("text.blocks.", "transformer.resblocks.", _PARTS)

OPENAI = Layout(
    "CLIP",
    {
        "vision.patch_embedding.": "visual.conv1.",
        "vision.class_embedding": "visual.class_embedding",
        "vision.position_embedding": "visual.positional_embedding",
        "vision.norm_pre.": "visual.ln_pre.",
        "vision.norm_post.": "visual.ln_post.",
        "vision_projection.weight": "visual.proj",
    }
    | _TEXT,
    (Stack("vision.blocks.", "visual.transformer.resblocks.", _PARTS), _TEXT_STACK),
)
TWO_TABLES = {
    "text.long_position_head": "positional_embedding",
    "text.long_position_tail": LONG_MARK,
}
LONG_CLIP = dataclasses.replace(
    OPENAI,
    family="Long-CLIP",
    singles={
        ours: theirs for ours, theirs in OPENAI.singles.items() if theirs != "positional_embedding"
    }
    | TWO_TABLES,
)
_EVA_SINGLES = {
    "vision.patch_embedding.": "visual.patch_embed.proj.",
    "vision.class_embedding": "visual.cls_token",
    "vision.position_embedding": "visual.pos_embed",
    "vision.norm_post.": "visual.norm.",
    "vision_projection.": "visual.head.",
}
EVA = Layout(
    "EVA-02-CLIP",
    _EVA_SINGLES | _TEXT,
    (Stack("vision.blocks.", "visual.blocks.", _EVA_PARTS, fused=False), _TEXT_STACK),
    text_prefix="text.",
    eva=True,
)
# open_clip's copies of EVA-02-CLIP, whose vision tower is timm's.
_TIMM_PARTS = {
    "norm1.": "norm1.",
    "norm2.": "norm2.",
    "attention.query.": "attn.q_proj.",
    "attention.key.": "attn.k_proj.",
    "attention.value.": "attn.v_proj.",
    "attention.norm.": "attn.norm.",
    "attention.output.": "attn.proj.",
    "mlp.gate.": "mlp.fc1_g.",
    "mlp.expand.": "mlp.fc1_x.",
    "mlp.norm.": "mlp.norm.",
    "mlp.contract.": "mlp.fc2.",
}
EVA_TIMM = dataclasses.replace(
    EVA,
    singles={
        ours: theirs.replace("visual.", "visual.trunk.") for ours, theirs in _EVA_SINGLES.items()
    }
    | _TEXT,
    stacks=(Stack("vision.blocks.", "visual.trunk.blocks.", _TIMM_PARTS, fused=False), _TEXT_STACK),
)


def recognise(names: Collection[str]) -> Layout | None:
    """The layout that these names follow; None for Hugging Face's and unknown ones."""
    for layout, beginning in ((EVA, "visual.blocks."), (EVA_TIMM, "visual.trunk.blocks.")):
        if any(name.startswith(beginning) for name in names):
            return layout
    if any(name.startswith("visual.transformer.") for name in names):
        return LONG_CLIP if LONG_MARK in {bare(name) for name in names} else OPENAI
    return None


def bare(name: str) -> str:
    """Without the `text.` that some files put before the names of the text tower."""
    return name.removeprefix("text.")


def _in_block(name: str, before: str, after: str, parts: Mapping[str, str]) -> str | None:
    number, _, inner = name.removeprefix(before).partition(".")
    renamed = _replaced(inner, parts)
    return None if renamed is None or not number.isdecimal() else f"{after}{number}.{renamed}"


def _replaced(name: str, table: Mapping[str, str]) -> str | None:
    """The name with its beginning replaced, or the whole of it where the table's has no dot."""
    for old, new in table.items():
        if name == old or (old.endswith(".") and name.startswith(old)):
            return new + name.removeprefix(old)
    return None


def _inverse(table: Mapping[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, theirs in table.items()}
