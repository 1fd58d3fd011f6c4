"""A workspace of ten pictures with a map, and what the page asks of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.workspace.conftest import picture_records
from tests.workspace.store.test_maps import kept


@pytest.fixture
def mapped(tmp_path: Path, encoder: Encoder) -> Iterator[Workspace]:
    """Ten pictures of coloured noise, indexed; their regions are one cluster on map 1."""
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(iter(picture_records(tmp_path / "pictures", 10)), "noise")
        workspace.index(encoder)
        cluster = np.zeros(20, np.int32)
        kept(workspace, encoder, np.random.default_rng(0).random((20, 2)), cluster=cluster)
        yield workspace
