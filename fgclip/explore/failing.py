"""The answer to where the model is fooled in the workspace."""

from __future__ import annotations

from fgclip.explore.replies import Answer
from fgclip.margins import RUN, SEPARATOR
from fgclip.workspace.store import catalogue, results
from fgclip.workspace.store.vectors import Model
from fgclip.workspace.workspace import Workspace


def failure_answer(workspace: Workspace, model: Model) -> Answer:
    """Attribute × route: regions asked, those that fool the model, and the filter for them."""
    table: dict[str, dict[str, Answer]] = {}
    for each in results.below_zero(workspace.database, RUN, model):
        attribute, _, route = each.metric.rpartition(SEPARATOR)
        cell = {"asked": each.rows, "fooled": each.below, "where": each.where}
        table.setdefault(attribute, {})[route] = cell
    order = sorted(table, key=lambda name: (-max(c["asked"] for c in table[name].values()), name))
    return {
        "rows": [{"attribute": name, "cells": table[name]} for name in order],
        "asked": results.samples(workspace.database, RUN, model),
        "regions": catalogue.regions_with_negatives(workspace.database),
    }
