"""Dense places of a map: found on a smoothed grid, named by the words that set them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from fgclip.workspace.store.maps import Coordinates, frame_of

GRID = 256  # cells per side
SMOOTHING = 0.1  # standard deviation for one point, share of the map's side
PROMINENCE = 0.25  # share of its height that a hill rises above the saddle to a higher one
LEAST_SHARE = 0.004  # of all points; a smaller place is none
MOST = 60
WORDS = 2  # terms in a label


def dense_places(coordinates: Coordinates) -> NDArray[np.int32]:
    """The cluster of each point, from 0 for the largest; -1 outside of all.

    The density of the points, smoothed, is a landscape; each of its hills that holds enough points
    is a cluster, as far down as a quarter of its height.

    Args:
        coordinates: (N, 2).
    """
    cells, density = _landscape(coordinates)
    hills = _hills(density)
    summit = ndimage.maximum(density, hills, np.arange(hills.max() + 1))
    on_hill = density >= np.asarray(summit)[hills] / 4
    labels = np.where(on_hill, hills, 0)[cells[:, 0], cells[:, 1]]
    return _by_size(labels)


def middles(coordinates: Coordinates, cluster: NDArray[np.int32]) -> NDArray[np.int64]:
    """For each cluster, the row of the point closest to its median."""
    found = []
    for number in range(int(cluster.max(initial=-1)) + 1):
        rows = np.flatnonzero(cluster == number)
        away = coordinates[rows] - np.median(coordinates[rows], axis=0)
        found.append(rows[np.argmin((away**2).sum(axis=1))])
    return np.array(found, np.int64)


def labels_of(texts: Sequence[Sequence[str]]) -> list[str]:
    """A name for each cluster: the terms with the highest TF-IDF, each cluster one document.

    Args:
        texts: phrases of each cluster.
    """
    terms_of = CountVectorizer(
        stop_words="english", token_pattern=r"(?u)\b[^\W\d_]{3,}\b", ngram_range=(1, 2)
    ).build_analyzer()
    counter = CountVectorizer(
        analyzer=lambda phrases: [t for each in phrases for t in terms_of(each)]
    )
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no words, or nothing but stop words
        return [""] * len(texts)
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
    terms = counter.get_feature_names_out()
    return [_label(row, terms) for row in weights]


def _landscape(coordinates: Coordinates) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Each point's cell (N, 2), row first, and the smoothed density."""
    x0, y0, x1, y1 = frame_of(coordinates)
    share = (coordinates[:, ::-1] - (y0, x0)) / (y1 - y0, x1 - x0)
    cells = (share * GRID).clip(0, GRID - 1).astype(np.intp)
    counts = np.bincount(cells[:, 0] * GRID + cells[:, 1], minlength=GRID * GRID)
    landscape = counts.reshape(GRID, GRID).astype(np.float64)
    spread = SMOOTHING * len(coordinates) ** (-1 / 6)  # as Silverman's rule in two dimensions
    return cells, ndimage.gaussian_filter(landscape, spread * GRID, truncate=3)


def _hills(density: NDArray[np.float64]) -> NDArray[np.int64]:
    """The hill that each cell of a landscape belongs to, from 1; 0 where it is flat.

    The water falls: cells come up from the highest on, each joins the highest hill it touches, and
    a hill that rises too little above the saddle to a higher one becomes part of it (Chazal et al.,
    *Persistence-based clustering*, 2013).
    """
    rows, columns = density.shape
    padded = np.zeros((rows + 2, columns + 2), np.int64)
    height, part_of = [0.0], [0]  # of each hill; the hill that it became part of

    def whole(hill: int) -> int:
        while part_of[hill] != hill:
            hill = part_of[hill]
        return hill

    order = np.argsort(-density, axis=None, kind="stable")[: np.count_nonzero(density > 0)]
    for row, column in zip(*np.unravel_index(order, density.shape), strict=True):
        level = float(density[row, column])
        near = np.unique(padded[row : row + 3, column : column + 3]).tolist()
        touched = sorted({whole(hill) for hill in near if hill}, key=lambda hill: -height[hill])
        if not touched:
            touched = [len(height)]
            height.append(level)
            part_of.append(touched[0])
        for other in touched[1:]:
            if height[other] - level < PROMINENCE * height[other]:
                part_of[other] = touched[0]
        padded[row + 1, column + 1] = touched[0]
    wholes = np.array([whole(hill) for hill in range(len(height))])
    return np.asarray(wholes[padded[1:-1, 1:-1]], np.int64)


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int32]:
    """Number hills by their points; those with too few are none."""
    sizes = np.bincount(labels)
    sizes[0] = 0
    enough = sizes >= max(4, LEAST_SHARE * len(labels))
    order = [hill for hill in np.argsort(-sizes, kind="stable") if enough[hill]][:MOST]
    number = np.full(len(sizes), -1, np.int32)
    number[order] = np.arange(len(order))
    return np.asarray(number[labels], np.int32)


def _label(weights: NDArray[np.float64], terms: Sequence[str]) -> str:
    """The best terms, none of them part of another."""
    chosen: list[str] = []
    for place in np.argsort(-weights, kind="stable")[:12]:
        term = str(terms[place])
        known = {word for each in chosen for word in each.split()}
        if weights[place] > 0 and not known & set(term.split()):
            chosen.append(term)
        if len(chosen) == WORDS:
            break
    return ", ".join(chosen)
