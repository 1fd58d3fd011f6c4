"""A folder on disk for a model's name: the only place that may reach the network."""

from __future__ import annotations

import re
from pathlib import Path

from httpx2 import HTTPError  # what huggingface_hub asks with
from huggingface_hub import snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError

FILES = [
    "config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
    "preprocessor_config.json",
    "processor_config.json",
    "MODEL_CARD.md",
]
FILE_SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")  # of weights in a single file
SUBFOLDERS = ["*/*"]  # never fetched; the * above matches a slash, too

# Revisions seen by others in published work; a name without one takes the hub's newest.
REVISIONS = {"qihoo360/fg-clip-large": "5a8f0f23b5a06dc92310e907599b2a0c2d58fe6f"}


class ModelNotFoundError(FileNotFoundError):
    """No weights are to be had under that name, and what to do about it."""


def model_folder(name: str | Path) -> Path:
    """Find or download a model.

    Only data files of the top folder are fetched: never code, never pickles.

    Args:
        name: A folder, or a hub id such as `qihoo360/fg-clip-base`.

    Raises:
        ModelNotFoundError: Nothing has that name, or the hub does not give it.
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
        return Path(
            snapshot_download(
                name,
                revision=REVISIONS.get(name),
                allow_patterns=FILES,
                ignore_patterns=SUBFOLDERS,
            )
        )
    except (HFValidationError, HTTPError, OSError) as error:
        raise ModelNotFoundError(_reason(name, error)) from error


def model_path(name: str | Path) -> Path:
    """A file of weights where `name` is one, or else what `model_folder` gives.

    Raises:
        ModelNotFoundError: Nothing has that name, or the hub does not give it.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if path.suffix in FILE_SUFFIXES and not path.is_dir():
        raise ModelNotFoundError(f"There is no file {path}. Check the spelling and the folder.")
    return model_folder(name)


def _reason(name: str, error: Exception) -> str:
    """Why a model is not to be had, and the remedy."""
    for answer in (error, error.__cause__):  # an answer may be the cause of a missing local copy
        if isinstance(answer, HfHubHTTPError):
            return _refusal(name, answer, answer.response.status_code)
    if isinstance(error, HFValidationError):
        return f"The hub can have no model {name!r}. Check the spelling."
    if isinstance(error, OSError) and error.errno and not isinstance(error, ConnectionError):
        return f"{name!r} cannot be kept in the local cache: {error.strerror} ({error.filename})."
    return (
        f"{name!r} is not in the local cache and the hub cannot be reached. Connect to "
        "the network once to download it, or use fgclip-mini, which is part of this project."
    )


def _refusal(name: str, answer: HfHubHTTPError, status: int) -> str:
    if isinstance(answer, GatedRepoError):
        return (
            f"{name!r} is gated (status {status}). Ask for access at "
            f"https://huggingface.co/{name} and log in with `hf auth login`."
        )
    if status == 401:  # the hub's answer for names that do not exist, too
        return (
            f"The hub has no public model {name!r} (status 401). Check the spelling, or log in "
            "with `hf auth login` if it is private."
        )
    if status == 403:
        return (
            f"The hub does not give {name!r} to you (status 403). Log in with `hf auth login` and "
            "a token that may read it."
        )
    if status == 404:
        return f"The hub has no model {name!r} (status 404). Check the spelling."
    return (
        f"The hub answers with status {status} when asked for {name!r}. Try again later, or use "
        "fgclip-mini, which is part of this project."
    )
