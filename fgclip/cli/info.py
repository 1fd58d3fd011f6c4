"""`info`: facts about weights, published models and workspaces."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fgclip.adapters.downloads import download, list_models
from fgclip.cli.flags import add_model
from fgclip.cli.terminal import WORKSPACE, check_workspace, encoder_of, write_json
from fgclip.cli.workspace import UNSOUND, describe
from fgclip.workspace import Workspace


def add_info(commands: Any) -> None:
    """`info`."""
    command = commands.add_parser("info", help="facts about the weights, or about a workspace")
    command.add_argument(
        "--zoo",
        action="store_true",
        help="published models that load: sizes, licences, figures, and which are here already",
    )
    command.add_argument(
        "--download",
        metavar="NAME",
        help="fetch what lacks of a model of the hub, and prove its files by their SHA-256; "
        "NAME@REVISION for another branch, tag or commit",
    )
    command.add_argument("--workspace", type=Path, metavar="DIR", help="what is in it")
    command.add_argument("--check", action="store_true", help="prove that the workspace is sound")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_model(command)
    command.set_defaults(run=_info)


def _info(flags: argparse.Namespace) -> None:
    asked = (flags.download, flags.zoo, flags.workspace or flags.check)
    if sum(map(bool, asked)) > 1:
        raise ValueError("give one of: --download NAME, --zoo, --workspace DIR")
    if flags.download:
        write_json(download(flags.download), flags.out)
        return
    if flags.zoo:
        write_json(list_models(), flags.out)
        return
    if flags.workspace is None and not flags.check:
        card = encoder_of(flags).card
        write_json({**asdict(card), "grid_size": card.grid_size}, flags.out)
        return
    folder = flags.workspace or WORKSPACE
    check_workspace(folder)
    with Workspace(folder) as workspace:
        answer = describe(workspace, checked=flags.check)
    write_json(answer, flags.out)
    if answer.get("unsound"):
        raise ValueError(UNSOUND)
