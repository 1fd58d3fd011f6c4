"""Answers to the Data tab: what is in the workspace, and long work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fgclip.analysis.detection import Finder
from fgclip.explore.api.jobs import Works
from fgclip.explore.api.requests import Request
from fgclip.explore.api.responses import Answer, answered
from fgclip.workspace import Workspace
from fgclip.workspace.jobs import Job

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
        self._works = Works(workspace, encoder, finder, roots, other)

    def state(self, data: Any) -> Answer:
        """What is there, and what is going on: {}."""
        return answered(self._state, data)

    def job(self, data: Any) -> Answer:
        """How far the latest work is: {}."""
        return answered(lambda _: {"job": _told(self._workspace.jobs.latest)}, data)

    def stop(self, data: Any) -> Answer:
        """Stop it: {}."""
        return answered(self._stop, data)

    def start(self, data: Any) -> Answer:
        """Begin a work: {"work"} and what it needs; `Works` knows them."""
        return answered(self._start, data)

    def remove(self, data: Any) -> Answer:
        """Forget a map: {"map"}."""
        return answered(self._remove, data)

    def _state(self, _: Request) -> Answer:
        job = _told(self._workspace.jobs.latest)  # first: what it did is in what is read then
        return {
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
            "maps": [asdict(run) for run in self._workspace.maps],
            **asdict(self._workspace.sizes),
            "listed": self._workspace.unreadable(FAULTS),
            "twins": self._twins(),
        }

    def _start(self, request: Request) -> Answer:
        title, work = self._works.wanted(request)
        return {"job": _told(self._workspace.jobs.start(title, work))}

    def _twins(self) -> Answer | None:
        """The largest groups of what is there twice, and where their first members are."""
        twins = self._works.twins
        if twins is None:
            return None
        shown = [group[:MEMBERS] for group in twins.groups[:GROUPS]]
        owners = np.array([owner for group in shown for owner in group], np.int64)
        places = self._workspace.locations(twins.kind, owners)
        return {
            "title": twins.title,
            "kind": twins.kind,
            "count": len(twins.groups),
            "groups": [
                {"size": len(group), "members": [asdict(places[owner]) for owner in part]}
                for group, part in zip(twins.groups, shown, strict=False)
            ],
        }

    def _stop(self, _: Request) -> Answer:
        self._workspace.jobs.stop()
        return {}

    def _remove(self, request: Request) -> Answer:
        self._workspace.maps.remove(request.whole("map"))
        return {}


def _told(job: Job | None) -> Answer | None:
    if job is None:
        return None
    progress = job.progress
    told = asdict(job)
    if progress is not None:
        told["progress"]["seconds_left"] = progress.seconds_left
    return told
