"""Pictures that phrases are measured against: how high does a phrase score where it is not true?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fgclip.analysis.errors import AnalysisError
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import Baseline
from fgclip.types import Embeddings
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

LEAST = 2  # pictures of a workspace: one is not measured against itself
MOST = 64  # pictures, evenly spread over the workspace
AT_ONCE = 8  # read by one `advance`


@dataclass(frozen=True)
class Elsewhere:
    """The best cosine of each text on each picture: (P, R)."""

    paths: tuple[Path, ...]
    values: NDArray[np.float32]

    def without(self, path: Path) -> NDArray[np.float32]:
        """On all pictures but one: (P, R) or (P, R − 1).

        Raises:
            AnalysisError: There is no other picture.
        """
        others = self.values[:, [each != path.absolute() for each in self.paths]]
        if not others.shape[1]:
            raise AnalysisError(
                "There is no other picture to measure phrases against, so no threshold: "
                "import some, or give others to measure against."
            )
        return others


class Reference:
    """Pictures as a baseline. Threads may share it.

    They are chosen anew whenever they are asked for; what was read of them is kept.
    """

    def __init__(self, encoder: Encoder, choose: Callable[[], Sequence[Path]]) -> None:
        """`choose` gives absolute paths, the same ones as long as nothing changes."""
        self._encoder = encoder
        self._choose = choose
        self._lock = Lock()
        self._read: dict[Path, Baseline | PictureError] = {}

    @classmethod
    def of_pictures(cls, encoder: Encoder, paths: Sequence[Path]) -> Reference:
        """All of these pictures."""
        chosen = [path.absolute() for path in paths]
        return cls(encoder, lambda: chosen)

    @classmethod
    def of_workspace(
        cls, encoder: Encoder, workspace: Workspace, otherwise: Sequence[Path] = ()
    ) -> Reference:
        """The usual one: some pictures of a workspace, or others as long as it holds too few.

        Args:
            encoder: the model.
            workspace: whose pictures.
            otherwise: those of the gallery; none by default.
        """
        return cls(encoder, _Spread(workspace, [path.absolute() for path in otherwise[:MOST]]))

    def advance(self, count: int | None = AT_ONCE) -> tuple[int, int]:
        """Read so many pictures more, or all; how many are read by now, and of how many."""
        with self._lock:
            chosen = self._choose()
            self._read = {path: self._read[path] for path in chosen if path in self._read}
            waiting = [path for path in chosen if path not in self._read]
            now = waiting[:count]
            for path in now:
                self._read[path] = self._baseline(path)
            return len(chosen) - len(waiting) + len(now), len(chosen)

    @property
    def faults(self) -> tuple[str, ...]:
        """Of the pictures that were read by now: those that cannot be, and why."""
        with self._lock:
            return tuple(str(one) for one in self._read.values() if isinstance(one, PictureError))

    def best(self, texts: Embeddings) -> Elsewhere:
        """What texts reach on each picture: (P, D) → (P, R)."""
        self.advance(None)
        with self._lock:
            known = {path: one for path, one in self._read.items() if isinstance(one, Baseline)}
        columns = [one.best(texts) for one in known.values()]
        values = np.concatenate([np.zeros((len(texts), 0), np.float32), *columns], axis=1)
        return Elsewhere(tuple(known), values)

    def _baseline(self, path: Path) -> Baseline | PictureError:
        try:
            return Baseline.of([self._encoder.encode_dense(open_picture(path))])
        except PictureError as error:
            return error


class _Spread:
    """Pictures evenly spread over a workspace, chosen anew when some come in."""

    def __init__(self, workspace: Workspace, otherwise: Sequence[Path]) -> None:
        self._workspace = workspace
        self._otherwise = otherwise
        self._chosen: Sequence[Path] = ()
        self._chosen_at = -1  # changes of the workspace

    def __call__(self) -> Sequence[Path]:
        changes = self._workspace.changes("records")
        if changes != self._chosen_at:
            ids = self._workspace.image_ids
            spread = ids[np.linspace(0, len(ids) - 1, min(MOST, len(ids)), dtype=int)]
            stored = [each.path for each in self._workspace.pictures(spread.tolist())]
            self._chosen = stored if len(stored) >= LEAST else self._otherwise or stored
            self._chosen_at = changes
        return self._chosen
