from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgclip.analysis import baseline as module
from fgclip.analysis.baseline import Reference
from fgclip.analysis.errors import AnalysisError
from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.support.noise import picture_records


def test_pictures_that_come_in_are_measured_against(
    mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    reference = Reference.of_workspace(encoder, mapped)
    texts = encoder.encode_text(["the cat"])
    before = reference.best(texts)
    assert before.values.shape == (1, 10)

    mapped.add(picture_records(tmp_path / "more", 3), "more")

    after = reference.best(texts)
    assert after.values.shape == (1, 13)
    known = dict(zip(after.paths, after.values[0], strict=True))
    assert [known[path] for path in before.paths] == before.values[0].tolist()


def test_of_many_pictures_some_are_taken_evenly(
    mapped: Workspace, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 4)
    paths = Reference.of_workspace(encoder, mapped).best(encoder.encode_text(["a"])).paths

    all_paths = [each.path for each in mapped.pictures(range(1, 11))]
    assert [all_paths.index(path) for path in paths] == [0, 3, 6, 9]


def test_pictures_that_cannot_be_read_are_passed_over(mapped: Workspace, encoder: Encoder) -> None:
    first, *_ = mapped.pictures([1])
    first.path.write_bytes(b"no picture")
    reference = Reference.of_workspace(encoder, mapped)

    assert reference.best(encoder.encode_text(["a"])).values.shape == (1, 9)
    assert reference.advance() == (10, 10)


def test_an_empty_workspace_leaves_other_pictures(
    encoder: Encoder, picture: Path, tmp_path: Path
) -> None:
    with Workspace(tmp_path / "empty") as empty:
        reference = Reference.of_workspace(encoder, empty, [picture])
        elsewhere = reference.best(encoder.encode_text(["a"]))

    assert elsewhere.paths == (picture,)
    assert np.array_equal(elsewhere.without(tmp_path / "other"), elsewhere.values)
    with pytest.raises(AnalysisError, match="no other picture"):
        elsewhere.without(picture)


@pytest.mark.parametrize(("count", "own"), [(0, False), (1, False), (2, True)])
def test_the_gallery_stands_in_where_a_workspace_holds_too_few(
    count: int, own: bool, workspace: Workspace, encoder: Encoder, picture: Path, tmp_path: Path
) -> None:
    workspace.add(picture_records(tmp_path / "own", count), "noise")
    paths = (
        Reference.of_workspace(encoder, workspace, [picture]).best(encoder.encode_text(["a"])).paths
    )
    assert (picture not in paths) == own
