"""The terms of FG-CLIP's objective: pure functions of embeddings.

No model, no device, no rank and no weight in here. Embeddings are unit vectors, made by
`embeddings` from raw features of the rows that are to count: select first, normalise after.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def embeddings(features: Tensor) -> Tensor:
    """Scale (…, D) features to length 1; a zero row (a box without area) stays zero.

    A zero row gives equal logits everywhere, so it adds a constant to a loss and no gradient.
    """
    length = features.norm(dim=-1, keepdim=True)
    return torch.where(length > 0, features / length.clamp(min=1e-12), torch.zeros_like(features))


def info_nce(
    rows: Tensor, columns: Tensor, targets: Tensor, scale: Tensor, *, ignored: Tensor | None = None
) -> Tensor:
    """Mean cross-entropy of finding each row's own column.

    Args:
        rows: (Q, D) embeddings that ask.
        columns: (C, D) embeddings that answer.
        targets: (Q,) column that belongs to each row.
        scale: scalar that multiplies the cosine similarity.
        ignored: (Q, C) bool, True where a column is no rival of that row. The target always counts.

    Returns:
        Scalar; 0, with a gradient, when there is no row.
    """
    if len(rows) == 0:
        return rows.sum() + 0 * scale.sum()  # where a mean over nothing would be NaN
    logits = scale * rows @ columns.T
    if ignored is not None:
        own = F.one_hot(targets, len(columns)).bool()
        logits = logits.masked_fill(ignored & ~own, float("-inf"))
    return F.cross_entropy(logits, targets)


def contrastive(
    images: Tensor,
    texts: Tensor,
    scale: Tensor,
    *,
    all_images: Tensor | None = None,
    all_texts: Tensor | None = None,
    first: int = 0,
    keys: Tensor | None = None,
    all_keys: Tensor | None = None,
) -> Tensor:
    """CLIP's loss between pairs, of pictures and captions or of regions and phrases.

    The local pairs ask, everybody's pairs answer; without `all_…` the local ones are everybody.
    The mean over ranks of this loss is the loss of the joined batch when ranks hold equally many.

    Args:
        images: (N, D) embeddings of pictures or regions.
        texts: (N, D) embeddings, row i the text of row i.
        scale: scalar that multiplies the cosine similarity.
        all_images: (M, D) the pairs of all ranks, this rank's from row `first` on.
        all_texts: (M, D) likewise.
        first: row of the first local pair among all.
        keys: (N,) numbers that are equal where texts are equal: equal texts are then no rivals.
            Left out, every other pair is a rival, also one with the same text, as upstream has it.
        all_keys: (M,) likewise for all ranks.

    Returns:
        Scalar mean of both directions; 0 for no pair and for a single one.
    """
    all_images = images if all_images is None else all_images
    all_texts = texts if all_texts is None else all_texts
    targets = torch.arange(len(images), device=images.device) + first
    ignored = None
    if keys is not None:
        ignored = keys[:, None] == (keys if all_keys is None else all_keys)[None, :]
    to_text = info_nce(images, all_texts, targets, scale, ignored=ignored)
    to_image = info_nce(texts, all_images, targets, scale, ignored=ignored)
    return (to_text + to_image) / 2


def hard_negative(regions: Tensor, captions: Tensor, present: Tensor, scale: Tensor) -> Tensor:
    """Rank each region's own caption above near-miss rewrites of it.

    Args:
        regions: (M, D) region embeddings.
        captions: (M, 1 + K, D) caption embeddings; slot 0 is the true caption.
        present: (M, 1 + K) bool, False where a region has fewer than K rewrites.
        scale: scalar that multiplies the cosine similarity.

    Returns:
        Mean cross-entropy; 0 when the batch holds no region, or none with a rewrite.
    """
    if len(regions) == 0:
        return regions.sum() + 0 * scale.sum()
    logits = scale * torch.einsum("md,mkd->mk", regions, captions)
    logits = logits.masked_fill(~present, float("-inf"))
    return F.cross_entropy(logits, logits.new_zeros(len(logits), dtype=torch.long))
