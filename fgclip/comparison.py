"""What it takes to compare two models on the workspace: vectors, margins and maps of both."""

from __future__ import annotations

from collections.abc import Sequence

from fgclip.encoder import Encoder
from fgclip.margins import keep_failures
from fgclip.workspace.mapping import LEAST, Parameters
from fgclip.workspace.progress import Watch
from fgclip.workspace.store import catalogue, vectors
from fgclip.workspace.store.points import MapRun
from fgclip.workspace.store.vectors import Kind, Model
from fgclip.workspace.workspace import Workspace


def prepare(workspace: Workspace, encoders: Sequence[Encoder], kind: Kind, *, watch: Watch) -> str:
    """Have each model index everything, face all negatives, and lay out a map of a kind.

    What is there already stays; margins are taken anew. A stop keeps what was finished.

    Returns:
        What was done, in words.
    """
    asked = mapped = 0
    for encoder in encoders:
        workspace.index(encoder, watch=watch)
        model = workspace.model_of(encoder)
        if catalogue.regions_with_negatives(workspace.database):
            asked, _ = keep_failures(workspace, encoder, model, watch=watch)
        run = latest_map(workspace, model, kind)
        count = vectors.counts(workspace.database, model)[kind]
        if run is None and count >= LEAST:
            workspace.map(model, kind, Parameters(), watch=watch)
        elif run is not None and run.points < count:
            workspace.place(run, watch=watch)
        mapped = count
    names = " and ".join(encoder.card.name for encoder in encoders)
    return f"{asked:,} regions faced their negatives, {mapped:,} {kind}s are mapped, by {names}"


def latest_map(workspace: Workspace, model: Model, kind: Kind) -> MapRun | None:
    """A model's own map of a kind; None where there is none yet."""
    wanted = (run for run in workspace.maps if (run.model_id, run.kind) == (model.id, kind))
    return next(wanted, None)
