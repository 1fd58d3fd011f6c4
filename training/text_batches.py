"""The texts of a batch: each different one once, trimmed to its length."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.tokens import AnyTokenizer

TEXT_GROUPS = 8  # lengths that the texts of a batch are trimmed to
SMALLEST_GROUP = 8  # texts; below it the loop costs more than the trimming saves


@dataclass(frozen=True)
class Texts:
    """The different texts of a batch, sorted by length and cut into groups of similar length."""

    groups: tuple[Tensor, ...]  # each (n, L) token ids, padded to the longest of its group
    keys: Tensor  # (U,) int64, equal for equal texts also across batches and ranks

    def __len__(self) -> int:
        return len(self.keys)

    def to(self, device: torch.device) -> Texts:
        """The same on a device."""
        return Texts(tuple(group.to(device) for group in self.groups), self.keys.to(device))


NO_TEXTS = Texts((), torch.zeros(0, dtype=torch.long))


def encode_once(
    texts: Sequence[str], tokenizer: AnyTokenizer, limit: int, *, whole: bool = False
) -> tuple[Texts, Tensor]:
    """Tokenise the different ones of some texts.

    Args:
        texts: N texts, some of them equal.
        tokenizer: turns them into ids.
        limit: tokens that the route reads; the rest is cut.
        whole: pad every text to `limit`, for a tower whose features depend on the padding.

    Returns:
        The U different texts, and the (N,) row of each text among them.
    """
    if not texts:
        return NO_TEXTS, torch.zeros(0, dtype=torch.long)
    different = list(dict.fromkeys(texts))
    tokens = tokenizer.batch(different, limit)
    order = np.argsort(tokens.lengths, kind="stable")
    rows = {different[old]: new for new, old in enumerate(order)}
    keys = torch.tensor([_key(different[old]) for old in order], dtype=torch.long)
    places = torch.tensor([rows[text] for text in texts], dtype=torch.long)
    if whole:
        padding = limit - tokens.ids.shape[1]
        ids = np.pad(tokens.ids[order], ((0, 0), (0, padding)), constant_values=tokens.padding)
        return Texts((torch.from_numpy(ids),), keys), places
    number = min(TEXT_GROUPS, max(1, len(order) // SMALLEST_GROUP))
    groups = tuple(
        torch.from_numpy(tokens.ids[part, : tokens.lengths[part].max()])
        for part in np.array_split(order, number)
        if len(part)
    )
    return Texts(groups, keys), places


def _key(text: str) -> int:
    digest = hashlib.blake2b(text.lower().encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
