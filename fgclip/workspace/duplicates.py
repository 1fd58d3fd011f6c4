"""What is there twice, or nearly: the same vector but for a little."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fgclip.types import Ids
from fgclip.workspace.matrix import Matrix
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store.database import WorkspaceError

BLOCK = 2048  # rows compared with all others at a time
FARTHEST, NEAREST = 0.0, 1.0  # cosines that may be asked for: above the first, up to the second
USUAL = 0.97  # from which on two are nearly the same, unless the user says otherwise
MOST_PAIRS = 5_000_000  # beyond it the threshold is too low to be of use


def near_duplicates(
    matrix: Matrix,
    at_least: float,
    *,
    pictures: Ids | None = None,
    watch: Watch = unwatched,
) -> list[list[int]]:
    """Groups whose members are linked by pairs that close, largest first.

    Every pair is compared, in float32.

    Args:
        matrix: vectors with their owners.
        at_least: cosine of a pair, such as 0.97.
        pictures: of the owners, in their order: pairs within one do not count, for parts of a
            picture are alike as a matter of course.
        watch: is told of progress; may cancel.

    Raises:
        WorkspaceError: It is no such cosine, or so many pairs are that close that the groups would
            mean nothing.
    """
    if not FARTHEST < at_least <= NEAREST:
        raise WorkspaceError(
            f"a cosine of {at_least:g} tells no duplicates; choose one above {FARTHEST:g} and at "
            f"most {NEAREST:g}, such as {USUAL:g}"
        )
    count = len(matrix.owners)
    meter = Meter(watch, unit="vectors", stage="comparing all pairs", total=count)
    apart = None if pictures is None else torch.from_numpy(pictures)
    found: list[torch.Tensor] = []
    pairs = 0
    for start in range(0, count, BLOCK):
        rows = torch.from_numpy(matrix.rows(matrix.owners[start : start + BLOCK]))
        for other in range(start, count, BLOCK):
            against = torch.from_numpy(matrix.rows(matrix.owners[other : other + BLOCK]))
            close = torch.nonzero(rows @ against.T >= at_least) + torch.tensor([start, other])
            close = close[close[:, 0] < close[:, 1]]
            if apart is not None:
                close = close[apart[close[:, 0]] != apart[close[:, 1]]]
            found.append(close)
            pairs += len(close)
            if pairs > MOST_PAIRS:
                raise WorkspaceError(
                    f"More than {MOST_PAIRS:,} pairs have a cosine of {at_least:g} or more; ask "
                    "for a higher one."
                )
        meter.advance(len(rows))
    return _groups(matrix.owners, torch.cat(found).numpy() if found else np.zeros((0, 2), int))


def _groups(owners: Ids, pairs: Ids) -> list[list[int]]:
    count = len(owners)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, labels = connected_components(links, directed=False)
    groups: dict[int, list[int]] = defaultdict(list)
    for row in np.unique(pairs).tolist():
        groups[int(labels[row])].append(int(owners[row]))
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))
