from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.sprites import ROUND, SAME_DRAWING, drawing
from training.scenes.alike import looks_alike_pairs, upside_down_looks_same
from training.scenes.palette import COLOUR_NAMES, COLOURS, colour_shares
from training.scenes.sprites import PackError, SpritePack


def disc(colour: tuple[int, ...]) -> Image.Image:
    return Image.new("RGBA", (20, 20), (*colour, 255))


def number_of(pack: SpritePack, name: str, style: str) -> int:
    return next(
        number
        for number, sprite in enumerate(pack.sprites)
        if pack.concepts[sprite.concept].name == name and sprite.style == style
    )


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_every_colour_is_called_by_its_own_name(name: str) -> None:
    shares = colour_shares(disc(COLOURS[name]))

    assert COLOUR_NAMES[int(np.argmax(shares))] == name
    assert shares.max() == 1


def test_skin_has_no_colour_word() -> None:
    assert colour_shares(disc((250, 220, 190))).sum() == 0


def test_transparent_pixels_have_no_colour() -> None:
    half = disc(COLOURS["red"])
    half.paste((0, 0, 255, 0), (0, 0, 20, 10))

    assert colour_shares(half)[COLOUR_NAMES.index("red")] == 1


def test_a_round_drawing_cannot_be_turned_but_another_can(pack: SpritePack) -> None:
    assert not pack.sprites[number_of(pack, ROUND, "noto")].reversible
    assert pack.sprites[number_of(pack, "dog", "noto")].reversible
    assert upside_down_looks_same(drawing(ROUND, "noto"))


def test_identical_drawings_are_found_in_their_style_only(pack: SpritePack) -> None:
    one, two = SAME_DRAWING

    alike = pack.drawn_like(number_of(pack, one, "noto"))

    assert [pack.concepts[number].name for number in alike] == [two]
    assert pack.drawn_like(number_of(pack, one, "twemoji")) == frozenset()


def test_a_faint_difference_still_counts_as_the_same_drawing() -> None:
    first, second, third = disc((200, 0, 0)), disc((203, 0, 0)), disc((250, 0, 0))

    assert looks_alike_pairs([("s", 0, first), ("s", 1, second), ("s", 2, third)]) == {
        "s": {0: frozenset({1}), 1: frozenset({0})}
    }


def test_a_saved_pack_loads_as_it_was(pack: SpritePack, tmp_path: Path) -> None:
    pack.save(tmp_path)

    loaded = SpritePack.load(tmp_path)

    assert loaded.concepts == pack.concepts
    assert loaded.sprites == pack.sprites
    assert loaded.alike == pack.alike
    for number in (0, len(pack) - 1):
        assert loaded.image(number).tobytes() == pack.image(number).tobytes()


def test_a_loaded_pack_is_sent_to_workers_by_name(pack: SpritePack, tmp_path: Path) -> None:
    pack.save(tmp_path)

    message = pickle.dumps(SpritePack.load(tmp_path))

    assert len(message) < 500
    assert len(pickle.loads(message)) == len(pack)


def test_an_absent_pack_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"training\.scenes rasterise"):
        SpritePack.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"format": 0}', r"cannot be read.*format 0, not 1.*training\.scenes rasterise"),
        ("{", r"cannot be read.*Expecting property name.*training\.scenes rasterise"),
        ("[]", r"cannot be read"),
        ('{"format": 1}', r"cannot be read.*'concepts'"),
        ('{"format": 1, "concepts": [], "sprites": [[1, 2]]}', r"cannot be read"),
    ],
)
def test_a_damaged_pack_is_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "pack.json").write_text(content)

    with pytest.raises(PackError, match=message):
        SpritePack.load(tmp_path)
