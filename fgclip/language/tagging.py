"""Attributes of a caption: which words say what of its things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from fgclip.language.lexicon import AttributeKind, Lexicon, Meaning, lexicon
from fgclip.language.words import (
    Word,
    is_noun_alone,
    may_be_noun,
    plural,
    singulars,
    words_of,
)  # fmt: skip

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
MANY = frozenset(
    {"many", "several", "few", "some", "two", "three", "four", "five", "these", "those"}
)
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

    kind: AttributeKind
    text: str
    start: int
    end: int
    others: tuple[str, ...]


def tags(caption: str) -> tuple[Tag, ...]:
    """All known attributes of a caption, in their order; a shade lies within its colour."""
    found = list(_found(caption, words_of(caption), lexicon()))
    return tuple(_unlike_neighbours(caption, found, at) for at in range(len(found)))


def _unlike_neighbours(caption: str, found: Sequence[Tag], at: int) -> Tag:
    """Without others that a neighbour says already: for "black and white" no "white and white"."""
    tag = found[at]
    sides = range(at - 1, -1, -1), range(at + 1, len(found))
    words = {
        other.text.lower().split(" ")[-1]
        for side in sides
        for other in _neighbours(caption, tag, (found[place] for place in side))
        if other.kind == tag.kind
    }
    others = tuple(each for each in tag.others if each.split(" ")[-1] not in words)
    return replace(tag, others=others)


def _neighbours(caption: str, tag: Tag, beside: Iterable[Tag]) -> Iterator[Tag]:
    """Of tags on one side, from the nearest on: farther ones have as much between, or more."""
    for _, same_start in groupby(beside, key=lambda other: other.start):
        near = [other for other in same_start if _are_neighbours(caption, tag, other)]
        if not near:
            return
        yield from near


def _are_neighbours(caption: str, one: Tag, other: Tag) -> bool:
    """Whether nothing but "and" or a comma stands between."""
    between = caption[min(one.end, other.end) : max(one.start, other.start)]
    return between.strip(" ,") in {"and", ""}


def _found(caption: str, words: Sequence[Word], known: Lexicon) -> Iterator[Tag]:
    def tag(kind: AttributeKind, first: Word, last: Word, others: tuple[str, ...]) -> Tag:
        return Tag(kind, caption[first.start : last.end], first.start, last.end, others)

    at = 0
    while at < len(words):
        shade = known.shades.get(words[at].text)
        if shade and at + 1 < len(words) and (base := _colour(words[at + 1], known)):
            yield tag("colour", words[at], words[at + 1], base.others)
            yield tag("shade", words[at], words[at], shade.others)
            at += 2
            continue
        for count in range(known.longest, 0, -1):
            if meant := _read(caption, words, at, count, known):
                kind, others = meant
                yield tag(kind, words[at], words[at + count - 1], others)
                at += count
                break
        else:
            at += 1


def _colour(word: Word, known: Lexicon) -> Meaning | None:
    meanings = known.meanings.get((word.text,), ())
    return next((each for each in meanings if each.kind == "colour"), None)


def _read(
    caption: str, words: Sequence[Word], at: int, count: int, known: Lexicon
) -> tuple[AttributeKind, tuple[str, ...]] | None:
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
) -> tuple[AttributeKind, tuple[str, ...]] | None:
    *before, last = name
    for lemma in (last, *singulars(last)):
        nouns = [m for m in known.meanings.get((*before, lemma), ()) if m.kind in NOUNS]
        if nouns and not _is_compound(words, at, len(name), known):
            owned = any(words[place].text in OWNERS for place in range(at))
            wanted = "part" if owned else "object"
            noun = next((each for each in nouns if each.kind == wanted), nouns[0])
            several = lemma != last or last in known.plurals or _are_several(words, at, last)
            return noun.kind, tuple(_in_number(noun.others, known, several=several))
    return None


def _in_number(others: Sequence[str], known: Lexicon, *, several: bool) -> Iterator[str]:
    for other in others:
        if other in known.plurals:
            if several:
                yield other
        else:
            yield plural(other) if several else other


def _are_several(words: Sequence[Word], at: int, noun: str) -> bool:
    """Whether a noun that is the same for one and for many, as "sheep", stands for many."""
    return plural(noun) == noun and any(each.text in MANY for each in words[max(0, at - 3) : at])


def _is_compound(words: Sequence[Word], at: int, count: int, known: Lexicon) -> bool:
    """Whether a noun is a part of a longer name: "fish tank", "computer mouse", "baby elephant"."""
    if at and _is_other_noun(words[at - 1], known):
        return True
    if at + count >= len(words):
        return False
    following = words[at + count]
    if following.start - words[at + count - 1].end != 1 or following.text in ENDS:
        return False
    if _is_attribute(following, known) or following.text.endswith(("ing", "ed")):
        return False
    return may_be_noun(following.text)


def _is_other_noun(word: Word, known: Lexicon) -> bool:
    """Whether a word is a noun that is not known here."""
    is_known = word.text in MANY or word.text in ENDS or (word.text,) in known.meanings
    return not is_known and is_noun_alone(word.text)


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
    for word in (words[place] for place in range(at - 1, -1, -1)):
        if word.text == "of":
            return True
        if word.text != "and" and word.text not in known.shades and not _is_attribute(word, known):
            return False
    return False


def _is_attribute(word: Word, known: Lexicon) -> bool:
    return any(each.kind not in NOUNS for each in known.meanings.get((word.text,), ()))


def _is_idiom(words: Sequence[Word], at: int, count: int) -> bool:
    """Whether "on" says nothing by itself, as in "on the left", or "the light is on"."""
    if words[at].text != "on" or count > 1:
        return False
    following = [each.text for each in words[at + 1 : at + 3]]
    return not following or bool(set(following) & SIDES) or following[0] in {"and", "in", "at"}
