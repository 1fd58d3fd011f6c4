"""Everything a run needs to go on as if it had never stopped, in one file, written atomically."""

from __future__ import annotations

import os
import pickle
import subprocess
from pathlib import Path
from typing import Any

import torch

from fgclip.files import written_whole

KEPT = 2  # checkpoints; the older one is the way back from a damaged newer one
FORMAT = 3


class ResumeError(ValueError):
    """A checkpoint that this run cannot go on from."""


def save_checkpoint(folder: Path, step: int, state: dict[str, Any]) -> Path:
    """Write a checkpoint and forget all but the newest two."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{step:08d}.pt"
    with written_whole(path) as partial, partial.open("wb") as stream:
        torch.save({"format": FORMAT, "commit": commit(), **state}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    for old in checkpoints(folder)[:-KEPT]:
        old.unlink()
    return path


def checkpoints(folder: Path) -> list[Path]:
    """Checkpoints in a folder, oldest first."""
    return sorted(folder.glob("step-*.pt"))


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint. No code in it is run."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError, OSError) as error:
        raise ResumeError(
            f"{path} cannot be read ({error}). Delete it to go on from the one before."
        ) from error
    if state.get("format") != FORMAT:
        raise ResumeError(
            f"{path} has format {state.get('format')}, not {FORMAT}. "
            "Use another --out, or --resume no to begin anew."
        )
    return state


def commit() -> str:
    """The git commit of the code that runs, "+" after it when files differ; "" outside git."""
    here = Path(__file__).parent
    try:
        head = _git("rev-parse", "HEAD", folder=here)
        changed = _git("status", "--porcelain", "--untracked-files=no", folder=here)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed else "")


def _git(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
