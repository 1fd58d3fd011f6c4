"""FG-CLIP (ICML 2025): CLIP with a long-caption route and region features."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from fgclip.model.config import FGCLIPConfig
from fgclip.model.layers import Block
from fgclip.model.regions import region_features
from fgclip.model.text import TextTower
from fgclip.model.vision import VisionTower
from fgclip.types import ROUTES, Route


class FGCLIP(nn.Module):
    """Pictures, texts and boxes into one space of `projection_dim` dimensions.

    Every method returns raw features; divide by the length for embeddings.
    """

    def __init__(self, config: FGCLIPConfig) -> None:
        super().__init__()
        self.config = config
        self.vision = VisionTower(config.vision)
        self.text = TextTower(config.text)
        joint = config.projection_dim
        self.vision_projection = nn.Linear(config.vision.width, joint, bias=False)
        self.text_projection = nn.Linear(config.text.width, joint, bias=False)
        self.long_text_projection = nn.Linear(config.text.width, joint, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.region_logit_scale = nn.Parameter(self.logit_scale.detach().clone())
        self.hard_negative_logit_scale = nn.Parameter(self.logit_scale.detach().clone())

    def encode_image(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, height, width) → (B, D) features of the whole pictures."""
        return self._global(self.vision(pixel_values))

    def encode_dense(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, height, width) → (B, D, H, W) features of the patches."""
        return self._dense(self.vision(pixel_values), pixel_values)

    def encode_image_and_dense(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """Both of the above from one pass: (B, D) and (B, D, H, W)."""
        tokens = self.vision(pixel_values)
        return self._global(tokens), self._dense(tokens, pixel_values)

    def encode_text(self, ids: Tensor, route: Route = "short") -> Tensor:
        """Encode texts.

        Args:
            ids: (N, L) token ids, padded with end-of-text.
            route: "long" for captions up to 248 tokens, with projection and positions of its own;
                "short" and "box" are one route here (they differ in FG-CLIP 2).

        Returns:
            (N, D).
        """
        return self.encode_text_groups([ids], route)

    def encode_text_once(self, ids: Tensor, route: Route = "short") -> Tensor:
        """The same as `encode_text`; what several texts begin with is read once, padding never."""
        project = self.long_text_projection if route == "long" else self.text_projection
        return project(self.text.encode_once(ids, long=_is_long(route)))  # type: ignore[no-any-return]

    def encode_text_groups(self, groups: Sequence[Tensor], route: Route) -> Tensor:
        """Encode groups of texts, each padded to its own longest: [(n, L), …] → (Σn, D)."""
        long = _is_long(route)
        project = self.long_text_projection if long else self.text_projection
        return project(self.text.encode_groups(groups, long=long))  # type: ignore[no-any-return]

    def encode_regions(self, dense: Tensor, boxes: Tensor, image_index: Tensor) -> Tensor:
        """(B, D, H, W), (N, 4) fractions, (N,) owners → (N, D); see `region_features`."""
        return region_features(dense, boxes, image_index)

    def _global(self, tokens: Tensor) -> Tensor:
        return self.vision_projection(  # type: ignore[no-any-return]
            self.vision.global_tokens(tokens)
        )

    def _dense(self, tokens: Tensor, pixel_values: Tensor) -> Tensor:
        patch = self.config.vision.patch_size
        grid = (pixel_values.shape[-2] // patch, pixel_values.shape[-1] // patch)
        features = self.vision_projection(self.vision.dense_tokens(tokens))  # (B, H·W, D)
        return features.transpose(1, 2).unflatten(2, grid)  # type: ignore[no-any-return]

    @torch.no_grad()
    def copy_short_to_long(self) -> None:
        """Start the long route from the short one: stretched positions, the same projection.

        Afterwards texts of at most 20 tokens mean the same on both routes.
        """
        self.text.stretch()
        self.long_text_projection.weight.copy_(self.text_projection.weight)

    @torch.no_grad()
    def copy_long_to_short(self) -> None:
        """Make the short route what the long one is for texts that fit it (Long-CLIP has but one).

        Afterwards texts of at most 77 tokens mean the same on both routes.
        """
        self.text.cut_short()
        self.text_projection.weight.copy_(self.long_text_projection.weight)


@torch.no_grad()
def initialise(model: FGCLIP, *, seed: int) -> FGCLIP:
    """Fill a new model with CLIP's initial distribution and start the long route from the short."""
    generator = torch.Generator().manual_seed(seed)

    def fill(tensor: Tensor, std: float) -> None:
        tensor.normal_(0.0, std, generator=generator)

    for tower in (model.vision, model.text):
        width, layers = tower.config.width, tower.config.layers
        into = width**-0.5
        out_of = into * (2 * layers) ** -0.5  # the residual stream sums 2·layers branches
        for block in tower.blocks:
            assert isinstance(block, Block)
            attention = block.attention
            for linear in (attention.query, attention.key, attention.value):
                fill(linear.weight, into)
            fill(attention.output.weight, out_of)
            fill(block.mlp.expand.weight, (2 * width) ** -0.5)
            fill(block.mlp.contract.weight, out_of)
            for linear in (*_linears(attention), block.mlp.expand, block.mlp.contract):
                linear.bias.zero_()
    fill(model.vision.class_embedding, model.config.vision.width**-0.5)
    fill(model.vision.position_embedding, 0.02)
    fill(model.vision.patch_embedding.weight, 0.02)
    fill(model.text.token_embedding.weight, 0.02)
    fill(model.text.position_embedding, 0.01)
    fill(model.vision_projection.weight, model.config.vision.width**-0.5)
    fill(model.text_projection.weight, model.config.text.width**-0.5)
    model.copy_short_to_long()
    return model


def _is_long(route: Route) -> bool:
    if route not in ROUTES:
        raise ValueError(f"route {route!r} is not one of {ROUTES}")
    return route == "long"


def _linears(attention: nn.Module) -> list[nn.Linear]:
    return [layer for layer in attention.children() if isinstance(layer, nn.Linear)]
