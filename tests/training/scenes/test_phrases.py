from __future__ import annotations

from random import Random

import pytest

from training.scenes.backgrounds import Background
from training.scenes.captions import long_caption, place_of, relation, short_caption
from training.scenes.looks import Look, size_word
from training.scenes.phrases import Placed, Wording, word_region
from training.scenes.splits import Rules

PLAIN = Background("plain", "blue")


def placed(name: str, box: tuple[float, float, float, float], **look: object) -> Placed:
    return Placed(Look(number=0, name=name, concept=0, **look), box)  # type: ignore[arg-type]


DOG = placed("dog", (0, 0.1, 0.2, 0.3))
CAR = placed("car", (0.5, 0.1, 1, 0.6))


@pytest.mark.parametrize(
    ("wording", "phrase"),
    [
        (Wording("dog"), "a dog"),
        (Wording("dog", size="large", orientation="upside-down", colour="orange"),
         "a large upside-down orange dog"),
        (Wording("dog", colour="orange"), "an orange dog"),
        (Wording("man artist", tone="dark"), "a man artist with dark skin"),
        (Wording("scissors", colour="red"), "red scissors"),
        (Wording("car", noun="automobile"), "an automobile"),
        (Wording("car", noun="driving", bare=True), "driving"),
    ],
)  # fmt: skip
def test_a_phrase_says_its_parts_in_order(wording: Wording, phrase: str) -> None:
    assert wording.phrase == phrase


def test_sizes_have_a_word_only_where_it_is_clear() -> None:
    assert [size_word(share) for share in (0.2, 0.32, 0.4, 0.5, 0.8)] == [
        "small", "small", "", "large", "large"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("centre", "place"),
    [
        ((0.1, 0.1), "at the top left"),
        ((0.5, 0.9), "at the bottom"),
        ((0.9, 0.5), "on the right"),
        ((0.5, 0.5), "in the middle"),
    ],
)
def test_places_are_thirds_of_the_picture(centre: tuple[float, float], place: str) -> None:
    assert place_of(centre) == place


def test_relations_are_said_where_they_are_clear() -> None:
    below = placed("bus", (0, 0.7, 0.2, 0.9))

    assert relation(DOG, CAR) == "to the left of"
    assert relation(CAR, DOG) == "to the right of"
    assert relation(DOG, below) == "above"
    assert relation(below, DOG) == "below"
    assert relation(below, CAR) == ""  # as far down as across
    assert relation(DOG, DOG) == ""


def test_a_long_caption_and_its_wrong_twin_differ_in_one_relation() -> None:
    objects = [DOG, CAR]
    wordings = [Wording("dog"), Wording("car")]

    right, wrong = long_caption(objects, wordings, PLAIN, Random(0))

    assert right.endswith("The dog is to the left of the car.")
    assert wrong.endswith("The car is to the left of the dog.")
    assert right.split(". ")[:-1] == wrong.split(". ")[:-1]


def test_one_object_has_no_relation() -> None:
    assert long_caption([DOG], [Wording("dog")], PLAIN, Random(0))[1] == ""


def test_a_short_caption_names_the_three_biggest() -> None:
    sizes = [0.1, 0.4, 0.3, 0.2]
    names = ["ant", "bear", "cat", "dog"]
    objects = [placed(name, (0, 0, size, size)) for name, size in zip(names, sizes, strict=True)]

    caption = short_caption(objects, [Wording(name) for name in names], PLAIN, Random(3))

    assert caption.removesuffix(" on a plain blue background") == "a bear, a cat and a dog"


def test_half_of_the_captions_leave_the_background_out() -> None:
    rng = Random(0)
    captions = [short_caption([DOG], [Wording("dog")], PLAIN, rng) for _ in range(400)]

    assert 0.4 < sum("background" in caption for caption in captions) / 400 < 0.6


def test_many_phrases_are_just_the_class_name() -> None:
    rng, rules = Random(0), Rules("seen")
    look = placed("dog", (0, 0, 0.6, 0.6), tint="red", turnable=True, turned=True)
    phrases = [word_region(look, (), rules, rng).phrase for _ in range(500)]

    assert 0.25 < phrases.count("a dog") / 500 < 0.4
    assert "a large upside-down red dog" in phrases


def test_a_repeated_concept_always_says_what_sets_it_apart() -> None:
    rng = Random(0)
    look = placed("dog", (0, 0, 0.4, 0.4), tint="red", told_apart=True)

    assert {word_region(look, (), Rules("seen"), rng).phrase for _ in range(50)} == {"a red dog"}


def test_only_training_uses_synonyms_and_tags() -> None:
    rng = Random(0)
    car = placed("car", (0, 0, 0.4, 0.4))

    seen = {word_region(car, ("drive",), Rules("seen"), rng).phrase for _ in range(300)}
    train = {word_region(car, ("drive",), Rules("train"), rng).phrase for _ in range(300)}

    assert seen == {"a car"}
    assert train == {"a car", "an automobile", "a motor car"}
