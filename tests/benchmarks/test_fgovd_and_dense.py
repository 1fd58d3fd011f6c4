"""What two benchmarks draw, sample and compute beside the clock."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.dense import masked, ours, random_model, random_patches
from benchmarks.fgovd import checked, drawn, spread_sample, texts_of
from fgclip.data.records import Negative, Record, Region

WHOLE = (0.0, 0.0, 1.0, 1.0)


def _picture(boxes: int) -> Record:
    return Record(Path(f"{boxes}.jpg"), regions=(Region(WHOLE, "a cup"),) * boxes, size=(40, 30))


def test_a_spread_sample_has_as_many_boxes_a_picture_as_all() -> None:
    records = [_picture(boxes) for boxes in (9, 1, 5, 1, 5, 9)]
    found = spread_sample(records, 3)
    assert [len(record.regions) for record in found] == [1, 5, 9]


def test_the_true_caption_is_the_first_text() -> None:
    region = Region(WHOLE, "a red cup", negatives=(Negative("a blue cup"), Negative("a red hat")))
    assert texts_of(region) == ["a red cup", "a blue cup", "a red hat"]


def test_a_drawn_picture_has_its_size_and_one_colour_in_a_box() -> None:
    picture = drawn(Record(Path(), regions=(Region((0.5, 0, 1, 1), "a cup"),), size=(40, 30)), 0)
    assert picture.size == (40, 30)
    assert len(set(picture.crop((20, 0, 40, 30)).get_flattened_data())) == 1
    assert len(set(picture.crop((0, 0, 20, 30)).get_flattened_data())) > 100


def test_the_folder_of_fgovd_must_be_given_and_be_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path) == tmp_path
    assert main(["fgovd"]) == 2
    assert "--fgovd is not given" in capsys.readouterr().err
    assert main(["fgovd", "--fgovd", str(tmp_path / "none")]) == 2
    assert "none is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("throughout", [False, True])
def test_attention_with_a_mask_written_out_answers_as_ours(throughout: bool) -> None:
    model, patches = random_model(layers=1), random_patches(36)
    with torch.inference_mode():
        found = masked(model, patches, throughout=throughout)
        torch.testing.assert_close(found, ours(model, patches), atol=1e-4, rtol=0)
