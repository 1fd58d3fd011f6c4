"""Placing points by their neighbours against laying all of them out with UMAP."""

from __future__ import annotations

import itertools

import numpy as np
from sklearn.manifold import trustworthiness

import fgclip
from benchmarks.bench import Bench, timed
from benchmarks.server import GALLERY
from benchmarks.tables import Column, Row, Table
from fgclip.data.finehard import read_finehard
from fgclip.workspace.mapping import Parameters, fit
from fgclip.workspace.placing import placed_among

COLOURS = [
    "black",
    "white",
    "red",
    "green",
    "blue",
    "yellow",
    "brown",
    "pink",
    "purple",
    "orange",
    "grey",
]
MATERIALS = ["plastic", "wooden", "metal", "leather", "wool", "paper", "glass", "stone"]
PATTERNS = ["striped", "dotted", "checked", ""]
SIZES = ["small", "large", ""]
COMPARED = 6000  # points that trustworthiness is computed of: it takes all their pairs
NEIGHBOURS = 15

COLUMNS = (
    Column("points", "", 0),
    Column("fitted", "", 0),
    Column("time", "s", 1),
    Column("faster than fitting all", "×", 1),
    Column("trustworthiness", "", 4),
)
NOTES = (
    "Phrases (size, colour, pattern, material, one of the gallery's kinds) as fgclip-mini reads "
    f"them. *trustworthiness*: scikit-learn's, {NEIGHBOURS} neighbours by cosine, of the same "
    f"{COMPARED:,} points of each map, drawn from all. *placing*: the time of the others alone, "
    "once the sample is laid out."
)


def tables(bench: Bench) -> list[Table]:
    """The full fit, and a third of it with the rest placed."""
    vectors = _vectors(bench.effort.laid_out)
    count, part = len(vectors), len(vectors) // 3
    whole_seconds, full = timed(lambda: fit(vectors, Parameters()))
    part_seconds, some = timed(lambda: fit(vectors[:part], Parameters()))
    seconds, rest = timed(lambda: placed_among(vectors[part:], vectors[:part], some))
    mixed = np.concatenate([some, rest])
    chosen = np.random.default_rng(1).choice(count, min(COMPARED, count), replace=False)

    def trust(places: np.ndarray) -> float:
        return float(
            trustworthiness(
                vectors[chosen], places[chosen], n_neighbors=NEIGHBOURS, metric="cosine"
            )
        )

    rows = (
        Row(("UMAP of all",), (count, count, whole_seconds, 1.0, trust(full))),
        Row(("UMAP of the sample",), (part, part, part_seconds, np.nan, np.nan)),
        Row(
            ("placing the others",),
            (count - part, part, seconds, whole_seconds / seconds, trust(mixed)),
        ),
    )
    return [
        Table(
            subject="place", title="Placing points on a map", notes=NOTES, labels=("work",),
            columns=COLUMNS, rows=rows,
        )
    ]  # fmt: skip


def _vectors(count: int) -> np.ndarray:
    kinds = sorted(
        {
            region.category
            for record in read_finehard(GALLERY / "gallery.json", images=GALLERY)
            for region in record.regions
            if region.category
        }
    )
    parts = itertools.product(SIZES, COLOURS, PATTERNS, MATERIALS, kinds)
    phrases = [" ".join(filter(None, ("a", *words))) for words in parts]
    chosen = np.random.default_rng(0).permutation(len(phrases))[:count]
    return fgclip.load("fgclip-mini").encode_text([phrases[row] for row in chosen], "box")
