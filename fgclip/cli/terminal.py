"""What commands share: flags that name models and clusters, a progress bar, JSON on the screen."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

import fgclip
from fgclip.cli.flags import how_to_load, how_to_load_other, only_beside
from fgclip.encoder import Encoder
from fgclip.files import write_text
from fgclip.inputs.numbers import at_least
from fgclip.workspace import is_workspace, ray_engine
from fgclip.workspace.progress import Progress, Watch

WORKSPACE = Path("workspace")


def add_workspace(command: argparse.ArgumentParser) -> None:
    """The flag that names the workspace."""
    command.add_argument(
        "--workspace", type=Path, default=WORKSPACE, metavar="DIR", help="(default: %(default)s)"
    )


def add_workspace_instead(command: argparse.ArgumentParser, what: str) -> None:
    """The same flag of a command that takes something else, or a workspace."""
    command.add_argument("--workspace", type=Path, metavar="DIR", help=f"instead of {what}")


def check_workspace(folder: Path) -> None:
    """Refuse a folder that is no workspace: opening it would make an empty one.

    Raises:
        ValueError: It is none.
    """
    if not is_workspace(folder):
        raise ValueError(
            f"{folder} is no workspace; make one: python -m fgclip import DATA --workspace {folder}"
        )


def encoder_of(flags: argparse.Namespace) -> Encoder:
    """The model that was chosen."""
    return fgclip.load(flags.model, **how_to_load(flags))


def other_of(flags: argparse.Namespace, encoder: Encoder) -> Encoder | None:
    """The second model that was chosen, if one was.

    Raises:
        ValueError: It is the first once more, read in the same way.
    """
    how = how_to_load_other(flags)
    if not flags.other:
        return None
    other = fgclip.load(flags.other, **how)
    if other.card.identity == encoder.card.identity:
        raise ValueError(
            f"{flags.other_flag} {flags.other} holds the same weights as --model {flags.model} and "
            f"reads pictures in the same way; name another, or try {flags.other_flag}-image-size"
        )
    return other


def add_ray(command: argparse.ArgumentParser) -> None:
    """Flags that send work to a cluster."""
    command.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="this process, or a Ray cluster"
    )
    command.add_argument(
        "--shards", type=Path, default=Path("shards"), metavar="DIR",
        help="for ray: folder for its Parquet files, which every worker can write to",
    )  # fmt: skip
    command.add_argument("--address", default="", help="of a running cluster, such as auto")
    command.add_argument("--workers", type=at_least(1), default=2)
    command.add_argument("--gpus", type=float, default=0.0, help="of each worker")
    command.add_argument("--cpus", type=float, default=1.0, help="of each worker")
    of_a_cluster = ("shards", "address", "workers", "gpus", "cpus")
    only_beside(command, **dict.fromkeys(of_a_cluster, "--engine ray"))


def cluster_of(flags: argparse.Namespace) -> ray_engine.RayCluster:
    """The cluster that was chosen."""
    return ray_engine.RayCluster(
        address=flags.address, workers=flags.workers, gpus=flags.gpus, cpus=flags.cpus,
        batch_size=getattr(flags, "batch_size", 32),
    )  # fmt: skip


class Watching:
    """A bar in the terminal that follows a work."""

    def __enter__(self) -> Watch:
        self._bar: tqdm[Any] | None = None
        self._stage = ""
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, progress: Progress) -> None:
        if self._bar is None or progress.stage != self._stage:
            if self._bar is not None:
                self._bar.close()
            self._stage = progress.stage
            self._bar = tqdm(total=progress.total, desc=progress.stage, unit=f" {progress.unit}")
        self._bar.update(progress.done - self._bar.n)


def write_json(answer: dict[str, Any], out: Path | None = None) -> None:
    """Show an answer, or write it to a file."""
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    if out:
        write_text(out, text + "\n")
    else:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, errors="replace").decode(encoding))
