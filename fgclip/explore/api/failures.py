"""The answer to where the model is fooled in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from fgclip.analysis.hard_negatives import RUN, kept_table
from fgclip.explore.api.responses import Answer
from fgclip.types import RouteChoice
from fgclip.workspace import IndexedModel, Workspace


def failure_answer(
    workspace: Workspace, model: IndexedModel, routes: Sequence[RouteChoice]
) -> Answer:
    """Attribute × route: regions asked, those that fool the model, and the filter for them.

    Args:
        workspace: with the margins.
        model: whose.
        routes: those of its card that were trained; what was kept of others is not told.
    """
    table = kept_table(workspace, model, routes)
    return {
        "rows": [
            {"attribute": name, "cells": {route: asdict(cell) for route, cell in cells.items()}}
            for name, cells in table.items()
        ],
        "asked": workspace.results.samples(RUN, model),
        "regions": workspace.regions_with_negatives(),
    }
