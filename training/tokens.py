"""The tokenizer of whichever family a recipe trains."""

from __future__ import annotations

from pathlib import Path

from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from fgclip.model.fgclip2_config import FGCLIP2Config
from training.recipe import Recipe

AnyTokenizer = Tokenizer | SiglipTokenizer


def tokenizer_for(recipe: Recipe, folder: Path) -> AnyTokenizer:
    """Read the tokenizer of a folder, CLIP's or SigLIP 2's as the recipe's model needs.

    Raises:
        TokenizerError: It is missing, unreadable, or the other family's.
    """
    if isinstance(recipe.model, FGCLIP2Config):
        return SiglipTokenizer.from_folder(folder)
    return Tokenizer.from_folder(folder)
