"""Losses that FG-CLIP 2, Long-CLIP, CLIPSelf and FineCLIP add."""

from __future__ import annotations

import math

import pytest
import torch

from tests.support.training import ONE, all_present, random_embeddings
from training.losses import (
    contrastive,
    distillation,
    hard_contrast,
    next_threshold,
    noun_presence,
    pairwise_sigmoid,
    principal_components,
    rank_margin,
    text_spread,
)

# --- principal components ---


def test_as_many_components_as_a_batch_has_change_nothing() -> None:
    images = random_embeddings(6, 16)
    torch.testing.assert_close(principal_components(images, 5), images)
    torch.testing.assert_close(principal_components(images, 32), images)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_so_many_components_are_left(count: int) -> None:
    kept = principal_components(random_embeddings(12, 16, seed=count), count)
    centred = kept - kept.mean(dim=0)
    assert int(torch.linalg.matrix_rank(centred, tol=1e-4)) == count


def test_what_components_lose_is_what_tells_least_apart() -> None:
    long, short = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 0.1]])
    images = torch.cat([long, -long, short, -short])
    flat = torch.cat([long, -long, 0 * short, 0 * short])
    torch.testing.assert_close(principal_components(images, 1), flat, atol=1e-6, rtol=0)


# --- pairwise sigmoid ---


def test_without_scale_and_bias_every_pair_costs_ln_2() -> None:
    pairs = random_embeddings(5, 4)
    zero = torch.tensor(0.0)
    torch.testing.assert_close(
        pairwise_sigmoid(pairs, pairs, zero, zero), torch.tensor(5 * math.log(2))
    )


def test_sigmoid_of_the_whole_batch_is_the_mean_of_its_shares() -> None:
    images, texts = random_embeddings(6, 8, seed=1), random_embeddings(6, 8, seed=2)
    scale, bias = torch.tensor(10.0), torch.tensor(-10.0)
    shares = [
        pairwise_sigmoid(
            images[first : first + 3], texts[first : first + 3], scale, bias,
            all_texts=texts, first=first,
        )
        for first in (0, 3)
    ]  # fmt: skip
    torch.testing.assert_close(
        torch.stack(shares).mean(), pairwise_sigmoid(images, texts, scale, bias)
    )


def test_an_ignored_text_is_no_rival_but_ones_own_always_counts() -> None:
    images, texts = random_embeddings(3, 8, seed=1), random_embeddings(3, 8, seed=2)
    everything = torch.ones(3, 3, dtype=torch.bool)
    own = torch.nn.functional.logsigmoid((images * texts).sum(1)).mean()
    torch.testing.assert_close(
        pairwise_sigmoid(images, texts, ONE, torch.tensor(0.0), ignored=everything), -own
    )


# --- nouns, distillation ---


def test_a_noun_that_is_seen_costs_nothing_and_the_scale_learns_nothing() -> None:
    scale = torch.tensor(100.0, requires_grad=True)
    regions = torch.eye(3, requires_grad=True)
    nouns = 2 * torch.eye(3) - 1  # own: +1, others: −1
    loss = noun_presence(regions, nouns, torch.arange(3), scale)
    assert loss < 1e-6
    loss.backward()
    assert scale.grad is None


def test_like_crops_cost_nothing_and_opposite_ones_two() -> None:
    regions = random_embeddings(4, 8)
    assert float(distillation(regions, regions)) == pytest.approx(0, abs=1e-6)
    assert float(distillation(regions, -regions)) == pytest.approx(2)


# --- hard contrast, rank margin ---


def test_without_rewrites_hard_contrast_is_the_contrast_of_regions() -> None:
    regions, captions = random_embeddings(4, 8, seed=1), random_embeddings(4, 1, 8, seed=2)
    scale = torch.tensor(5.0)
    torch.testing.assert_close(
        hard_contrast(regions, captions, all_present(captions), scale),
        contrastive(regions, captions[:, 0], scale),
    )


def test_a_rewrite_is_a_rival_of_every_region() -> None:
    regions, captions = torch.eye(2), torch.eye(2)[:, None]
    rewrites = torch.tensor(
        [[[0.0, 1.0]], [[0.0, 0.0]]]
    )  # of the first: what the second looks like
    both = torch.cat([captions, rewrites], dim=1)
    present = torch.tensor([[True, True], [True, False]])
    loss = hard_contrast(regions, both, present, torch.tensor(100.0))
    assert float(loss) == pytest.approx(math.log(2) / 4, rel=1e-4)  # a tie in one of four answers


def test_the_margin_is_between_true_and_wrong_scores() -> None:
    regions = torch.tensor([[1.0, 0.0]])
    captions = torch.tensor([[[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]])
    present = torch.tensor([[True, True, False]])
    loss, gap = rank_margin(regions, captions, present, torch.tensor(10.0), 5.0)
    assert float(loss) == pytest.approx(1.0)  # 5 + 6 − 10
    assert float(gap) == pytest.approx(4.0)


@pytest.mark.parametrize(("gap", "after"), [(4.0, 4.0), (-3.0, 0.0), (99.0, 10.0), (math.nan, 2.0)])
def test_the_threshold_stays_within_bounds(gap: float, after: float) -> None:
    assert next_threshold(gap, 2.0) == after


# --- spread of phrases ---


def test_unlike_phrases_cost_the_logarithm_of_how_many_are_held_apart() -> None:
    assert float(text_spread(torch.eye(30))) == pytest.approx(math.log(10))
    assert float(text_spread(torch.eye(4))) == pytest.approx(math.log(3))


def test_the_same_phrase_is_not_pushed_from_itself() -> None:
    phrases = torch.eye(12)[torch.arange(12) // 2]  # every one twice
    assert float(text_spread(phrases)) == pytest.approx(math.log(10))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_rows_cost_something_finite_and_have_a_gradient(count: int) -> None:
    rows = random_embeddings(count, 3, 4, seed=count).requires_grad_()
    own, present = rows[:, 0], torch.ones(count, 3, dtype=torch.bool)
    scale = torch.tensor(2.0, requires_grad=True)
    bias = torch.tensor(-1.0, requires_grad=True)
    total = (
        pairwise_sigmoid(own, own, scale, bias)
        + noun_presence(own, torch.eye(4), torch.arange(count), scale)
        + distillation(own, own)
        + hard_contrast(own, rows, present, scale)
        + rank_margin(own, rows, present, scale, 0.5)[0]
        + text_spread(own)
        + principal_components(own, 2).sum()
    )
    total.backward()
    assert torch.isfinite(total)
    assert rows.grad is not None
    assert torch.isfinite(rows.grad).all()
    if not count:
        assert float(total.detach()) == 0


def test_regions_without_rewrites_leave_the_threshold_alone() -> None:
    captions = random_embeddings(2, 3, 4)
    present = torch.tensor([[True, False, False]] * 2)
    loss, gap = rank_margin(random_embeddings(2, 4), captions, present, ONE, 3.0)
    assert float(loss) == 0
    assert next_threshold(float(gap), 3.0) == 3.0
