from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fgclip.language import changed_kinds, changed_spans

TEXTS = st.text(alphabet=st.sampled_from("ab cÄ红- ,."), max_size=30)


def marked(text: str, other: str) -> list[str]:
    return [text[start:end] for start, end in changed_spans(text, other)]


def test_words_that_differ_are_told_on_either_side() -> None:
    true, wrong = "a light grey plastic pipe", "a light grey wood pipe"

    assert marked(wrong, true) == ["wood"]
    assert marked(true, wrong) == ["plastic"]


def test_an_article_alone_is_no_difference() -> None:
    assert marked("an orange cup", "a red cup") == ["orange"]
    assert marked("A cup", "an cup") == []


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert changed_spans(text, text) == ()


@given(TEXTS, TEXTS)
def test_spans_lie_apart_within_the_text(text: str, other: str) -> None:
    end = 0
    for start, stop in changed_spans(text, other):
        assert end <= start < stop <= len(text)
        end = stop


def test_a_change_is_named_by_the_attribute_that_it_touches() -> None:
    true = "a light grey plastic pipe"

    assert changed_kinds(true, "a dark grey plastic pipe") == ("shade",)
    assert changed_kinds(true, "a light green plastic pipe") == ("colour",)
    assert changed_kinds(true, "a red wooden pipe") == ("colour", "material")
    assert changed_kinds(true, "a light grey plastic tube") == ()
