"""Small models with random weights, in folders as people have them."""

from __future__ import annotations

import string
from pathlib import Path

import torch

from fgclip.encoder import Encoder
from fgclip.inputs.clip_tokenizer import (
    BOS,
    EOS,
    Tokenizer,
    build_backend,
    clip_vocabulary,
)
from fgclip.model.checkpoints.loading import save_model
from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.model.fgclip2 import FGCLIP2, initialise_fgclip2
from fgclip.model.fgclip2_config import FGCLIP2Config, NaFlexConfig, SiglipTextConfig
from fgclip.zoo import load
from tests.support.checkpoints import VOCABULARY
from tests.support.training import tiny_siglip_tokenizer

MERGES = ["t h", "c a", "ca t</w>", "th e</w>", "b o", "d o", "do g</w>"]


def save_tiny_model(folder: Path, *, seed: int, image_size: int = 64, patch_size: int = 16) -> None:
    """Random weights, and a tokenizer of a few words."""
    vocabulary = clip_vocabulary(MERGES)
    tower = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 64}
    config = FGCLIPConfig(
        vision=VisionConfig(image_size=image_size, patch_size=patch_size, **tower),
        text=TextConfig(vocab_size=len(vocabulary), **tower),
        projection_dim=24,
    )
    save_model(initialise(FGCLIP(config), seed=seed), folder)
    Tokenizer(build_backend(vocabulary, MERGES)).save(folder)


def page_model(folder: Path, *, seed: int) -> Encoder:
    """14 × 14 patches, as ViT-B/16 has them, in a tower small enough for a test."""
    save_tiny_model(folder, seed=seed, image_size=112, patch_size=8)
    return load(folder, device="cpu", dtype="float32")


def save_tiny_fgclip2(folder: Path) -> None:
    """Random weights, and a tokenizer of a few words."""
    tokenizer = tiny_siglip_tokenizer()
    tower = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 64}
    config = FGCLIP2Config(
        vision=NaFlexConfig(num_patches=16, **tower),
        text=SiglipTextConfig(vocab_size=tokenizer.vocab_size, **tower),
    )
    save_model(initialise_fgclip2(FGCLIP2(config), seed=0), folder)
    tokenizer.save(folder)


def small_tokenizer() -> Tokenizer:
    """Letters alone, as many tokens as the files of these tests have."""
    words = [*string.ascii_lowercase, *(letter + "</w>" for letter in string.ascii_lowercase)]
    words += [f"filler{number}" for number in range(VOCABULARY - 2 - len(words))]
    return Tokenizer(build_backend({w: i for i, w in enumerate([*words, BOS, EOS])}, []))


def siglip2(folder: Path) -> object:
    """A random SigLIP 2 of transformers, saved."""
    from transformers import Siglip2Config, Siglip2Model

    towers = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 48,
    }
    torch.manual_seed(0)
    config = Siglip2Config(
        text_config={**towers, "vocab_size": 50, "max_position_embeddings": 24},
        vision_config={**towers, "patch_size": 4, "num_patches": 16},
    )
    found = Siglip2Model(config).eval()
    with torch.no_grad():
        for parameter in found.parameters():
            parameter.normal_(0, 0.2)
    found.save_pretrained(folder)
    return found
