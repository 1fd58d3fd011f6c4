"""Margin, rank and fooled: the one place that says what they are, and what a tie means.

A model is asked which of several texts is true. It is right where it scores the true one above each
of the others by more than `TIE`; it is fooled where one of them comes as high, or cannot be told
apart from it. So a tie counts against the model, as NaN does: one that gives everything the same
score knows nothing, and is right nowhere. `TIE` is there because a text that is read in another
batch differs by the noise of float32: without it, chance would settle what is a tie.

For a true score t and others o, all of these say the same:
    fooled  ⇔  rank > 1  ⇔  there is an o, and not margin > TIE
    margin  =  t − max(o), None without others
    rank    =  1 + how many o have not t − o > TIE

`workspace.store.results` says it in SQL, `assets/web/scoring/ranking.js` on the page. Differences
are taken in float64, as both of them do.

This is a leaf beside `boxes`: probe, workspace, evaluation and training all rank, none of them may
import another, and what they share lies below them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

TIE = 1e-6  # cosines that differ by no more are equal, but for rounding

Scores = NDArray[np.float32] | NDArray[np.float64]


def rivals(true: ArrayLike, others: ArrayLike) -> NDArray[np.bool_]:
    """Which of the others a true score does not beat; they broadcast as in any sum."""
    lead: NDArray[Any] = np.subtract(true, others, dtype=np.float64)
    return np.asarray(~(lead > TIE))


def rank(true: float, others: Scores) -> int:
    """Place of a true score among (K,) others, from 1; those that tie are before it."""
    return 1 + int(rivals(true, others).sum())


def margin(true: float, others: Scores) -> float | None:
    """Lead of a true score over the best of (K,) others; None without any."""
    return float(np.float64(true) - np.float64(others.max())) if len(others) else None


def is_fooled(margin: float | None) -> bool:
    """Whether a model with this margin is fooled."""
    return margin is not None and not margin > TIE
