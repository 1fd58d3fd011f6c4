"""Published models: the counts of the papers and of upstream's own modules."""

from __future__ import annotations

import json

import pytest

from fgclip.adapters.published import published
from fgclip.cli.main import main
from fgclip.model.checkpoints.hub import COMMIT, REVISIONS


def test_parameters_are_upstreams() -> None:
    counts = {each.name: each.parameters for each in published()}

    assert counts["qihoo360/fg-clip-base"] == 150_136_835
    assert counts["qihoo360/fg-clip-large"] == 428_914_947
    training_only = 2  # scales that releases of FG-CLIP 2 lack
    assert counts["qihoo360/fg-clip2-base"] == 383_803_394 + training_only
    assert counts["qihoo360/fg-clip2-large"] == 896_622_594 + training_only
    assert counts["qihoo360/fg-clip2-so400m"] == 1_154_017_410 + training_only


def test_every_model_has_its_figures_with_their_source() -> None:
    for model in published():
        assert model.memory == 4 * model.parameters
        for figures in model.reported.values():
            source, *numbers = figures.values()
            assert "FG-CLIP 2 (ICML 2026)" in source
            assert all(0 < number < 100 for number in numbers)


def test_files_that_were_measured_are_float32() -> None:
    measured = {each.name: each.disk / each.parameters for each in published() if each.disk}
    assert set(measured) == {"qihoo360/fg-clip2-large", "google/siglip2-so400m-patch16-naflex"}
    # The first is without two scales and with a header; the second without the parts of FG-CLIP 2.
    assert measured["qihoo360/fg-clip2-large"] == pytest.approx(4, abs=0.001)


def test_names_stand_for_commits_or_for_the_first_download() -> None:
    revisions = {each.name: each.revision for each in published()}
    unknown = {name for name, revision in revisions.items() if revision is None}
    assert unknown == {"openai/clip-vit-base-patch16", "openai/clip-vit-large-patch14-336"}
    assert set(REVISIONS) == set(revisions) - unknown
    assert all(COMMIT.fullmatch(commit) for commit in REVISIONS.values())


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--zoo"]) == 0
    told = json.loads(capsys.readouterr().out)["models"]
    assert [each["name"] for each in told] == [each.name for each in published()]
    assert told[0]["contexts"] == [77, 248]
