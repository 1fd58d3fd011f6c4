from __future__ import annotations

import pytest

from training.scenes.names import clean_name, gender_family, is_plural, synonyms, with_article


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("person: blond hair", "person with blond hair"),
        ("man: bald", "bald man"),
        ("woman: beard", "woman with a beard"),
        ("twelve o’clock", "clock showing twelve o'clock"),
        ("one-thirty", "clock showing half past one"),
        ("woman’s hat", "woman's hat"),
        ("dog face", "dog face"),
        ("automobile", "car"),
    ],
)
def test_labels_become_noun_phrases(label: str, name: str) -> None:
    assert clean_name(label) == name


@pytest.mark.parametrize(
    ("noun", "name", "phrase"),
    [
        ("dog", "", "a dog"),
        ("ant", "", "an ant"),
        ("unicorn", "", "a unicorn"),
        ("X-ray picture", "", "an X-ray picture"),
        ("hourglass", "", "an hourglass"),
        ("scissors", "", "scissors"),
        ("popcorn", "", "popcorn"),
        ("Statue of Liberty", "", "the Statue of Liberty"),
        ("upside-down glasses", "glasses", "upside-down glasses"),
        ("upside-down dog", "dog", "an upside-down dog"),
        ("blue ant", "ant", "a blue ant"),
    ],
)
def test_articles_follow_the_first_word_and_the_concept(noun: str, name: str, phrase: str) -> None:
    assert with_article(noun, name=name) == phrase


def test_gender_is_told_from_what_is_shared() -> None:
    assert gender_family("woman artist") == ("woman", "artist")
    assert gender_family("artist") == gender_family("person artist") == ("", "artist")
    assert gender_family("bald man") == ("man", "bald")
    assert gender_family("manual wheelchair") == ("", "manual wheelchair")


def test_plurals_and_synonyms_are_known() -> None:
    assert is_plural("scissors")
    assert not is_plural("octopus")
    assert "automobile" in synonyms("car")
    assert synonyms("no such thing") == ()
