"""Pictures that phrases are measured against: how high does a phrase score where it is not true?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fgclip.explore.api.requests import RequestError
from fgclip.explore.gallery import Sample
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import Baseline
from fgclip.types import Embeddings
from fgclip.workspace.store import catalogue
from fgclip.workspace.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

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
            RequestError: There is no other picture.
        """
        others = self.values[:, [each != path for each in self.paths]]
        if not others.shape[1]:
            raise RequestError(
                "There is no other picture to measure phrases against, so no threshold: "
                "import some in the Data tab."
            )
        return others


class Reference:
    """Some pictures of the workspace, or else of the gallery, as a baseline. Threads may share it.

    They are chosen anew when pictures come in; what was read of them is kept.
    """

    def __init__(
        self, workspace: Workspace, encoder: Encoder, gallery: Mapping[str, Sample]
    ) -> None:
        self._database = workspace.database
        self._encoder = encoder
        self._gallery = gallery
        self._lock = Lock()
        self._chosen: list[Path] = []
        self._chosen_at = -1  # changes of the workspace
        self._read: dict[Path, Baseline | None] = {}  # None: cannot be read

    def advance(self, count: int = AT_ONCE) -> tuple[int, int]:
        """Read so many pictures more; how many are read by now, and of how many."""
        with self._lock:
            chosen = self._choose()
            waiting = [path for path in chosen if path not in self._read]
            for path in waiting[:count]:
                self._read[path] = self._baseline(path)
            return len(chosen) - len(waiting[count:]), len(chosen)

    def best(self, texts: Embeddings) -> Elsewhere:
        """What texts reach on each picture: (P, D) → (P, R)."""
        self.advance(MOST)
        with self._lock:
            known = {path: one for path, one in self._read.items() if one}
        columns = [one.best(texts) for one in known.values()]
        values = np.concatenate([np.zeros((len(texts), 0), np.float32), *columns], axis=1)
        return Elsewhere(tuple(known), values)

    def _choose(self) -> list[Path]:
        changes = self._database.changes("records")
        if changes != self._chosen_at:
            ids = catalogue.image_ids(self._database)
            spread = ids[np.linspace(0, len(ids) - 1, min(MOST, len(ids)), dtype=int)]
            stored = [each.path for each in catalogue.pictures(self._database, spread.tolist())]
            samples = [each.path.absolute() for each in self._gallery.values()][:MOST]
            self._chosen = stored or samples
            self._chosen_at = changes
            self._read = {path: self._read[path] for path in self._chosen if path in self._read}
        return self._chosen

    def _baseline(self, path: Path) -> Baseline | None:
        try:
            return Baseline.of([self._encoder.encode_dense(open_picture(path))])
        except PictureError:
            return None
