"""Inputs of upstream's own code as batches of ours."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from fgclip.model.naflex import Patches
from training.batch import Batch
from training.text_batches import Texts


def ragged(padded: Tensor, counts: Tensor) -> Tensor:
    return torch.cat([own[:count] for own, count in zip(padded, counts, strict=True)])


def as_batch(
    original: dict[str, Tensor],
    pixels: Tensor | Patches,
    as_texts: Callable[[Tensor], tuple[Texts, Tensor]],
) -> Batch:
    """The original's padded inputs as one ragged batch."""
    counts, hard_counts = original["in.box_counts"], original["in.hard_counts"]
    owners = torch.repeat_interleave(torch.arange(len(counts)), counts)
    hard_owners = torch.repeat_interleave(torch.arange(len(counts)), hard_counts)
    boxes = ragged(original["in.boxes"], counts)
    hard_boxes = ragged(original["in.hard_boxes"], hard_counts)
    same = (hard_boxes[:, None] == boxes).all(-1) & (hard_owners[:, None] == owners)
    assert (same.sum(1) == 1).all()  # every hard box is one of the boxes
    box_ids = ragged(original["in.box_ids"].view(len(counts), 4, -1), counts)
    phrases, rows = as_texts(torch.cat([box_ids, original["in.hard_ids"]]))
    long, long_text = as_texts(original["in.long_ids"])
    short, short_text = as_texts(original["in.short_ids"])
    hard_text = rows[len(box_ids) :].view(-1, 11)
    return Batch(
        pixels=pixels,
        long=long,
        long_text=long_text,
        long_image=torch.arange(len(long_text)),
        short=short,
        short_text=short_text,
        boxes=boxes,
        box_image=owners,
        phrases=phrases,
        box_text=rows[: len(box_ids)],
        hard_box=same.int().argmax(1),
        hard_text=hard_text,
        hard_present=torch.ones_like(hard_text, dtype=torch.bool),
    )
