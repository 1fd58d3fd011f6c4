"""CLIP's vision transformer, with the dense path of FG-CLIP."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.config import VisionConfig
from fgclip.model.layers import Block


class VisionTower(nn.Module):
    """Pictures → tokens, up to the last block, which answers two kinds of question."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.config = config
        width, patch = config.width, config.patch_size
        self.patch_embedding = nn.Conv2d(3, width, kernel_size=patch, stride=patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.position_embedding = nn.Parameter(torch.empty(config.grid_size**2 + 1, width))
        self.norm_pre = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm_post = nn.LayerNorm(width, eps=config.layer_norm_eps)

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Run all blocks but the last.

        Args:
            pixel_values: (B, 3, height, width) normalised; both sides multiples of the patch size.

        Returns:
            (B, 1 + H·W, width) tokens entering the last block, the class token first.
        """
        patches: Tensor = self.patch_embedding(pixel_values)  # (B, width, H, W)
        grid = (patches.shape[-2], patches.shape[-1])
        tokens = patches.flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(tokens), 1, -1)
        tokens = torch.cat([first, tokens], dim=1) + self._positions(grid)
        tokens = self.norm_pre(tokens)
        for block in self.blocks[:-1]:
            tokens = block(tokens)
        return tokens  # type: ignore[no-any-return]

    def global_tokens(self, tokens: Tensor) -> Tensor:
        """(B, 1 + H·W, width) entering the last block → (B, width) of the picture as a whole."""
        mixed = self.blocks[-1](tokens, readers=tokens[:, :1])
        return self.norm_post(mixed[:, 0])  # type: ignore[no-any-return]

    def dense_tokens(self, tokens: Tensor) -> Tensor:
        """(B, 1 + H·W, width) entering the last block → (B, H·W, width), a token a patch.

        The value path of MaskCLIP and CLIPSelf: the last block's attention is skipped.
        """
        block = self.blocks[-1]
        assert isinstance(block, Block)
        return self.norm_post(block.value_path(tokens[:, 1:]))  # type: ignore[no-any-return]

    def _positions(self, grid: tuple[int, int]) -> Tensor:
        side = self.config.grid_size
        if grid == (side, side):
            return self.position_embedding
        return resize_positions(self.position_embedding, grid)


def resize_positions(positions: Tensor, grid: tuple[int, int]) -> Tensor:
    """Interpolate a square table of positions to another grid (bicubic), the class token kept.

    Args:
        positions: (1 + side², width), the class token's row first.
        grid: patches down and across.

    Returns:
        (1 + H·W, width).
    """
    side = round((len(positions) - 1) ** 0.5)
    square = positions[1:].T.reshape(1, -1, side, side)
    resized = F.interpolate(square.float(), size=grid, mode="bicubic", align_corners=False)
    return torch.cat([positions[:1], resized[0].flatten(1).T.to(positions.dtype)])
