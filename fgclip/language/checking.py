"""Whether a text is a hard negative of a caption: what differs, and in which attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import lemminflect

from fgclip.language.differences import Span, changed_spans
from fgclip.language.lexicon import AttributeKind, lexicon
from fgclip.language.rewriting import Rewrite
from fgclip.language.tagging import Tag, tags
from fgclip.language.words import Word, words_of

MARKUP = re.compile(r"[<>*_#{}\[\]|`\\]|https?:")
SIGN = re.compile(r"[^\w\s.,;'’\"“”()!?-]")
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
    if MARKUP.search(text) or SENTENCES.search(text) or _signs(text) - _signs(caption):
        return "more than a caption"
    ours, theirs = changed_spans(text, caption), changed_spans(caption, text)
    if not ours and not theirs:
        return "the caption itself"
    if _kept_before(text, ours) != _kept_before(caption, theirs):
        return "changes other words"
    before, after = tags(caption), tags(text)
    kinds: list[AttributeKind] = []
    for new, old in zip(ours, theirs, strict=True):
        changed = _inside(before, old)
        fault = _fault(changed, _Place(caption, old, before), _Place(text, new, after))
        if fault:
            return fault
        kinds += [tag.kind for tag in changed]
    if len(kinds) != changes:
        return "changes too few" if len(kinds) < changes else "changes too many"
    return Rewrite(text, tuple(kinds), ours)


@dataclass(frozen=True)
class _Place:
    """Words of a text that another has otherwise, and all attributes of the text."""

    text: str
    span: Span
    known: Sequence[Tag]

    @property
    def words(self) -> list[Word]:
        """In the span."""
        start, end = self.span
        return [word for word in words_of(self.text) if start <= word.start and word.end <= end]

    @property
    def is_covered(self) -> bool:
        """Whether every word is one of an attribute: else a thing may have changed, too."""
        return all(
            any(tag.start <= word.start and word.end <= tag.end for tag in self.known)
            for word in self.words
        )

    @property
    def speech(self) -> frozenset[str]:
        """Parts of speech that the last word may be; none where no dictionary has it."""
        return frozenset(lemminflect.getAllLemmas(self.words[-1].text))


def _inside(known: Sequence[Tag], span: tuple[int, int]) -> list[Tag]:
    """Attributes within a span, or that it lies within; a shade belongs to its colour."""
    start, end = span
    exact = [tag for tag in known if (tag.start, tag.end) == span]
    touched = [tag for tag in known if tag.start < end and start < tag.end]
    return exact[:1] or [tag for tag in touched if tag.kind != "shade"] or touched


def _kept_before(text: str, spans: Sequence[Span]) -> list[int]:
    """Words before each span that lie in none: where they are as many, one took another's place."""
    words = words_of(text)
    before = [sum(word.end <= start for word in words) for start, _ in spans]
    inside = [sum(s <= word.start and word.end <= e for word in words) for s, e in spans]
    return [count - sum(inside[:at]) for at, count in enumerate(before)]


def _signs(text: str) -> frozenset[str]:
    """Characters that are neither of words nor usual between them."""
    return frozenset(SIGN.findall(text))


def _fault(changed: Sequence[Tag], old: _Place, new: _Place) -> Fault | None:
    """What is wrong with a change; an unknown value takes the place of its tag, and no more."""
    if not changed:
        return "changes no known attribute"
    if any(tag.kind in ("object", "part") for tag in changed):
        return "changes the thing"
    values = _inside(new.known, new.span)
    same_length = len(old.words) == len(new.words)
    if not old.is_covered or not (new.is_covered if values else same_length):
        return "changes other words"
    if not values:
        return None if old.speech & new.speech else "no value of that kind"
    if [tag.kind for tag in values] != [tag.kind for tag in changed]:
        return "no value of that kind"
    if any(_is_true(one, other) for one, other in zip(changed, values, strict=True)):
        return "still true"
    return None


def _is_true(old: Tag, new: Tag) -> bool:
    """Whether a value means the same as another, or comes near it."""
    if new.others == old.others or new.text.lower() == old.text.lower():
        return True
    text = new.text.lower()
    return text in _usual(old.kind) and text not in old.others


@cache
def _usual(kind: AttributeKind) -> frozenset[str]:
    """Names that the lexicon gives as values of a kind."""
    meanings = lexicon().meanings.values()
    return frozenset(
        name for some in meanings for one in some if one.kind == kind for name in one.others
    )
