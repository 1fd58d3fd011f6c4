"""FG-CLIP 2 (ICML 2026): SigLIP 2 with long captions, and heads for patches and phrases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from fgclip.model.fgclip2_config import FGCLIP2Config, SiglipTextConfig
from fgclip.model.layers import Attention, Block
from fgclip.model.naflex import NaFlexTower, Patches, PoolingHead, visible
from fgclip.model.regions import region_features
from fgclip.model.text import TextTables
from fgclip.types import ROUTES, Route

REGION_SCALE = 4.6052  # logit_scale of regions and hard negatives when a training begins


@dataclass(frozen=True)
class DenseMaps:
    """Dense features of pictures of different grids."""

    tokens: Tensor  # (B, P, D) row by row of patches; zero where there is padding
    shapes: Tensor  # (B, 2) patches down and across


class SiglipTextTower(TextTables):
    """Token ids → one vector a text, read at its last position: padding belongs to the text."""

    def __init__(self, config: SiglipTextConfig) -> None:
        super().__init__(config)
        self.config = config
        self.head = nn.Linear(config.width, config.projection_dim)

    def forward(self, ids: Tensor, *, long: bool, present: Tensor | None = None) -> Tensor:
        """(N, L) ids, padded to the route's full length → (N, width), before any head.

        `present` is (N, L), False where no token may look; the towers were trained without it.
        """
        limit = self.config.long_context_length if long else self.config.context_length
        if ids.shape[1] != limit:
            raise ValueError(
                f"{ids.shape[1]} tokens a text, but this route reads exactly {limit}: pad with 0"
            )
        tokens = self.token_embedding(ids) + self.positions(limit, long=long)
        seen = None if present is None else present[:, None, None]
        for block in self.blocks[:-1]:
            tokens = block(tokens, seen=seen)
        last = self.blocks[-1](tokens, seen=seen, readers=tokens[:, -1:])
        return self.norm_final(last[:, 0])  # type: ignore[no-any-return]


class FGCLIP2(nn.Module):
    """Pictures of any shape, texts and boxes into one space.

    Every method returns raw features; divide by the length for embeddings.
    """

    def __init__(self, config: FGCLIP2Config) -> None:
        super().__init__()
        self.config = config
        self.vision = NaFlexTower(config.vision)
        self.text = SiglipTextTower(config.text)
        self.dense_head = PoolingHead(config.vision)
        self.long_head = nn.Linear(config.text.width, config.projection_dim)
        self.box_head = nn.Linear(config.text.width, config.projection_dim)
        self.logit_scale = nn.Parameter(torch.tensor([math.log(10.0)]))
        self.logit_bias = nn.Parameter(torch.tensor([-10.0]))
        self.region_logit_scale = nn.Parameter(torch.tensor(REGION_SCALE))
        self.hard_negative_logit_scale = nn.Parameter(torch.tensor(REGION_SCALE))

    def encode_image(self, patches: Patches) -> Tensor:
        """Pictures → (B, D) features of them as wholes."""
        return self.vision.head.pooled(self.vision(patches), visible(patches.mask))

    def encode_dense(self, patches: Patches) -> DenseMaps:
        """Pictures → features of their patches."""
        return self._dense(self.vision(patches), patches)

    def encode_image_and_dense(self, patches: Patches) -> tuple[Tensor, DenseMaps]:
        """Both of the above from one pass."""
        tokens = self.vision(patches)
        pooled = self.vision.head.pooled(tokens, visible(patches.mask))
        return pooled, self._dense(tokens, patches)

    def encode_text(
        self, ids: Tensor, route: Route = "short", *, present: Tensor | None = None
    ) -> Tensor:
        """Encode texts.

        Args:
            ids: (N, L) token ids padded with 0; L is 64 for "short" and "box", 196 for "long".
            route: which positions and which head.
            present: (N, L) bool, False where no token may look; None, as in training: everywhere.

        Returns:
            (N, D).

        Raises:
            ValueError: The route does not exist, or L is not its length.
        """
        if route not in ROUTES:
            raise ValueError(f"route {route!r} is not one of {ROUTES}")
        head = {"short": self.text.head, "long": self.long_head, "box": self.box_head}[route]
        return head(self.text(ids, long=route == "long", present=present))  # type: ignore[no-any-return]

    def encode_text_groups(self, groups: Sequence[Tensor], route: Route) -> Tensor:
        """Encode groups of texts: [(n, L), …] → (Σn, D)."""
        return torch.cat([self.encode_text(ids, route) for ids in groups])

    def encode_regions(self, dense: DenseMaps, boxes: Tensor, image_index: Tensor) -> Tensor:
        """Average dense features inside boxes, see `region_features`.

        Args:
            dense: of B pictures.
            boxes: (N, 4) corners as fractions of their pictures.
            image_index: (N,) picture that each box belongs to.

        Returns:
            (N, D) float32.
        """
        found = dense.tokens.new_zeros(len(boxes), dense.tokens.shape[2], dtype=torch.float32)
        for down, across in {(h, w) for h, w in dense.shapes.tolist()}:
            same = (dense.shapes == dense.shapes.new_tensor([down, across])).all(dim=1)
            rows = same[image_index].nonzero()[:, 0]
            if not len(rows):
                continue
            maps = dense.tokens[same][:, : down * across].transpose(1, 2)
            place = same.cumsum(0) - 1  # of a picture among those of its grid
            own = region_features(
                maps.view(*maps.shape[:2], down, across), boxes[rows], place[image_index[rows]]
            )
            found = found.index_copy(0, rows, own)
        return found

    def _dense(self, tokens: Tensor, patches: Patches) -> DenseMaps:
        dense = self.dense_head.dense(tokens, visible(patches.mask))
        return DenseMaps(dense * patches.mask[:, :, None].to(dense.dtype), patches.shapes)

    @torch.no_grad()
    def copy_short_to_long(self) -> None:
        """Start the long route from the short one: stretched positions, the same head."""
        self.text.stretch()
        self.long_head.load_state_dict(self.text.head.state_dict())

    @torch.no_grad()
    def copy_long_to_short(self) -> None:
        """Make the short route what the long one is, as far as it reaches."""
        self.text.cut_short()
        self.text.head.load_state_dict(self.long_head.state_dict())


@torch.no_grad()
def initialise_fgclip2(model: FGCLIP2, *, seed: int) -> FGCLIP2:
    """Fill a new model with noise of CLIP's widths; copies start where SigLIP 2 has one of them.

    The temperature starts at 10 and the bias at −10, as SigLIP's paper has it.
    """
    generator = torch.Generator().manual_seed(seed)

    def fill(tensor: Tensor, std: float) -> None:
        tensor.normal_(0.0, std, generator=generator)

    width = model.config.vision.width
    for module in model.modules():
        if isinstance(module, nn.Linear):
            fill(module.weight, module.in_features**-0.5)
            module.bias.zero_()
        elif isinstance(module, PoolingHead):
            fill(module.probe, width**-0.5)
            fill(module.in_weight, width**-0.5)
            module.in_bias.zero_()
    for tower in (model.vision, model.text):
        shrunk = (2 * tower.config.layers) ** -0.5  # the residual stream sums so many branches
        for block in tower.blocks:
            assert isinstance(block, Block)
            assert isinstance(block.attention, Attention)
            block.attention.output.weight.mul_(shrunk)
            block.mlp.contract.weight.mul_(shrunk)
    fill(model.vision.position_embedding, 0.02)
    fill(model.text.token_embedding.weight, 0.02)
    fill(model.text.position_embedding, 0.01)
    model.dense_head.load_state_dict(model.vision.head.state_dict())
    model.box_head.load_state_dict(model.text.head.state_dict())
    model.copy_short_to_long()
    return model
