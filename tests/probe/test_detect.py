import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fgclip.boxes import check_boxes
from fgclip.dense import Dense
from fgclip.probe.detect import Baseline, detect, surroundings

WIDTH = 8  # patches a side, and numbers of a vector
THING = np.eye(WIDTH, dtype=np.float32)[0]
GROUND = np.eye(WIDTH, dtype=np.float32)[1]


def dense_of(*things: tuple[int, int, int, int]) -> Dense:
    """Plain ground with things on it: boxes in patches."""
    features = np.tile(GROUND[:, None, None], (1, WIDTH, WIDTH))
    for x0, y0, x1, y1 in things:
        features[:, y0:y1, x0:x1] = THING[:, None, None]
    noise = np.random.default_rng(0).normal(scale=0.01, size=features.shape)
    field = torch.from_numpy((features + noise).astype(np.float32))
    return Dense(field, field.mean(dim=(1, 2)))


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
