"""The answer to where the model is fooled in the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgclip.analysis.hard_negatives import RUN, kept_table
from fgclip.explore.api.schemas.negatives import Failures
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder


def failure_answer(workspace: Workspace, encoder: Encoder) -> Failures:
    """Attribute × route: regions asked, those that fool the model, and the filter for them.

    Routes that training did not give the model are left out, whatever was kept of them.
    """
    model = workspace.model_of(encoder)
    table = kept_table(workspace, model, encoder.card.trained_routes)
    return Failures.model_validate(
        {
            "rows": [{"attribute": name, "cells": cells} for name, cells in table.items()],
            "asked": workspace.results.samples(RUN, model),
            "regions": workspace.regions_with_negatives(),
            "negatives": workspace.counts["negatives"],
        }
    )
