"""Reports as Markdown."""

from __future__ import annotations

import math

from fgclip.evaluation.report import Report, Score, Spread, table


def test_the_table_shows_per_cents_beside_chance() -> None:
    scores = [Score("a", "b", 0.5, 0.25, 100), Score("c", "d", math.nan, math.nan, 0)]
    text = table(Report(scores, [Spread("pairs", 0.1, 0.25, 0.5, 7)]), "T")
    assert "| a: b | 50.0 | 5.0 | 25.0 | 100 |" in text
    assert "| c: d | – | – | – | 0 |" in text
    assert "| pairs | 0.100 | 0.250 | 0.500 | 7 |" in text
