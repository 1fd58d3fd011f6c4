from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.data.records import Record, Region
from fgclip.encoder import Encoder
from fgclip.workspace.progress import CancelledError, Progress
from fgclip.workspace.store import catalogue, vectors
from fgclip.workspace.workspace import Workspace
from tests.support.noise import BOXES, picture_records


def test_vectors_are_those_of_the_encoder(indexed: Workspace, encoder: Encoder) -> None:
    model = indexed.model_of(encoder)
    first, *_ = catalogue.pictures(indexed.database, [1])
    dense = encoder.encode_dense(first.path)

    image = vectors.fetch(indexed.database, model, "image", first.id)
    regions = [vectors.fetch(indexed.database, model, "region", id_) for id_ in first.region_ids]
    text = vectors.fetch(indexed.database, model, "text", 1)

    np.testing.assert_allclose(image, encoder.encode_image(first.path)[0], atol=1e-5)
    np.testing.assert_allclose(regions, dense.regions(BOXES), atol=1e-5)
    np.testing.assert_allclose(text, encoder.encode_text("a bird", "box")[0], atol=1e-5)


def test_what_is_indexed_is_left_alone(indexed: Workspace, encoder: Encoder) -> None:
    done = indexed.index(encoder)

    assert (done.pictures, done.texts) == (0, 0)


def test_new_regions_of_known_pictures_are_indexed_alone(
    indexed: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path / "pictures", 1)
    more = Record(record.path, regions=(Region((0, 0, 1, 1), "everything"),))
    indexed.add(iter([more]), "more")

    done = indexed.index(encoder)

    counts = vectors.counts(indexed.database, indexed.model_of(encoder))
    assert (done.pictures, done.texts) == (1, 1)
    assert counts == {"image": 10, "region": 21, "text": 4}


def test_indexing_that_was_stopped_goes_on_where_it_was(
    pictured: Workspace, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.indexing.KEPT_TOGETHER", 1)

    def stop(progress: Progress) -> None:
        if progress.done >= 4:
            raise CancelledError

    with pytest.raises(CancelledError):
        pictured.index(encoder, batch_size=2, watch=stop)
    assert vectors.counts(pictured.database, pictured.model_of(encoder))["image"] == 4

    assert pictured.index(encoder, batch_size=2).pictures == 6
    counts = vectors.counts(pictured.database, pictured.model_of(encoder))
    assert counts == {"image": 10, "region": 20, "text": 3}


def test_pictures_that_cannot_be_read_any_more_are_listed(
    pictured: Workspace, encoder: Encoder
) -> None:
    gone, changed, *_ = catalogue.pictures(pictured.database, range(1, 11))
    gone.path.unlink()
    Image.new("RGB", (80, 60)).save(changed.path)

    done = pictured.index(encoder)

    told = {each["place"]: each["reason"] for each in catalogue.faults(pictured.database, 9)}
    assert (done.pictures, done.faults) == (8, 2)
    assert told[str(gone.path)] == "cannot be read: No such file or directory"
    assert "has changed since it was imported" in told[str(changed.path)]


def test_several_models_lie_side_by_side(
    indexed: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    indexed.index(other_encoder)

    first, second = indexed.models
    assert first.sha256 != second.sha256
    assert vectors.counts(indexed.database, first) == vectors.counts(indexed.database, second)


def test_progress_counts_pictures_and_then_phrases(pictured: Workspace, encoder: Encoder) -> None:
    told: list[Progress] = []

    pictured.index(encoder, batch_size=5, watch=told.append)

    assert [(each.stage, each.done, each.total) for each in told] == [
        ("indexing pictures", 0, 10), ("indexing pictures", 5, 10), ("indexing pictures", 10, 10),
        ("indexing phrases", 0, 3), ("indexing phrases", 3, 3),
    ]  # fmt: skip
    assert told[1].seconds_left == pytest.approx(5 / told[1].rate)
