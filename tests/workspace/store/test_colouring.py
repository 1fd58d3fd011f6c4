"""What a map may be coloured by, and what colours then mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgclip.data.records import Record, Region
from fgclip.encoder import Encoder
from fgclip.workspace.store.colouring import (
    ABSENT,
    OTHER,
    UNNAMED,
    Colouring,
    colouring_of,
    colours,
)
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.fields import columns
from fgclip.workspace.store.maps import MapRun
from fgclip.workspace.store.viewport import viewport
from fgclip.workspace.workspace import Workspace
from tests.support.maps import kept
from tests.support.noise import picture_records


def spread(workspace: Workspace, encoder: Encoder, count: int) -> MapRun:
    return kept(workspace, encoder, np.random.default_rng(0).random((count, 2)))


@pytest.fixture
def run(workspace: Workspace, encoder: Encoder, tmp_path: Path) -> MapRun:
    """Two pictures with seventy regions each, from a hundredth to seven tenths of the picture."""
    pictures = picture_records(tmp_path / "pictures", 2)
    regions = tuple(Region((0, 0, 1, share / 100), "the cat") for share in range(1, 71))
    records = [Record(each.path, regions=regions) for each in pictures]
    workspace.add(iter(records), "steps")
    return spread(workspace, encoder, 140)


def told(workspace: Workspace, run: MapRun, colouring: Colouring) -> dict[int, str]:
    """Owner → value in the legend."""
    seen = viewport(workspace.database, run, run.frame, colouring)
    return {
        owner: colouring.values[code] if code < OTHER else "(other)"
        for owner, code in zip(seen.owners.tolist(), seen.codes.tolist(), strict=True)
    }


def test_fields_that_tell_points_apart_can_be_asked_for(
    pictured: Workspace, encoder: Encoder
) -> None:
    run = spread(pictured, encoder, 20)

    known = colours(pictured.database, run)

    assert known[:3] == ("cluster", "category", "split")
    assert {"phrase", "attributes", "place"} <= set(known)
    assert not {"id", "image_id", "path", "meta"} & set(known)
    one_value = {"source", "origin", "score", "width"}
    assert not one_value & set(known)
    with pictured.database.write() as cursor:
        cursor.execute("UPDATE regions SET origin = 'user', verdict = 'approved' WHERE id = 7")
    known = colours(pictured.database, run)
    assert "origin" in known
    assert "verdict" not in known  # before anything writes it


@pytest.mark.parametrize("kind", ["image", "region", "text"])
def test_every_field_can_be_shown(pictured: Workspace, encoder: Encoder, kind: str) -> None:
    run = spread(pictured, encoder, 3)
    as_kind = MapRun(**{**vars(run), "kind": kind})

    for field in columns(pictured.database, as_kind.kind).keys() - UNNAMED:
        colouring = colouring_of(pictured.database, as_kind, field)

        owners = np.arange(1, 4)
        for value, count in zip(colouring.values, colouring.counts, strict=False):
            assert len(colouring.owners_of(value)) == count
        assert colouring.counts_among(owners) == colouring.counts
        if colouring.held is None:
            assert sum(colouring.counts) == 3


def test_a_number_is_shown_in_steps_of_about_equal_shares(
    workspace: Workspace, run: MapRun
) -> None:
    colouring = colouring_of(workspace.database, run, "area")

    assert colouring.ordered
    assert colouring.values == (
        "< 0.11", "0.11 – 0.21", "0.21 – 0.31", "0.31 – 0.4", "0.4 – 0.5", "0.5 – 0.6", "≥ 0.6",
    )  # fmt: skip
    *counts, others = colouring.counts
    assert (sum(counts), others) == (140, 0)
    assert max(counts) - min(counts) <= 4
    areas = dict(workspace.database.rows("SELECT id, area FROM region_rows"))
    for owner, value in told(workspace, run, colouring).items():
        least, most = {"<": (0, 0.11), "≥": (0.6, 1)}.get(
            value[0], tuple(map(float, value.split(" – "))) if "–" in value else ()
        )
        assert least <= areas[owner] < most or areas[owner] == pytest.approx(most)


def test_a_step_holds_the_rows_of_its_range(workspace: Workspace, run: MapRun) -> None:
    colouring = colouring_of(workspace.database, run, "area")

    expected = workspace.database.ids("SELECT id FROM region_rows WHERE area >= 0.6 ORDER BY id")
    assert colouring.owners_of("≥ 0.6").tolist() == expected.tolist()


def test_a_number_with_few_values_shows_each_in_its_order(
    pictured: Workspace, encoder: Encoder
) -> None:
    colouring = colouring_of(pictured.database, spread(pictured, encoder, 20), "place")

    assert (colouring.values, colouring.counts) == (("0", "1"), (10, 10, 0))
    assert colouring.ordered


def test_of_a_long_tail_the_largest_are_told_from_the_smallest(
    workspace: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (picture,) = picture_records(tmp_path / "pictures", 1)
    small = [(left / 256, 0, left / 256 + 1 / 8, 1 / 16) for left in range(180)]
    large = [(0, 0, 1, share / 100) for share in range(2, 22)]
    regions = tuple(Region(box, "the cat") for box in (*small, *large))
    workspace.add(iter([Record(picture.path, regions=regions)]), "tail")

    colouring = colouring_of(workspace.database, spread(workspace, encoder, 200), "area")

    assert sum(colouring.counts) == 200
    assert colouring.values[-1] == "≥ 0.18"
    assert len(colouring.owners_of("≥ 0.18")) == 4
    assert colouring.counts[0] > 180


def test_rare_numbers_that_a_sample_misses_are_not_called_missing(
    workspace: Workspace, run: MapRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.store.colouring.SAMPLE", 5)
    with workspace.database.write() as cursor:
        cursor.execute("UPDATE regions SET place = greatest(0, id - 120)")

    colouring = colouring_of(workspace.database, run, "place")

    *counts, missing = colouring.counts
    assert (sum(counts), missing) == (140, 0)
    assert len(colouring.owners_of(colouring.values[-1])) < 20


def test_a_rare_origin_can_be_asked_for_though_a_sample_misses_it(
    workspace: Workspace, run: MapRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.store.colouring.SAMPLE", 5)
    with workspace.database.write() as cursor:
        cursor.execute("UPDATE regions SET origin = 'user' WHERE id = 77")

    assert "origin" in colours(workspace.database, run)


def test_large_numbers_are_told_whole(
    workspace: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    records = picture_records(tmp_path / "pictures", 20)
    for number, record in enumerate(records):  # what follows a PNG's end does not harm it
        with record.path.open("ab") as file:
            file.write(bytes(2_000_000 + number - record.path.stat().st_size))
    workspace.add(iter(records), "large")
    run = MapRun(**{**vars(spread(workspace, encoder, 20)), "kind": "image"})

    colouring = colouring_of(workspace.database, run, "bytes")

    assert colouring.values[0] == "< 2000003"
    assert colouring.values[-1] == "≥ 2000016"
    assert sum(colouring.counts) == 20


def test_what_has_no_number_has_no_colour(pictured: Workspace, encoder: Encoder) -> None:
    colouring = colouring_of(pictured.database, spread(pictured, encoder, 20), "score")

    assert (colouring.values, colouring.counts) == ((), (20,))


def test_attributes_are_told_each_and_the_rarest_gives_the_colour(
    pictured: Workspace, encoder: Encoder
) -> None:
    with pictured.database.write() as cursor:
        cursor.execute("INSERT INTO negatives VALUES (2, 5, 'a red cat', 'colour', 'user')")
        cursor.execute("DELETE FROM negatives WHERE region_id = 4")

    colouring = colouring_of(pictured.database, spread(pictured, encoder, 20), "attributes")

    assert (colouring.values, colouring.counts) == (("", "kind", "colour"), (11, 9, 1, 0))
    assert colouring.owners_of("colour").tolist() == [2]
    assert colouring.owners_of("kind").tolist() == [2, 6, 8, 10, 12, 14, 16, 18, 20]
    assert colouring.owners_of("kind", "colour").tolist() == [2, 6, 8, 10, 12, 14, 16, 18, 20]
    assert colouring.values[colouring.codes[2]] == "colour"
    kinds = colouring.limited("kind")
    assert kinds.values[kinds.codes[2]] == "kind"
    assert kinds.codes_of(np.array([4, 99])).tolist() == [OTHER, ABSENT]
    both = colouring.limited("kind", "colour")
    assert both.codes_of(np.arange(1, 21)).tolist() == [
        OTHER if owner % 2 or owner == 4 else 2 if owner == 2 else 1 for owner in range(1, 21)
    ]
    assert colouring.counts_among(np.array([1, 2, 99])) == (1, 1, 1, 0)


def test_what_is_not_on_the_map_does_not_count(pictured: Workspace, encoder: Encoder) -> None:
    colouring = colouring_of(pictured.database, spread(pictured, encoder, 5), "place")

    assert colouring.counts == (3, 2, 0)
    assert colouring.counts_among(np.arange(1, 21)) == colouring.counts
    assert colouring.codes_of(np.array([6, 999])).tolist() == [ABSENT, ABSENT]


def test_a_colour_that_the_kind_lacks_is_refused(pictured: Workspace, encoder: Encoder) -> None:
    with pytest.raises(WorkspaceError, match="no colour by 'mood'; choose cluster, category"):
        colouring_of(pictured.database, spread(pictured, encoder, 20), "mood")
