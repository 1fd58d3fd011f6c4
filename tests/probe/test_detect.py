from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.boxes import check_boxes
from fgclip.probe.detect import CROPPED, WEIGHT, Baseline, Detection, detect, fused, surroundings
from tests.support.dense import THING, WIDTH, dense_of


@pytest.fixture
def elsewhere() -> np.ndarray:
    return Baseline.of(dense_of() for _ in range(4)).best(THING[None])


def test_a_thing_is_found_whole_and_once(elsewhere: np.ndarray) -> None:
    (found, *others) = detect(dense_of((2, 2, 6, 4)), THING[None], elsewhere)

    assert found.box == pytest.approx((0.25, 0.25, 0.75, 0.5), abs=0.07)
    assert (found.phrase, found.percentile) == (0, 1.0)
    assert found.score > 0.9 > found.baseline
    assert found.contrast > 0.8
    assert all(each.contrast < found.contrast for each in others)


def test_two_things_are_two_boxes(elsewhere: np.ndarray) -> None:
    first, second, *_ = detect(dense_of((0, 0, 3, 3), (5, 5, 8, 8)), THING[None], elsewhere)

    boxes = sorted([first.box, second.box])
    assert boxes[0] == pytest.approx((0, 0, 0.375, 0.375), abs=0.07)
    assert boxes[1] == pytest.approx((0.625, 0.625, 1, 1), abs=0.07)


def test_what_is_not_there_is_not_found() -> None:
    lacking = Baseline.of(dense_of((1, 1, 4, 4)) for _ in range(4))
    other = np.eye(WIDTH, dtype=np.float32)[5]

    assert detect(dense_of(), THING[None], lacking.best(THING[None])) == []
    texts = np.stack([other, THING])
    found = detect(dense_of((2, 2, 6, 4)), texts, Baseline.of([dense_of()]).best(texts))
    assert {each.phrase for each in found if each.score > 0.5} == {1}


def test_the_baseline_tells_what_a_phrase_scores_elsewhere() -> None:
    known = Baseline.of([dense_of(), dense_of((1, 1, 5, 5))])

    without, with_it = known.best(THING[None])[0]

    assert without < 0.1
    assert with_it > 0.9
    with pytest.raises(ValueError, match="one picture at least"):
        Baseline([])


@given(
    st.tuples(*[st.floats(0, 0.6)] * 2).flatmap(
        lambda low: st.tuples(*[st.just(x) for x in low], *[st.floats(0.2, 0.4)] * 2)
    )
)
def test_surroundings_are_the_mean_of_what_lies_around(corner: tuple[float, ...]) -> None:
    x, y, width, height = corner
    boxes = check_boxes([[x, y, x + width, y + height]])
    similarity = np.random.default_rng(1).random((1, 5, 7)).astype(np.float32)

    ((found,),) = surroundings(similarity, boxes)

    fine = similarity[0].repeat(40, axis=0).repeat(40, axis=1)
    rows, columns = [(np.arange(n) + 0.5) / n for n in fine.shape]
    (x0, y0, x1, y1) = boxes[0].tolist()
    margin = (0.4 * (x1 - x0), 0.4 * (y1 - y0))
    inside = ((rows >= y0) & (rows < y1))[:, None] & ((columns >= x0) & (columns < x1))
    outer = ((rows >= y0 - margin[1]) & (rows < y1 + margin[1]))[:, None] & (
        (columns >= x0 - margin[0]) & (columns < x1 + margin[0])
    )
    assert found == pytest.approx(fine[outer & ~inside].mean(), abs=0.02)


def test_a_box_of_everything_has_no_surroundings() -> None:
    similarity = np.ones((1, 3, 3), np.float32)

    assert surroundings(similarity, check_boxes([[0, 0, 1, 1]])).tolist() == [[0.0]]


SCATTERED = check_boxes(
    [[0.25, 0.25, 0.75, 0.5], [0.2, 0.2, 0.8, 0.6], [0, 0, 0.3, 0.3], [0.5, 0.5, 1, 1]]
)


def found_with(elsewhere: np.ndarray, **given: Any) -> list[Detection]:
    """Of four boxes that lie on, around and off two things; all may pass."""
    return detect(
        dense_of((2, 2, 6, 4), (5, 6, 8, 8)), THING[None], elsewhere - 1, boxes=SCATTERED, **given
    )


def test_without_objectness_none_is_told(elsewhere: np.ndarray) -> None:
    assert {each.objectness for each in found_with(elsewhere)} == {None}


@given(st.floats(0, 1, width=32), st.floats(0.01, 1))
def test_the_same_objectness_everywhere_changes_no_order(same: float, weight: float) -> None:
    lacking = np.zeros((1, 4), np.float32)
    plain = found_with(lacking)

    objectness = np.full(4, same, np.float32)
    ranked = found_with(lacking, objectness=objectness, weight=weight)

    assert [replace(each, objectness=None) for each in ranked] == plain
    assert {each.objectness for each in ranked} == {same}


def test_a_weight_of_one_leaves_the_contrast_and_of_none_the_objectness(
    elsewhere: np.ndarray,
) -> None:
    objectness = np.array([0.1, 0.9, 0.3, 0.5], np.float32)
    boxes = [tuple(box) for box in SCATTERED.tolist()]

    by_contrast = found_with(elsewhere, objectness=objectness, weight=1)
    by_objectness = found_with(elsewhere, objectness=objectness, weight=0)

    assert [each.box for each in by_contrast] == [each.box for each in found_with(elsewhere)]
    assert by_contrast[0].box == boxes[0]
    assert [each.box for each in by_objectness] == [boxes[n] for n in (1, 3, 2)]
    assert by_objectness[0].objectness == pytest.approx(0.9)  # box 1 hides box 0, which it holds


def test_objectness_decides_nothing_about_what_passes(elsewhere: np.ndarray) -> None:
    nothing = np.zeros(4, np.float32)

    (only,) = detect(
        dense_of((2, 2, 6, 4)), THING[None], elsewhere + 0.5, boxes=SCATTERED, objectness=nothing
    )

    assert only.score >= only.baseline
    assert (
        detect(dense_of(), THING[None], elsewhere + 0.5, boxes=SCATTERED, objectness=nothing + 1)
        == []
    )


@given(
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=9, unique=True),
    st.floats(0.05, 1),
    st.floats(0, 1, width=32),
)
def test_fusion_rises_with_the_contrast_and_is_never_above_one(
    thousandths: list[int], weight: float, same: float
) -> None:
    contrasts = np.array(thousandths, np.float32) / 1000

    logs = fused(contrasts, np.full(len(contrasts), same, np.float32), weight)

    assert np.argsort(logs).tolist() == np.argsort(contrasts).tolist()
    assert logs.max() <= 0


def test_fusion_is_the_weighted_geometric_mean() -> None:
    half = fused(np.zeros(1, np.float32), np.array([0.5], np.float32), 0.3)

    assert np.exp(half) == pytest.approx(0.5)  # a contrast of 0 is a chance of one half
    (mean,) = fused(np.zeros(1, np.float32), np.array([0.125], np.float32))
    assert WEIGHT == 0.5
    assert np.exp(mean) == pytest.approx(0.25)  # root of 1/8 · 1/2


def test_crops_like_their_regions_change_nothing(elsewhere: np.ndarray) -> None:
    field = dense_of((2, 2, 6, 4), (5, 6, 8, 8))

    same = found_with(elsewhere, crops=field.regions)

    plain = found_with(elsewhere)
    assert [each.box for each in same] == [each.box for each in plain]
    assert [each.contrast for each in same] == pytest.approx([each.contrast for each in plain])


def test_crops_rank_what_is_left_and_the_score_stays_the_regions(elsewhere: np.ndarray) -> None:
    plain = found_with(elsewhere)
    asked: list[np.ndarray] = []
    away = np.array([-1.0, *[0.0] * (WIDTH - 1)], np.float32)

    def crops(boxes: np.ndarray) -> np.ndarray:
        asked.append(boxes)
        best = (boxes == np.array(plain[0].box, np.float32)).all(axis=1)
        return np.where(best[:, None], away, THING)

    ranked = found_with(elsewhere, crops=crops)

    assert sorted(map(tuple, asked[0].tolist())) == sorted(each.box for each in plain)
    assert ranked[-1].box == plain[0].box
    assert {each.box: each.score for each in ranked} == {each.box: each.score for each in plain}


def test_crops_may_be_given_for_all_boxes(elsewhere: np.ndarray) -> None:
    random = np.random.default_rng(0).normal(size=(4, WIDTH)).astype(np.float32)
    every = random / np.linalg.norm(random, axis=1, keepdims=True)
    rows = {tuple(box): row for row, box in enumerate(SCATTERED.tolist())}

    listed = found_with(elsewhere, crops=every)

    asked = found_with(elsewhere, crops=lambda some: every[[rows[tuple(b)] for b in some.tolist()]])
    assert listed == asked


def test_only_the_best_of_a_phrase_are_cut_out() -> None:
    edges = np.arange(7, dtype=np.float32) / 7
    x, y = (each.ravel() for each in np.meshgrid(edges, edges))
    tiles = check_boxes(np.stack([x, y, x + 1 / 8, y + 1 / 8], axis=1))
    counts: list[int] = []

    def crops(boxes: np.ndarray) -> np.ndarray:
        counts.append(len(boxes))
        return dense_of().regions(boxes)

    lowest = np.full((1, 2), -1, np.float32)
    found = detect(dense_of(), THING[None], lowest, boxes=tiles, crops=crops)

    assert counts == [CROPPED]
    assert len(found) == CROPPED < len(tiles)


def test_where_nothing_passes_nothing_is_cut_out(elsewhere: np.ndarray) -> None:
    def crops(boxes: np.ndarray) -> np.ndarray:
        raise AssertionError(f"asked for {len(boxes)} crops")

    none = check_boxes([])
    highest = np.ones_like(elsewhere) * 2
    assert detect(dense_of(), THING[None], highest, boxes=SCATTERED, crops=crops) == []
    assert detect(dense_of(), THING[None], elsewhere, boxes=none, objectness=none[:, 0]) == []


@pytest.mark.parametrize(
    ("given_too", "told"),
    [
        ({"weight": 1.5}, "weight 1.5 is not between 0 and 1"),
        ({"objectness": np.ones(3, np.float32)}, "one number for each of the 4 boxes"),
        ({"objectness": np.array([0, 1, 2, 0], np.float32)}, "not between 0 and 1 everywhere"),
        ({"objectness": np.array([0, 1, np.nan, 0], np.float32)}, "not between 0 and 1"),
        ({"crops": np.zeros((3, WIDTH), np.float32)}, "3 crops are not one for each of the 4"),
    ],
)
def test_what_does_not_belong_to_the_boxes_is_refused(
    given_too: dict[str, Any], told: str, elsewhere: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=told):
        found_with(elsewhere, **given_too)
