"""Which words of a text differ from another's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from fgclip.language.lexicon import AttributeKind
from fgclip.language.tagging import Tag, tags
from fgclip.language.words import words_of

Span = tuple[int, int]
"""First character, and the one after the last."""


def changed_spans(text: str, other: str) -> tuple[Span, ...]:
    """Where a text has words that the other has not in that place; a/an alone does not count."""
    ours, theirs = words_of(text), words_of(other)
    matcher = SequenceMatcher(
        None, [_plain(each.text) for each in ours], [_plain(each.text) for each in theirs], False
    )
    return tuple(
        (ours[first].start, ours[last - 1].end)
        for change, first, last, _, _ in matcher.get_opcodes()
        if change != "equal" and first < last
    )


def changed_kinds(caption: str, negative: str) -> tuple[AttributeKind, ...]:
    """Attributes of a caption that a negative gets wrong, one a change, as far as known."""
    known = tags(caption)
    wrong = [tag for span in changed_spans(caption, negative) for tag in _touched(known, span)]
    return tuple(tag.kind for tag in wrong)


def _touched(known: Sequence[Tag], span: Span) -> list[Tag]:
    """Tags that a change touches; of a shade and its colour the one that was changed."""
    start, end = span
    exact = [tag for tag in known if (tag.start, tag.end) == span]
    return exact or [
        tag for tag in known if start < tag.end and tag.start < end and tag.kind != "shade"
    ]


def _plain(word: str) -> str:
    return "a" if word == "an" else word
