"""Turn emoji labels into noun phrases: articles, plurals and readable wording."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text())
_REWRITES: dict[str, str] = _WORDS["rewrites"]
_PLURAL = frozenset(_WORDS["plural"])
_BARE = frozenset(_WORDS["bare"])
_THE = frozenset(_WORDS["the"])
_AN = tuple(_WORDS["an"])
_A = tuple(_WORDS["a"])
_HOURS = (
    "twelve",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
)
_MEN_AND_WOMEN = re.compile(r"^(person|man|woman)\b ?")

GENERIC = frozenset(_WORDS["generic"])
"""Names that are also true of their relatives ("bird" of a duck): never a wrong answer."""
DROPPED = frozenset(_WORDS["dropped"])
"""Labels left out: no picture can show them, or all styles share one drawing."""


def clean_name(label: str) -> str:
    """Return the noun phrase, without article, for an emojibase label.

    >>> clean_name("person: blond hair"), clean_name("man: bald"), clean_name("one-thirty")
    ('person with blond hair', 'bald man', 'clock showing half past one')
    """
    if label in _REWRITES:
        return _REWRITES[label]
    label = label.replace("’", "'")
    hour = label.removesuffix(" o'clock").removesuffix("-thirty")
    if hour in _HOURS and hour != label:
        half = "half past " if label.endswith("thirty") else ""
        return f"clock showing {half}{hour}" + ("" if half else " o'clock")
    who, _, looks = label.partition(": ")
    if not looks:
        return label
    if looks == "bald":
        return f"bald {who}"
    return f"{who} with a beard" if looks == "beard" else f"{who} with {looks}"


def with_article(noun: str, *, name: str = "") -> str:
    """Put "a", "an", "the" or nothing before a noun phrase.

    Args:
        noun: the phrase, adjectives included: "upside-down blue glasses".
        name: the concept's name inside it, which decides; `noun` itself when empty.
    """
    name = name or noun
    if name in _PLURAL or name in _BARE:
        return noun
    if name in _THE:
        return f"the {noun}"
    if noun.startswith(_A):
        return f"a {noun}"
    return f"an {noun}" if noun[0].lower() in "aeiou" or noun.startswith(_AN) else f"a {noun}"


def is_plural(name: str) -> bool:
    """Whether the name takes "are"."""
    return name in _PLURAL


def synonyms(name: str) -> tuple[str, ...]:
    """Return other words for the same thing, without article."""
    return tuple(_WORDS["synonyms"].get(name, ()))


def gender_family(name: str) -> tuple[str, str]:
    """Split a name into its gender and what it shares with the other genders.

    >>> gender_family("woman artist"), gender_family("artist"), gender_family("bald man")
    (('woman', 'artist'), ('', 'artist'), ('man', 'bald'))
    """
    found = _MEN_AND_WOMEN.match(name)
    if found:
        gender, rest = found.group(1), name[found.end() :]
    elif name.startswith("bald "):
        gender, rest = name.removeprefix("bald "), "bald"
    else:
        gender, rest = "", name
    return ("" if gender == "person" else gender), rest
