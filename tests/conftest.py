"""What many tests share: a small model with random weights, and workspaces that it indexed."""

from __future__ import annotations

import os

# Before torch is imported: several processes test at once, and their models are tiny.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from fgclip.devices import DTYPE_VARIABLE
from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from fgclip.zoo import load
from tests.support.maps import kept
from tests.support.models import save_tiny_model
from tests.support.noise import picture_records

# A busy machine is no fault of the code under test.
settings.register_profile(
    "patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--float32", action="store_true",
        help="compute in float32 where a test gives no dtype, as on a CPU without bfloat16",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--float32"):
        os.environ[DTYPE_VARIABLE] = "float32"  # of what tests start, too


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder as people have them: config, weights, tokenizer."""
    folder = tmp_path_factory.mktemp("model")
    save_tiny_model(folder, seed=0)
    return folder


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> Encoder:
    return load(model_folder, device="cpu", dtype="float32")


@pytest.fixture(scope="session")
def other_encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Another model of the same shape."""
    folder = tmp_path_factory.mktemp("other")
    save_tiny_model(folder, seed=1)
    return load(folder, device="cpu", dtype="float32")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file of coloured noise, 60 × 40 pixels."""
    path = tmp_path / "picture.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty one."""
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def pictured(workspace: Workspace, tmp_path: Path) -> Workspace:
    """With ten pictures, not indexed."""
    workspace.add(iter(picture_records(tmp_path / "pictures", 10)), "noise")
    return workspace


@pytest.fixture
def indexed(pictured: Workspace, encoder: Encoder) -> Workspace:
    """With ten pictures and all their vectors."""
    pictured.index(encoder)
    return pictured


@pytest.fixture
def mapped(indexed: Workspace, encoder: Encoder) -> Workspace:
    """With all its regions as one cluster on map 1."""
    places = np.random.default_rng(0).random((20, 2))
    kept(indexed, encoder, places, cluster=np.zeros(20, np.int32))
    return indexed
