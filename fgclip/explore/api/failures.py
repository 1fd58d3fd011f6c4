"""The answer to where the model is fooled in the workspace."""

from __future__ import annotations

from collections.abc import Sequence

from fgclip.analysis.hard_negatives import RUN, read_metric
from fgclip.explore.api.responses import Answer
from fgclip.types import RouteChoice
from fgclip.workspace.store import catalogue, results
from fgclip.workspace.store.vectors import IndexedModel
from fgclip.workspace.workspace import Workspace


def failure_answer(
    workspace: Workspace, model: IndexedModel, routes: Sequence[RouteChoice]
) -> Answer:
    """Attribute × route: regions asked, those that fool the model, and the filter for them.

    Args:
        workspace: with the margins.
        model: whose.
        routes: those of its card that were trained; what was kept of others is not told.
    """
    table: dict[str, dict[str, Answer]] = {}
    for each in results.failures(workspace.database, RUN, model):
        attribute, route = read_metric(each.metric)
        if route in routes:
            cell = {"asked": each.rows, "fooled": each.fooled, "where": each.where}
            table.setdefault(attribute, {})[route] = cell
    order = sorted(table, key=lambda name: (-max(c["asked"] for c in table[name].values()), name))
    return {
        "rows": [{"attribute": name, "cells": table[name]} for name in order],
        "asked": results.samples(workspace.database, RUN, model),
        "regions": catalogue.regions_with_negatives(workspace.database),
    }
