"""The transformer block that both towers are made of."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.config import TowerConfig


class Attention(nn.Module):
    """Multi-head self-attention (scaled dot product)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(
        self,
        tokens: Tensor,
        *,
        causal: bool = False,
        seen: Tensor | None = None,
        readers: Tensor | None = None,
    ) -> Tensor:
        """Mix tokens.

        Args:
            tokens: (B, L, width).
            causal: each token sees itself and those before it.
            seen: bool that broadcasts to (B, heads, R, L), False where a reader may not look; None:
                anywhere.
            readers: (B, R, width) tokens that look; None: all of them, R = L.

        Returns:
            (B, R, width).
        """
        query, key, value = (
            project(some).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project, some in (
                (self.query, tokens if readers is None else readers),
                (self.key, tokens),
                (self.value, tokens),
            )
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=seen, is_causal=causal)
        return self.output(mixed.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]

    def values(self, tokens: Tensor) -> Tensor:
        """The same layer when every token attends to itself alone: no mixing, no heads needed."""
        return self.output(self.value(tokens))  # type: ignore[no-any-return]


class MLP(nn.Module):
    """Two linear layers with CLIP's activation between them."""

    def __init__(self, config: TowerConfig) -> None:
        super().__init__()
        self.expand = nn.Linear(config.width, config.mlp_width)
        self.contract = nn.Linear(config.mlp_width, config.width)
        self.quick = config.activation == "quick_gelu"
        self.approximate = "tanh" if config.activation == "gelu_pytorch_tanh" else "none"

    def forward(self, tokens: Tensor) -> Tensor:
        """(…, width) → (…, width)."""
        hidden = self.expand(tokens)
        # QuickGELU, x·σ(1.702x), as OpenAI trained CLIP.
        if self.quick:
            hidden = hidden * (1.702 * hidden).sigmoid()
        else:
            hidden = F.gelu(hidden, approximate=self.approximate)
        return self.contract(hidden)  # type: ignore[no-any-return]


class Block(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, config: TowerConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.width, eps=config.layer_norm_eps)
        self.attention = Attention(config.width, config.heads)
        self.norm2 = nn.LayerNorm(config.width, eps=config.layer_norm_eps)
        self.mlp = MLP(config)

    def forward(
        self,
        tokens: Tensor,
        *,
        causal: bool = False,
        seen: Tensor | None = None,
        readers: Tensor | None = None,
    ) -> Tensor:
        """(B, L, width) → (B, L, width); see `Attention` for the options.

        With `readers`, (B, R, width) of these tokens, only they are mixed: all that is needed where
        the last block's answer is read at a few places.
        """
        normed = self.norm1(tokens)
        looking = None if readers is None else self.norm1(readers)
        tokens = tokens if readers is None else readers
        tokens = tokens + self.attention(normed, causal=causal, seen=seen, readers=looking)
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]

    def value_path(self, tokens: Tensor) -> Tensor:
        """The block with attention replaced by its values, so each token stays about its place."""
        tokens = tokens + self.attention.values(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]
