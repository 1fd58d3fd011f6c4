"""Maps of a workspace whose points lie where a test wants them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fgclip.encoder import Encoder
from fgclip.types import ItemKind
from fgclip.workspace.store import maps
from fgclip.workspace.store.maps import Cluster, MapLayout, MapRun
from fgclip.workspace.workspace import Workspace

ROWS = ((0, 0), (0, 3), (2, 0), (2, 3), (4, 0), (4, 3))  # cats below, dogs above


def kept(
    workspace: Workspace,
    encoder: Encoder,
    coordinates: np.ndarray,
    kind: ItemKind = "region",
    **more: object,
) -> MapRun:
    """A map of as many of a kind as there are coordinates."""
    count = len(coordinates)
    parts = {"placed": np.zeros(count, bool), "cluster": np.full(count, -1, np.int32)} | more
    layout = MapLayout(np.arange(1, count + 1), np.asarray(coordinates, np.float32), **parts)
    return maps.keep(
        workspace.database, name=f"{kind}s", model=workspace.model_of(encoder), kind=kind,
        method="umap", parameters={"seed": 0}, layout=layout,
        clusters=[Cluster(0, "cats", 0.5, 0.5, 3, 1)],
    )  # fmt: skip


def keep_map(
    workspace: Workspace, encoder: Encoder, name: str, places: Sequence[tuple[float, float]]
) -> maps.MapRun:
    """A map on which region 1 lies at the first place, and so on."""
    count = len(places)
    return maps.keep(
        workspace.database,
        name=name,
        model=workspace.model_of(encoder),
        kind="region",
        method="umap",
        parameters={"neighbours": 2, "seed": 0},
        layout=maps.MapLayout(
            owners=np.arange(1, count + 1),
            coordinates=np.array(places, np.float32),
            placed=np.arange(count) == count - 1,
            cluster=np.array([number % 2 for number in range(count)], np.int32),
        ),
        clusters=[maps.Cluster(0, "cats", 1, 1, 3, 1), maps.Cluster(1, "dogs", 1, 2, 3, 2)],
    )
