"""Texts that begin alike as a tree, so that a causal tower reads a shared beginning once.

A token's vector depends on the tokens before it alone. Captions and their hard negatives share
most of theirs, and no token of a tree is padding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

NODES = 256  # tokens of a tree: the mask between them is as large as that, squared


@dataclass(frozen=True)
class PrefixTree:
    """Some texts, each a path from the root.

    Attributes:
        texts: rows of the batch that are in it.
        ids: (M,) token of each node; a node comes after the one before it in its texts.
        places: (M,) position of each node in its texts, from 0.
        seen: (M, M) bool, True where a node looks at itself or at one before it in its texts.
        ends: the node at which each text ends.
    """

    texts: list[int]
    ids: Tensor
    places: Tensor
    seen: Tensor
    ends: list[int]


def prefix_trees(ids: Tensor, eos: int, *, nodes: int = NODES) -> Iterator[PrefixTree]:
    """Trees of `nodes` tokens or little more, which together hold all texts.

    Args:
        ids: (N, L) token ids; each text ends with its first end-of-text token.
        eos: that token.
        nodes: a tree takes no further text once it has so many.
    """
    rows = ids.tolist()
    texts = {row: tokens[: tokens.index(eos) + 1] for row, tokens in enumerate(rows)}
    grown = _Growing()
    for row in sorted(texts, key=lambda row: texts[row]):  # neighbours begin alike
        grown.add(row, texts[row])
        if len(grown.tokens) >= nodes:
            yield grown.tree(ids.device)
            grown = _Growing()
    if grown.texts:
        yield grown.tree(ids.device)


class _Growing:
    """A tree while texts come in."""

    def __init__(self) -> None:
        self.texts: list[int] = []
        self.ends: list[int] = []
        self.tokens: list[int] = []
        self.places: list[int] = []
        self.before: list[int] = []  # node before each; −1 at the root
        self.known: dict[tuple[int, int], int] = {}  # (node before, token) → node

    def add(self, row: int, tokens: list[int]) -> None:
        node = -1
        for place, token in enumerate(tokens):
            following = self.known.setdefault((node, token), len(self.tokens))
            if following == len(self.tokens):
                self.tokens.append(token)
                self.places.append(place)
                self.before.append(node)
            node = following
        self.texts.append(row)
        self.ends.append(node)

    def tree(self, device: torch.device) -> PrefixTree:
        seen = torch.eye(len(self.tokens), dtype=torch.bool)
        for node, before in enumerate(self.before):
            if before >= 0:
                seen[node] |= seen[before]
        ids, places = (torch.tensor(each, device=device) for each in (self.tokens, self.places))
        return PrefixTree(self.texts, ids, places, seen.to(device), self.ends)
