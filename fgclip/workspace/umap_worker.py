"""UMAP in a process of its own: it compiles for a minute, and can be stopped at any time.

`python umap_worker.py FOLDER` reads `vectors.npy` and `parameters.json` there and writes
`coordinates.npy`; it prints one JSON line for each step. Nothing of the package is imported.
"""

from __future__ import annotations

import io
import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np

VECTORS = "vectors.npy"
PARAMETERS = "parameters.json"
COORDINATES = "coordinates.npy"


class _Epochs(io.StringIO):
    """What tqdm writes to: passes its counts on."""

    def write(self, text: str) -> int:
        count = re.search(r"(\d+)/(\d+) \[", text)
        if count:
            tell("laying out", int(count[1]), int(count[2]))
        return len(text)


def tell(stage: str, done: int, total: int | None) -> None:
    """One line for the process that waits."""
    sys.stdout.write(json.dumps({"stage": stage, "done": done, "total": total}) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Fit and write."""
    tell("starting UMAP", 0, None)
    import umap  # compiles for seconds

    parameters = json.loads((folder / PARAMETERS).read_text(encoding="utf-8"))
    vectors = np.load(folder / VECTORS)
    tell("finding neighbours", 0, None)
    reducer = umap.UMAP(
        metric="cosine",
        n_neighbors=min(parameters["neighbours"], len(vectors) - 1),
        min_dist=parameters["min_dist"],
        random_state=parameters["seed"],
        init="pca",
        low_memory=True,
        tqdm_kwds={"file": _Epochs(), "disable": False, "mininterval": 0.2, "ascii": True},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few threads where a seed is given, and of small sets
        coordinates = reducer.fit_transform(vectors)
    np.save(folder / COORDINATES, np.asarray(coordinates, np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
