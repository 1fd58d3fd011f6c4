"""What an evaluation found, as numbers and as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgclip.evaluation.metrics import standard_error


@dataclass(frozen=True)
class Score:
    """One number of the report.

    Attributes:
        group: what kind of question.
        name: which question.
        value: share of right answers; NaN when nothing was asked.
        chance: what guessing would reach.
        count: questions asked.
    """

    group: str
    name: str
    value: float
    chance: float
    count: int

    @property
    def error(self) -> float:
        """Standard error of `value`, questions taken as independent."""
        return standard_error(self.value, self.count)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; NaN as None, since JSON has none."""
        numbers = {"value": self.value, "chance": self.chance, "standard_error": self.error}
        known = {key: None if number != number else number for key, number in numbers.items()}
        return {"group": self.group, "name": self.name, **known, "count": self.count}


@dataclass(frozen=True)
class Spread:
    """Where the cosines of one kind of pair lie.

    Attributes:
        name: which pairs.
        low: 5 % of them lie below.
        middle: the median.
        high: 5 % lie above.
        count: pairs.
    """

    name: str
    low: float
    middle: float
    high: float
    count: int


@dataclass(frozen=True)
class Report:
    """What a model answers, and how large its cosines are."""

    scores: list[Score]
    cosines: list[Spread]


def spread(name: str, cosines: NDArray[np.float32]) -> Spread:
    """Percentiles of some cosines; there must be one."""
    low, middle, high = np.percentile(cosines, [5, 50, 95])
    return Spread(name, float(low), float(middle), float(high), len(cosines))


def table(report: Report, title: str) -> str:
    """Scores in per cent and cosines, as Markdown tables."""
    lines = [f"### {title}", "", "| question | score | ± | chance | asked |"]
    lines.append("| --- | --: | --: | --: | --: |")
    for score in report.scores:
        numbers = (100 * score.value, 100 * score.error, 100 * score.chance)
        shown = " | ".join("–" if number != number else f"{number:.1f}" for number in numbers)
        lines.append(f"| {score.group}: {score.name} | {shown} | {score.count} |")
    lines += ["", "| region cosine of | 5 % below | median | 5 % above | pairs |"]
    lines.append("| --- | --: | --: | --: | --: |")
    for each in report.cosines:
        shown = " | ".join(f"{cosine:.3f}" for cosine in (each.low, each.middle, each.high))
        lines.append(f"| {each.name} | {shown} | {each.count} |")
    return "\n".join(lines) + "\n"
