from __future__ import annotations

import pytest
from PIL import Image

from fgclip.boxes import check_boxes
from fgclip.data import Record, read_finehard
from training.scenes.gallery import GALLERY, NUMBERS
from training.scenes.splits import TRAIN_STYLES


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return read_finehard(GALLERY / "gallery.json")


def test_the_gallery_holds_sixty_scenes_and_some_photographs(records: list[Record]) -> None:
    kinds = [record.meta["kind"] for record in records]

    assert kinds.count("composed") == len(NUMBERS) == len(set(NUMBERS)) == 60
    assert 5 <= kinds.count("photograph") <= 8


def test_every_picture_opens_and_is_fully_described(records: list[Record]) -> None:
    for record in records:
        with Image.open(record.path) as picture:
            assert min(picture.size) >= 300
        assert record.short_caption
        assert record.long_caption
        assert record.meta["title"]
        check_boxes([region.box for region in record.regions])
        for region in record.regions:
            texts = {negative.text for negative in region.negatives}
            assert len(texts - {region.phrase}) == 10


def test_scenes_show_permissive_art_in_combinations_never_trained_on(
    records: list[Record],
) -> None:
    for record in records:
        if record.meta["kind"] == "composed":
            objects = [region.meta for region in record.regions if region.meta]
            assert {meta["style"] for meta in objects} <= {*TRAIN_STYLES}
            assert any(meta["held_out"] for meta in objects), record.path


def test_photographs_name_their_source_and_licence(records: list[Record]) -> None:
    attribution = (GALLERY / "ATTRIBUTION.md").read_text()

    for record in records:
        if record.meta["kind"] == "photograph":
            assert record.meta["licence"] in {"CC0-1.0", "public domain"}
            assert record.path.stem in attribution


def test_the_gallery_stays_small(records: list[Record]) -> None:
    files = [path for path in GALLERY.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) < 5e6
    assert {path.name for path in (GALLERY / "pictures").iterdir()} == {
        r.path.name for r in records
    }
