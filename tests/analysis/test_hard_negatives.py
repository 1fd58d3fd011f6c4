"""What is kept of regions against their negatives."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgclip import load
from fgclip.analysis.hard_negatives import (
    RUN,
    Cell,
    Held,
    KeptMargins,
    failure_table,
    keep_failures,
    metric,
    read_metric,
    shared_routes,
)
from fgclip.encoder import Encoder
from fgclip.explore.api.failures import failure_answer
from fgclip.probe.failures import Outcome
from fgclip.workspace.progress import CancelledError, Progress, Watch, unwatched
from fgclip.workspace.workspace import Workspace
from tests.support.checkpoints import random_clip
from tests.support.models import small_tokenizer
from tests.support.noise import picture_records


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Plain CLIP: one route is trained, two are copies of it."""
    folder = tmp_path_factory.mktemp("clip")
    small_tokenizer().save(folder)
    random_clip().save_pretrained(folder)
    return load(folder, device="cpu", dtype="float32")


def test_copies_are_neither_asked_nor_kept_nor_told(clip: Encoder, tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(iter(picture_records(tmp_path / "pictures", 3)), "noise")
        model = workspace.model_of(clip)
        kept = keep_failures(workspace, clip, watch=lambda _: None)
        assert kept == KeptMargins(3, ())
        told = workspace.results.failures(RUN, model)
        assert [read_metric(each.metric) for each in told] == [("kind", "short")]

        workspace.results.add(RUN, model, [(2, metric("kind", "box"), -0.1)])  # as once
        answer = failure_answer(workspace, clip)
        assert [set(row.cells) for row in answer.rows] == [{"short"}]


def stopping_at(picture: int) -> Watch:
    """Stops when work comes to a picture, from 1."""

    def watch(progress: Progress) -> None:
        if progress.done == picture:
            raise CancelledError

    return watch


def test_a_stop_keeps_the_margins_of_every_picture_before_it(
    pictured: Workspace, encoder: Encoder
) -> None:
    model = pictured.model_of(encoder)
    with pytest.raises(CancelledError):
        keep_failures(pictured, encoder, watch=stopping_at(5))
    assert pictured.results.rows(RUN, model).tolist() == [2, 4, 6, 8]

    assert keep_failures(pictured, encoder, watch=unwatched).regions == 10
    before = pictured.results.failures(RUN, model)
    with pytest.raises(CancelledError):
        keep_failures(pictured, encoder, watch=stopping_at(5))
    assert pictured.results.failures(RUN, model) == before


def test_an_error_keeps_them_too(
    pictured: Workspace, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(held: Held) -> None:
        if held.path.name == "0002.png":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_failures(pictured, encoder, watch=unwatched, seen=fail)
    assert pictured.results.samples(RUN, pictured.model_of(encoder)) == 3


def test_a_whole_run_forgets_regions_that_have_no_negatives_any_more(
    pictured: Workspace, encoder: Encoder
) -> None:
    model = pictured.model_of(encoder)
    pictured.results.add(RUN, model, [(1, metric("kind", "box"), 0.1)])  # as once
    keep_failures(pictured, encoder, watch=unwatched)
    assert pictured.results.rows(RUN, model).tolist() == list(range(2, 21, 2))


def test_what_has_its_margins_need_not_be_asked_again(
    pictured: Workspace, encoder: Encoder
) -> None:
    first, *_ = pictured.pictures([1])
    first.path.write_bytes(b"no picture")
    assert keep_failures(pictured, encoder, watch=unwatched).regions == 9

    again: list[Held] = []
    rest = keep_failures(pictured, encoder, watch=unwatched, anew=False, seen=again.append)
    assert (rest.regions, len(rest.faults), again) == (0, 1, [])
    assert pictured.results.samples(RUN, pictured.model_of(encoder)) == 9


def test_two_models_share_the_routes_that_both_were_trained_on(
    clip: Encoder, encoder: Encoder
) -> None:
    assert shared_routes(encoder, encoder) == ("short", "long", "box")
    assert shared_routes(clip, encoder) == shared_routes(encoder, clip) == ("short",)


def test_phrases_for_regions_take_a_route_that_was_trained(clip: Encoder, encoder: Encoder) -> None:
    assert (clip.card.region_route, encoder.card.region_route) == ("short", "box")


def test_failures_are_counted_by_attribute_and_route() -> None:
    margins = {("size", "box"): [0.1], ("colour", "short"): [0.1, -0.2], ("colour", "box"): [0.0]}
    found = [
        Outcome(0, attribute, route, margin, "")
        for (attribute, route), several in margins.items()
        for margin in several
    ]

    table = failure_table(found)

    assert list(table) == ["colour", "size"]
    assert table["colour"] == {"short": Cell(2, 1), "box": Cell(1, 1)}  # a tie fools
    assert table["colour"]["short"].rate == 0.5
