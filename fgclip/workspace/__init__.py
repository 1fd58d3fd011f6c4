"""Many pictures in one DuckDB file: imported, indexed, searched and mapped.

`Workspace` is the only door; what it takes and gives is named here. Nothing above this room knows
of `store`, where all SQL is.
"""

from fgclip.workspace.contents import Contents
from fgclip.workspace.maps import Maps
from fgclip.workspace.results import SIGNS, Both, Failures, Results, Sign
from fgclip.workspace.store.catalogue import StoredPicture, StoredRegion
from fgclip.workspace.store.colouring import ABSENT, CLUSTER, Colouring
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.density import Density
from fgclip.workspace.store.fields import MEANINGS
from fgclip.workspace.store.filters import NO_FILTER, Filter
from fgclip.workspace.store.ingest import Added, Origin
from fgclip.workspace.store.lasso import MOST_CORNERS
from fgclip.workspace.store.locations import Location
from fgclip.workspace.store.maps import Cluster, Coordinates, Frame, MapLayout, MapRun
from fgclip.workspace.store.vectors import IndexedModel
from fgclip.workspace.store.viewport import Viewport
from fgclip.workspace.workspace import Workspace, is_workspace

__all__ = [
    "ABSENT",
    "CLUSTER",
    "MEANINGS",
    "MOST_CORNERS",
    "NO_FILTER",
    "SIGNS",
    "Added",
    "Both",
    "Cluster",
    "Colouring",
    "Contents",
    "Coordinates",
    "Density",
    "Failures",
    "Filter",
    "Frame",
    "IndexedModel",
    "Location",
    "MapLayout",
    "MapRun",
    "Maps",
    "Origin",
    "Results",
    "Sign",
    "StoredPicture",
    "StoredRegion",
    "Viewport",
    "Workspace",
    "WorkspaceError",
    "is_workspace",
]
