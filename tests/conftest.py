"""What many tests share: a small model with random weights, and its encoder."""

from pathlib import Path

import pytest

from fgclip.encoder import Encoder
from fgclip.model.checkpoint import save_model
from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.zoo import load

MERGES = ["t h", "c a", "ca t</w>", "th e</w>", "b o", "d o", "do g</w>"]


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder as people have them: config, weights, tokenizer."""
    folder = tmp_path_factory.mktemp("model")
    vocabulary = clip_vocabulary(MERGES)
    tower = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 64}
    config = FGCLIPConfig(
        vision=VisionConfig(image_size=64, patch_size=16, **tower),
        text=TextConfig(vocab_size=len(vocabulary), **tower),
        projection_dim=24,
    )
    save_model(initialise(FGCLIP(config), seed=0), folder)
    Tokenizer(build_backend(vocabulary, MERGES)).save(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> Encoder:
    return load(model_folder, device="cpu", dtype="float32")
