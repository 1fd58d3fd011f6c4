"""A model and a batch → the embeddings that a recipe compares; nothing is judged here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor

from fgclip.inputs.images import MEAN, STD
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.naflex import Patches
from fgclip.types import Route
from training.batch import Batch
from training.losses import embeddings
from training.recipe import Recipe
from training.text_batches import Texts

TrainedModel = FGCLIP | FGCLIP2


@dataclass(frozen=True)
class Features:
    """Unit vectors of one batch; what the recipe does not ask about has no rows."""

    images: Tensor  # (B, D)
    long: Tensor  # one row for each of the batch's different texts
    short: Tensor
    phrases: Tensor
    nouns: Tensor
    regions: Tensor  # (N, D)
    taught: Tensor  # (C, D) regions where the crops come from
    crops: Tensor  # (C, D)

    @classmethod
    def join(cls, parts: Sequence[Features]) -> Features:
        """Features of the pieces of a batch → those of the batch."""
        return cls(
            *(torch.cat([getattr(part, each.name) for part in parts]) for each in fields(cls))
        )

    def rows(self) -> list[Tensor]:
        """All fields in order."""
        return [getattr(self, each.name) for each in fields(self)]


def encode(
    model: TrainedModel, batch: Batch, recipe: Recipe, teacher: TrainedModel | None = None
) -> Features:
    """Encode what a recipe asks about.

    Args:
        model: in training.
        batch: or a piece of one.
        recipe: says which losses will be asked for.
        teacher: encodes crops, without gradient, where the recipe has a frozen teacher.
    """
    short: Route = "long" if recipe.one_route else "short"
    box: Route = "long" if recipe.one_route else "box"
    images, regions, taught = encode_pictures(model, batch, recipe)
    return Features(
        images=images,
        long=encode_texts(model, batch.long, "long"),
        short=encode_texts(model, batch.short, short),
        phrases=encode_texts(model, batch.phrases, box),
        nouns=encode_texts(model, batch.nouns, box),
        regions=regions,
        taught=taught,
        crops=encode_crops(model, batch.crops, recipe, teacher),
    )


def encode_pictures(
    model: TrainedModel, batch: Batch, recipe: Recipe
) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures as wholes, at their boxes, and where their crops come from."""
    nothing = no_embeddings(model)
    if not len(batch):
        return nothing, nothing, nothing
    values = image_values(batch.pixels)
    if not (recipe.weights.boxes or recipe.weights.distil):
        return embeddings(model.encode_image(values).float()), nothing, nothing  # type: ignore[arg-type]
    if recipe.weights.captions:
        features, dense = model.encode_image_and_dense(values)  # type: ignore[arg-type]
        images = embeddings(features.float())
    else:
        images, dense = nothing, model.encode_dense(values)  # type: ignore[arg-type]
    if recipe.dense_normalize and isinstance(dense, Tensor):
        dense = F.normalize(dense.float(), dim=1)
    regions, taught = (
        embeddings(model.encode_regions(dense, boxes, rows))  # type: ignore[arg-type]
        for boxes, rows in (
            (batch.boxes, batch.box_image),
            (batch.crop_boxes, batch.crop_image),
        )
    )
    return images, regions, taught


def encode_crops(
    model: TrainedModel, crops: Tensor, recipe: Recipe, teacher: TrainedModel | None
) -> Tensor:
    """Crops as pictures of their own, with the gradient that the recipe leaves them."""
    if not len(crops):
        return no_embeddings(model)
    how = recipe.distillation.teacher
    with torch.set_grad_enabled(torch.is_grad_enabled() and how == "self_live"):
        seeing = teacher if how == "frozen" and teacher is not None else model
        values = pixel_values(crops)
        return embeddings(seeing.encode_image(values).float())  # type: ignore[arg-type]


def encode_texts(model: TrainedModel, texts: Texts, route: Route) -> Tensor:
    """(U, D) unit vectors of the different texts, each group at its own length."""
    if not texts.groups:
        return no_embeddings(model)
    return embeddings(model.encode_text_groups(texts.groups, route).float())


def no_embeddings(model: TrainedModel) -> Tensor:
    """(0, D)."""
    return model.logit_scale.new_zeros(0, model.config.projection_dim)


def image_values(pixels: Tensor | Patches) -> Tensor | Patches:
    """What the model takes: normalised pixel values."""
    if isinstance(pixels, Tensor):
        return pixel_values(pixels)
    return Patches((pixels.pixels / 255 - 0.5) / 0.5, pixels.mask, pixels.shapes)


def pixel_values(pixels: Tensor) -> Tensor:
    """(B, S, S, 3) uint8 → (B, 3, S, S) normalised as CLIP does."""
    mean = torch.tensor(MEAN, device=pixels.device)
    std = torch.tensor(STD, device=pixels.device)
    return ((pixels / 255 - mean) / std).permute(0, 3, 1, 2).contiguous()
