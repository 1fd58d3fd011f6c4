"""CLIP's text transformer with FG-CLIP's second, longer table of positions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from fgclip.model.config import KEEP_LENGTH, STRETCH, StretchedTextConfig, TextConfig
from fgclip.model.layers import Block
from fgclip.model.prefixes import prefix_trees


class TextStack(nn.Module):
    """What every text tower is made of."""

    def __init__(self, config: StretchedTextConfig) -> None:
        super().__init__()
        width = config.width
        self.token_embedding = nn.Embedding(config.vocab_size, width)
        self.position_embedding = nn.Parameter(torch.empty(config.context_length, width))
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm_final = nn.LayerNorm(width, eps=config.layer_norm_eps)

    def positions(self, length: int, *, long: bool) -> Tensor:
        """(length, width) of a route; all routes are one where there is no second table."""
        return self.position_embedding[:length]


class TextTables(TextStack):
    """What a text tower with a second, longer route is made of."""

    def __init__(self, config: StretchedTextConfig) -> None:
        super().__init__(config)
        width = config.width
        # Two tables make one: rows below 20 come from the head, the others from the tail. Upstream
        # stores both whole, so that the rows copied from CLIP could be trained apart.
        self.long_position_head = nn.Parameter(torch.empty(config.long_context_length, width))
        self.long_position_tail = nn.Parameter(torch.empty(config.long_context_length, width))

    def positions(self, length: int, *, long: bool) -> Tensor:
        """(length, width) of a route."""
        if not long:
            return self.position_embedding[:length]
        kept = min(length, KEEP_LENGTH)
        return torch.cat([self.long_position_head[:kept], self.long_position_tail[kept:length]])

    @torch.no_grad()
    def stretch(self) -> None:
        """Let the long route start from the short one's positions."""
        stretched = stretch_positions(self.position_embedding)
        self.long_position_head.copy_(stretched)
        self.long_position_tail.copy_(stretched)

    @torch.no_grad()
    def cut_short(self) -> None:
        """Give the short route the first positions of the long one."""
        rows = len(self.position_embedding)
        self.position_embedding.copy_(self.positions(rows, long=True))


class CausalText(TextStack):
    """Token ids → one vector a text, read at its end-of-text token."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__(config)
        self.config = config

    def forward(self, ids: Tensor, *, long: bool) -> Tensor:
        """Encode texts.

        Attention is causal and the vector is read at the first end-of-text token, so what follows
        that token changes nothing: pad a batch only as far as its longest text.

        Args:
            ids: (N, L) token ids, padded with end-of-text; L at most the route's context length.
            long: Use the stretched positions (248) instead of CLIP's (77).

        Returns:
            (N, width).
        """
        return self.encode_groups([ids], long=long)

    def encode_groups(self, groups: Sequence[Tensor], *, long: bool) -> Tensor:
        """Encode groups of texts, each padded to its own longest: [(n, L), …] → (Σn, width).

        Tokens are looked up once for all groups: the gradient of one look-up is as large as the
        whole table, and a table a group would be a third of a small model's training step.
        """
        flat = self.token_embedding(torch.cat([ids.flatten() for ids in groups]))
        tokens = flat.split([ids.numel() for ids in groups])
        return torch.cat(
            [
                self._read(own.view(*ids.shape, -1), ids, long=long)
                for own, ids in zip(tokens, groups, strict=True)
            ]
        )

    def encode_once(self, ids: Tensor, *, long: bool) -> Tensor:
        """The same as `forward`, but what several texts begin with is read once.

        Made for captions and their near misses: fewer than half of their tokens are left.
        """
        rows = ids.new_empty((len(ids), self.config.width), dtype=self.token_embedding.weight.dtype)
        self._check(ids.shape[1], long=long)
        table = self.positions(ids.shape[1], long=long)
        for tree in prefix_trees(ids, self.config.eos_token_id):
            tokens = (self.token_embedding(tree.ids) + table[tree.places])[None]
            for block in self.blocks[:-1]:
                tokens = block(tokens, seen=tree.seen)
            last = self.blocks[-1](tokens, seen=tree.seen[tree.ends], readers=tokens[:, tree.ends])
            rows[tree.texts] = self.norm_final(last[0]).to(rows.dtype)
        return rows

    def _check(self, length: int, *, long: bool) -> None:
        limit = self.config.long_context_length if long else self.config.context_length
        if length > limit:
            raise ValueError(f"{length} tokens do not fit the {limit} positions of this route")

    def _read(self, tokens: Tensor, ids: Tensor, *, long: bool) -> Tensor:
        """(N, L, width) embedded tokens and their (N, L) ids → (N, width)."""
        length = ids.shape[1]
        self._check(length, long=long)
        tokens = tokens + self.positions(length, long=long)
        for block in self.blocks[:-1]:
            tokens = block(tokens, causal=True)
        end = (ids == self.config.eos_token_id).int().argmax(dim=1)
        last = tokens[torch.arange(len(ids), device=ids.device), end]
        before = torch.arange(length, device=ids.device) <= end[:, None]  # (N, L)
        pooled = self.blocks[-1](tokens, seen=before[:, None, None], readers=last[:, None])
        return self.norm_final(pooled[:, 0])  # type: ignore[no-any-return]


class TextTower(CausalText, TextTables):
    """CLIP's text tower with FG-CLIP's long route."""


class PlainTextTower(CausalText):
    """CLIP's text tower as it was: one table of positions, which every route reads."""


def stretch_positions(positions: Tensor) -> Tensor:
    """Lengthen a table of text positions as Long-CLIP does: 77 rows become 248.

    The first 20 rows stay; between two later neighbours three rows are interpolated; the last four
    continue the slope of the last two.

    Args:
        positions: (n, width).

    Returns:
        (4n - 60, width).
    """
    steps = torch.arange(STRETCH, dtype=positions.dtype, device=positions.device) / STRETCH
    steps = steps[None, :, None]  # (1, 4, 1)
    start, following = positions[KEEP_LENGTH:-1, None], positions[KEEP_LENGTH + 1 :, None]
    between = ((1 - steps) * start + steps * following).flatten(0, 1)
    slope = (positions[-1] - positions[-2])[None, None]
    tail = (positions[-1][None, None] + steps * slope).flatten(0, 1)
    return torch.cat([positions[:KEEP_LENGTH], between, tail])
