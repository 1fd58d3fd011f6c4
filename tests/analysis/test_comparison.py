"""What it takes to compare two models is made once."""

from __future__ import annotations

from fgclip.analysis import comparison
from fgclip.analysis.hard_negatives import RUN
from fgclip.encoder import Encoder
from fgclip.workspace.progress import Progress, unwatched
from fgclip.workspace.workspace import Workspace


def test_a_picture_that_cannot_be_read_does_not_make_all_be_asked_again(
    mapped: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    first, *_ = mapped.pictures([1])
    first.path.write_bytes(b"no picture")
    comparison.prepare(mapped, (encoder, other_encoder), "image", watch=unwatched)
    models = [mapped.model_of(each) for each in (encoder, other_encoder)]
    assert [mapped.results.samples(RUN, model) for model in models] == [9, 9]

    told: list[Progress] = []
    comparison.prepare(mapped, (encoder, other_encoder), "image", watch=told.append)

    asked = {each.total for each in told if each.stage == "holding regions against negatives"}
    assert asked == {1}
    assert [mapped.results.samples(RUN, model) for model in models] == [9, 9]
