from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.data import Region
from training.scenes.composer import BACKGROUND, Composer
from training.scenes.palette import COLOUR_NAMES
from training.scenes.splits import (
    OUTLINED_STYLES,
    SPLITS,
    TRAIN_STYLES,
    Rules,
    concept_held_out,
    drawing_held_out,
    pair_held_out,
)
from training.scenes.sprites import SpritePack

names = st.text(min_size=1, max_size=10)
styles = st.sampled_from((*TRAIN_STYLES, *OUTLINED_STYLES, "openmoji", "fxemoji"))
words = st.sampled_from((*COLOUR_NAMES, "light", "medium", "dark"))
counts = st.integers(1, 5)


def objects_of(pack: SpritePack, split: Any, scenes: int = 250) -> Iterator[tuple[str, Region]]:
    composer = Composer(pack, size=48, objects=(1, 3), split=split, seed=3)
    for number in range(scenes):
        scene = composer.scene(number)
        for region in scene.regions:
            if region.category != BACKGROUND:
                yield scene.long_caption, region


@given(names, styles, counts)
def test_train_draws_nothing_that_is_held_out(name: str, style: str, count: int) -> None:
    if Rules("train").draws(name, style, count):
        assert style in (*TRAIN_STYLES, *OUTLINED_STYLES)
        assert not concept_held_out(name)
        assert style in OUTLINED_STYLES or not drawing_held_out(name, style, count)


@given(names, counts, st.sampled_from([split for split in SPLITS if split != "train"]))
def test_outlined_art_is_in_no_test(name: str, count: int, split: Any) -> None:
    assert not any(Rules(split).draws(name, style, count) for style in OUTLINED_STYLES)


@given(names, styles, counts, st.sampled_from(("compositions", "drawings", "concepts", "style")))
def test_what_train_draws_only_compositions_draw_again(
    name: str, style: str, count: int, split: Any
) -> None:
    both = Rules("train").draws(name, style, count) and Rules(split).draws(name, style, count)

    assert not both or split == "compositions"


@given(names, words)
def test_a_pair_is_shown_either_by_train_or_by_compositions(name: str, word: str) -> None:
    assert Rules("train").shows(name, word) != Rules("compositions").shows(name, word)


def test_about_as_many_are_held_out_as_promised() -> None:
    many = [f"concept {number}" for number in range(4000)]

    assert 0.04 < sum(map(concept_held_out, many)) / 4000 < 0.06
    assert 0.08 < sum(pair_held_out(name, "red") for name in many) / 4000 < 0.12
    assert 0.08 < sum(drawing_held_out(name, "noto", 3) for name in many) / 4000 < 0.12


def test_a_drawing_is_held_out_only_where_others_teach_the_concept() -> None:
    assert not any(drawing_held_out(f"concept {number}", "noto", 2) for number in range(100))


def test_the_same_things_are_held_out_everywhere() -> None:
    assert concept_held_out("taxi")
    assert not concept_held_out("car")
    assert pair_held_out("dog", "blue")
    assert not pair_held_out("dog", "red")
    assert drawing_held_out("wolf", "noto", 5)


def test_train_scenes_show_and_say_nothing_held_out(pack: SpritePack) -> None:
    hidden = [c.name for c in pack.concepts if concept_held_out(c.name)]
    assert hidden
    for caption, region in objects_of(pack, "train"):
        name, meta = region.category, region.meta
        assert not concept_held_out(name)
        assert not drawing_held_out(name, meta["style"], len(TRAIN_STYLES))
        assert meta["style"] in TRAIN_STYLES
        assert not meta["held_out"]
        for word in filter(None, (meta["colour"], meta["tone"])):
            assert not pair_held_out(name, word)
        texts = [caption, region.phrase, region.long_phrase, *(n.text for n in region.negatives)]
        for text in texts:
            assert not any(f" {other}" in text for other in hidden)


def test_train_phrases_never_pair_a_concept_with_a_held_out_word(pack: SpritePack) -> None:
    for _, region in objects_of(pack, "train"):
        for text in (region.phrase, *(negative.text for negative in region.negatives)):
            for concept in pack.concepts:
                if text.partition(" with ")[0].endswith(f" {concept.name}"):
                    said = {*text.split()} & {*COLOUR_NAMES, "light", "medium", "dark"}
                    assert not any(pair_held_out(concept.name, word) for word in said), text


def test_composition_scenes_show_only_held_out_pairs_when_they_alter(pack: SpritePack) -> None:
    seen = 0
    for _, region in objects_of(pack, "compositions"):
        words = [word for word in (region.meta["colour"], region.meta["tone"]) if word]
        assert all(pair_held_out(region.category, word) for word in words)
        assert region.meta["held_out"] == bool(words)
        seen += bool(words)
    assert seen > 100


@pytest.mark.parametrize(("split", "style"), [("style", "openmoji"), ("style2", "fxemoji")])
def test_style_scenes_show_one_unseen_style(pack: SpritePack, split: Any, style: str) -> None:
    shown = {region.meta["style"] for _, region in objects_of(pack, split, scenes=60)}

    assert shown == {style}


def test_concept_and_drawing_scenes_show_only_unseen_ones(pack: SpritePack) -> None:
    for _, region in objects_of(pack, "concepts", scenes=60):
        assert concept_held_out(region.category)
    for _, region in objects_of(pack, "drawings", scenes=60):
        assert drawing_held_out(region.category, region.meta["style"], len(TRAIN_STYLES))


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown split 'test'"):
        Rules("test")  # type: ignore[arg-type]
