from __future__ import annotations

import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.support.training import ONE, all_present, random_embeddings
from training.losses import contrastive, embeddings, hard_negative, info_nce


def test_matched_orthonormal_pairs_cost_nothing_at_a_large_scale() -> None:
    pairs = torch.eye(5)
    assert contrastive(pairs, pairs, torch.tensor(100.0)) < 1e-6


def test_equal_pairs_cost_the_logarithm_of_their_number() -> None:
    pairs = torch.ones(8, 4) / 2
    torch.testing.assert_close(contrastive(pairs, pairs, ONE), torch.tensor(math.log(8)))


def test_eleven_equal_captions_cost_ln_11() -> None:
    captions = random_embeddings(1, 4).expand(3, 11, 4)
    loss = hard_negative(random_embeddings(3, 4), captions, all_present(captions), ONE)
    torch.testing.assert_close(loss, torch.tensor(math.log(11)))


@given(st.integers(1, 6), st.integers(1, 10))
def test_absent_rewrites_change_nothing(regions: int, rewrites: int) -> None:
    own = random_embeddings(regions, 8, seed=1)
    captions = random_embeddings(regions, 1 + rewrites, 8, seed=2)
    padded = torch.cat([captions, random_embeddings(regions, 3, 8, seed=3)], dim=1)
    present = all_present(padded)
    present[:, 1 + rewrites :] = False
    torch.testing.assert_close(
        hard_negative(own, padded, present, ONE),
        hard_negative(own, captions, all_present(captions), ONE),
    )


def test_no_pair_costs_nothing_and_has_a_gradient() -> None:
    none = torch.zeros(0, 4, requires_grad=True)
    scale = torch.tensor(1.0, requires_grad=True)
    total = contrastive(none, none, scale)
    total = total + hard_negative(none, none[:, None], all_present(none[:, None]), scale)
    total.backward()
    assert float(total.detach()) == 0
    assert none.grad is not None
    assert scale.grad is not None
    assert float(scale.grad) == 0


def test_a_single_pair_costs_nothing() -> None:
    assert contrastive(random_embeddings(1, 4), random_embeddings(1, 4, seed=1), ONE) == 0


def test_a_region_without_rewrites_costs_nothing() -> None:
    captions = random_embeddings(2, 11, 4)
    present = torch.zeros(2, 11, dtype=torch.bool)
    present[:, 0] = True
    assert hard_negative(random_embeddings(2, 4), captions, present, ONE) == 0


def test_equal_phrases_are_rivals_unless_masked() -> None:
    regions = torch.eye(3)
    phrases = torch.eye(3)[[0, 0, 2]]
    keys = torch.tensor([7, 7, 8])
    scale = torch.tensor(50.0)
    regions[1] = regions[0]
    assert contrastive(regions, phrases, scale) > 0.4  # ln 2 for two of three rows
    assert contrastive(regions, phrases, scale, keys=keys) < 1e-6


def test_the_whole_batch_is_the_mean_of_its_shares() -> None:
    images, texts = random_embeddings(6, 8, seed=1), random_embeddings(6, 8, seed=2)
    scale = torch.tensor(10.0)
    shares = [
        contrastive(
            images[first : first + 2],
            texts[first : first + 2],
            scale,
            all_images=images,
            all_texts=texts,
            first=first,
        )
        for first in (0, 2, 4)
    ]
    torch.testing.assert_close(torch.stack(shares).mean(), contrastive(images, texts, scale))


def test_a_zero_row_stays_zero_and_has_no_gradient() -> None:
    features = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
    unit = embeddings(features)
    torch.testing.assert_close(unit, torch.tensor([[0.0, 0.0], [0.6, 0.8]]))
    unit[:, 0].sum().backward()
    assert features.grad is not None
    assert torch.isfinite(features.grad).all()
    assert (features.grad[0] == 0).all()


@given(st.integers(2, 8), st.floats(0.1, 50))
def test_the_loss_does_not_depend_on_the_order_of_pairs(count: int, scale: float) -> None:
    images, texts = random_embeddings(count, 4, seed=3), random_embeddings(count, 4, seed=4)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(count))
    torch.testing.assert_close(
        contrastive(images[order], texts[order], torch.tensor(scale)),
        contrastive(images, texts, torch.tensor(scale)),
    )


def test_smoothed_labels_are_torchs() -> None:
    rows, columns = random_embeddings(4, 8, seed=1), random_embeddings(6, 8, seed=2)
    targets = torch.tensor([0, 3, 5, 1])
    scale = torch.tensor(7.0)
    expected = torch.nn.functional.cross_entropy(
        scale * rows @ columns.T, targets, label_smoothing=0.1
    )
    torch.testing.assert_close(info_nce(rows, columns, targets, scale, smoothing=0.1), expected)


def test_smoothing_gives_nothing_to_ignored_columns() -> None:
    rows, columns = random_embeddings(2, 4, seed=1), random_embeddings(3, 4, seed=2)
    targets = torch.tensor([0, 1])
    ignored = torch.tensor([[False, False, True]] * 2)
    torch.testing.assert_close(
        info_nce(rows, columns, targets, ONE, ignored=ignored, smoothing=0.2),
        info_nce(rows, columns[:2], targets, ONE, smoothing=0.2),
    )
