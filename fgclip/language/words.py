"""Words of a text and where they stand; their plurals and articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import lemminflect

if TYPE_CHECKING:
    import inflect

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Word:
    """A word, lower-cased, and where it stands: text[start:end]."""

    text: str
    start: int
    end: int


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in their order; a hyphen parts two."""
    return tuple(Word(each[0].lower(), each.start(), each.end()) for each in WORD.finditer(text))


@cache
def singulars(word: str) -> tuple[str, ...]:
    """What a word may be the plural of; itself if it is none."""
    return tuple(each for each in lemminflect.getLemma(word, "NOUN") if each) or (word,)


@cache
def is_noun_alone(word: str) -> bool:
    """Whether a word, in the singular, is a noun and nothing else."""
    lemmas = lemminflect.getAllLemmas(word)
    return set(lemmas) == {"NOUN"} and word in lemmas["NOUN"]


@cache
def may_be_noun(word: str) -> bool:
    """Whether a word may be a noun in the singular."""
    return word in lemminflect.getAllLemmas(word).get("NOUN", ())


@cache
def plural(noun: str) -> str:
    """The plural of a noun of one word or more."""
    *before, last = noun.split(" ")
    return " ".join([*before, (lemminflect.getInflection(last, "NNS") or (last + "s",))[0]])


@cache
@cache
def article(word: str) -> str:
    """The article a/an that a word takes, by how it sounds."""
    return _english().a(word).split(" ", 1)[0]


@cache
def _english() -> inflect.engine:
    import inflect  # takes a second: only once something is rewritten

    return inflect.engine()
