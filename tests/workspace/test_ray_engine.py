"""On a local Ray cluster with two workers, one of which is killed on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import ray

from fgclip.encoder import Encoder
from fgclip.workspace import check
from fgclip.workspace.placing import placed_among
from fgclip.workspace.ray_engine import RayCluster, index_on_ray, list_pictures, place_on_ray
from fgclip.workspace.store import catalogue, vectors
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.workspace import Workspace
from tests.support.noise import picture_records, unit_vectors

pytestmark = pytest.mark.slow
TWO = RayCluster(workers=2, batch_size=4)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    yield
    ray.shutdown()


def workers() -> list[int]:
    """Processes that encode."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if words.startswith(b"ray::") and b"_Encode" in words:
            found.append(int(process.name))
    return found


def kill_one(killed: list[int]) -> None:
    """As soon as one of the workers encodes."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        found = workers()
        if found:
            time.sleep(0.3)
            os.kill(found[0], signal.SIGKILL)
            killed.append(found[0])
            return
        time.sleep(0.02)


def test_a_worker_that_is_killed_costs_nothing_but_time(
    tmp_path: Path, model_folder: Path, encoder: Encoder
) -> None:
    with Workspace(tmp_path / "w", shard_folders=[tmp_path / "shards"]) as workspace:
        workspace.add(iter(picture_records(tmp_path / "pictures", 120)), "noise")
        (tmp_path / "pictures" / "0007.png").write_text("damaged")
        items = list(workspace.items(encoder))
        killed: list[int] = []
        killer = Thread(target=kill_one, args=[killed])
        killer.start()

        given = index_on_ray(
            items, tmp_path / "shards", model=str(model_folder), card=asdict(encoder.card),
            device="cpu", dtype="float32", cluster=TWO,
        )  # fmt: skip
        killer.join()
        attached = workspace.attach(tmp_path / "shards")

        assert (given, len(killed)) == (120, 1)
        assert (attached.images, attached.regions, attached.faults) == (0, 0, 1)
        model = workspace.model_of(encoder)
        assert vectors.counts(workspace.database, model) == {"image": 119, "region": 238, "text": 0}
        first, *_ = catalogue.pictures(workspace.database, [1])
        np.testing.assert_allclose(
            vectors.fetch(workspace.database, model, "region", first.region_ids[1]),
            encoder.encode_regions(first.path, first.boxes)[1],
            atol=1e-5,
        )
        assert not [each for each in check.faults(workspace.database) if "pictures" not in each]
        done = workspace.index(encoder)
        assert (done.pictures, done.texts, done.faults) == (0, 3, 1)


def test_pictures_of_a_url_come_with_their_vectors_and_go_on_where_they_were(
    tmp_path: Path, model_folder: Path, encoder: Encoder
) -> None:
    picture_records(tmp_path / "pictures", 6)
    shards = tmp_path / "shards"

    def run() -> int:
        return index_on_ray(
            list_pictures(f"file://{tmp_path}/pictures"), shards, model=str(model_folder),
            card=asdict(encoder.card), device="cpu", dtype="float32", cluster=TWO,
        )  # fmt: skip

    assert run() == 6
    picture_records(tmp_path / "pictures", 2, first=6)
    assert run() == 2

    with Workspace(tmp_path / "w", shard_folders=[shards]) as workspace:
        attached = workspace.attach(shards, name="bucket")
        assert (attached.images, attached.vectors) == (8, 8)
        assert workspace.attach(shards, name="bucket").images == 0
        model = workspace.model_of(encoder)
        query = vectors.fetch(workspace.database, model, "image", 3)
        assert workspace.search.nearest(model, "image", query, limit=1).owners.tolist() == [3]
    with Workspace(tmp_path / "w") as again:  # the shards are known from then on
        assert vectors.counts(again.database, model)["image"] == 8


def test_places_are_those_of_one_process(tmp_path: Path) -> None:
    fitted, new = unit_vectors(300, 16, 0), unit_vectors(500, 16, 1)
    coordinates = np.random.default_rng(0).random((300, 2)).astype(np.float32)
    owners = np.arange(500)

    found = place_on_ray([(owners, new)], fitted, coordinates, tmp_path / "out", cluster=TWO)

    parts = list(found)
    order = np.argsort(np.concatenate([some for some, _ in parts]))
    places = np.concatenate([places for _, places in parts])[order]
    np.testing.assert_allclose(places, placed_among(new, fitted, coordinates), atol=1e-5)


def test_shards_of_nothing_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(WorkspaceError, match=r"holds no \*\.parquet"):
        workspace.attach(tmp_path / "empty")
    with pytest.raises(WorkspaceError, match="no picture below"):
        list(list_pictures(str(tmp_path / "empty")))
