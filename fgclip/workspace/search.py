"""Search: a vector, or a sum of prompts, against everything that a model indexed."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from threading import Lock

import numpy as np

from fgclip.types import Embeddings, Ids, ItemKind, RouteChoice, TextEncoder
from fgclip.workspace.matrix import Hits, Matrix
from fgclip.workspace.store import vectors
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.vectors import IndexedModel

PATIENCE = 10.0  # times the last loading that a matrix may be out of date while vectors come in
_SIGNS = re.compile(r"(?:^|\s)([+\-−])\s+")


@dataclass(frozen=True)
class Term:
    """A prompt in a sum."""

    text: str
    weight: float  # 1 or −1


def terms_of(text: str) -> list[Term]:
    """A line of prompts: `a red boat + snow - people` has two wanted and one unwanted.

    A sign counts where white space follows it, and precedes it or nothing does: `black-and-white`
    and `-5` stay words.

    Raises:
        WorkspaceError: Nothing is wanted.
    """
    parts = _SIGNS.split(text)
    signs = ["+", *parts[1::2]]
    terms = [
        Term(part.strip(), 1.0 if sign == "+" else -1.0)
        for sign, part in zip(signs, parts[::2], strict=True)
        if part.strip()
    ]
    if not any(term.weight > 0 for term in terms):
        raise WorkspaceError(
            f"{text!r} asks for nothing; write what to look for, such as a red boat - people."
        )
    return terms


def text_query(encoder: TextEncoder, text: str, route: RouteChoice) -> Embeddings:
    """The (D,) unit vector of a line of prompts: their weighted sum."""
    terms = terms_of(text)
    rows = encoder.encode_text([term.text for term in terms], route)
    weights = np.array([term.weight for term in terms], np.float32)
    return unit(weights @ rows)


def unit(vector: Embeddings) -> Embeddings:
    """The same direction with length 1.

    Raises:
        WorkspaceError: It has no direction: prompts cancel each other.
    """
    length = float(np.linalg.norm(vector))
    if length < 1e-6:
        raise WorkspaceError("These prompts cancel each other; leave one of them out.")
    return np.asarray(vector / length, np.float32)


class Search:
    """Exact search over all models and kinds. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._matrices: dict[tuple[int, ItemKind], _Loaded] = {}
        self._lock = Lock()

    def nearest(
        self,
        model: IndexedModel,
        kind: ItemKind,
        query: Embeddings,
        *,
        limit: int,
        among: Ids | None = None,
    ) -> Hits:
        """The vectors of a kind that are closest to a (D,) unit vector, best first.

        Args:
            model: that indexed.
            kind: of the vectors.
            query: (D,).
            limit: hits at most.
            among: look at these owners alone, such as `filters.matching` gives; ascending.

        Raises:
            WorkspaceError: The query has another D.
        """
        if query.shape != (model.dimensions,):
            raise WorkspaceError(
                f"The query has shape {query.shape}; vectors of {model.name} have "
                f"{model.dimensions} numbers."
            )
        return self.matrix(model, kind).best(query, limit, among)

    def matrix(self, model: IndexedModel, kind: ItemKind) -> Matrix:
        """All vectors of a kind; read anew when they have changed.

        While vectors come in all the time, as in indexing, it may lag behind.
        """
        key = (model.id, kind)
        with self._lock:
            loaded = self._matrices.get(key)
            changes = self._database.changes("vectors")
            if loaded is None or (loaded.changes != changes and loaded.is_old()):
                loaded = self._load(model, kind, changes)
                self._matrices[key] = loaded
            return loaded.matrix

    @property
    def nbytes(self) -> int:
        """Memory of all matrices."""
        with self._lock:
            return sum(loaded.matrix.nbytes for loaded in self._matrices.values())

    def _load(self, model: IndexedModel, kind: ItemKind, changes: int) -> _Loaded:
        begun = time.monotonic()
        count = vectors.counts(self._database, model)[kind]
        batches = vectors.load(self._database, model, kind)
        matrix = Matrix.filled(batches, count, model.dimensions)
        ended = time.monotonic()
        return _Loaded(matrix, changes, ended, ended - begun)


@dataclass(frozen=True)
class _Loaded:
    matrix: Matrix
    changes: int  # of the database when it was read
    at: float  # seconds on the monotonic clock
    took: float  # seconds

    def is_old(self) -> bool:
        return time.monotonic() - self.at > PATIENCE * self.took
