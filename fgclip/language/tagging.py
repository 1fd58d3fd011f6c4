"""Attributes of a caption: which words say what of its things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fgclip.language.lexicon import Kind, Lexicon, Meaning, lexicon
from fgclip.language.words import Word, plural, singulars, words_of

NOUNS = frozenset({"object", "part"})
ENDS = frozenset(
    {
        "and", "or", "with", "on", "in", "of", "at", "by", "for", "to", "from", "under", "over",
        "above", "below", "behind", "beside", "near", "inside", "outside", "is", "are", "was",
        "were", "has", "have", "had", "that", "which", "who", "while", "as", "it", "its", "the",
        "a", "an", "this", "these",
    }
)  # fmt: skip
"""A word before one of these, or before nothing, says nothing of a noun."""
SIDES = frozenset({"left", "right", "top", "bottom", "front", "back", "side", "its"})
OWNERS = frozenset({"with", "has", "have", "having", "its", "their", "his", "her"})


@dataclass(frozen=True)
class Tag:
    """An attribute that a caption names.

    Attributes:
        kind: of the attribute.
        text: as the caption says it, `caption[start:end]`.
        start: first character.
        end: after the last one.
        others: what might stand there and would be wrong, each in the right number.
    """

    kind: Kind
    text: str
    start: int
    end: int
    others: tuple[str, ...]


def tags(caption: str) -> tuple[Tag, ...]:
    """All known attributes of a caption, in their order; a shade lies within its colour."""
    words = words_of(caption)
    return tuple(
        Tag(kind, caption[start:end], start, end, others)
        for kind, start, end, others in _found(caption, words, lexicon())
    )


def _found(
    caption: str, words: Sequence[Word], known: Lexicon
) -> Iterator[tuple[Kind, int, int, tuple[str, ...]]]:
    at = 0
    while at < len(words):
        shade = known.shades.get(words[at].text)
        if shade and at + 1 < len(words) and (base := _colour(words[at + 1], known)):
            start, end = words[at].start, words[at + 1].end
            yield "colour", start, end, base.others
            yield "shade", start, words[at].end, shade.others
            at += 2
            continue
        for count in range(known.longest, 0, -1):
            if kind_and_others := _read(caption, words, at, count, known):
                yield (
                    kind_and_others[0],
                    words[at].start,
                    words[at + count - 1].end,
                    kind_and_others[1],
                )
                at += count
                break
        else:
            at += 1


def _colour(word: Word, known: Lexicon) -> Meaning | None:
    meanings = known.meanings.get((word.text,), ())
    return next((each for each in meanings if each.kind == "colour"), None)


def _read(
    caption: str, words: Sequence[Word], at: int, count: int, known: Lexicon
) -> tuple[Kind, tuple[str, ...]] | None:
    """What the next words mean together, and what else might be said."""
    name = tuple(each.text for each in words[at : at + count])
    if len(name) < count:
        return None
    says = _modifies(caption, words, at + count, known) or _is_stuff(words, at, known)
    fitting = [
        each
        for each in known.meanings.get(name, ())
        if each.kind not in NOUNS and (not each.is_noun or says)
    ]
    if fitting and not _is_idiom(words, at, count):
        return fitting[0].kind, tuple(dict.fromkeys(o for each in fitting for o in each.others))
    return _noun(words, at, name, known)


def _noun(
    words: Sequence[Word], at: int, name: tuple[str, ...], known: Lexicon
) -> tuple[Kind, tuple[str, ...]] | None:
    *before, last = name
    for lemma in (last, *singulars(last)):
        nouns = [m for m in known.meanings.get((*before, lemma), ()) if m.kind in NOUNS]
        if nouns:
            owned = any(each.text in OWNERS for each in words[:at])
            wanted = "part" if owned else "object"
            noun = next((each for each in nouns if each.kind == wanted), nouns[0])
            several = lemma != last
            return noun.kind, tuple(plural(o) if several else o for o in noun.others)
    return None


def _modifies(caption: str, words: Sequence[Word], after: int, known: Lexicon) -> bool:
    """Whether a noun follows: with a hyphen or a space between, or "and" and another attribute."""
    if after >= len(words):
        return False
    between = caption[words[after - 1].end : words[after].start]
    if between.strip(" -"):
        return False
    if words[after].text == "and" and after + 1 < len(words):
        return _is_attribute(words[after + 1], known)
    return words[after].text not in ENDS


def _is_stuff(words: Sequence[Word], at: int, known: Lexicon) -> bool:
    """Whether "of" stands before it, or before attributes that stand before it."""
    for word in reversed(words[:at]):
        if word.text == "of":
            return True
        if word.text != "and" and word.text not in known.shades and not _is_attribute(word, known):
            return False
    return False


def _is_attribute(word: Word, known: Lexicon) -> bool:
    return any(each.kind not in NOUNS for each in known.meanings.get((word.text,), ()))


def _is_idiom(words: Sequence[Word], at: int, count: int) -> bool:
    """Whether "on" belongs to what follows, as in "on the left"."""
    following = {each.text for each in words[at + count : at + count + 2]}
    return words[at].text == "on" and count == 1 and bool(following & SIDES)
