"""Tiny random checkpoints in the layouts of other projects, written out name by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPConfig, CLIPModel, SiglipConfig, SiglipModel

WIDTH, DEPTH, HEADS, VOCABULARY, JOINT = 128, 3, 2, 100, 24
PATCH, SIDE = 8, 4  # pixels of a patch, patches of a picture
IDS = torch.tensor([[98, 5, 6, 99, 99, 99], [98, 7, 8, 9, 3, 99]])


@torch.no_grad()
def relative_error(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


def random_clip(*, seed: int = 0, positions: int = 77, **overrides: Any) -> CLIPModel:
    """Transformers' own CLIP with random weights of sizes that matter."""
    torch.manual_seed(seed)
    tower = {
        "hidden_size": WIDTH,
        "intermediate_size": 96,
        "num_hidden_layers": DEPTH,
        "num_attention_heads": HEADS,
    } | overrides
    marks = {"bos_token_id": 98, "eos_token_id": 99, "pad_token_id": 99}
    config = CLIPConfig(
        text_config=tower
        | marks
        | {"vocab_size": VOCABULARY, "max_position_embeddings": positions},
        vision_config=tower | {"image_size": SIDE * PATCH, "patch_size": PATCH},
        projection_dim=JOINT,
    )
    model = CLIPModel(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.1)
    return model


def random_siglip(
    *,
    image_size: int = 16,
    patch_size: int = 4,
    vocab_size: int = 50,
    vision_width: int = 32,
    **overrides: Any,
) -> SiglipModel:
    """Transformers' own SigLIP, or SigLIP 2 of a fixed size, with random weights."""
    torch.manual_seed(0)
    tower = {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    } | overrides
    text = {"vocab_size": vocab_size, "max_position_embeddings": 24}
    vision = {"image_size": image_size, "patch_size": patch_size}
    if vision_width != tower["hidden_size"]:
        text["projection_size"] = vision["hidden_size"] = vision_width
    config = SiglipConfig(text_config=tower | text, vision_config=tower | vision)
    model = SiglipModel(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.2)
    return model


def features(model: CLIPModel, pixels: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
    """What transformers gives for pictures and texts."""
    image = model.get_image_features(pixels).pooler_output
    text = model.get_text_features(ids, attention_mask=torch.ones_like(ids)).pooler_output
    return image, text


def openai_names(clip: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Hugging Face's CLIP as OpenAI stores it."""
    stored = {
        "visual.conv1.weight": clip["vision_model.embeddings.patch_embedding.weight"],
        "visual.class_embedding": clip["vision_model.embeddings.class_embedding"],
        "visual.positional_embedding": clip["vision_model.embeddings.position_embedding.weight"],
        "visual.proj": clip["visual_projection.weight"].T,
        "token_embedding.weight": clip["text_model.embeddings.token_embedding.weight"],
        "positional_embedding": clip["text_model.embeddings.position_embedding.weight"],
        "text_projection": clip["text_projection.weight"].T,
        "logit_scale": clip["logit_scale"],
    }
    for kind in ("weight", "bias"):
        stored[f"visual.ln_pre.{kind}"] = clip[f"vision_model.pre_layrnorm.{kind}"]
        stored[f"visual.ln_post.{kind}"] = clip[f"vision_model.post_layernorm.{kind}"]
        stored[f"ln_final.{kind}"] = clip[f"text_model.final_layer_norm.{kind}"]
        for number in range(DEPTH):
            for tower, prefix in (("vision_model", "visual."), ("text_model", "")):
                old = f"{tower}.encoder.layers.{number}"
                new = f"{prefix}transformer.resblocks.{number}"
                stored[f"{new}.ln_1.{kind}"] = clip[f"{old}.layer_norm1.{kind}"]
                stored[f"{new}.ln_2.{kind}"] = clip[f"{old}.layer_norm2.{kind}"]
                thirds = [clip[f"{old}.self_attn.{one}_proj.{kind}"] for one in "qkv"]
                stored[f"{new}.attn.in_proj_{kind}"] = torch.cat(thirds)
                stored[f"{new}.attn.out_proj.{kind}"] = clip[f"{old}.self_attn.out_proj.{kind}"]
                stored[f"{new}.mlp.c_fc.{kind}"] = clip[f"{old}.mlp.fc1.{kind}"]
                stored[f"{new}.mlp.c_proj.{kind}"] = clip[f"{old}.mlp.fc2.{kind}"]
    return stored


def eva_file(*, seed: int = 0) -> dict[str, Tensor]:
    """A random EVA-02-CLIP as its project stores it, with a text tower of CLIP's names."""
    generator = torch.Generator().manual_seed(seed)
    hidden = 88

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) * 0.1

    stored = {
        "visual.cls_token": random(1, 1, WIDTH),
        "visual.pos_embed": random(1, SIDE**2 + 1, WIDTH),
        "visual.patch_embed.proj.weight": random(WIDTH, 3, PATCH, PATCH),
        "visual.patch_embed.proj.bias": random(WIDTH),
        "visual.norm.weight": 1 + random(WIDTH),
        "visual.norm.bias": random(WIDTH),
        "visual.head.weight": random(JOINT, WIDTH),
        "visual.head.bias": random(JOINT),
    }
    for number in range(DEPTH):
        block = f"visual.blocks.{number}"
        for norm, width in (
            ("norm1", WIDTH),
            ("norm2", WIDTH),
            ("attn.inner_attn_ln", WIDTH),
            ("mlp.ffn_ln", hidden),
        ):
            stored[f"{block}.{norm}.weight"] = 1 + random(width)
            stored[f"{block}.{norm}.bias"] = random(width)
        for one in "qkv":
            stored[f"{block}.attn.{one}_proj.weight"] = random(WIDTH, WIDTH)
        stored[f"{block}.attn.q_bias"] = random(WIDTH)
        stored[f"{block}.attn.v_bias"] = random(WIDTH)
        for layer, rows, columns in (
            ("attn.proj", WIDTH, WIDTH),
            ("mlp.w1", hidden, WIDTH),
            ("mlp.w2", hidden, WIDTH),
            ("mlp.w3", WIDTH, hidden),
        ):
            stored[f"{block}.{layer}.weight"] = random(rows, columns)
            stored[f"{block}.{layer}.bias"] = random(rows)
    clip = openai_names(random_clip(seed=seed + 1, hidden_act="gelu").state_dict())
    scale = clip.pop("logit_scale")
    text = {f"text.{name}": value for name, value in clip.items() if not name.startswith("visual.")}
    return stored | text | {"logit_scale": scale}


def timm_names(eva: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """EVA-02-CLIP as open_clip stores it, its vision tower being timm's."""
    stored = {}
    for name, value in eva.items():
        name = name.replace("visual.", "visual.trunk.")
        for old, new in (
            ("q_bias", "q_proj.bias"),
            ("v_bias", "v_proj.bias"),
            ("attn.inner_attn_ln", "attn.norm"),
            ("mlp.ffn_ln", "mlp.norm"),
            ("mlp.w1", "mlp.fc1_g"),
            ("mlp.w2", "mlp.fc1_x"),
            ("mlp.w3", "mlp.fc2"),
        ):
            name = name.replace(old, new)
        stored[name] = value
    return stored


def write(tensors: Mapping[str, Tensor], path: Path) -> Path:
    """Save as safetensors, or as a pickle where the name says so."""
    if path.suffix == ".safetensors":
        save_file({name: value.detach().contiguous() for name, value in tensors.items()}, path)
    else:
        torch.save({name: value.detach().clone() for name, value in tensors.items()}, path)
    return path
