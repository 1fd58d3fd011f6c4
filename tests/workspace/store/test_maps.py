from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgclip.encoder import Encoder
from fgclip.workspace.store import maps, points
from fgclip.workspace.store.colouring import OTHER, Colouring, colouring_of
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.lasso import inside_lasso, lasso
from fgclip.workspace.store.viewport import viewport
from fgclip.workspace.workspace import Workspace
from tests.support.maps import kept

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


@pytest.fixture
def cloud() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(30_000, 2))


def test_a_map_comes_back_as_it_was_kept(pictured: Workspace, encoder: Encoder) -> None:
    coordinates = np.random.default_rng(0).random((20, 2)).astype(np.float32)
    placed = np.arange(20) > 14

    run = kept(pictured, encoder, coordinates, placed=placed)

    assert maps.maps(pictured.database) == [run]
    assert (run.fitted, run.points, run.kind) == (15, 20, "region")
    owners, places = points.layout_of(pictured.database, run)
    assert owners.tolist() == list(range(1, 21))
    np.testing.assert_array_equal(places, coordinates)
    assert points.layout_of(pictured.database, run, fitted=True)[0].tolist() == list(range(1, 16))
    owners, places = points.places_of(pictured.database, run, np.array([7, 99, 2]))
    assert owners.tolist() == [7, 2]
    np.testing.assert_array_equal(places, coordinates[[6, 1]])
    assert [each.label for each in maps.clusters_of(pictured.database, run)] == ["cats"]


def test_clusters_stand_where_they_are_seen(pictured: Workspace, encoder: Encoder) -> None:
    coordinates = np.array([(0.5, 0.5), (0.6, 0.6), (0.9, 0.9), (0.1, 0.1), (0.2, 0.2)])
    run = kept(pictured, encoder, coordinates, cluster=np.array([0, 0, 0, -1, 7], np.int32))

    (cats,) = points.clusters_among(pictured.database, run, np.array([3, 2, 4, 5]))

    assert (cats.label, cats.size, cats.representative) == ("cats", 2, 2)
    assert (cats.x, cats.y) == pytest.approx((0.6, 0.6))
    assert points.clusters_among(pictured.database, run, np.array([4, 5])) == []


def test_a_map_that_was_removed_is_gone(pictured: Workspace, encoder: Encoder) -> None:
    run = kept(pictured, encoder, np.random.default_rng(0).random((20, 2)))

    maps.remove(pictured.database, run.id)

    assert maps.maps(pictured.database) == []
    with pytest.raises(WorkspaceError, match=f"no map {run.id} in this workspace"):
        maps.map_of(pictured.database, run.id)
    assert kept(pictured, encoder, np.random.default_rng(0).random((20, 2))).id == run.id + 1


def test_few_points_are_all_drawn_with_their_colours(pictured: Workspace, encoder: Encoder) -> None:
    run = kept(pictured, encoder, np.random.default_rng(0).random((20, 2)))
    colouring = colouring_of(pictured.database, run, "category")

    seen = viewport(pictured.database, run, run.frame, colouring)

    assert (colouring.values, colouring.counts) == (("cat", "dog", "bird"), (7, 7, 6, 0))
    assert sorted(seen.owners.tolist()) == list(range(1, 21))
    assert (seen.inside, seen.density) == (20, None)
    categories = dict(pictured.database.rows("SELECT id, category FROM regions"))
    assert [colouring.values[code] for code in seen.codes] == [
        categories[owner] for owner in seen.owners.tolist()
    ]


def test_one_value_can_be_isolated(pictured: Workspace, encoder: Encoder) -> None:
    run = kept(pictured, encoder, np.random.default_rng(0).random((20, 2)))
    colouring = colouring_of(pictured.database, run, "category")

    seen = viewport(pictured.database, run, run.frame, colouring, among=colouring.owners_of("bird"))

    birds = pictured.database.ids("SELECT id FROM regions WHERE category = 'bird' ORDER BY id")
    assert sorted(seen.owners.tolist()) == birds.tolist()
    assert seen.inside == 6
    assert seen.density is not None
    assert seen.density.points.sum() == 20  # the others stand behind them


def test_clusters_colour_too(pictured: Workspace, encoder: Encoder) -> None:
    cluster = np.where(np.arange(20) < 3, 0, -1).astype(np.int32)
    run = kept(pictured, encoder, np.random.default_rng(0).random((20, 2)), cluster=cluster)
    colouring = colouring_of(pictured.database, run, "cluster")

    seen = viewport(pictured.database, run, run.frame, colouring, among=colouring.owners_of("cats"))

    assert sorted(seen.owners.tolist()) == [1, 2, 3]
    assert dict(zip(colouring.values, colouring.counts, strict=False)) == {"": 17, "cats": 3}


def no_colour(count: int) -> Colouring:
    return Colouring("category", False, (), (), np.full(count + 1, OTHER, np.uint8))


def test_of_many_points_a_fair_share_is_drawn_and_the_density_counts_all(
    pictured: Workspace, encoder: Encoder, cloud: np.ndarray
) -> None:
    run = kept(pictured, encoder, cloud)

    seen = viewport(pictured.database, run, run.frame, no_colour(len(cloud)))

    assert seen.inside == 30_000
    assert 19_000 < len(seen.owners) <= 20_000
    assert len(set(seen.owners.tolist())) == len(seen.owners)
    assert seen.density is not None
    assert seen.density.points.sum() == 30_000
    right = cloud[:, 0] > 0
    assert np.mean(seen.coordinates[:, 0] > 0) == pytest.approx(right.mean(), abs=0.02)


def test_a_part_is_as_exact_as_the_whole(
    pictured: Workspace, encoder: Encoder, cloud: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.store.viewport.MOST_POINTS", 100)
    run = kept(pictured, encoder, cloud)
    x, y = cloud.T
    for frame in ((-0.5, -0.5, 0.5, 0.5), (0.0, 0.0, 0.05, 0.05)):
        x0, y0, x1, y1 = frame
        expected = ((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).sum()

        seen = viewport(pictured.database, run, frame, no_colour(len(cloud)))

        assert seen.inside == pytest.approx(expected, abs=2)  # stored in float32
        assert len(seen.owners) <= 100
        inside = (seen.coordinates >= (x0, y0)) & (seen.coordinates <= (x1, y1))
        assert inside.all()


@settings(max_examples=25)
@given(st.integers(0, 999), st.integers(3, 12))
def test_a_lasso_holds_what_lies_inside_by_the_even_odd_rule(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, seed: int, corners: int
) -> None:
    random = np.random.default_rng(seed)
    coordinates = random.random((400, 2)).astype(np.float32)
    polygon = [(float(x), float(y)) for x, y in random.random((corners, 2))]
    with Workspace(tmp_path_factory.mktemp("lasso")) as workspace:
        run = kept(workspace, encoder, coordinates)
        inside = inside_lasso(workspace.database, run, polygon)
        some, selected = lasso(workspace.database, run, polygon, limit=5)

    expected = [
        n + 1 for n, point in enumerate(coordinates.astype(float)) if even_odd(point, polygon)
    ]
    assert inside.tolist() == expected
    assert selected == len(expected)
    assert set(some.tolist()) <= set(expected)
    assert len(some) == min(5, len(expected))


def even_odd(point: np.ndarray, polygon: list[tuple[float, float]]) -> bool:
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y < y0) != (y < y1) and x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)):
            crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize("corners", [SQUARE[:2], SQUARE * 60, [*SQUARE, (float("nan"), 0.0)]])
def test_what_is_no_polygon_is_refused(
    pictured: Workspace, encoder: Encoder, corners: list[tuple[float, float]]
) -> None:
    run = kept(pictured, encoder, np.random.default_rng(0).random((20, 2)))

    with pytest.raises(WorkspaceError, match="draw it anew"):
        lasso(pictured.database, run, corners, limit=5)
