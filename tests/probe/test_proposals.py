from __future__ import annotations

import numpy as np
import pytest

from fgclip.boxes import check_boxes
from fgclip.dense import Dense
from fgclip.probe.proposals import proposals, segments, windows
from tests.support.dense import dense_of


def test_windows_are_boxes_of_every_size() -> None:
    found = check_boxes(windows())

    sides = np.sqrt((found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1]))
    assert {round(float(side), 2) for side in sides} == {0.18, 0.25, 0.35, 0.5, 0.7}
    assert len(np.unique(found, axis=0)) == len(found)


def test_segments_find_what_is_alike(thing: Dense) -> None:
    found = check_boxes(segments(thing))

    assert [0.25, 0.25, 0.75, 0.5] in found.tolist()
    assert [0.0, 0.0, 1.0, 1.0] in found.tolist()
    assert len(found) <= 2 * 64


def test_proposals_are_both_each_once_and_as_they_are_told(thing: Dense) -> None:
    found = proposals(thing)

    known = np.unique(np.concatenate([windows(), segments(thing)]), axis=0)
    assert len(found) == len(np.unique(found, axis=0)) == len(known)
    apart = np.abs(found[:, None] - known[None]).max(axis=2).min(axis=0)
    assert apart.max() <= 1.1e-6
    told = check_boxes([[round(edge, 6) for edge in box] for box in found.tolist()])
    assert np.array_equal(told, found)


@pytest.fixture
def thing() -> Dense:
    return dense_of((2, 2, 6, 4))
