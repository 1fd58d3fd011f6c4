"""Whether the attributes that we find in captions are those that FG-OVD's authors changed.

FG-OVD (Bianchi et al., CVPR 2024) wrote its hard, medium and easy negatives by changing one, two
and three attributes of a caption. A pair agrees if every word that differs lies in an attribute
that `fgclip.language.tags` finds in the caption.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fgclip.language import changed_spans, tags
from fgclip.language.differences import Span
from fgclip.language.words import words_of

FILES = {"hard": "h_attributes", "medium": "m_attributes", "easy": "e_attributes"}
MISSES = 10  # reported


@dataclass(frozen=True)
class Agreement:
    """Of one file.

    Attributes:
        subset: hard, medium or easy.
        pairs: of a caption and a negative that differ.
        agreeing: pairs whose every changed word lies in an attribute.
        kinds: changed words by the attribute that they lie in.
        missed: the commonest words that lie in none.
    """

    subset: str
    pairs: int
    agreeing: int
    kinds: dict[str, int]
    missed: dict[str, int]

    @property
    def rate(self) -> float:
        """Share of pairs that agree."""
        return self.agreeing / self.pairs


def attribute_agreement(folder: Path) -> list[Agreement]:
    """Read the files of FG-OVD in a folder, as `*_attributes_llava.jsonl`.

    Raises:
        ValueError: A file is missing, or a line of it is not FG-OVD's.
    """
    return [_of_file(subset, folder / f"{name}_llava.jsonl") for subset, name in FILES.items()]


def agreement_table(found: Sequence[Agreement]) -> str:
    """Rates in per cent, and the words that were missed, as Markdown."""
    lines = ["| FG-OVD | pairs | agree (%) | words missed most |", "| --- | --: | --: | --- |"]
    for each in found:
        words = ", ".join(f"{word} ({count})" for word, count in each.missed.items())
        lines.append(f"| {each.subset} | {each.pairs:,} | {100 * each.rate:.1f} | {words} |")
    return "\n".join(lines) + "\n"


def _of_file(subset: str, path: Path) -> Agreement:
    kinds: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    pairs = agreeing = 0
    for caption, negative in _pairs(path):
        spans = changed_spans(caption, negative)
        if not spans:
            continue
        pairs += 1
        known = tags(caption)
        lacking = 0
        for start, end in _words(caption, spans):
            kind = next((t.kind for t in known if t.start <= start and end <= t.end), None)
            if kind is None:
                lacking += 1
                missed[caption[start:end].lower()] += 1
            else:
                kinds[kind] += 1
        agreeing += not lacking
    if not pairs:
        raise ValueError(f"{path} holds no pair of a caption and another one")
    return Agreement(subset, pairs, agreeing, dict(kinds), dict(missed.most_common(MISSES)))


def _words(caption: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Every word that differs; two attributes may stand side by side."""
    for word in words_of(caption):
        if any(start <= word.start and word.end <= end for start, end in spans):
            yield word.start, word.end


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        raise ValueError(f"{path} is missing; --data names the folder with FG-OVD's JSON lines")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                fields = json.loads(line)
                (caption,) = fields["pos_expression"]
                negatives = list(fields["neg_expression"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number} is not FG-OVD's: {error}") from error
            yield from ((caption, negative) for negative in negatives)
