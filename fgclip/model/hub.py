"""A folder on disk for a model's name: the only place that may reach the network."""

from __future__ import annotations

import re
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

FILES = ["config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer*", "vocab.json"]
FILES += ["merges.txt", "preprocessor_config.json", "MODEL_CARD.md"]

# Revisions seen by others in published work; a name without one takes the hub's newest.
REVISIONS = {"qihoo360/fg-clip-large": "5a8f0f23b5a06dc92310e907599b2a0c2d58fe6f"}


class ModelNotFoundError(FileNotFoundError):
    """No weights are to be had under that name, and what to do about it."""


def model_folder(name: str | Path) -> Path:
    """Find or download a model.

    Only data files are fetched: never code, never pickles.

    Args:
        name: A folder, or a hub id such as `qihoo360/fg-clip-base`.

    Raises:
        ModelNotFoundError: Nothing has that name, or the hub cannot be reached.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    name = str(name)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name) or name.startswith((".", "/", "~")):
        raise ModelNotFoundError(
            f"No model is called {name!r}, and there is no such folder. Give a folder that holds "
            "config.json and model.safetensors, a hub id such as qihoo360/fg-clip-base, or "
            "fgclip-mini."
        )
    try:
        return Path(snapshot_download(name, revision=REVISIONS.get(name), allow_patterns=FILES))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelNotFoundError(
            f"The hub has no public model {name!r}. Check the spelling, or log in if it is private."
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise ModelNotFoundError(
            f"{name!r} is not in the local cache and the hub cannot be reached. Connect to "
            "the network once to download it, or use fgclip-mini, which is part of this project."
        ) from error
