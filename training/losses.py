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
    rows: Tensor,
    columns: Tensor,
    targets: Tensor,
    scale: Tensor,
    *,
    ignored: Tensor | None = None,
    smoothing: float = 0.0,
) -> Tensor:
    """Mean cross-entropy of finding each row's own column.

    Args:
        rows: (Q, D) embeddings that ask.
        columns: (C, D) embeddings that answer.
        targets: (Q,) column that belongs to each row.
        scale: scalar that multiplies the cosine similarity.
        ignored: (Q, C) bool, True where a column is no rival of that row. The target always counts.
        smoothing: share of the target that all columns get alike, ignored ones left out.

    Returns:
        Scalar; 0, with a gradient, when there is no row.
    """
    if len(rows) == 0:
        return rows.sum() + 0 * scale.sum()  # where a mean over nothing would be NaN
    logits = scale * rows @ columns.T
    if ignored is not None:
        own = F.one_hot(targets, len(columns)).bool()
        logits = logits.masked_fill(ignored & ~own, float("-inf"))
    loss = F.cross_entropy(logits, targets)
    if not smoothing:
        return loss
    chances = logits.log_softmax(dim=1)
    known = torch.isfinite(chances)
    spread = -(chances.masked_fill(~known, 0).sum(dim=1) / known.sum(dim=1)).mean()
    return (1 - smoothing) * loss + smoothing * spread


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
    smoothing: float = 0.0,
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
        smoothing: of the labels, 0 to 1.

    Returns:
        Scalar mean of both directions; 0 for no pair and for a single one.
    """
    all_images = images if all_images is None else all_images
    all_texts = texts if all_texts is None else all_texts
    targets = torch.arange(len(images), device=images.device) + first
    ignored = None
    if keys is not None:
        ignored = keys[:, None] == (keys if all_keys is None else all_keys)[None, :]
    to_text = info_nce(images, all_texts, targets, scale, ignored=ignored, smoothing=smoothing)
    to_image = info_nce(texts, all_images, targets, scale, ignored=ignored, smoothing=smoothing)
    return (to_text + to_image) / 2


def principal_components(images: Tensor, count: int) -> Tensor:
    """Pictures as far as the batch's first principal components tell them apart (Long-CLIP).

    A batch of at most `count` + 1 pictures has no more components: it comes back as it was.

    Args:
        images: (N, D) embeddings of this rank alone.
        count: components that are kept, at least 1.

    Returns:
        (N, D), not scaled to length 1 again.
    """
    if len(images) <= count + 1:
        return images
    middle = images.mean(dim=0, keepdim=True)
    axes: Tensor = torch.linalg.svd((images - middle).float(), full_matrices=False).Vh
    kept = axes[:count]
    return ((images - middle) @ kept.T) @ kept + middle


def pairwise_sigmoid(
    images: Tensor,
    texts: Tensor,
    scale: Tensor,
    bias: Tensor,
    *,
    all_texts: Tensor | None = None,
    first: int = 0,
    ignored: Tensor | None = None,
) -> Tensor:
    """SigLIP's loss: each pair of a picture and a text is right or wrong by itself.

    Args:
        images: (N, D) embeddings.
        texts: (N, D) embeddings, row i the text of row i.
        scale: scalar that multiplies the cosine similarity.
        bias: scalar added to that.
        all_texts: (M, D) the texts of all ranks, this rank's from row `first` on.
        first: row of the first local text among all.
        ignored: (N, M) bool, True where a text is no rival of that picture.

    Returns:
        −Σ log σ(±(scale · cos + bias)) / N; 0, with a gradient, when there is no pair.
    """
    if len(images) == 0:
        return images.sum() + 0 * (scale + bias).sum()
    logits = scale * images @ (texts if all_texts is None else all_texts).T + bias
    own = torch.zeros_like(logits, dtype=torch.bool)
    own[torch.arange(len(images)), torch.arange(len(images)) + first] = True
    each = F.logsigmoid(torch.where(own, logits, -logits))
    if ignored is not None:
        each = each.masked_fill(ignored & ~own, 0)
    return -each.sum() / len(images)


def noun_presence(regions: Tensor, nouns: Tensor, targets: Tensor, scale: Tensor) -> Tensor:
    """RegionCLIP's loss, as CLIPSelf has it: each noun of a bank is there or not.

    Args:
        regions: (N, D) embeddings.
        nouns: (C, D) embeddings of those nouns of the bank that are asked about in this step.
        targets: (N,) the noun of each region.
        scale: scalar that multiplies the cosine similarity; it gets no gradient.

    Returns:
        Binary cross-entropy, summed over nouns and averaged over regions; 0 when there is none.
    """
    if len(regions) == 0:
        return regions.sum()
    logits = scale.detach() * regions @ nouns.T
    present = F.one_hot(targets, len(nouns)).to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, present, reduction="sum") / len(regions)


def distillation(regions: Tensor, crops: Tensor) -> Tensor:
    """Let regions be like their crops (CLIPSelf, FineCLIP): 1 − the mean cosine.

    Who teaches is the caller's choice: the crops of a frozen model, this model's own without their
    gradient, or with it.

    Args:
        regions: (N, D) embeddings from the dense map.
        crops: (N, D) embeddings of the same boxes as pictures of their own.

    Returns:
        Scalar in [0, 2]; 0, with a gradient, when there is no region.
    """
    if len(regions) == 0:
        return regions.sum() + crops.sum()
    return 1 - (regions * crops).sum(dim=1).mean()


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


def hard_contrast(regions: Tensor, captions: Tensor, present: Tensor, scale: Tensor) -> Tensor:
    """Find each region's caption among everybody's captions and rewrites, and back (FG-CLIP 2).

    Args:
        regions: (M, D) region embeddings.
        captions: (M, 1 + K, D) caption embeddings; slot 0 is the true caption.
        present: (M, 1 + K) bool, False where a region has fewer than K rewrites.
        scale: scalar that multiplies the cosine similarity.

    Returns:
        Mean of both directions; the rewrites are rivals in the first only. 0 when there is none.
    """
    own = captions[:, 0]
    every = torch.cat([own, captions[:, 1:][present[:, 1:]]])
    targets = torch.arange(len(regions), device=regions.device)
    to_text = info_nce(regions, every, targets, scale)
    return (to_text + info_nce(own, regions, targets, scale)) / 2


def rank_margin(
    regions: Tensor, captions: Tensor, present: Tensor, scale: Tensor, threshold: float
) -> tuple[Tensor, Tensor]:
    """Keep each rewrite's score below its true caption's by a threshold (FG-CLIP 2's CMR).

    Args:
        regions: (M, D) region embeddings.
        captions: (M, 1 + K, D) caption embeddings; slot 0 is the true caption.
        present: (M, 1 + K) bool, False where a region has fewer than K rewrites.
        scale: scalar that multiplies the cosine similarity; 1 for the paper's cosines.
        threshold: what `next_threshold` gave after the step before; 0 in the first.

    Returns:
        Mean of relu(threshold + wrong − true) over rewrites, 0 when there is none; and, without
        gradient, by how much true scores exceed wrong ones on average: NaN when there is none.
    """
    logits = scale * torch.einsum("md,mkd->mk", regions, captions)
    true, wrong = logits[:, :1], logits[:, 1:]
    asked = present[:, 1:]
    if not asked.any():
        return 0 * logits.sum(), logits.new_full((), float("nan"))
    loss = (threshold + wrong - true).relu()[asked].mean()
    gap = true[present[:, 0]].mean() - wrong[asked].mean()
    return loss, gap.detach()


def next_threshold(gap: float, before: float) -> float:
    """The threshold of the next step: the mean gap over ranks, within 0…10; NaN leaves it alone."""
    return before if gap != gap else min(max(gap, 0.0), 10.0)


def text_spread(phrases: Tensor, *, nearest: int = 10, same: float = 0.95) -> Tensor:
    """Push a step's phrases apart (FG-CLIP 2's textual intra-modal contrast).

    Args:
        phrases: (N, D) embeddings.
        nearest: of each phrase's most similar others; all where there are fewer.
        same: cosine above which two phrases count as the same one: their similarity becomes 0.

    Returns:
        Mean over phrases of log Σ exp(similarity), no temperature; 0 when there are not two.
    """
    if len(phrases) < 2:
        return 0 * phrases.sum()
    similarity = phrases @ phrases.T
    alike = (similarity > same).fill_diagonal_(True)
    others = similarity.masked_fill(alike, 0)
    closest = others.topk(min(nearest, len(phrases) - 1), dim=1).values
    return closest.logsumexp(dim=1).mean()
