"""The gallery in the workspace, so that there is something to search and map from the beginning."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from fgclip.workspace import Workspace
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.progress import Watch

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

SOURCE = "gallery"
MAP = "map.parquet"  # of the gallery, as the embedded model sees it

log = logging.getLogger(__name__)


def prepare(workspace: Workspace, encoder: Encoder, gallery: Path) -> None:
    """Import, index and map the gallery in the background, where the workspace is empty.

    A workspace of the user's own is left alone; the gallery alone is indexed for every model that
    is looked at.
    """
    annotations = gallery / "gallery.json"
    sources = {each["source"] for each in workspace.sources}
    if sources - {SOURCE} or not annotations.exists():
        return
    model = workspace.model_of(encoder)
    if sources and any(run.model_id == model.id for run in workspace.maps):
        return

    def work(watch: Watch) -> str:
        workspace.import_from(annotations, name=SOURCE, watch=watch)
        workspace.index(encoder, watch=watch)
        run = workspace.maps.restore(model, gallery / MAP) or workspace.map(
            model, "region", Parameters(), name=SOURCE, watch=watch
        )
        return f"The gallery is ready: {run.points} regions on the map"

    workspace.jobs.start("Preparing the gallery", work)
