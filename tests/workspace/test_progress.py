"""What was finished is written, whatever ends the work."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fgclip.workspace.progress import CancelledError, OpenBatch


def test_results_are_written_many_at_a_time_and_the_rest_at_the_end() -> None:
    written: list[list[int]] = []
    with OpenBatch[int](lambda some: written.append(list(some)), 2) as batch:
        for number in range(5):
            batch.add(number)
    assert written == [[0, 1], [2, 3], [4]]


def test_a_stop_writes_the_rest() -> None:
    written: list[list[int]] = []
    batch = OpenBatch[int](lambda some: written.append(list(some)), 2)
    with pytest.raises(CancelledError):
        _fill(batch, 1, then=CancelledError())
    assert written == [[0]]


def test_what_a_stop_kept_from_being_written_is_written_after_all() -> None:
    written: list[int] = []
    interrupts = [KeyboardInterrupt()]

    def write(some: Sequence[int]) -> None:
        if interrupts:
            raise interrupts.pop()
        written.extend(some)

    with pytest.raises(KeyboardInterrupt):
        _fill(OpenBatch(write, 2), 3)
    assert written == [0, 1]


def _fill(batch: OpenBatch[int], count: int, *, then: Exception | None = None) -> None:
    with batch:
        for number in range(count):
            batch.add(number)
        if then:
            raise then
