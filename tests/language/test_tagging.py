from __future__ import annotations

import pytest

from fgclip.language import tagging, tags
from fgclip.language.tagging import Tag


def told(caption: str) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in tags(caption)]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        (
            "A light grey plastic pipe",
            [("colour", "light grey"), ("shade", "light"), ("material", "plastic")],
        ),
        (
            "two large dogs sitting on a wooden bench",
            [
                ("count", "two"), ("size", "large"), ("object", "dogs"), ("action", "sitting"),
                ("position", "on"), ("material", "wooden"), ("object", "bench"),
            ],
        ),
        ("a see-through bag", [("transparency", "see-through"), ("object", "bag")]),
        ("a white-colored, polka dot t-shirt",
         [("colour", "white"), ("pattern", "polka dot"), ("object", "t-shirt")]),
        ("a cat with furry ears", [("object", "cat"), ("texture", "furry"), ("part", "ears")]),
        ("a mirror", [("object", "mirror")]),
        ("a car with a mirror", [("object", "car"), ("part", "mirror")]),
        ("the boy on the left", [("object", "boy"), ("position", "left")]),
    ],
)  # fmt: skip
def test_attributes_are_found_with_their_kinds(
    caption: str, expected: list[tuple[str, str]]
) -> None:
    assert told(caption) == expected


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("an orange", [("object", "orange")]),
        ("an orange cup", [("colour", "orange"), ("object", "cup")]),
        ("a glass of water", []),
        ("a glass vase", [("material", "glass"), ("object", "vase")]),
        ("a vase made of blue glass",
         [("object", "vase"), ("colour", "blue"), ("material", "glass")]),
        ("a lamp of metal and glass",
         [("object", "lamp"), ("material", "metal"), ("material", "glass")]),
        ("a glass and plastic lamp",
         [("material", "glass"), ("material", "plastic"), ("object", "lamp")]),
    ],
)  # fmt: skip
def test_a_word_that_may_name_a_thing_or_say_what_it_is_like_is_told_by_its_place(
    caption: str, expected: list[tuple[str, str]]
) -> None:
    assert told(caption) == expected


def test_what_else_there_might_be_is_in_the_same_number_and_no_kind_of_it() -> None:
    dogs, puppy = (tags(caption)[0] for caption in ("three dogs", "a puppy"))

    assert dogs.kind == "count"
    assert "cats" in tags("the dogs")[0].others
    assert "cat" in puppy.others
    assert "dog" not in puppy.others
    (scarf,) = (each for each in tags("a wool scarf") if each.kind == "material")
    assert "fabric" not in scarf.others
    assert "leather" in scarf.others


@pytest.mark.parametrize("caption", ["", " ", "🐈🐈", "一只红色的猫", "e = mc²", "1234 5678"])
def test_what_names_no_attribute_has_none(caption: str) -> None:
    assert tags(caption) == ()


def test_tags_stand_where_they_say() -> None:
    caption = "<b>A Red car</b> — with  dark blue wheels, (made of steel)!"

    assert [caption[each.start : each.end] for each in tags(caption)] == [
        "Red", "car", "dark blue", "dark", "wheels", "steel",
    ]  # fmt: skip


def test_a_long_caption_takes_as_many_steps_as_it_is_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = 0
    looked = tagging._are_neighbours

    def counted(caption: str, one: Tag, other: Tag) -> bool:
        nonlocal steps
        steps += 1
        return looked(caption, one, other)

    monkeypatch.setattr(tagging, "_are_neighbours", counted)
    found = tags("a red cat and a blue dog on a black and white table, " * 200)
    assert len(found) > 1_000
    assert steps < 4 * len(found)
