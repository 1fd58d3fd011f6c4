from __future__ import annotations

import numpy as np
import pytest

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import DetectionOptions, Finder, KeptBoxes, keep_boxes
from fgclip.cli.main import build_parser
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.explore.api.schemas.detect import DetectQuestion
from fgclip.explore.api.schemas.fields import prompts_of
from fgclip.probe.prompts import Prompt
from fgclip.workspace.progress import CancelledError, Progress
from fgclip.workspace.workspace import Workspace

PROMPTS = [Prompt("the cat"), Prompt("a dog")]


def test_boxes_in_all_pictures_become_regions_once(mapped: Workspace, encoder: Encoder) -> None:
    finder = Finder(encoder, Reference.of_workspace(encoder, mapped))
    options = DetectionOptions(share=0.5)
    told: list[Progress] = []
    first, *_ = mapped.pictures([1])
    first.path.unlink()

    done = keep_boxes(mapped, finder, PROMPTS, options, watch=told.append)
    again = keep_boxes(mapped, finder, PROMPTS, options, watch=told.append)

    assert done.boxes > 0
    assert done.faults == 1
    assert again == KeptBoxes(0, done.pictures, 1)
    ((kept, pictures, least),) = mapped.database.rows(
        "SELECT count(*), count(DISTINCT image_id), min(score) FROM regions "
        "WHERE origin = 'proposal' AND phrase IN ('the cat', 'a dog')"
    )
    assert (kept, pictures) == (done.boxes, done.pictures)
    assert least is not None
    assert told[-1].done == told[-1].total == 10


def test_what_was_found_stays_when_the_work_is_stopped(mapped: Workspace, encoder: Encoder) -> None:
    finder = Finder(encoder, Reference.of_workspace(encoder, mapped))

    def watch(progress: Progress) -> None:
        if progress.done > 6:
            raise CancelledError

    with pytest.raises(CancelledError):
        keep_boxes(mapped, finder, PROMPTS, DetectionOptions(share=0, crops=True), watch=watch)

    pictures = mapped.database.ids(
        "SELECT DISTINCT image_id FROM regions WHERE origin = 'proposal' ORDER BY 1"
    )
    assert pictures.tolist() == [1, 2, 3, 4, 5, 6]


def test_fg_clip_1_reads_phrases_by_the_route_of_search_and_map_alike(encoder: Encoder) -> None:
    asked = ["the cat", "a dog"]
    by_search = encoder.encode_text(asked, encoder.card.region_route)
    np.testing.assert_allclose(
        encoder.encode_text(asked, DetectionOptions().route), by_search, atol=1e-6
    )
    longer = [" ".join(["cat"] * 100)]
    with pytest.warns(TruncatedTextWarning, match="box route"):
        cut = encoder.encode_text(longer, encoder.card.region_route)
    assert np.abs(encoder.encode_text(longer, DetectionOptions().route) - cut).max() > 0.01


def test_phrases_that_name_no_route_are_read_alike_everywhere() -> None:
    command = build_parser().parse_args(["detect", "a.png", "--phrase", "the cat"])
    question = DetectQuestion.model_validate({"token": "a", "prompts": ["the cat"]})
    (on_the_page,) = prompts_of(question.prompts)

    assert [on_the_page] == DetectionOptions().prompts(["the cat"])
    assert command.route == on_the_page.route
