from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import fgclip
from fgclip.encoder import Encoder
from fgclip.workspace.prebuilt import restore, save
from fgclip.workspace.store import catalogue, maps, points
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.workspace import Workspace
from tests.support.maps import kept
from tests.support.noise import picture_records


@pytest.fixture
def saved(indexed: Workspace, encoder: Encoder, tmp_path: Path) -> Path:
    """The map of a workspace, in a file."""
    run = kept(indexed, encoder, np.random.default_rng(0).random((20, 2)))
    save(indexed.database, indexed.model_of(encoder), run, tmp_path / "map.parquet")
    return tmp_path / "map.parquet"


def test_a_saved_map_fits_a_workspace_with_the_same_pictures_in_another_order(
    saved: Path, indexed: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    records = picture_records(tmp_path / "elsewhere", 10)
    with Workspace(tmp_path / "other") as other:
        other.add(reversed(records), "noise")

        run = restore(other.database, other.model_of(encoder), saved)

        assert run is not None
        (original,) = indexed.maps
        _, places = points.layout_of(indexed.database, original)
        _, found = points.layout_of(other.database, run)
        # Pictures, of two regions each, came in the opposite order.
        np.testing.assert_array_equal(found.reshape(10, 2, 2)[::-1], places.reshape(10, 2, 2))
        (cluster,) = maps.clusters_of(other.database, run)
        assert (cluster.label, cluster.representative) == ("cats", 19)


def test_it_fits_no_other_model_and_no_other_pictures(
    saved: Path, indexed: Workspace, encoder: Encoder, other_encoder: Encoder, tmp_path: Path
) -> None:
    assert restore(indexed.database, indexed.model_of(other_encoder), saved) is None
    with Workspace(tmp_path / "other") as other:
        other.add(iter(picture_records(tmp_path / "more", 11)), "noise")
        assert restore(other.database, other.model_of(encoder), saved) is None
    assert restore(indexed.database, indexed.model_of(encoder), tmp_path / "absent") is None


def test_only_maps_of_regions_can_be_saved(
    indexed: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    model = indexed.model_of(encoder)
    layout = maps.MapLayout(
        np.arange(1, 11), np.random.default_rng(0).random((10, 2)).astype(np.float32),
        np.zeros(10, bool), np.zeros(10, np.int32),
    )  # fmt: skip
    run = maps.keep(
        indexed.database, name="pictures", model=model, kind="image", method="umap",
        parameters={}, layout=layout,
    )  # fmt: skip

    with pytest.raises(WorkspaceError, match="only one of regions can be saved"):
        save(indexed.database, model, run, tmp_path / "map.parquet")


@pytest.mark.slow
def test_the_gallerys_own_map_fits_the_embedded_model(workspace: Workspace) -> None:
    gallery = Path(__file__).parents[2] / "assets" / "gallery"
    workspace.import_from(gallery / "gallery.json", name="gallery")
    embedded = fgclip.load("fgclip-mini", device="cpu", dtype="float32")

    run = restore(workspace.database, workspace.model_of(embedded), gallery / "map.parquet")

    assert run is not None
    assert run.points == catalogue.counts(workspace.database)["regions"]
