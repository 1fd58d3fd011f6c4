"""A model, a batch and a recipe → the losses. The only place where they meet."""

from __future__ import annotations

import torch
from torch import Tensor

from fgclip.model.fgclip import FGCLIP, Route
from fgclip.preprocess import MEAN, STD
from training.batch import Batch
from training.distributed import Ranks
from training.losses import contrastive, embeddings, hard_negative
from training.recipes import Recipe
from training.texts import Texts


def objective(
    model: FGCLIP, batch: Batch, recipe: Recipe, ranks: Ranks | None = None
) -> dict[str, Tensor]:
    """Compute the losses that the recipe weighs, and their weighted sum.

    Args:
        model: gives raw features.
        batch: this rank's share of the step.
        recipe: weights and options.
        ranks: whose pictures and captions are rivals of each other; left out, only this process's.

    Returns:
        Scalars by name: "long", "short", "region", "hard" as far as weighed, and "total".
    """
    ranks = ranks or Ranks()
    weights = recipe.weights
    values = pixel_values(batch.pixels)
    if weights.region or weights.hard:
        image_features, dense = model.encode_image_and_dense(values)
        regions = embeddings(model.encode_regions(dense, batch.boxes, batch.box_image))
        phrases = embeddings(encode_texts(model, batch.phrases, "box"))
    else:
        image_features = model.encode_image(values)
    found = caption_losses(model, batch, recipe, ranks, image_features)
    if weights.region:
        found["region"] = region_loss(
            regions,
            phrases[batch.box_text],
            model.region_logit_scale.exp(),
            keys=batch.phrases.keys[batch.box_text] if recipe.mask_duplicates else None,
            ranks=ranks if recipe.gather_regions else Ranks(),
        )
    if weights.hard:
        found["hard"] = hard_negative(
            regions[batch.hard_box],
            phrases[batch.hard_text],
            batch.hard_present,
            model.hard_negative_logit_scale.exp(),
        )
    terms = [getattr(weights, name) * loss for name, loss in found.items()]
    found["total"] = torch.stack(terms).sum()
    return found


def caption_losses(
    model: FGCLIP, batch: Batch, recipe: Recipe, ranks: Ranks, image_features: Tensor
) -> dict[str, Tensor]:
    """Pictures against their long and their short captions, over all ranks."""
    images = embeddings(image_features)
    all_images, first = ranks.gather(images)
    routes: tuple[tuple[Route, Texts, Tensor], ...] = (
        ("long", batch.long, batch.long_text),
        ("short", batch.short, batch.short_text),
    )
    found: dict[str, Tensor] = {}
    for route, texts, rows in routes:
        if not getattr(recipe.weights, route):
            continue
        own = embeddings(encode_texts(model, texts, route))[rows]
        keys = texts.keys[rows] if recipe.mask_duplicates else None
        found[route] = contrastive(
            images,
            own,
            model.logit_scale.exp(),
            all_images=all_images,
            all_texts=ranks.gather(own)[0],
            first=first,
            keys=keys,
            all_keys=None if keys is None else ranks.gather(keys)[0],
        )
    return found


def region_loss(
    regions: Tensor, phrases: Tensor, scale: Tensor, *, keys: Tensor | None, ranks: Ranks
) -> Tensor:
    """Boxes against their phrases, all of this rank or of all ranks."""
    all_regions, first = ranks.gather(regions)
    return contrastive(
        regions,
        phrases,
        scale,
        all_images=all_regions,
        all_texts=ranks.gather(phrases)[0],
        first=first,
        keys=keys,
        all_keys=None if keys is None else ranks.gather(keys)[0],
    )


def encode_texts(model: FGCLIP, texts: Texts, route: Route) -> Tensor:
    """(U, D) raw features of the different texts, each group at its own length."""
    if not texts.groups:
        weight = model.text_projection.weight
        return weight.new_zeros(0, len(weight))
    return model.encode_text_groups(texts.groups, route).float()


def pixel_values(pixels: Tensor) -> Tensor:
    """(B, S, S, 3) uint8 → (B, 3, S, S) normalised as CLIP does."""
    mean = torch.tensor(MEAN, device=pixels.device)
    std = torch.tensor(STD, device=pixels.device)
    return ((pixels / 255 - mean) / std).permute(0, 3, 1, 2).contiguous()
