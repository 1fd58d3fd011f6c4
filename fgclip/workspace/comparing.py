"""Two models on one data set: whose regions find their own phrase, and where the two disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from fgclip.workspace.matrix import Embeddings
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.search import Search
from fgclip.workspace.store import wording
from fgclip.workspace.store.database import Database, Ids, WorkspaceError
from fgclip.workspace.store.vectors import Model

MOST = 20_000  # regions that are ranked, evenly spread over the workspace
AT_ONCE = 1024  # regions held against all texts at a time

Ranks = NDArray[np.int64]


@dataclass(frozen=True)
class Rankings:
    """Where each region's own phrase stands among all phrases, by two models.

    Attributes:
        regions: (N,) ids, ascending.
        first: (N,) rank by the first model, from 1; phrases that tie do not count.
        second: (N,) by the second.
        agree: (N,) True where both put the same phrase first.
        phrases: how many each region was held against.
    """

    regions: Ids
    first: Ranks
    second: Ranks
    agree: NDArray[np.bool_]
    phrases: int


def rankings(
    database: Database, search: Search, first: Model, second: Model, *, watch: Watch = unwatched
) -> Rankings:
    """Hold regions against the phrases of all of them, with each of two models.

    Regions that either has not indexed, or of which nothing is said, are left out.

    Raises:
        WorkspaceError: No region is left.
        CancelledError: The watch stopped it.
    """
    regions, texts = wording.texts_of_regions(database)
    both = (first, second)
    for model in both:
        known = np.isin(regions, search.matrix(model, "region").owners)
        known &= np.isin(texts, search.matrix(model, "text").owners)
        regions, texts = regions[known], texts[known]
    if not len(regions):
        raise WorkspaceError(
            "No region with a phrase is indexed with both models; compare them on the data set "
            "first, or import one in the Data tab."
        )
    chosen = np.unique(np.linspace(0, len(regions) - 1, min(MOST, len(regions)), dtype=np.int64))
    regions = regions[chosen]
    phrases, own = np.unique(texts[chosen], return_inverse=True)
    meter = Meter(watch, unit="regions", stage="ranking phrases", total=2 * len(regions))
    found = [
        _ranked(
            search.matrix(model, "region").rows(regions),
            search.matrix(model, "text").rows(phrases),
            own,
            meter,
        )
        for model in both
    ]
    (first_ranks, first_best), (second_ranks, second_best) = found
    return Rankings(regions, first_ranks, second_ranks, first_best == second_best, len(phrases))


def _ranked(
    regions: Embeddings, phrases: Embeddings, own: NDArray[np.intp], meter: Meter
) -> tuple[Ranks, NDArray[np.intp]]:
    """Rank of each region's own phrase, and the row of its best one."""
    ranks = np.empty(len(regions), np.int64)
    best = np.empty(len(regions), np.intp)
    for start in range(0, len(regions), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        cosines = regions[rows] @ phrases.T
        true = np.take_along_axis(cosines, own[rows, None], axis=1)
        ranks[rows] = 1 + (cosines > true).sum(axis=1)
        best[rows] = cosines.argmax(axis=1)
        meter.advance(len(cosines))
    return ranks, best


def chance(only_first: int, only_second: int) -> float:
    """How likely a difference this large is where two models are equally often wrong.

    McNemar's exact test: samples on which just one of them errs are fair coins then.
    """
    errors = only_first + only_second
    return float(binomtest(only_first, errors).pvalue) if errors else 1.0
