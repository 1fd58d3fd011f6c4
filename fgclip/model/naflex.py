"""SigLIP 2's vision transformer for pictures of any shape (NaFlex), and its pooling head."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.fgclip2_config import NaFlexConfig
from fgclip.model.layers import MLP, Block


@dataclass(frozen=True)
class Patches:
    """Some pictures cut into patches, each at its own grid, padded to the longest."""

    pixels: Tensor  # (B, P, patch·patch·3), a patch row by row of pixels, channel last
    mask: Tensor  # (B, P) bool, False where there is padding, which comes last
    shapes: Tensor  # (B, 2) patches down and across

    def __len__(self) -> int:
        return len(self.pixels)

    def to(self, device: torch.device) -> Patches:
        """The same on a device."""
        return Patches(self.pixels.to(device), self.mask.to(device), self.shapes.to(device))


class NaFlexTower(nn.Module):
    """Patches → tokens, one a patch."""

    def __init__(self, config: NaFlexConfig) -> None:
        super().__init__()
        self.config = config
        width, patch = config.width, config.patch_size
        self.patch_embedding = nn.Linear(patch * patch * 3, width)
        self.position_embedding = nn.Parameter(torch.empty(config.num_patches, width))
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm_post = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.head = PoolingHead(config)

    def forward(self, patches: Patches) -> Tensor:
        """(B, P, width) tokens after the last layer norm; padding ones are meaningless."""
        tokens = self.patch_embedding(patches.pixels) + self._positions(patches)
        present = visible(patches.mask)
        seen = None if present is None else present[:, None, None]
        for block in self.blocks:
            tokens = block(tokens, seen=seen)
        return self.norm_post(tokens)  # type: ignore[no-any-return]

    def _positions(self, patches: Patches) -> Tensor:
        """(B, P, width): the table at each picture's grid; padding has the first patch's."""
        side = self.config.grid_size
        square = self.position_embedding.T.reshape(1, -1, side, side).float()
        length = patches.pixels.shape[1]
        by_grid: dict[tuple[int, int], Tensor] = {}
        rows = []
        for down, across in patches.shapes.tolist():
            grid = (down, across)
            if grid not in by_grid:
                resized = F.interpolate(
                    square, size=grid, mode="bilinear", align_corners=False, antialias=True
                )[0]
                own = resized.flatten(1).T  # (down · across, width)
                padding = own[:1].expand(length - len(own), -1)
                by_grid[grid] = torch.cat([own, padding]).to(self.position_embedding.dtype)
            rows.append(by_grid[grid])
        return torch.stack(rows)


class PoolingHead(nn.Module):
    """Attention over the tokens of a picture, then an MLP: from one learned query, or from each."""

    def __init__(self, config: NaFlexConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.probe = nn.Parameter(torch.empty(1, 1, width))
        self.in_weight = nn.Parameter(torch.empty(3 * width, width))  # query, key, value
        self.in_bias = nn.Parameter(torch.empty(3 * width))
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.mlp = MLP(config)

    def pooled(self, tokens: Tensor, present: Tensor | None) -> Tensor:
        """(B, P, width) → (B, width), asked by the probe."""
        return self._attend(self.probe.expand(len(tokens), -1, -1), tokens, present)[:, 0]

    def dense(self, tokens: Tensor, present: Tensor | None) -> Tensor:
        """(B, P, width) → (B, P, width): every token asks for itself; no residual from it."""
        return self._attend(tokens, tokens, present)

    def _attend(self, asking: Tensor, tokens: Tensor, present: Tensor | None) -> Tensor:
        weights, biases = self.in_weight.chunk(3), self.in_bias.chunk(3)
        query, key, value = (
            F.linear(each, weight, bias).view(*each.shape[:2], self.heads, -1).transpose(1, 2)
            for each, weight, bias in zip((asking, tokens, tokens), weights, biases, strict=True)
        )
        mask = None if present is None else present[:, None, None]
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.out(mixed.transpose(1, 2).flatten(2))
        return mixed + self.mlp(self.norm(mixed))  # type: ignore[no-any-return]


def visible(mask: Tensor) -> Tensor | None:
    """The mask, or None where nothing is padding: attention without a mask is faster."""
    return None if bool(mask.all()) else mask
