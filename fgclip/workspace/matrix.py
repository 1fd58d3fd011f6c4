"""All vectors of a kind in memory, searched exactly.

A float32 is split into its upper and lower 16 bits. The upper half is a bfloat16: a first pass
reads it alone, half the memory, and errs by no more than a bound that is known. Whatever may still
be among the best is scored anew in float32, so the answer is that of a search in float32.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fgclip.types import Embeddings, Ids

BLOCK = 1024  # rows of which only the best is looked at when the threshold is sought
FEW = 8  # rows are gathered, and not all scored, where no more than 1 / FEW of them are asked for
ROUNDING = 2.0**-8  # of a bfloat16, relative


@dataclass(frozen=True)
class Hits:
    """The best of a search, best first.

    Attributes:
        owners: (K,) ids.
        scores: (K,) cosines.
        searched: how many there were to choose from.
    """

    owners: Ids
    scores: NDArray[np.float32]
    searched: int


class Matrix:
    """Unit vectors with their owners. Threads may share it."""

    def __init__(self, owners: Ids, upper: Tensor, lower: Tensor, lost: float) -> None:
        """Keep (N,) ascending owners, (N, D) halves, and the longest row of what `upper` lacks."""
        self.owners = owners
        self._upper = upper
        self._lower = lower
        self._lost = lost

    @classmethod
    def filled(
        cls, batches: Iterable[tuple[Ids, Embeddings]], count: int, dimensions: int
    ) -> Matrix:
        """Take batches of owners, ascending, and their unit vectors.

        Args:
            batches: (n,) owners and (n, D) vectors each; `count` rows at most are taken.
            count: rows to make room for.
            dimensions: D.
        """
        owners = np.empty(count, np.int64)
        bits = [torch.empty((count, dimensions), dtype=torch.int16) for _ in range(2)]
        end, lost = 0, 0.0
        for some, vectors in batches:
            some, vectors = some[: count - end], vectors[: count - end]
            rows = slice(end, end + len(some))
            whole = torch.from_numpy(np.ascontiguousarray(vectors)).view(torch.int16)
            halves = whole.reshape(len(some), dimensions, 2)  # little-endian: the lower half first
            bits[0][rows], bits[1][rows] = halves[..., 1], halves[..., 0]
            owners[rows] = some
            rest = torch.from_numpy(vectors) - bits[0][rows].view(torch.bfloat16).float()
            lost = max(lost, float(rest.norm(dim=1).max())) if len(some) else lost
            end = rows.stop
        upper, lower = (half[:end] for half in bits)
        return cls(owners[:end], upper.view(torch.bfloat16), lower, lost)

    @property
    def nbytes(self) -> int:
        """Memory it holds."""
        return self.owners.nbytes + 2 * self._upper.nbytes

    def best(self, query: Embeddings, limit: int, among: Ids | None = None) -> Hits:
        """The owners closest to a (D,) unit vector.

        Args:
            query: unit vector.
            limit: how many, at most.
            among: (M,) ascending owners to choose from; all by default. Those without a vector
                are passed over.
        """
        exact = torch.from_numpy(np.ascontiguousarray(query, np.float32))
        rows = None if among is None else torch.from_numpy(self._rows(among))
        searched = len(self.owners) if rows is None else len(rows)
        limit = min(limit, searched)
        if limit == 0:
            return Hits(np.zeros(0, np.int64), np.zeros(0, np.float32), searched)
        candidates = self._candidates(exact, limit, rows)
        scores = self._exact_scores(candidates, exact)
        order = _ranked(scores, self.owners[candidates.numpy()])[:limit]
        found = candidates.numpy()[order]
        return Hits(self.owners[found], scores[order], searched)

    def rows(self, owners: Ids) -> Embeddings:
        """(M, D) vectors of owners that have one, in float32 to the last bit."""
        return self._exact(torch.from_numpy(self._rows(owners))).numpy()

    def _candidates(self, query: Tensor, limit: int, rows: Tensor | None) -> Tensor:
        """Rows that may be among the best: none of these is missing."""
        short = query.bfloat16()
        if rows is not None and len(rows) * FEW <= len(self.owners):
            scores = self._upper[rows] @ short
        else:
            scores = self._upper @ short
            if rows is not None:
                wanted = torch.full_like(scores, -torch.inf)
                wanted[rows] = scores[rows]
                scores, rows = wanted, None
        threshold = _reached_by(scores, limit)
        margin = self._lost + float((query - short.float()).norm()) + ROUNDING * abs(threshold)
        places = torch.nonzero(scores >= threshold - 2 * margin).flatten()
        return places if rows is None else rows[places]

    def _exact_scores(self, rows: Tensor, query: Tensor) -> NDArray[np.float32]:
        parts = [self._exact(some) @ query for some in torch.split(rows, 65_536)]
        return torch.cat(parts).numpy()

    def _exact(self, rows: Tensor) -> Tensor:
        halves = (self._lower[rows], self._upper[rows].view(torch.int16))
        return torch.stack(halves, dim=-1).view(torch.float32).squeeze(-1)

    def _rows(self, owners: Ids) -> Ids:
        """Places of those owners that are there."""
        count = len(self.owners)
        if count and self.owners[-1] - self.owners[0] == count - 1:  # no gap, as after an import
            first, last = np.searchsorted(owners, (self.owners[0], self.owners[-1] + 1))
            return np.asarray(owners[first:last] - self.owners[0], np.int64)
        places = np.searchsorted(self.owners, owners)
        places[places == len(self.owners)] = 0
        there = self.owners[places] == owners if len(self.owners) else np.zeros(0, bool)
        found: Ids = places[there]
        return found


def _reached_by(scores: Tensor, limit: int) -> float:
    """A score that at least `limit` rows reach, and few more: the limit-th best block's best."""
    blocks = -(-len(scores) // BLOCK)
    if blocks < 4 * limit:
        return float(scores.topk(limit).values[-1])
    whole = len(scores) // BLOCK * BLOCK
    best = scores[:whole].view(-1, BLOCK).amax(dim=1)
    return float(best.topk(limit).values[-1])


def _ranked(scores: NDArray[np.float32], owners: Ids) -> NDArray[np.intp]:
    """Best first; the smaller id settles ties, so that results repeat."""
    return np.lexsort((owners, -scores))
