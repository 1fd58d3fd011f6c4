from __future__ import annotations

import pytest

from fgclip.language import hard_negatives
from fgclip.language.checking import checked
from fgclip.language.rewriting import Rewrite

CAPTION = "A small red wooden box with two striped handles."


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A small blue wooden box with two striped handles.", ("colour",)),
        ("A small red metal box with two striped handles.", ("material",)),
        ("a large red wooden box with two striped handles", ("size",)),
        ("A small red wooden box with three striped handles.", ("count",)),
        ("A small red wooden box with two dotted handles.", ("pattern",)),
        ("A small turquoise wooden box with two striped handles.", ("colour",)),
    ],
)
def test_a_text_with_one_attribute_wrong_passes(text: str, kinds: tuple[str, ...]) -> None:
    found = checked(CAPTION, text, 1)

    assert isinstance(found, Rewrite)
    assert found.kinds == kinds
    ((start, end),) = found.spans
    assert text[start:end].lower() not in CAPTION.lower()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (CAPTION, "the caption itself"),
        ("a small red wooden box with two striped handles", "the caption itself"),
        ("A small red wooden cup with two striped handles.", "changes the thing"),
        ("A small blue metal box with two striped handles.", "changes too many"),
        ("A small scarlet wooden box with two striped handles.", "still true"),
        ("A tiny red wooden box with two striped handles.", "still true"),
        ("A small quickly wooden box with two striped handles.", "no value of that kind"),
        ("A small wooden wooden box with two striped handles.", "no value of that kind"),
        ("A small red wooden box.", "changes other words"),
        ("A small red wooden box near two striped handles.", "changes no known attribute"),
        ("A small blue wooden box. It has two handles.", "more than a caption"),
        ("**A small blue wooden box** with two striped handles.", "more than a caption"),
        ("A small blue wooden box with two striped handles. 🚗", "more than a caption"),
        ("", "changes other words"),
    ],
)
def test_any_other_text_is_refused_with_its_reason(text: str, fault: str) -> None:
    assert checked(CAPTION, text, 1) == fault


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("a small wooden gizmo", "a small metal gadget"),
        ("a red xylophone", "a blue zither"),
        ("a black ladle", "a white spatula"),
        ("a red xylophone", "a turquoise zither"),
    ],
)
def test_a_thing_that_no_lexicon_knows_must_stay(caption: str, text: str) -> None:
    assert checked(caption, text, 1) == "changes other words"


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("A brown wool hat.", "A woolly brown hat."),
        ("a red box with a lid", "a box with a blue lid"),
        ("a blue box with a red lid", "a box with a red green lid"),
    ],
)
def test_a_word_that_goes_and_one_that_comes_elsewhere_are_no_change_of_an_attribute(
    caption: str, text: str
) -> None:
    assert checked(caption, text, 1) == "changes other words"


def test_two_wrong_attributes_pass_where_two_are_wanted() -> None:
    text = "A small blue metal box with two striped handles."
    found = checked(CAPTION, text, 2)

    assert isinstance(found, Rewrite)
    assert found.kinds == ("colour", "material")
    assert checked(CAPTION, "A small blue wooden box with two striped handles.", 2) == (
        "changes too few"
    )


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_what_the_rules_write_passes_the_rules(changes: int) -> None:
    made = hard_negatives(CAPTION, 60, changes=changes)
    kept = [each for each in made if "object" not in each.kinds and "part" not in each.kinds]

    faults = [checked(CAPTION, each.text, changes) for each in kept]
    passed = [each for each in faults if isinstance(each, Rewrite)]
    assert len(kept) > 5
    assert len(passed) >= 0.9 * len(kept), [each for each in faults if isinstance(each, str)]
