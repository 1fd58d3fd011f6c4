"""What it takes to compare two models on the workspace: vectors, margins and maps of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fgclip.analysis.hard_negatives import RUN, keep_failures
from fgclip.analysis.ranks import ModelVectors
from fgclip.encoder import Encoder
from fgclip.types import ItemKind
from fgclip.workspace import IndexedModel, MapRun, Workspace
from fgclip.workspace.mapping import LEAST, Parameters
from fgclip.workspace.matrix import Matrix
from fgclip.workspace.progress import Watch


def prepare(
    workspace: Workspace, encoders: Sequence[Encoder], kind: ItemKind, *, watch: Watch
) -> str:
    """Have each model index everything, face all negatives, and lay out a map of a kind.

    What is there already stays. A stop keeps what was finished.

    Returns:
        What was done, in words.
    """
    hard = workspace.regions_with_negatives()
    faults = mapped = 0
    for encoder in encoders:
        faults = max(faults, workspace.index(encoder, watch=watch).faults)
        model = workspace.model_of(encoder)
        if workspace.results.samples(RUN, model) < hard:
            keep_failures(workspace, encoder, anew=False, watch=watch)
        run = latest_map(workspace, model, kind)
        count = workspace.vector_counts(model)[kind]
        if run is None and count >= LEAST:
            workspace.map(model, kind, Parameters(), watch=watch)
        elif run is not None and run.points < count:
            workspace.place(run, watch=watch)
        mapped = count
    names = " and ".join(encoder.card.name for encoder in encoders)
    unread = f"; {faults:,} pictures cannot be read" if faults else ""
    return (
        f"{hard:,} regions have hard negatives, {mapped:,} {kind}s are mapped, by {names}{unread}"
    )


def indexed_by(workspace: Workspace, model: IndexedModel) -> ModelVectors:
    """What a model made of the regions and phrases of a workspace."""
    matrix = workspace.search.matrix
    return ModelVectors(matrix(model, "region"), matrix(model, "text"))


def rival_phrases(
    workspace: Workspace, models: Sequence[IndexedModel], region: int, *, most: int
) -> list[str]:
    """Phrases that models put nearest a region, so many each at most, its own left out."""
    own = workspace.captions("region", np.array([region])).get(region)
    found: dict[str, None] = {}
    for model in models:
        seen = workspace.vector(model, "region", region)
        hits = workspace.search.nearest(model, "text", seen, limit=most + 1)
        captions = workspace.captions("text", hits.owners)
        found |= dict.fromkeys(captions[each] for each in hits.owners.tolist())
    return [text for text in found if text != own]


def maps_of(
    workspace: Workspace, models: Sequence[IndexedModel], kind: ItemKind
) -> list[tuple[Matrix, MapRun]] | None:
    """Each model's vectors of a kind and its map of them; None where one has no map yet."""
    runs = [latest_map(workspace, model, kind) for model in models]
    found = [
        (workspace.search.matrix(model, kind), run)
        for model, run in zip(models, runs, strict=True)
        if run is not None
    ]
    return found if len(found) == len(models) else None


def latest_map(workspace: Workspace, model: IndexedModel, kind: ItemKind) -> MapRun | None:
    """A model's own map of a kind; None where there is none yet."""
    wanted = (run for run in workspace.maps if (run.model_id, run.kind) == (model.id, kind))
    return next(wanted, None)
