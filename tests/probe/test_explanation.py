from __future__ import annotations

import numpy as np
import pytest

from fgclip.probe.detect import Baseline, detect
from fgclip.probe.explanation import measured, strongest
from fgclip.probe.proposals import proposals
from tests.support.dense import THING, dense_of


def test_a_box_that_was_found_measures_as_it_was_found() -> None:
    field = dense_of((2, 2, 6, 4))
    elsewhere = Baseline.of([dense_of(), dense_of((1, 1, 3, 3))]).best(THING[None])
    found = detect(field, THING[None], elsewhere, share=0.5)
    boxes = np.array([each.box for each in found], np.float32)

    again = measured(
        field, np.repeat(THING[None], len(found), 0), np.repeat(elsewhere, len(found), 0), boxes,
        share=0.5,
    )  # fmt: skip

    for told, right in zip(again, found, strict=True):
        assert told.box == right.box
        assert told.score == pytest.approx(right.score, abs=1e-6)
        assert told.contrast == pytest.approx(right.contrast, abs=1e-6)
        assert (told.baseline, told.percentile) == (right.baseline, right.percentile)
    assert measured(field, THING[None][:0], elsewhere[:0], boxes[:0]) == []


def test_the_strongest_box_of_a_picture_is_the_thing() -> None:
    there, empty = dense_of((2, 2, 6, 4)), dense_of()
    (best,), (row,) = strongest(there, THING[None], proposals(there))
    (without,), _ = strongest(empty, THING[None], proposals(empty))

    assert there.regions(proposals(there)[[row]]) @ THING == pytest.approx([best])
    assert best > 0.95
    assert without < 0.1
