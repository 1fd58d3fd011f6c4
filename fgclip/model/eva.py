"""EVA-02-CLIP: towers of CLIPSelf and FineCLIP, whose files hold the same tensors.

Facts from the released code of EVA-CLIP and CLIPSelf (Sun et al. 2023; Wu et al., ICLR 2024).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.eva_config import ROPE_BASE, ROPE_SPAN, EVACLIPConfig, EvaVisionConfig
from fgclip.model.regions import region_features
from fgclip.model.text import PlainTextTower
from fgclip.model.vision import resize_positions
from fgclip.types import ROUTES, Route

Grid = tuple[int, int]  # patches down and across


class EvaAttention(nn.Module):
    """Self-attention with rotated queries and keys, and a norm before its output."""

    def __init__(self, config: EvaVisionConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.output = nn.Linear(width, width)

    def forward(self, tokens: Tensor, angles: Tensor) -> Tensor:
        """Mix (B, 1 + P, width) tokens, the class token first; `angles` (P, head width / 2)."""
        query, key, value = (
            project(tokens).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        query, key = (_rotated_patches(each, angles) for each in (query, key))
        mixed = F.scaled_dot_product_attention(query, key, value)
        return self.output(self.norm(mixed.transpose(1, 2).flatten(2)))  # type: ignore[no-any-return]

    def values(self, tokens: Tensor) -> Tensor:
        """The same layer when every token attends to itself alone."""
        return self.output(self.norm(self.value(tokens)))  # type: ignore[no-any-return]


class SwiGLU(nn.Module):
    """Gated linear layers with a norm before the last."""

    def __init__(self, config: EvaVisionConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.width, config.mlp_width)
        self.expand = nn.Linear(config.width, config.mlp_width)
        self.norm = nn.LayerNorm(config.mlp_width, eps=config.layer_norm_eps)
        self.contract = nn.Linear(config.mlp_width, config.width)

    def forward(self, tokens: Tensor) -> Tensor:
        """(…, width) → (…, width)."""
        hidden = F.silu(self.gate(tokens)) * self.expand(tokens)
        return self.contract(self.norm(hidden))  # type: ignore[no-any-return]


class EvaBlock(nn.Module):
    """Pre-norm block with norms inside both of its branches."""

    def __init__(self, config: EvaVisionConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.width, eps=config.layer_norm_eps)
        self.attention = EvaAttention(config)
        self.norm2 = nn.LayerNorm(config.width, eps=config.layer_norm_eps)
        self.mlp = SwiGLU(config)

    def forward(self, tokens: Tensor, angles: Tensor) -> Tensor:
        """(B, 1 + P, width) → (B, 1 + P, width); see `EvaAttention`."""
        tokens = tokens + self.attention(self.norm1(tokens), angles)
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]

    def value_path(self, tokens: Tensor) -> Tensor:
        """The block with attention replaced by its values, so each token stays about its place."""
        tokens = tokens + self.attention.values(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))  # type: ignore[no-any-return]


class EvaTower(nn.Module):
    """Pictures → tokens, up to the last block, which answers two kinds of question."""

    def __init__(self, config: EvaVisionConfig) -> None:
        super().__init__()
        self.config = config
        width, patch = config.width, config.patch_size
        self.patch_embedding = nn.Conv2d(3, width, kernel_size=patch, stride=patch)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.position_embedding = nn.Parameter(torch.empty(config.grid_size**2 + 1, width))
        self.blocks = nn.ModuleList(EvaBlock(config) for _ in range(config.layers))
        self.norm_post = nn.LayerNorm(width, eps=config.layer_norm_eps)

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Grid]:
        """Run all blocks but the last.

        Args:
            pixel_values: (B, 3, height, width) normalised; both sides multiples of the patch size.

        Returns:
            (B, 1 + H·W, width) tokens entering the last block, the class token first; H and W.
        """
        patches: Tensor = self.patch_embedding(pixel_values)  # (B, width, H, W)
        grid = (patches.shape[-2], patches.shape[-1])
        tokens = patches.flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(tokens), 1, -1)
        tokens = torch.cat([first, tokens], dim=1) + self._positions(grid)
        angles = self._angles(grid, tokens.device)
        for block in self.blocks[:-1]:
            tokens = block(tokens, angles)
        return tokens, grid

    def global_tokens(self, tokens: Tensor, grid: Grid) -> Tensor:
        """(B, 1 + H·W, width) entering the last block → (B, width) of the picture as a whole."""
        mixed = self.blocks[-1](tokens, self._angles(grid, tokens.device))
        return self.norm_post(mixed[:, 0])  # type: ignore[no-any-return]

    def dense_tokens(self, tokens: Tensor) -> Tensor:
        """(B, 1 + H·W, width) entering the last block → (B, H·W, width), a token a patch."""
        block = self.blocks[-1]
        assert isinstance(block, EvaBlock)
        return self.norm_post(block.value_path(tokens[:, 1:]))  # type: ignore[no-any-return]

    def _positions(self, grid: Grid) -> Tensor:
        side = self.config.grid_size
        if grid == (side, side):
            return self.position_embedding
        return resize_positions(self.position_embedding, grid)

    def _angles(self, grid: Grid, device: torch.device) -> Tensor:
        return rotation_angles(grid, self.config.head_width, device=device)


class EVACLIP(nn.Module):
    """Pictures, texts and boxes into one space of `projection_dim` dimensions.

    Global and text features are raw; the dense map is normalised, as CLIPSelf and FineCLIP pool it.
    """

    def __init__(self, config: EVACLIPConfig) -> None:
        super().__init__()
        self.config = config
        self.vision = EvaTower(config.vision)
        self.text = PlainTextTower(config.text)
        joint = config.projection_dim
        self.vision_projection = nn.Linear(config.vision.width, joint)
        self.text_projection = nn.Linear(config.text.width, joint, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def encode_image(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, height, width) → (B, D) features of the whole pictures."""
        return self._global(*self.vision(pixel_values))

    def encode_dense(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, height, width) → (B, D, H, W) unit vectors of the patches."""
        return self._dense(*self.vision(pixel_values))

    def encode_image_and_dense(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """Both of the above from one pass: (B, D) and (B, D, H, W)."""
        tokens, grid = self.vision(pixel_values)
        return self._global(tokens, grid), self._dense(tokens, grid)

    def encode_text(self, ids: Tensor, route: Route = "short") -> Tensor:
        """Encode texts: (N, L) ids, padded with end-of-text → (N, D).

        There is one route, of 77 tokens: "long" and "box" read as "short" does.
        """
        return self.encode_text_groups([ids], route)

    def encode_text_once(self, ids: Tensor, route: Route = "short") -> Tensor:
        """The same; what several texts begin with is read once, padding never."""
        _check_route(route)
        return self.text_projection(  # type: ignore[no-any-return]
            self.text.encode_once(ids, long=False)
        )

    def encode_text_groups(self, groups: Sequence[Tensor], route: Route) -> Tensor:
        """Encode groups of texts, each padded to its own longest: [(n, L), …] → (Σn, D)."""
        _check_route(route)
        return self.text_projection(  # type: ignore[no-any-return]
            self.text.encode_groups(groups, long=False)
        )

    def encode_regions(self, dense: Tensor, boxes: Tensor, image_index: Tensor) -> Tensor:
        """(B, D, H, W), (N, 4) fractions, (N,) owners → (N, D); see `region_features`."""
        return region_features(dense, boxes, image_index)

    def _global(self, tokens: Tensor, grid: Grid) -> Tensor:
        return self.vision_projection(  # type: ignore[no-any-return]
            self.vision.global_tokens(tokens, grid)
        )

    def _dense(self, tokens: Tensor, grid: Grid) -> Tensor:
        features = self.vision_projection(self.vision.dense_tokens(tokens))  # (B, H·W, D)
        return F.normalize(features, dim=-1).mT.reshape(len(tokens), -1, *grid)


def _check_route(route: Route) -> None:
    if route not in ROUTES:
        raise ValueError(f"route {route!r} is not one of {ROUTES}")


def rotation_angles(grid: Grid, head_width: int, *, device: torch.device) -> Tensor:
    """Angles by which a head's pairs of channels turn at each patch (RoPE in two axes).

    The first half of the pairs turns with the row, the other with the column. Rows and columns are
    spread over the same 16 positions whatever the grid, so a larger picture is sampled finer.

    Args:
        grid: patches down and across.
        head_width: channels of a head, a multiple of 4.
        device: of the result.

    Returns:
        (H·W, head_width / 2) radians, float32.
    """
    pairs = head_width // 4  # an axis
    speeds = ROPE_BASE ** -(torch.arange(pairs, device=device) / pairs)
    rows, columns = (
        (torch.arange(size, device=device) * ROPE_SPAN / size)[:, None] * speeds for size in grid
    )
    down = rows[:, None].expand(-1, grid[1], -1)
    across = columns[None].expand(grid[0], -1, -1)
    return torch.cat([down, across], dim=-1).flatten(0, 1)


def _rotated_patches(heads: Tensor, angles: Tensor) -> Tensor:
    """Turn neighbouring channels of (B, heads, 1 + P, head width), but for the class token's."""
    even, odd = heads[:, :, 1:, 0::2], heads[:, :, 1:, 1::2]
    cosine, sine = angles.cos(), angles.sin()
    turned = torch.stack([even * cosine - odd * sine, odd * cosine + even * sine], dim=-1)
    return torch.cat([heads[:, :, :1], turned.flatten(-2).to(heads.dtype)], dim=2)
