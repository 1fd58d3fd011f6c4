from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from fgclip.data.records import Record
from fgclip.encoder import Encoder
from fgclip.workspace.duplicates import near_duplicates
from fgclip.workspace.matrix import Matrix
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.workspace import Workspace
from tests.support.noise import picture_records


def test_equal_files_are_found_under_any_name(workspace: Workspace, tmp_path: Path) -> None:
    records = picture_records(tmp_path, 3)
    copy = tmp_path / "copy.png"
    shutil.copy(records[1].path, copy)
    workspace.add(iter([*records, Record(copy)]), "noise")

    assert workspace.same_files() == [[2, 4]]


def matrix_of(angles: list[float]) -> Matrix:
    vectors = np.array([[np.cos(a), np.sin(a)] for a in angles], np.float32)
    return Matrix.filled([(np.arange(1, len(angles) + 1), vectors)], len(angles), 2)


def test_near_duplicates_are_linked_by_close_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgclip.workspace.duplicates.BLOCK", 2)
    angles = [0.0, 1.0, 0.05, 2.0, 0.1, 1.02]

    groups = near_duplicates(matrix_of(angles), at_least=float(np.cos(0.06)))

    assert groups == [[1, 3, 5], [2, 6]]


def test_parts_of_one_picture_are_no_duplicates() -> None:
    matrix = matrix_of([0.0, 0.01, 0.02, 1.0, 1.01])

    groups = near_duplicates(matrix, at_least=0.999, pictures=np.array([1, 1, 2, 3, 3]))

    assert groups == [[1, 2, 3]]  # 1 and 2 by way of 3


def test_too_low_a_threshold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgclip.workspace.duplicates.MOST_PAIRS", 3)

    with pytest.raises(WorkspaceError, match="ask for a higher one"):
        near_duplicates(matrix_of([0.0] * 4), at_least=0.5)


def test_regions_of_different_pictures_are_compared(
    workspace: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path, 1)
    copy = tmp_path / "copy.png"
    shutil.copy(record.path, copy)
    workspace.add(iter([record, Record(copy, regions=record.regions)]), "noise")
    workspace.index(encoder)

    groups = workspace.near_duplicates(workspace.model_of(encoder), "region", 0.99999)

    linked = {owner: number for number, group in enumerate(groups) for owner in group}
    assert linked[1] == linked[3]
    assert linked[2] == linked[4]


@pytest.mark.parametrize("cosine", [float("nan"), float("inf"), 2.0, 0.0, -1.0])
def test_a_cosine_that_tells_no_duplicates_is_refused(cosine: float) -> None:
    with pytest.raises(WorkspaceError, match=f"a cosine of {cosine:g} .* such as 0.97"):
        near_duplicates(matrix_of([0.0, 0.1]), at_least=cosine)
