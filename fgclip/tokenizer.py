"""The former name of `fgclip.inputs.clip_tokenizer`; it goes with the next release."""

from fgclip.inputs.clip_tokenizer import (
    SavedTokenizer,
    TokenBatch,
    Tokenizer,
    TokenizerError,
    build_backend,
    clip_vocabulary,
    readable,
)

__all__ = [
    "SavedTokenizer",
    "TokenBatch",
    "Tokenizer",
    "TokenizerError",
    "build_backend",
    "clip_vocabulary",
    "readable",
]
