from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.encoder import Encoder
from fgclip.workspace.mapping import Parameters, fit, stratified
from fgclip.workspace.progress import CancelledError, Progress
from fgclip.workspace.store import captions, maps, points
from fgclip.workspace.store.colouring import colouring_of
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.viewport import viewport
from fgclip.workspace.workspace import Workspace
from tests.support.maps import kept
from tests.support.noise import picture_records, unit_vectors


@pytest.mark.slow
def test_a_map_of_regions_is_kept_with_its_clusters_and_the_rest_is_placed(
    workspace: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    workspace.add(iter(picture_records(tmp_path / "pictures", 60)), "noise")
    workspace.index(encoder)
    told: list[Progress] = []
    parameters = Parameters(fitted=80, seed=3)

    run = workspace.map(
        workspace.model_of(encoder), "region", parameters, name="mine", watch=told.append
    )

    assert (run.name, run.points, run.fitted, run.kind) == ("mine", 120, 80, "region")
    assert run.parameters == {"neighbours": 15, "min_dist": 0.1, "seed": 3, "fitted": 80}
    assert list(workspace.maps) == [run]
    _, coordinates = points.layout_of(workspace.database, run)
    assert np.isfinite(coordinates).all()
    assert coordinates.std() > 0.1
    stages = list(dict.fromkeys(each.stage for each in told))
    assert stages == [
        "starting UMAP", "finding neighbours", "laying out", "placing by neighbours",
    ]  # fmt: skip
    assert max(each.done for each in told if each.stage == "laying out") > 100
    clusters = maps.clusters_of(workspace.database, run)
    faces = np.array([each.representative for each in clusters])
    said = captions.captions_of(workspace.database, "region", faces)
    assert clusters
    for each in clusters:
        assert each.label.split(", ")[0] in said[each.representative]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_map() -> None:
    vectors = unit_vectors(60, 8, 0)

    once, twice = (fit(vectors, Parameters(seed=5)) for _ in range(2))

    np.testing.assert_array_equal(once, twice)


def test_a_map_that_is_stopped_is_not_kept(indexed: Workspace, encoder: Encoder) -> None:
    begun = time.monotonic()

    def stop(_: Progress) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        indexed.map(indexed.model_of(encoder), "region", Parameters(), watch=stop)
    assert not indexed.maps
    assert time.monotonic() - begun < 5  # and UMAP's process, which takes longer, is gone


def test_too_few_vectors_are_no_map(pictured: Workspace, encoder: Encoder) -> None:
    with pytest.raises(WorkspaceError, match=r"has indexed 0 region vectors; a map needs 5"):
        pictured.map(pictured.model_of(encoder), "region", Parameters())


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("neighbours", 1, "choose from 2 to 200"),
        ("min_dist", 1.5, "not between 0 and 1"),
        ("fitted", 2, "fit 5 at least"),
    ],
)
def test_senseless_parameters_are_refused(field: str, value: float, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        Parameters(**{field: value})


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=300), st.integers(1, 300), st.integers(0, 9)
)
def test_every_stratum_has_its_share_of_a_sample(strata: list[int], count: int, seed: int) -> None:
    numbers = np.unique(np.array(strata), return_inverse=True)[1]
    count = min(count, len(strata))

    rows = stratified(numbers, count, seed)

    assert len(set(rows.tolist())) == len(rows) == count
    assert (np.diff(rows) > 0).all()
    all_sizes, sizes = np.bincount(numbers), np.bincount(numbers[rows], minlength=numbers.max() + 1)
    if count >= len(all_sizes):
        assert (sizes >= 1).all()
        assert (np.abs(sizes - all_sizes * count / len(strata)) <= len(all_sizes)).all()


def test_what_is_indexed_later_is_placed_on_a_map(
    indexed: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    run = kept(indexed, encoder, np.random.default_rng(0).random((20, 2)))
    indexed.add(iter(picture_records(tmp_path / "pictures", 3, first=10)), "more")
    indexed.index(encoder)

    placed = indexed.place(run)

    (after,) = indexed.maps
    owners, _ = points.layout_of(indexed.database, after)
    assert (placed, after.points, after.fitted) == (6, 26, 20)
    assert owners.tolist() == list(range(1, 27))
    colouring = colouring_of(indexed.database, after, "category")
    seen = viewport(indexed.database, after, after.frame, colouring)
    assert (seen.inside, int(seen.placed.sum())) == (26, 6)
    assert indexed.place(after) == 0


def test_what_was_placed_stays_when_the_work_is_stopped(
    indexed: Workspace, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = kept(indexed, encoder, np.random.default_rng(0).random((20, 2)))
    indexed.add(iter(picture_records(tmp_path / "pictures", 3, first=10)), "more")
    indexed.index(encoder)
    monkeypatch.setattr("fgclip.workspace.placing.ROWS", 2)

    def watch(progress: Progress) -> None:
        if progress.done == 4:
            raise CancelledError

    with pytest.raises(CancelledError):
        indexed.place(run, watch=watch)

    (after,) = indexed.maps
    owners, _ = points.layout_of(indexed.database, after)
    assert owners.tolist() == list(range(1, 25))
    assert indexed.place(after) == 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seed", -1, "seed -1 is not between 0 and 4294967295; try 0"),
        ("seed", 2**32, "seed 4294967296 is not"),
        ("min_dist", float("nan"), "min_dist nan is not between 0 and 1; try 0.1"),
        ("min_dist", -0.1, "min_dist -0.1 is not"),
        ("neighbours", -1, "-1 neighbours: choose from 2 to 200"),
        ("fitted", 2**70, "fit 5 at least, 2147483647 at most"),
        ("fitted", 4, "4 fitted points"),
    ],
)
def test_a_parameter_of_a_map_that_makes_no_sense_is_named_with_the_remedy(
    name: str, value: float, words: str
) -> None:
    with pytest.raises(WorkspaceError, match=words):
        Parameters(**{name: value})  # type: ignore[arg-type]
