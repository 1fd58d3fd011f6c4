"""The command line: what the page answers, as JSON and PNG."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from fgclip.cli import compare, detect, info, negatives, probe, workspace
from fgclip.cli.flags import check_beside
from fgclip.cli.terminal import check_workspace
from fgclip.encoder import TruncatedTextWarning

FILES = ("out", "json", "coco", "save")  # flags that name a file to write
FAILED = 2  # exit status after a message
STOPPED = 130  # as shells have it after Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    given = _joined(sys.argv[1:] if arguments is None else arguments)
    try:
        _check_texts(given)
    except ValueError as error:
        print(f"fgclip: {error}", file=sys.stderr)
        return FAILED
    flags = build_parser().parse_args(given)
    try:
        check_beside(flags)
        _check_workspace(flags)
        for name in FILES:
            _check_output(f"--{name}", getattr(flags, name, None))
        _check_folder("--draw", getattr(flags, "draw", None))
        # Every report says what was cut; a warning beside it would say it twice.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TruncatedTextWarning)
            flags.run(flags)
    except (ValueError, OSError) as error:
        print(f"fgclip {flags.command}: {_in_words(error)}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        kept = "; what was finished is kept" if getattr(flags, "workspace", None) else ""
        print(f"\nstopped{kept}", file=sys.stderr)
        return STOPPED
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Every command with its flags."""
    parser = argparse.ArgumentParser(prog="python -m fgclip", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    info.add_info(commands)
    probe.add_probe(commands)
    probe.add_heatmap(commands)
    negatives.add_negatives(commands)
    detect.add_detect(commands)
    compare.add_compare(commands)
    workspace.add_commands(commands)
    return parser


def _joined(arguments: Sequence[str]) -> list[str]:
    """Tie each box to its flag: argparse would take -0.1,0,1,1 for a flag of its own."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--box" and "," in argument:
            joined[-1] = f"--box={argument}"
        else:
            joined.append(argument)
    return joined


def _check_texts(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text, which no workspace and no answer can hold.

    A file of that name may be read all the same: in answers its name has a "?" there.
    """
    for argument in arguments:
        shown = argument.encode("utf-8", "backslashreplace").decode("utf-8")
        if shown != argument and not Path(argument).exists():
            raise ValueError(f"{shown} is not UTF-8 text; write it in UTF-8")


def _check_workspace(flags: argparse.Namespace) -> None:
    """Refuse a folder that is no workspace, but where the command makes one."""
    makes = flags.command == "import" or (flags.command == "index" and flags.pictures)
    if getattr(flags, "workspace", None) is not None and not makes:
        check_workspace(flags.workspace)


def _check_output(flag: str, path: Path | None) -> None:
    """Refuse a file that cannot be written while nothing is computed yet."""
    if path is None:
        return
    if path.is_dir():
        raise ValueError(f"{flag} {path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise ValueError(f"{flag} {path}: there is no folder {path.parent}; make it first")


def _check_folder(flag: str, path: Path | None) -> None:
    """Refuse a folder that cannot be made, for a file is in its place."""
    for place in () if path is None else (path, *path.parents):
        if place.exists() and not place.is_dir():
            raise ValueError(f"{flag} {path}: {place} is a file; name a folder")


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'a file'} cannot be used: {error.strerror}"
    return str(error)
