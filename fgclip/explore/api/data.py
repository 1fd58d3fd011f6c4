"""Answers to the Data tab: what is in the workspace, and long work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fgclip.analysis.detection import Finder
from fgclip.explore.api.jobs import JobFactory
from fgclip.explore.api.schemas.data import (
    Duplicates,
    LatestJob,
    RemoveQuestion,
    WorkspaceState,
)
from fgclip.explore.api.schemas.fields import Done, Nothing
from fgclip.explore.api.schemas.jobs import StartQuestion
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

FAULTS = 50  # shown
GROUPS = 40  # of what is there twice, shown
MEMBERS = 12  # of each, shown


class DataAnswers:
    """Everything the Data tab asks."""

    def __init__(
        self,
        workspace: Workspace,
        encoder: Encoder,
        finder: Finder,
        roots: Sequence[Path],
        other: Encoder | None = None,
    ) -> None:
        """Read data sets from below `roots` only; `other` is a second model to compare with."""
        self._workspace = workspace
        self._encoder = encoder
        self._jobs = JobFactory(workspace, encoder, finder, roots, other)

    def state(self, _: Nothing) -> WorkspaceState:
        """What is there, and what is going on."""
        job = self._workspace.jobs.latest  # first: what it did is in what is read then
        return WorkspaceState.model_validate(
            {
                "job": job,
                "folder": str(self._workspace.folder.resolve()),
                **self._workspace.counts,
                "sources": self._workspace.sources,
                "models": [
                    {
                        "id": model.id,
                        "name": model.name,
                        "loaded": model.sha256 == self._encoder.card.identity,
                        "dimensions": model.dimensions,
                        **self._workspace.vector_counts(model),
                    }
                    for model in self._workspace.models
                ],
                "maps": list(self._workspace.maps),
                **asdict(self._workspace.sizes),
                "listed": self._workspace.unreadable(FAULTS),
                "twins": self._twins(),
            }
        )

    def job(self, _: Nothing) -> LatestJob:
        """How far the latest job is."""
        return LatestJob.model_validate({"job": self._workspace.jobs.latest})

    def stop(self, _: Nothing) -> Done:
        """Stop it."""
        self._workspace.jobs.stop()
        return Done()

    def start(self, question: StartQuestion) -> LatestJob:
        """Begin a job."""
        title, work = self._jobs.wanted(question)
        return LatestJob.model_validate({"job": self._workspace.jobs.start(title, work)})

    def remove(self, question: RemoveQuestion) -> Done:
        """Forget a map."""
        self._workspace.maps.remove(question.map)
        return Done()

    def _twins(self) -> Duplicates | None:
        """The largest groups of what is there twice, and where their first members are."""
        twins = self._jobs.twins
        if twins is None:
            return None
        shown = [group[:MEMBERS] for group in twins.groups[:GROUPS]]
        owners = np.array([owner for group in shown for owner in group], np.int64)
        places = self._workspace.locations(twins.kind, owners)
        return Duplicates.model_validate(
            {
                "title": twins.title,
                "kind": twins.kind,
                "count": len(twins.groups),
                "groups": [
                    {"size": len(group), "members": [places[owner] for owner in part]}
                    for group, part in zip(twins.groups, shown, strict=False)
                ],
            }
        )
