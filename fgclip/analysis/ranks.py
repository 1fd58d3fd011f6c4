"""Two models on one data set: whose regions find their own phrase, and where the two disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from fgclip.analysis.errors import AnalysisError
from fgclip.ranking import rivals
from fgclip.types import Embeddings, Ids
from fgclip.workspace import Workspace
from fgclip.workspace.matrix import Matrix

MOST = 20_000  # regions that are ranked, evenly spread over the workspace
AT_ONCE = 256  # regions held against all texts at a time
NOBODY = -1  # in place of a row: several come first, so none does

Ranks = NDArray[np.int64]


@dataclass(frozen=True)
class Rankings:
    """Where each region's own phrase stands among all phrases, by two models.

    Attributes:
        regions: (N,) ids, ascending.
        first: (N,) rank by the first model, from 1; a phrase that ties counts as better.
        second: (N,) by the second.
        agree: (N,) True where both put the same phrase first; of phrases that tie, none is.
        phrases: how many each region was held against; those that differ in case alone are one.
    """

    regions: Ids
    first: Ranks
    second: Ranks
    agree: NDArray[np.bool_]
    phrases: int


@dataclass(frozen=True)
class RankSummary:
    """Ranks of many regions as three figures."""

    recall_1: float  # share of regions whose own phrase comes first
    recall_5: float
    median: float

    @classmethod
    def of(cls, ranks: Ranks) -> RankSummary:
        """Of (N,) ranks."""
        first, five = float((ranks <= 1).mean()), float((ranks <= 5).mean())
        return cls(first, five, float(np.median(ranks)))


@dataclass(frozen=True)
class Moved:
    """Rows of regions whose own phrase stands elsewhere with the second model, most moved first."""

    risen: NDArray[np.intp]
    fallen: NDArray[np.intp]


@dataclass(frozen=True)
class ModelVectors:
    """What one model made of regions and phrases."""

    regions: Matrix
    texts: Matrix


def rankings(workspace: Workspace, first: ModelVectors, second: ModelVectors) -> Rankings:
    """Hold regions against the phrases of all of them, with each of two models.

    Regions that either has not indexed, or that are called nothing, are left out.

    Raises:
        AnalysisError: No region is left.
    """
    regions, texts = workspace.texts_of_regions()
    for model in (first, second):
        known = np.isin(regions, model.regions.owners) & np.isin(texts, model.texts.owners)
        regions, texts = regions[known], texts[known]
    if not len(regions):
        raise AnalysisError(
            "No region with a phrase is indexed with both models; compare them on the data set "
            "first, or import one with phrases."
        )
    chosen = np.unique(np.linspace(0, len(regions) - 1, min(MOST, len(regions)), dtype=np.int64))
    regions = regions[chosen]
    phrases, own = _alike(workspace, texts[chosen])
    found = [
        own_ranks(model.regions.rows(regions), model.texts.rows(phrases), own)
        for model in (first, second)
    ]
    (first_ranks, first_best), (second_ranks, second_best) = found
    agree = (first_best == second_best) & (first_best != NOBODY)
    return Rankings(regions, first_ranks, second_ranks, agree, len(phrases))


def moved(found: Rankings) -> Moved:
    """Which regions rise and fall; a step is a ratio of ranks."""
    change = np.log(found.second) - np.log(found.first)
    order = np.argsort(change, kind="stable")
    return Moved(order[change[order] < 0], order[::-1][: int((change > 0).sum())])


def _alike(workspace: Workspace, texts: Ids) -> tuple[Ids, NDArray[np.intp]]:
    """One text of each that differ in case alone, ascending, and the place of each text's own."""
    unique = np.unique(texts)
    captions = workspace.captions("text", unique)
    first: dict[str, int] = {}
    for text in unique.tolist():
        first.setdefault(captions[text].casefold().strip(), text)
    phrases = np.array(sorted(first.values()), np.int64)
    stands_for = np.array([first[captions[text].casefold().strip()] for text in texts.tolist()])
    return phrases, np.searchsorted(phrases, stands_for)


def own_ranks(
    regions: Embeddings, phrases: Embeddings, own: NDArray[np.intp]
) -> tuple[Ranks, NDArray[np.intp]]:
    """Where regions put their own phrase.

    Args:
        regions: (N, D).
        phrases: (P, D).
        own: (N,) row of each region's own phrase.

    Returns:
        (N,) rank of its own phrase, and (N,) row of the one that comes first, or `NOBODY`.
    """
    ranks = np.empty(len(regions), np.int64)
    best = np.empty(len(regions), np.intp)
    for start in range(0, len(regions), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        cosines = regions[rows] @ phrases.T
        true = np.take_along_axis(cosines, own[rows, None], axis=1)
        ranks[rows] = rivals(true, cosines).sum(axis=1)  # its own is one of them
        best[rows] = _alone_first(cosines)
    return ranks, best


def _alone_first(cosines: Embeddings) -> NDArray[np.intp]:
    """The best column of each row, or `NOBODY` where another ties; the best are overwritten."""
    place = cosines.argmax(axis=1)[:, None]
    most = np.take_along_axis(cosines, place, axis=1)
    np.put_along_axis(cosines, place, -np.inf, axis=1)
    tied = rivals(most, cosines.max(axis=1, keepdims=True))
    return np.where(tied, NOBODY, place)[:, 0]


def chance(only_first: int, only_second: int) -> float:
    """How likely a difference this large is where two models are equally often wrong.

    McNemar's exact test: samples on which just one of them errs are fair coins then.
    """
    errors = only_first + only_second
    return float(binomtest(only_first, errors).pvalue) if errors else 1.0
