"""Text → token ids: CLIP's lower-cased byte-level BPE. No text is unknown to it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray
from tokenizers import Regex, models, normalizers, pre_tokenizers, processors

from fgclip.files import written_whole

BOS, EOS = "<|startoftext|>", "<|endoftext|>"
# Contractions, letters, single digits, and runs of everything else (OpenAI CLIP's split).
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
# Halves of a pair that stand alone, as JSON may hold them, are no Unicode text.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class TokenizerError(ValueError):
    """A tokenizer that cannot be read, with the file and the remedy."""


@dataclass(frozen=True)
class TokenBatch:
    """Texts as token ids, padded only as far as the longest."""

    ids: NDArray[np.int64]  # (N, L)
    padding: int  # the id that they are padded with
    lengths: NDArray[np.int64]  # (N,) tokens with both marks, after cutting
    truncated: NDArray[np.bool_]  # (N,) True where the text did not fit


class SavedTokenizer:
    """What is kept as `tokenizer.json`; it neither cuts nor pads by itself."""

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        backend.no_truncation()
        backend.no_padding()
        self._backend = backend

    @property
    def vocab_size(self) -> int:
        """Number of tokens, the special ones included."""
        return int(self._backend.get_vocab_size(with_added_tokens=True))

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        with written_whole(folder / "tokenizer.json") as partial:
            self._backend.save(str(partial))


class Tokenizer(SavedTokenizer):
    """CLIP's tokenizer, with any number of merges."""

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        super().__init__(backend)
        # A text that spells "<|endoftext|>" is a text, not the end of one.
        backend.encode_special_tokens = True
        bos, eos = backend.token_to_id(BOS), backend.token_to_id(EOS)
        if bos is None or eos is None:
            raise TokenizerError(f"The tokenizer lacks {BOS} or {EOS}; it is not CLIP's.")
        self.bos_token_id: int = bos
        self.eos_token_id: int = eos

    def __reduce__(self) -> tuple[type[Tokenizer], tuple[tokenizers.Tokenizer]]:
        return Tokenizer, (self._backend,)  # whose pickle forgets `encode_special_tokens`

    @classmethod
    def from_folder(cls, folder: Path) -> Tokenizer:
        """Read `tokenizer.json`, or CLIP's older pair `vocab.json` and `merges.txt`."""
        whole, vocab, merges = (
            folder / name for name in ("tokenizer.json", "vocab.json", "merges.txt")
        )
        try:
            if whole.exists():
                return cls(tokenizers.Tokenizer.from_file(str(whole)))
            if vocab.exists() and merges.exists():
                lines = merges.read_text(encoding="utf-8").splitlines()
                pairs = [line for line in lines if line and not line.startswith("#version")]
                return cls(build_backend(json.loads(vocab.read_text(encoding="utf-8")), pairs))
        except TokenizerError:
            raise
        except Exception as error:  # the Rust library raises nothing narrower
            raise TokenizerError(f"The tokenizer in {folder} cannot be read: {error}") from error
        raise TokenizerError(
            f"{folder} has neither tokenizer.json nor vocab.json with merges.txt. Copy the "
            "tokenizer.json of openai/clip-vit-base-patch16 there: every CLIP, Long-CLIP, FG-CLIP "
            "and EVA-02-CLIP (CLIPSelf and FineCLIP, too) has the same."
        )

    def encode(self, text: str) -> list[int]:
        """All ids of a text, begin and end marks included, uncut."""
        return list(self._backend.encode(readable(text)).ids)

    def count(self, text: str) -> int:
        """Tokens of a text, both marks included."""
        return len(self.encode(text))

    def cut(self, text: str, context_length: int) -> str:
        """The part of a text that fits, as it was written; what is no Unicode is replaced."""
        text = readable(text)
        encoding = self._backend.encode(text)
        if len(encoding.ids) <= context_length:
            return text
        return text[: encoding.offsets[context_length - 2][1]]

    def batch(self, texts: Sequence[str], context_length: int) -> TokenBatch:
        """Encode texts, cut those that do not fit, pad to the longest.

        Args:
            texts: any texts, the empty one included.
            context_length: tokens that fit, both marks included; at least 2.
        """
        found = self._backend.encode_batch([readable(text) for text in texts])
        rows = [encoding.ids for encoding in found]
        truncated = np.array([len(row) > context_length for row in rows], dtype=np.bool_)
        lengths = np.array([min(len(row), context_length) for row in rows], dtype=np.int64)
        ids = np.full((len(rows), int(lengths.max(initial=0))), self.eos_token_id, dtype=np.int64)
        for row, own, length in zip(ids, rows, lengths, strict=True):
            row[: length - 1] = own[: length - 1]  # the last place stays end-of-text
        return TokenBatch(ids, self.eos_token_id, lengths, truncated)


def readable(text: str) -> str:
    """The text with a replacement character for each that UTF-8 cannot hold: equally long."""
    return LONE_SURROGATE.sub("\ufffd", text)


def build_backend(vocab: dict[str, int], merges: Sequence[str]) -> tokenizers.Tokenizer:
    """CLIP's tokenizer from its vocabulary and its merges, best first ("a b")."""
    pairs = [(left, right) for left, _, right in (line.partition(" ") for line in merges)]
    backend = tokenizers.Tokenizer(
        models.BPE(vocab=vocab, merges=pairs, end_of_word_suffix="</w>", unk_token=EOS)
    )
    backend.add_special_tokens([BOS, EOS])
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    backend.post_processor = processors.RobertaProcessing(
        (EOS, vocab[EOS]), (BOS, vocab[BOS]), trim_offsets=False, add_prefix_space=False
    )
    return backend


def clip_vocabulary(merges: Sequence[str]) -> dict[str, int]:
    """CLIP's numbering: 256 bytes, the same ending a word, one token a merge, the two marks."""
    # GPT-2's printable stand-in for each byte: visible Latin-1 first, the others from U+0100 on.
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    letters = [chr(byte) for byte in visible] + [chr(256 + n) for n in range(len(hidden))]
    words = [*letters, *(letter + "</w>" for letter in letters)]
    words += ["".join(line.split(" ")) for line in merges]
    return {word: index for index, word in enumerate([*words, BOS, EOS])}
