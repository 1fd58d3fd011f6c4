"""Hard negatives by rule: a caption with one attribute wrong, or two, or three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from random import Random

from more_itertools import interleave_longest

from fgclip.language.differences import Span
from fgclip.language.lexicon import ATTRIBUTE_KINDS, AttributeKind
from fgclip.language.tagging import Tag, tags
from fgclip.language.words import article, words_of

MOST_CHANGES = 3
CHOICES = 2000  # of attributes to change together that are tried


class LanguageError(ValueError):
    """A rewriting that cannot be asked for, with the remedy."""


@dataclass(frozen=True)
class Rewrite:
    """A caption that is wrong in some attributes and else the same.

    Attributes:
        text: of the rewrite.
        kinds: of the attributes that were changed, in their order.
        spans: where the text differs, one for each.
    """

    text: str
    kinds: tuple[AttributeKind, ...]
    spans: tuple[Span, ...]


def hard_negatives(
    caption: str,
    count: int = 10,
    *,
    changes: int = 1,
    kinds: Sequence[AttributeKind] = ATTRIBUTE_KINDS,
    seed: int = 0,
) -> list[Rewrite]:
    """Rewrites of a caption, no two alike; fewer where there are no more.

    The attributes take turns, so that few rewrites already cover all of them. The same seed gives
    the same ones.

    Args:
        caption: the true one.
        count: rewrites at most.
        changes: attributes that each gets wrong: FG-OVD's hard, medium and easy are 1, 2 and 3.
        kinds: of attributes that may be changed.
        seed: of the choice.

    Raises:
        LanguageError: One of the numbers is out of its range, or there is no such kind.
    """
    check_numbers(count, changes)
    if unknown := set(kinds) - set(ATTRIBUTE_KINDS):
        raise LanguageError(
            f"No attribute is called {min(unknown)!r}; choose {', '.join(ATTRIBUTE_KINDS)}."
        )
    random = Random(seed)
    found = [each for each in tags(caption) if each.kind in kinds and each.others]
    made: dict[str, Rewrite] = {}
    sources = [_rewrites(caption, some, random) for some in _choices(found, changes, random)]
    for rewrite in interleave_longest(*sources):
        if len(made) == count:
            break
        if rewrite.text.casefold() != caption.casefold():
            made.setdefault(rewrite.text.casefold(), rewrite)
    return list(made.values())


def check_numbers(count: int, changes: int) -> None:
    """Refuse numbers that no rewriting has.

    Raises:
        LanguageError: One is out of its range.
    """
    if count < 0:
        raise LanguageError(f"{count} rewrites cannot be made; ask for 0 or more.")
    if not 1 <= changes <= MOST_CHANGES:
        raise LanguageError(f"{changes} changes at once; choose 1 to {MOST_CHANGES}.")


def _choices(found: Sequence[Tag], changes: int, random: Random) -> list[tuple[Tag, ...]]:
    """Attributes to change together, in a random order; single ones by turns of their kinds."""
    shuffled = random.sample(found, len(found))
    if changes == 1:
        turns: Counter[AttributeKind] = Counter()
        order: list[tuple[int, int, Tag]] = []
        for tag in shuffled:
            turns[tag.kind] += 1
            order.append((turns[tag.kind], len(order), tag))
        return [(tag,) for _, _, tag in sorted(order, key=lambda each: each[:2])]
    together: Iterable[tuple[Tag, ...]] = combinations(shuffled, changes)
    if comb(len(found), changes) > CHOICES:
        together = (tuple(random.sample(found, changes)) for _ in range(CHOICES))
    apart = {
        tuple(sorted(some, key=lambda tag: tag.start))
        for some in together
        if all(_are_apart(one, other) for one, other in combinations(some, 2))
    }
    chosen = sorted(apart, key=lambda some: [(tag.start, tag.end) for tag in some])
    return random.sample(chosen, len(chosen))


def _are_apart(one: Tag, other: Tag) -> bool:
    return one.end <= other.start or other.end <= one.start


def _rewrites(caption: str, chosen: Sequence[Tag], random: Random) -> Iterator[Rewrite]:
    others = [random.sample(tag.others, len(tag.others)) for tag in chosen]
    for values in product(*others):
        yield _rewritten(caption, chosen, values)


def _rewritten(caption: str, chosen: Sequence[Tag], values: Sequence[str]) -> Rewrite:
    text, spans, at = "", [], 0
    for tag, value in zip(chosen, values, strict=True):
        before = _with_article(caption[at : tag.start], value)
        value = _as_written(value, tag.text)
        text += before
        spans.append((len(text), len(text) + len(value)))
        text += value
        at = tag.end
    return Rewrite(text + caption[at:], tuple(tag.kind for tag in chosen), tuple(spans))


def _as_written(value: str, text: str) -> str:
    """A value in capitals where the text that it stands for is; "T-shirt" is no such text."""
    if text.isupper() and len(text) > 1:
        return value.upper()
    return value[0].upper() + value[1:] if text[:1].isupper() and text[1:2].islower() else value


def _with_article(before: str, value: str) -> str:
    """What stands before a value, its article made to fit."""
    said = before.rstrip()
    *_, tail = said.rsplit(None, 1) or ("",)
    last = next(reversed(words_of(tail)), None)
    if last is None or last.text not in {"a", "an"} or last.end < len(tail):
        return before
    fitting = article(value)
    if tail[last.start].isupper():
        fitting = fitting.capitalize()
    return said[: len(said) - len(last.text)] + fitting + before[len(said) :]
