"""Large contrastive batches in small memory, with the gradients of the whole batch.

GradCache (Gao et al. 2021): encode the batch piece by piece without keeping activations; judge the
features of the whole; then encode each piece again, and go back through it from the gradient that
the losses gave its features. It costs one more forward pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from fgclip.model.naflex import Patches
from training.batch import NO_BOXES, NO_INDEX, Batch
from training.distributed import Ranks
from training.features import Features, TrainedModel, encode
from training.objective import Question, judge
from training.recipe import Recipe
from training.text_batches import NO_TEXTS, Texts

TEXT_FIELDS = ("long", "short", "phrases", "nouns")
_NO_TEXTS: dict[str, Any] = dict.fromkeys(TEXT_FIELDS, NO_TEXTS)


def backward_in_pieces(
    model: TrainedModel,
    batch: Batch,
    recipe: Recipe,
    ranks: Ranks,
    *,
    size: int,
    teacher: TrainedModel | None = None,
    threshold: float = 0.0,
    share: float = 1.0,
) -> dict[str, Tensor]:
    """Add to the parameters' gradients what `objective` and `backward` would.

    Args:
        model: in training; its forward pass must repeat itself (no dropout).
        batch: this rank's share of the step.
        recipe: weights and options.
        ranks: as in `objective`.
        size: pictures of a piece; texts come four times as many, since they are smaller.
        teacher: as in `objective`.
        threshold: as in `objective`.
        share: of the total loss that is taken back.

    Returns:
        The losses, without gradient.
    """
    parts = list(pieces(batch, size))
    with torch.no_grad():
        whole = Features.join([encode(model, part, recipe, teacher) for part in parts])
    leaves = Features(*(rows.detach().requires_grad_() for rows in whole.rows()))
    found = judge(Question(model, leaves, batch, recipe, ranks, threshold))
    (share * found["total"]).backward()  # type: ignore[no-untyped-call]
    offsets = [0] * len(leaves.rows())
    for part in parts:
        torch.clear_autocast_cache()  # else low-precision copies without gradient are used again
        again = encode(model, part, recipe, teacher).rows()
        rows, gradients = [], []
        for place, (own, leaf) in enumerate(zip(again, leaves.rows(), strict=True)):
            start, end = offsets[place], offsets[place] + len(own)
            offsets[place] = end
            if len(own) and own.requires_grad and leaf.grad is not None:
                rows.append(own)
                gradients.append(leaf.grad[start:end])
        if rows:
            torch.autograd.backward(rows, gradients)
    return {name: loss.detach() for name, loss in found.items()}


def pieces(batch: Batch, size: int) -> Iterator[Batch]:
    """Cut a batch up: some pictures with their boxes and crops each, then some texts each.

    Joined in this order, the features of the pieces are those of the batch.
    """
    for start in range(0, len(batch), size):
        yield _pictures(batch, start, min(len(batch), start + size))
    for name in TEXT_FIELDS:
        texts: Texts = getattr(batch, name)
        for group in texts.groups:
            for ids in torch.split(group, 4 * size):
                own: dict[str, Any] = {name: Texts((ids,), texts.keys[:0])}
                yield dataclasses.replace(_without_pictures(batch), **own)


def _pictures(batch: Batch, start: int, end: int) -> Batch:
    """Pictures `start` to `end` without texts."""
    boxes = _within(batch.box_image, start, end)
    crops = _within(batch.crop_image, start, end)
    return dataclasses.replace(
        batch,
        pixels=_cut(batch.pixels, start, end),
        boxes=batch.boxes[boxes],
        box_image=batch.box_image[boxes] - start,
        crops=batch.crops[crops],
        crop_boxes=batch.crop_boxes[crops],
        crop_image=batch.crop_image[crops] - start,
        **_NO_TEXTS,
    )


def _without_pictures(batch: Batch) -> Batch:
    empty = _pictures(batch, 0, 0)
    return dataclasses.replace(empty, boxes=NO_BOXES, box_image=NO_INDEX)


def _cut(pixels: Tensor | Patches, start: int, end: int) -> Tensor | Patches:
    if isinstance(pixels, Tensor):
        return pixels[start:end]
    return Patches(*(part[start:end] for part in (pixels.pixels, pixels.mask, pixels.shapes)))


def _within(image_index: Tensor, start: int, end: int) -> Tensor:
    return (image_index >= start) & (image_index < end)
