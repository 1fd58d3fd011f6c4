from __future__ import annotations

import pickle
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.boxes import check_boxes
from fgclip.data import read_finehard
from fgclip.data.records import Corners
from training.scenes.composer import BACKGROUND, Composer, Scene
from training.scenes.layout import OVERLAP
from training.scenes.preview import contact_sheet
from training.scenes.sprites import SpritePack
from training.scenes.write import write_scenes

MANY = 200


def overlap(one: Corners, other: Corners) -> float:
    """The shared area of two boxes as a share of the smaller."""
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    return across * down / min((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (one, other))


@pytest.fixture(scope="module")
def composer(pack: SpritePack) -> Composer:
    return Composer(pack, size=64, objects=(1, 4), split="train", seed=1)


@pytest.fixture(scope="module")
def scenes(composer: Composer) -> list[Scene]:
    return [composer.scene(number) for number in range(MANY)]


def test_a_number_always_gives_the_same_scene(composer: Composer, scenes: list[Scene]) -> None:
    again = pickle.loads(pickle.dumps(composer))

    for number in (3, 7):
        scene = again.scene(number)
        assert np.array_equal(scene.pixels, scenes[number].pixels)
        assert scene.regions == scenes[number].regions
        assert scene.long_caption == scenes[number].long_caption


def test_another_number_or_seed_gives_another_scene(pack: SpritePack, scenes: list[Scene]) -> None:
    other = Composer(pack, size=64, objects=(1, 4), split="train", seed=2).scene(0)

    assert not np.array_equal(scenes[0].pixels, scenes[1].pixels)
    assert not np.array_equal(scenes[0].pixels, other.pixels)


def test_pictures_and_boxes_have_the_promised_form(scenes: list[Scene]) -> None:
    for scene in scenes:
        assert scene.pixels.shape == (64, 64, 3)
        assert scene.pixels.dtype == np.uint8
        assert 1 <= len([r for r in scene.regions if r.category != BACKGROUND]) <= 4
        check_boxes([region.box for region in scene.regions])
        assert scene.short_caption
        assert scene.long_caption.endswith(".")


def test_every_region_has_ten_different_wrong_phrases(scenes: list[Scene]) -> None:
    for region in (region for scene in scenes for region in scene.regions):
        texts = [negative.text.lower() for negative in region.negatives]
        assert len(texts) == 10
        assert len({*texts, region.phrase.lower()}) == 11
        assert all(negative.attribute for negative in region.negatives)


def test_negatives_are_of_many_kinds_and_none_rules(scenes: list[Scene]) -> None:
    objects = [r for scene in scenes for r in scene.regions if r.category != BACKGROUND]
    counts = Counter(n.attribute for region in objects for n in region.negatives)

    assert {"kind near", "kind far", "colour", "size", "orientation", "tone", "gender"} <= {*counts}
    assert max(counts.values()) < 0.5 * counts.total()


def test_no_negative_names_what_the_drawing_could_also_be(
    pack: SpritePack, scenes: list[Scene]
) -> None:
    for region in (region for scene in scenes for region in scene.regions):
        for negative in region.negatives:
            assert not any(negative.text == f"a {name}" for name in region.meta.get("alike", ()))


def test_objects_hardly_cover_each_other(scenes: list[Scene]) -> None:
    for scene in scenes:
        boxes = [region.box for region in scene.regions if region.category != BACKGROUND]
        assert all(overlap(one, other) < OVERLAP + 1e-9 for one, other in combinations(boxes, 2))


def test_a_box_of_background_touches_no_object(scenes: list[Scene]) -> None:
    found = 0
    for scene in scenes:
        boxes = [region.box for region in scene.regions]
        for region in scene.regions:
            if region.category == BACKGROUND:
                found += 1
                assert region.phrase == scene.meta["background"]
                assert all(overlap(region.box, box) == 0 for box in boxes[:-1])
    assert 0.05 * MANY < found < 0.25 * MANY


def test_an_object_fills_its_box_and_nothing_beyond(pack: SpritePack) -> None:
    composer = Composer(pack, size=96, objects=(1, 1), split="seen", seed=0)
    plain = (composer.scene(number) for number in range(100))
    scene = next(s for s in plain if "a plain" in s.meta["background"])
    different = (scene.pixels != scene.pixels[0, 0]).any(-1)
    x0, y0, x1, y1 = (round(edge * 96) for edge in scene.regions[0].box)

    inside = different[y0:y1, x0:x1]

    assert inside.sum() == different.sum()
    assert inside[0].any()
    assert inside[-1].any()
    assert inside[:, 0].any()
    assert inside[:, -1].any()


def test_half_of_the_objects_or_more_are_as_drawn(scenes: list[Scene]) -> None:
    altered = [
        region.meta["altered"]
        for scene in scenes
        for region in scene.regions
        if region.category != BACKGROUND
    ]

    assert 0.1 < np.mean(altered) < 0.5


def test_size_words_agree_with_the_box(scenes: list[Scene]) -> None:
    for region in (region for scene in scenes for region in scene.regions):
        x0, y0, x1, y1 = region.box
        longest = max(x1 - x0, y1 - y0)
        words = region.phrase.split()
        if region.category != BACKGROUND:
            assert "small" not in words or longest <= 0.32
            assert "large" not in words or longest >= 0.50


def test_a_scene_never_shows_two_objects_that_no_word_tells_apart(scenes: list[Scene]) -> None:
    for scene in scenes:
        looks = [
            (region.category, region.meta["colour"], region.meta["tone"])
            for region in scene.regions
            if region.category != BACKGROUND
        ]
        assert len(set(looks)) == len(looks)


@pytest.mark.parametrize(
    ("size", "objects", "fault"),
    [(8, (1, 3), "too small"), (96, (3, 1), "ordered"), (96, (1, 9), "within 1 to 5")],
)
def test_nonsense_is_refused(
    pack: SpritePack, size: int, objects: tuple[int, int], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        Composer(pack, size=size, objects=objects, split="train", seed=0)


def test_written_scenes_are_read_back(pack: SpritePack, tmp_path: Path) -> None:
    composer = Composer(pack, size=48, objects=(1, 3), split="compositions", seed=0)

    path = write_scenes(composer, range(5), tmp_path)

    records = read_finehard(path)
    scene = composer.scene(4)
    assert len(records) == 5
    assert records[4].regions == scene.regions
    assert records[4].meta == scene.meta
    assert np.array_equal(np.asarray(Image.open(records[4].path)), scene.pixels)
    assert '"prompt": "a dog"' in (tmp_path / "concepts.json").read_text()


def test_a_contact_sheet_has_a_cell_for_each_scene(composer: Composer) -> None:
    sheet = contact_sheet(composer, first=0, count=3, columns=2)

    assert sheet.size == (640, 940)
