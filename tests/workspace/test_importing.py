from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from fgclip.data.finehard import write_finehard
from fgclip.data.records import Record, Region
from fgclip.encoder import Encoder
from fgclip.workspace.progress import CancelledError, Progress
from fgclip.workspace.store import catalogue, vectors
from fgclip.workspace.workspace import Workspace
from tests.support.noise import picture_records


def test_records_come_back_with_the_size_of_their_files(
    workspace: Workspace, tmp_path: Path
) -> None:
    records = picture_records(tmp_path, 3)

    done = workspace.add(iter(records), "noise")

    assert (done.added.images, done.added.regions, done.faults) == (3, 6, 0)
    expected = [dataclasses.replace(record, size=(80, 60)) for record in records]
    assert list(catalogue.records(workspace.database)) == expected


def test_the_same_import_again_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    records = picture_records(tmp_path, 3)
    workspace.add(iter(records), "noise")

    done = workspace.add(iter(records), "noise")

    assert (done.added.images, done.added.regions, done.added.known) == (0, 0, 3)
    assert catalogue.counts(workspace.database)["regions"] == 6


def test_another_import_of_known_pictures_adds_its_regions_and_captions(
    workspace: Workspace, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path, 1)
    workspace.add(iter([record]), "noise")
    more = dataclasses.replace(
        record, short_caption="better", regions=(*record.regions, Region((0, 0, 1, 1), "all"))
    )

    done = workspace.add(iter([more]), "more")

    (back,) = catalogue.records(workspace.database)
    assert (done.added.regions, back.short_caption) == (1, "better")
    assert back.regions == more.regions


def test_a_path_that_comes_twice_in_one_import_is_one_picture(
    workspace: Workspace, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path, 1)
    other = dataclasses.replace(record, regions=(Region((0, 0, 1, 1), "all"),))

    done = workspace.add(iter([record, other]), "noise")

    assert (done.added.images, done.added.regions) == (1, 3)


def test_a_changed_file_loses_its_vectors_and_no_other_does(
    indexed: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path / "pictures", 1)
    Image.new("RGB", (40, 40), "red").save(record.path)

    done = indexed.add(iter([record]), "noise")

    model = indexed.model_of(encoder)
    counts = vectors.counts(indexed.database, model)
    assert done.added.changed == 1
    assert (counts["image"], counts["region"]) == (9, 18)
    assert indexed.index(encoder).pictures == 1
    assert vectors.counts(indexed.database, model)["region"] == 20


def test_what_cannot_be_used_is_listed_and_the_rest_goes_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    records = picture_records(tmp_path, 3)
    records[0].path.write_text("no picture")
    gone = Record(tmp_path / "gone.png")
    flat = dataclasses.replace(records[1], regions=(Region((0.5, 0, 0.5, 1), "a line"),))
    write_finehard([records[0], gone, flat, records[2]], tmp_path / "a.json")

    done = workspace.import_from(tmp_path / "a.json")

    assert (done.added.images, done.added.regions, done.faults) == (2, 2, 3)
    told = {each["place"]: each["reason"] for each in catalogue.faults(workspace.database, 9)}
    assert "not a picture" in told[str(records[0].path)]
    assert told[str(gone.path)] == "there is no such file"
    assert "box 1 (0.5, 0, 0.5, 1) has no area" in told[str(records[1].path)]
    assert "the region 'a line' was left out" in told[str(records[1].path)]


def test_faults_that_were_mended_are_no_longer_listed(workspace: Workspace, tmp_path: Path) -> None:
    (record,) = picture_records(tmp_path, 1)
    write_finehard([record], tmp_path / "a.json")
    content = record.path.read_bytes()
    record.path.unlink()
    workspace.import_from(tmp_path / "a.json")
    record.path.write_bytes(content)

    workspace.import_from(tmp_path / "a.json")

    assert catalogue.faults(workspace.database, 9) == []
    assert catalogue.counts(workspace.database)["images"] == 1


def test_a_cancelled_import_keeps_what_it_added_and_goes_on_later(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.importing.BATCH", 4)
    write_finehard(picture_records(tmp_path, 10), tmp_path / "a.json")

    def stop(progress: Progress) -> None:
        if progress.done >= 4:
            raise CancelledError

    with pytest.raises(CancelledError):
        workspace.import_from(tmp_path / "a.json", watch=stop)
    assert catalogue.counts(workspace.database)["images"] == 4

    done = workspace.import_from(tmp_path / "a.json")
    assert (done.added.images, done.added.known) == (6, 4)
