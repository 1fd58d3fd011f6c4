"""Names of attributes and things, and what else each might have been: read from `lexicon.json`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

AttributeKind = Literal[
    "object", "colour", "shade", "material", "pattern", "texture", "transparency", "size", "count",
    "action", "position", "part",
]  # fmt: skip
ATTRIBUTE_KINDS: tuple[AttributeKind, ...] = get_args(AttributeKind)

Family = Sequence[str]
"""Names for the same, or for kinds of it: the first is the usual one."""

SHADED = ("grey", "brown", "red", "orange", "yellow", "green", "blue", "purple", "pink")
"""Colours that are said to be light or dark."""


@dataclass(frozen=True)
class Meaning:
    """What a name may mean.

    Attributes:
        kind: of the attribute.
        others: names of what it then is not, the usual ones.
        is_noun: whether the name is a thing as well, as in "a glass".
    """

    kind: AttributeKind
    others: tuple[str, ...]
    is_noun: bool = False


@dataclass(frozen=True)
class Lexicon:
    """What names mean, a name being a tuple of words.

    Attributes:
        meanings: of each name.
        shades: words that shade a colour.
        plurals: nouns without a singular.
        longest: words of a name.
    """

    meanings: Mapping[tuple[str, ...], Sequence[Meaning]]
    shades: Mapping[str, Meaning]
    plurals: frozenset[str]
    longest: int


@cache
def lexicon() -> Lexicon:
    """The one that comes with the package."""
    stored = json.loads(files(__package__).joinpath("lexicon.json").read_text(encoding="utf-8"))
    meanings: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
    for name, meaning in (*_kinds(stored), *_axes(stored), *_groups(stored)):
        meanings[tuple(name.replace("-", " ").split())].append(meaning)
    shades = dict(_families("shade", stored["shades"], (), ()))
    return Lexicon(meanings, shades, frozenset(stored["plurals"]), max(map(len, meanings)))


def _kinds(stored: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for kind, families in stored["kinds"].items():
        yield from _families(kind, families, stored["near"].get(kind, ()), stored["nouns"])


def _families(
    kind: AttributeKind,
    families: Sequence[Family],
    near: Sequence[Sequence[str]],
    nouns: Sequence[str],
) -> Iterator[tuple[str, Meaning]]:
    """Each name, and families that it is not and does not come near."""
    for family in families:
        close = {family[0], *(one for pair in near if family[0] in pair for one in pair)}
        others = tuple(other[0] for other in families if other[0] not in close)
        if kind == "colour":
            others += tuple(
                f"{shade} {c}" for c in others if c in SHADED for shade in ("light", "dark")
            )
        for name in family:
            yield name, Meaning(kind, others, name in nouns)


def _axes(stored: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Each name of a pole, and the usual names of the other pole."""
    for kind, axes in stored["axes"].items():
        for axis in axes:
            for pole, opposite in (axis, axis[::-1]):
                for name in pole:
                    is_noun = name in stored["nouns"]
                    yield name, Meaning(kind, tuple(opposite[:3]), is_noun)


def _groups(stored: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Names of what is one of a group: the others of the group exclude it."""
    for kind, groups in stored["groups"].items():
        for families in groups.values():
            yield from _families(kind, families, (), stored["nouns"] if kind == "pattern" else ())
