"""Which words of a text differ from another's."""

from __future__ import annotations

from difflib import SequenceMatcher

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


def _plain(word: str) -> str:
    return "a" if word == "an" else word
