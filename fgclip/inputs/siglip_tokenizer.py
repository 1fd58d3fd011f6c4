"""Text → token ids for SigLIP 2 and FG-CLIP 2: Gemma's tokenizer, lower-cased; SigLIP's, too."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tokenizers

from fgclip.inputs.clip_tokenizer import SavedTokenizer, TokenBatch, TokenizerError, readable

PAD, EOS = "<pad>", "<eos>"
OLD_MARK = "</s>"  # SigLIP's end mark, and its padding
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


class SiglipTokenizer(SavedTokenizer):
    """Gemma's tokenizer as SigLIP 2 uses it: no begin mark, one end mark, then padding.

    SigLIP has a tokenizer of its own, which pads with the end mark and reads no punctuation. The
    towers read padding, too: give them texts padded on the right to the route's full length.
    """

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        super().__init__(backend)
        pad, eos = backend.token_to_id(PAD), backend.token_to_id(EOS)
        self.keeps_punctuation = pad is not None and eos is not None
        if not self.keeps_punctuation:
            pad = eos = backend.token_to_id(OLD_MARK)
        if pad is None or eos is None:
            raise TokenizerError(f"The tokenizer lacks {PAD} or {EOS}; it is not SigLIP 2's.")
        self.pad_token_id: int = pad
        self.eos_token_id: int = eos

    @classmethod
    def from_folder(cls, folder: Path) -> SiglipTokenizer:
        """Read `tokenizer.json`."""
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise TokenizerError(f"{folder} has no tokenizer.json. Copy SigLIP 2's beside it.")
        try:
            return cls(tokenizers.Tokenizer.from_file(str(path)))
        except TokenizerError:
            raise
        except Exception as error:  # the Rust library raises nothing narrower
            raise TokenizerError(f"The tokenizer in {folder} cannot be read: {error}") from error

    def count(self, text: str) -> int:
        """Tokens of a text, the end mark included."""
        return 1 + len(self._backend.encode(self._plain(text), add_special_tokens=False).ids)

    def cut(self, text: str, context_length: int) -> str:
        """The part of a text that fits, as it was written; what is no Unicode is replaced.

        Where a text has another length as it is read, its part is given in that.
        """
        text = readable(text)
        plain = self._plain(text)
        encoding = self._backend.encode(plain, add_special_tokens=False)
        if len(encoding.ids) < context_length:
            return text
        end = encoding.offsets[context_length - 2][1] if context_length > 1 else 0
        return (text if len(plain) == len(text) else plain)[:end]

    def batch(self, texts: Sequence[str], context_length: int) -> TokenBatch:
        """Encode texts, cut those that do not fit, pad to the longest.

        Args:
            texts: any texts, the empty one included; case does not matter.
            context_length: tokens that fit, the end mark included; at least 1.
        """
        found = self._backend.encode_batch(
            [self._plain(text) for text in texts], add_special_tokens=False
        )
        rows = [[*each.ids[: context_length - 1], self.eos_token_id] for each in found]
        truncated = np.array([len(each.ids) >= context_length for each in found], dtype=np.bool_)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        ids = np.full((len(rows), int(lengths.max(initial=0))), self.pad_token_id, dtype=np.int64)
        for row, own in zip(ids, rows, strict=True):
            row[: len(own)] = own
        return TokenBatch(ids, self.pad_token_id, lengths, truncated)

    def _plain(self, text: str) -> str:
        """The text as it is read: in lower case; for SigLIP words alone, a space between them."""
        lowered = readable(text).lower()
        if self.keeps_punctuation:
            return lowered
        return " ".join(lowered.translate(NO_PUNCTUATION).split())
