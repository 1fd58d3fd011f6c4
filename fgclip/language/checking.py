"""Whether a text is a hard negative of a caption: what differs, and in which attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import lemminflect

from fgclip.language.differences import changed_spans
from fgclip.language.lexicon import Kind, lexicon
from fgclip.language.rewriting import Rewrite
from fgclip.language.tagging import Tag, tags
from fgclip.language.words import words_of

MORE_WORDS = 2  # that a value may have, or lack, against the one it stands for
MARKUP = re.compile(r"[<>*_#{}\[\]|`\\]|https?:")
SENTENCES = re.compile(r"[.!?:;]\s+\S")

Fault = Literal[
    "the caption itself", "there already", "more than a caption", "changes the thing",
    "changes no known attribute", "changes too few", "changes too many", "changes other words",
    "still true", "no value of that kind",
]  # fmt: skip


def checked(caption: str, text: str, changes: int) -> Rewrite | Fault:
    """The text as a rewrite of the caption with so many attributes wrong, or why it is none.

    A value that the lexicon does not know passes where a dictionary has it as the same part of
    speech; the thing itself must stay.
    """
    if MARKUP.search(text) or SENTENCES.search(text):
        return "more than a caption"
    ours, theirs = changed_spans(text, caption), changed_spans(caption, text)
    if not ours and not theirs:
        return "the caption itself"
    if len(ours) != len(theirs):
        return "changes other words"
    kinds: list[Kind] = []
    before, after = tags(caption), tags(text)
    for new, old in zip(ours, theirs, strict=True):
        changed = _inside(before, old)
        if not changed:
            return "changes no known attribute"
        if any(tag.kind in ("object", "part") for tag in changed):
            return "changes the thing"
        if abs(len(words_of(text[slice(*new)])) - len(words_of(caption[slice(*old)]))) > MORE_WORDS:
            return "changes other words"
        fault = _fault(changed, _inside(after, new), caption[slice(*old)], text[slice(*new)])
        if fault:
            return fault
        kinds += [tag.kind for tag in changed]
    if len(kinds) != changes:
        return "changes too few" if len(kinds) < changes else "changes too many"
    return Rewrite(text, tuple(kinds), ours)


def _inside(known: Sequence[Tag], span: tuple[int, int]) -> list[Tag]:
    """Attributes within a span, or that it lies within; a shade belongs to its colour."""
    start, end = span
    exact = [tag for tag in known if (tag.start, tag.end) == span]
    touched = [tag for tag in known if tag.start < end and start < tag.end]
    return exact[:1] or [tag for tag in touched if tag.kind != "shade"] or touched


def _fault(old: Sequence[Tag], new: Sequence[Tag], was: str, value: str) -> Fault | None:
    if not new:
        return None if _speech(was) & _speech(value) else "no value of that kind"
    if [tag.kind for tag in new] != [tag.kind for tag in old]:
        return "no value of that kind"
    if any(_is_true(one, other) for one, other in zip(old, new, strict=True)):
        return "still true"
    return None


def _is_true(old: Tag, new: Tag) -> bool:
    """Whether a value means the same as another, or comes near it."""
    if new.others == old.others or new.text.lower() == old.text.lower():
        return True
    text = new.text.lower()
    return text in _usual(old.kind) and text not in old.others


@cache
def _usual(kind: Kind) -> frozenset[str]:
    """Names that the lexicon gives as values of a kind."""
    meanings = lexicon().meanings.values()
    return frozenset(
        name for some in meanings for one in some if one.kind == kind for name in one.others
    )


@cache
def _speech(text: str) -> frozenset[str]:
    """Parts of speech that the last word of a text may be; none where no dictionary has it."""
    words = words_of(text)
    return frozenset(lemminflect.getAllLemmas(words[-1].text)) if words else frozenset()
