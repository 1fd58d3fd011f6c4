from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.data.finehard import write_finehard
from fgclip.encoder import Encoder
from fgclip.explore.first_start import MAP, prepare
from fgclip.workspace.workspace import Workspace
from tests.support.noise import picture_records


@pytest.fixture
def gallery(tmp_path: Path, mapped: Workspace, encoder: Encoder) -> Path:
    """Annotations of the pictures of `mapped`, with its map."""
    folder = tmp_path / "gallery"
    folder.mkdir()
    write_finehard(picture_records(tmp_path / "pictures", 10), folder / "gallery.json")
    mapped.maps.save(mapped.model_of(encoder), mapped.maps[0], folder / MAP)
    return folder


def test_the_gallery_is_there_after_the_first_start(
    gallery: Path, encoder: Encoder, tmp_path: Path
) -> None:
    with Workspace(tmp_path / "new") as workspace:
        prepare(workspace, encoder, gallery)
        workspace.jobs.wait(30)

        assert workspace.jobs.latest is not None
        assert workspace.jobs.latest.words == "The gallery is ready: 20 regions on the map"
        model = workspace.model_of(encoder)
        assert workspace.vector_counts(model)["region"] == 20
        prepare(workspace, encoder, gallery)
        assert workspace.jobs.latest.number == 1  # nothing is left to do


def test_a_data_set_of_ones_own_is_left_alone(
    gallery: Path, encoder: Encoder, mapped: Workspace
) -> None:
    prepare(mapped, encoder, gallery)

    assert mapped.jobs.latest is None
    assert [each["source"] for each in mapped.sources] == ["noise", "noise"]


def test_without_a_gallery_nothing_is_done(tmp_path: Path, encoder: Encoder) -> None:
    with Workspace(tmp_path / "new") as workspace:
        prepare(workspace, encoder, tmp_path / "absent")

        assert workspace.jobs.latest is None
