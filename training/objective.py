"""Embeddings, a batch and a recipe → the losses. The only place where they meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from fgclip.model.fgclip2 import FGCLIP2
from training import losses
from training.batch import Batch
from training.distributed import Ranks
from training.features import Features, TrainedModel, encode
from training.recipe import Recipe

GAP = "rank_gap"  # by how much true scores exceed wrong ones: no loss, but the next threshold


@dataclass(frozen=True)
class Question:
    """All that a loss may look at."""

    model: TrainedModel  # for its temperatures alone
    features: Features
    batch: Batch
    recipe: Recipe
    ranks: Ranks
    threshold: float

    @property
    def scale(self) -> Tensor:
        """Of captions."""
        return self.model.logit_scale.exp().squeeze()

    @property
    def region_scale(self) -> Tensor:
        """Of boxes and their phrases."""
        own = self.model.region_logit_scale.exp().squeeze()
        return self.scale if self.recipe.shared_scale else own

    @property
    def hard_scale(self) -> Tensor:
        """Of boxes and rewrites of their phrases."""
        own = self.model.hard_negative_logit_scale.exp().squeeze()
        return self.scale if self.recipe.shared_scale else own

    def gather(self, rows: Tensor) -> tuple[Tensor, int]:
        """The rows of all ranks, and the place of this one's."""
        return self.ranks.gather(rows, gradient=self.recipe.gather_gradient)


def objective(
    model: TrainedModel,
    batch: Batch,
    recipe: Recipe,
    ranks: Ranks | None = None,
    *,
    teacher: TrainedModel | None = None,
    threshold: float = 0.0,
) -> dict[str, Tensor]:
    """Compute the losses that the recipe weighs, and their weighted sum.

    Args:
        model: gives raw features.
        batch: this rank's share of the step.
        recipe: weights and options.
        ranks: whose pictures and captions are rivals of each other; left out, only this process's.
        teacher: a frozen model that sees crops, where the recipe asks for one.
        threshold: of `rank_margin`, from the step before.

    Returns:
        Scalars by name: each loss that is weighed, and "total"; with `rank_margin` also `GAP`.
    """
    features = encode(model, batch, recipe, teacher)
    return judge(Question(model, features, batch, recipe, ranks or Ranks(), threshold))


def judge(question: Question) -> dict[str, Tensor]:
    """The losses of features that are there already; see `objective`."""
    found: dict[str, Tensor] = {}
    for name, loss in TERMS.items():
        if getattr(question.recipe.weights, name):
            found[name] = loss(question)
    weighed = [getattr(question.recipe.weights, name) * loss for name, loss in found.items()]
    if question.recipe.weights.rank_margin:
        margin, gap = _rank_margin(question)
        found |= {"rank_margin": margin, GAP: gap}
        weighed.append(question.recipe.weights.rank_margin * margin)
    found["total"] = torch.stack(weighed).sum()
    return found


def _long(question: Question) -> Tensor:
    batch = question.batch
    images = question.features.images[batch.long_image]
    texts = question.features.long[batch.long_text]
    keys = batch.long.keys[batch.long_text]
    return _captions(question, images, texts, keys)


def _short(question: Question) -> Tensor:
    batch = question.batch
    texts = question.features.short[batch.short_text]
    keys = batch.short.keys[batch.short_text]
    return _captions(question, question.features.images, texts, keys)


def _components(question: Question) -> Tensor:
    batch = question.batch
    images = losses.principal_components(question.features.images, question.recipe.components)
    texts = question.features.short[batch.short_text]
    return _captions(question, images, texts, batch.short.keys[batch.short_text])


def _captions(question: Question, images: Tensor, texts: Tensor, keys: Tensor) -> Tensor:
    """Whole pictures against captions of one kind, over all ranks."""
    recipe = question.recipe
    all_texts, first = question.gather(texts)
    all_keys = question.ranks.gather(keys)[0] if recipe.mask_duplicates else None
    if recipe.caption_loss == "sigmoid":
        ignored = None if all_keys is None else keys[:, None] == all_keys[None]
        assert isinstance(question.model, FGCLIP2)  # as the recipe has checked
        bias = question.model.logit_bias.squeeze()
        return losses.pairwise_sigmoid(
            *(images, texts, question.scale, bias),
            all_texts=all_texts,
            first=first,
            ignored=ignored,
        )
    return losses.contrastive(
        *(images, texts, question.scale),
        all_images=question.gather(images)[0],
        all_texts=all_texts,
        first=first,
        keys=None if all_keys is None else keys,
        all_keys=all_keys,
        smoothing=recipe.smoothing,
    )


def _region(question: Question) -> Tensor:
    """Boxes against their phrases, all of this rank or of all ranks."""
    batch, recipe = question.batch, question.recipe
    regions = question.features.regions
    phrases = question.features.phrases[batch.box_text]
    keys = batch.phrases.keys[batch.box_text] if recipe.mask_duplicates else None
    if not recipe.gather_regions or question.ranks.count == 1:
        return losses.contrastive(regions, phrases, question.region_scale, keys=keys)
    all_regions, first = question.gather(regions)
    mean = losses.contrastive(
        *(regions, phrases, question.region_scale),
        all_images=all_regions,
        all_texts=question.gather(phrases)[0],
        first=first,
        keys=keys,
        all_keys=None if keys is None else question.ranks.gather(keys)[0],
    )
    # Ranks hold different numbers of boxes; every box counts the same.
    return mean * (len(regions) * question.ranks.count / max(1, len(all_regions)))


def _nouns(question: Question) -> Tensor:
    batch = question.batch
    regions = question.features.regions[batch.noun_box]
    return losses.noun_presence(
        regions, question.features.nouns, batch.noun_text, question.region_scale
    )


def _hard(question: Question) -> Tensor:
    return losses.hard_negative(*_rewrites(question), question.hard_scale)


def _hard_contrast(question: Question) -> Tensor:
    return losses.hard_contrast(*_rewrites(question), question.hard_scale)


def _rank_margin(question: Question) -> tuple[Tensor, Tensor]:
    cosines = question.recipe.margin_on == "cosines"
    scale = question.hard_scale
    scale = torch.ones_like(scale) if cosines else scale
    return losses.rank_margin(*_rewrites(question), scale, question.threshold)


def _rewrites(question: Question) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, their true phrases and rewrites, and which of those there are."""
    batch, features = question.batch, question.features
    return features.regions[batch.hard_box], features.phrases[batch.hard_text], batch.hard_present


def _spread(question: Question) -> Tensor:
    phrases = question.features.phrases[question.batch.box_text]
    mean = losses.text_spread(phrases)
    return mean * len(phrases) if question.recipe.spread_summed else mean


def _distil(question: Question) -> Tensor:
    return losses.distillation(question.features.taught, question.features.crops)


TERMS: dict[str, Callable[[Question], Tensor]] = {
    "long": _long,
    "short": _short,
    "components": _components,
    "region": _region,
    "nouns": _nouns,
    "hard": _hard,
    "hard_contrast": _hard_contrast,
    "spread": _spread,
    "distil": _distil,
}
