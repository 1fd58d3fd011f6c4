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

    def forward(self, tokens: Tensor, *, causal: bool, present: Tensor | None = None) -> Tensor:
        """Mix (B, L, width) tokens.

        Args:
            tokens: (B, L, width).
            causal: each token sees itself and those before it.
            present: (B, L) bool, False where a token is padding that none may see; None: there is
                none.
        """
        query, key, value = (
            project(tokens).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        mask = None if present is None else present[:, None, None]
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal)
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
        self, tokens: Tensor, *, causal: bool = False, present: Tensor | None = None
    ) -> Tensor:
        """(B, L, width) → (B, L, width); see `Attention` for the options."""
        tokens = tokens + self.attention(self.norm1(tokens), causal=causal, present=present)
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]

    def value_path(self, tokens: Tensor) -> Tensor:
        """The block with attention replaced by its values, so each token stays about its place."""
        tokens = tokens + self.attention.values(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]
