"""A folder on disk for a model's name: the only place that may reach the network."""

from __future__ import annotations

import re
from pathlib import Path

from httpx2 import HTTPError  # what huggingface_hub asks with
from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RevisionNotFoundError,
)

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

# Commits that public code of others loads by, so that a name means the same weights everywhere.
# OpenAI's are left out: what is cited for them holds pickles alone.
REVISIONS = {
    "qihoo360/fg-clip-base": "454d76372c2cf5eb48fa0d871fd0534481484d97",
    "qihoo360/fg-clip-large": "5a8f0f23b5a06dc92310e907599b2a0c2d58fe6f",
    "qihoo360/fg-clip2-base": "430fbc8a912c86fd4de601381b6245a0edab22f0",
    "qihoo360/fg-clip2-large": "4d1d5dc35c716902f07c172dbfc23b82a7bc6bf3",
    "qihoo360/fg-clip2-so400m": "d57d30fe94a107dd6a2610eb4e9a135004d823a4",
    "google/siglip2-base-patch16-naflex": "b53b807d3a2d5e2b3911292f2d69e5341cdc064c",
    "google/siglip2-so400m-patch16-naflex": "cc24074f717b612951c2dead130904ab9b65a81e",
}

ROBOT, CONVERTED = "SFconvertbot", "Adding `safetensors` variant of this model"
COMMIT = re.compile("[0-9a-f]{40}")
PART = r"(?!\.)[\w.-]+"  # of a name; one that begins with a dot could leave the cache
HUB_NAME = re.compile(f"({PART}/{PART})(?:@({PART}(?:/{PART})*))?")


class ModelNotFoundError(FileNotFoundError):
    """No weights are to be had under that name, and what to do about it."""


def model_folder(name: str | Path) -> Path:
    """Find or download a model.

    Only data files of the top folder are fetched: never code, never pickles. A hub id takes the
    commit in `REVISIONS`, or else that of its first download here, so that two runs have the
    same weights; `owner/name@main` asks the hub for its newest.

    Args:
        name: A folder, or a hub id such as `qihoo360/fg-clip-base`; `@` and a branch, tag or
            commit may follow.

    Raises:
        ModelNotFoundError: Nothing has that name, or the hub does not give it.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    parts = HUB_NAME.fullmatch(str(name))
    if parts is None:
        raise ModelNotFoundError(
            f"No model is called {str(name)!r}, and there is no such folder. Give a folder that "
            "holds config.json and model.safetensors, a hub id such as qihoo360/fg-clip-base, or "
            "fgclip-mini."
        )
    try:
        folder = _snapshot(parts[1], parts[2])
    except (HFValidationError, HTTPError, OSError) as error:
        raise ModelNotFoundError(_reason(parts[1], parts[2], error)) from error
    if not any(folder.glob("*.safetensors")):
        raise ModelNotFoundError(
            f"{parts[1]!r} has no safetensors at revision {folder.name}, or its download was cut "
            f"off; pickles are never fetched. Connect and try again, or {_conversion(parts[1])}."
        )
    return folder


def cached_folder(name: str) -> Path | None:
    """Where `model_folder` would find a hub id without asking the hub, or None."""
    parts = HUB_NAME.fullmatch(name)
    try:
        return _snapshot(parts[1], parts[2], offline=True) if parts else None
    except (HFValidationError, OSError):
        return None


def revision_of(folder: Path) -> str:
    """The commit of a folder in the hub's cache; empty for other folders."""
    cached = folder.parent.name == "snapshots" and COMMIT.fullmatch(folder.name)
    return folder.name if cached else ""


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


def _snapshot(name: str, asked: str | None, *, offline: bool = False) -> Path:
    """The folder of a revision, downloaded as far as it lacks."""
    revision = asked or REVISIONS.get(name) or _first_revision(name)
    refusal = None if offline else _refused_listing(name, revision)
    try:
        return Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=FILES,
                ignore_patterns=SUBFOLDERS,
                local_files_only=offline or refusal is not None,
            )
        )
    except LocalEntryNotFoundError as error:
        raise error from refusal or error.__cause__


def _refused_listing(name: str, revision: str | None) -> Exception | None:
    """Why the hub will not list a commit that the cache cannot list, or None.

    The library would ask for the list again and again where the network is down.
    """
    if not COMMIT.fullmatch(revision or "") or (
        (_cache_of(name) / "trees" / f"{revision}.json").is_file()
    ):
        return None
    try:
        HfApi().model_info(name, revision=revision, timeout=constants.DEFAULT_ETAG_TIMEOUT)
    except (HTTPError, OSError) as error:
        return error
    return None


def _conversion(name: str) -> str:
    """Where the hub's own robot has put safetensors made of a model's pickles."""
    try:
        for request in HfApi().get_repo_discussions(
            name, author=ROBOT, discussion_type="pull_request"
        ):
            if request.author == ROBOT and request.title == CONVERTED:
                return f"give {name}@refs/pr/{request.num}, which the hub's robot has converted"
    except (HTTPError, OSError):
        pass  # without the hub there is only the general advice
    return f"look for a conversion among its pull requests and give {name}@refs/pr/NUMBER"


def _cache_of(name: str) -> Path:
    return Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}"


def _first_revision(name: str) -> str | None:
    """The commit that the cache has for the main branch: asking the hub anew could change it."""
    reference = _cache_of(name) / "refs" / "main"
    commit = reference.read_text(encoding="ascii").strip() if reference.is_file() else ""
    return commit if (_cache_of(name) / "snapshots" / commit / "config.json").is_file() else None


def _reason(name: str, revision: str | None, error: Exception) -> str:
    """Why a model is not to be had, and the remedy."""
    for answer in (error, error.__cause__):  # an answer may be the cause of a missing local copy
        if isinstance(answer, RevisionNotFoundError):
            return (
                f"The hub's {name!r} has no revision {revision or REVISIONS.get(name)!r}. Give "
                f"a branch, tag or commit of its page, such as {name}@main."
            )
        if isinstance(answer, HfHubHTTPError):
            return _refusal(name, answer, answer.response.status_code)
    if isinstance(error, HFValidationError):
        return f"The hub can have no model {name!r}. Check the spelling."
    if isinstance(error, OSError) and error.errno and not isinstance(error, ConnectionError):
        return f"{name!r} cannot be kept in the local cache: {error.strerror} ({error.filename})."
    others = sorted(folder.name for folder in (_cache_of(name) / "snapshots").glob("*"))
    return (
        f"{name!r} is not in the local cache, or not whole, and the hub cannot be reached. Connect "
        "to the network once to download it, or use "
        + (f"what the cache has, {name}@{others[0]}, or " if others else "")
        + "fgclip-mini, which is part of this project."
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
