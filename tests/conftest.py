"""What many tests share: a small model with random weights, and its encoder."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.devices import DTYPE_VARIABLE
from fgclip.encoder import Encoder
from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.model.checkpoints.loading import save_model
from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.zoo import load

MERGES = ["t h", "c a", "ca t</w>", "th e</w>", "b o", "d o", "do g</w>"]


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


def save_tiny_model(folder: Path, *, seed: int) -> None:
    """Random weights, and a tokenizer of a few words."""
    vocabulary = clip_vocabulary(MERGES)
    tower = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 64}
    config = FGCLIPConfig(
        vision=VisionConfig(image_size=64, patch_size=16, **tower),
        text=TextConfig(vocab_size=len(vocabulary), **tower),
        projection_dim=24,
    )
    save_model(initialise(FGCLIP(config), seed=seed), folder)
    Tokenizer(build_backend(vocabulary, MERGES)).save(folder)


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
