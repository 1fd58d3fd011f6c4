"""The command line: what the page answers, as JSON and PNG."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fgclip import (
    compare_commands,
    detect_commands,
    negatives_commands,
    workspace_commands,
    zoo_commands,
)
from fgclip.boxes import Boxes, check_boxes, check_pixel_boxes
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.files import write_text, written_whole
from fgclip.flags import add_model, corners_of, lines_of
from fgclip.preprocess import open_picture
from fgclip.probe.heatmap import heat_map, overlay
from fgclip.probe.prompts import ROUTES, Prompt, embed_prompts
from fgclip.probe.regions import scores, softmax
from fgclip.terminal import WORKSPACE, encoder_of
from fgclip.workspace.workspace import Workspace

FAILED = 2  # exit status after a message
STOPPED = 130  # as shells have it after Ctrl-C
DECIMALS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    flags = _parser().parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    try:
        _check_output("--out", getattr(flags, "out", None))
        _check_output("--json", getattr(flags, "json", None))
        _check_output("--coco", getattr(flags, "coco", None))
        # Every report says what was cut; a warning beside it would say it twice.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TruncatedTextWarning)
            flags.run(flags)
    except (ValueError, OSError) as error:
        print(f"fgclip {flags.command}: {_in_words(error)}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept", file=sys.stderr)
        return STOPPED
    return 0


def _info(flags: argparse.Namespace) -> None:
    if flags.download:
        _write_json(zoo_commands.download(flags.download), flags.out)
        return
    if flags.zoo:
        _write_json(zoo_commands.list_models(), flags.out)
        return
    if flags.workspace is None and not flags.check:
        card = encoder_of(flags).card
        _write_json({**asdict(card), "grid_size": card.grid_size}, flags.out)
        return
    with Workspace(flags.workspace or WORKSPACE) as workspace:
        answer = workspace_commands.describe(workspace, checked=flags.check)
    _write_json(answer, flags.out)
    if answer.get("unsound"):
        raise ValueError(workspace_commands.UNSOUND)


def _probe(flags: argparse.Namespace) -> None:
    prompts = _prompts(flags)
    picture = open_picture(flags.picture)
    boxes = _boxes(flags, picture.width, picture.height)
    encoder = encoder_of(flags)
    found = scores(encoder, picture, boxes, prompts)
    regions = [
        {
            "box": _rounded(box),
            "prompts": [
                {"text": prompt.text, **_rounded_fields(region=region, crop=crop, softmax=share)}
                for prompt, region, crop, share in zip(
                    prompts, row, crops, softmax(row, encoder.card.scale), strict=True
                )
            ],
        }
        for box, row, crops in zip(boxes, found.region, found.crop, strict=True)
    ]
    answer = {
        "model": encoder.card.name,
        "sha256": encoder.card.sha256,
        "picture": str(flags.picture),
        "scale": encoder.card.scale,
        "doubtful_below": encoder.card.doubtful_below,
        "prompts": [
            {**_report(encoder, prompt), "picture": round(float(cosine), DECIMALS)}
            for prompt, cosine in zip(prompts, found.picture, strict=True)
        ],
        "regions": regions,
    }
    _write_json(answer, flags.out)


def _heatmap(flags: argparse.Namespace) -> None:
    if len(flags.prompt) > 1:
        raise ValueError(f"{len(flags.prompt)} prompts are given; a heat map shows one of them")
    if not 0 <= flags.opacity <= 1:
        raise ValueError(f"--opacity {flags.opacity:g} is not between 0 and 1")
    low, high = flags.range or (None, None)
    if flags.range and not -np.inf < flags.range[0] < flags.range[1] < np.inf:
        raise ValueError(f"--range {low:g} {high:g}: give two numbers, the smaller first")
    text = _text(flags.prompt[0])
    picture = open_picture(flags.picture)
    encoder = encoder_of(flags)
    prompt = Prompt(text, flags.route)
    heat = heat_map(encoder.encode_dense(picture), embed_prompts(encoder, [prompt])[0])
    painted = overlay(picture, heat, low=low, high=high, opacity=flags.opacity)
    with written_whole(flags.out) as partial:
        painted.save(partial, "PNG")
    answer = {
        **_report(encoder, prompt),
        "png": str(flags.out),
        "low": round(float(heat.min()), DECIMALS),
        "high": round(float(heat.max()), DECIMALS),
    }
    if flags.json:
        _write_json({**answer, "cosines": [_rounded(row) for row in heat]}, flags.json)
    _write_json(answer, None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fgclip", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    info = commands.add_parser("info", help="facts about the weights, or about a workspace")
    info.add_argument(
        "--zoo",
        action="store_true",
        help="published models that load: sizes, licences, figures, and which are here already",
    )
    info.add_argument(
        "--download",
        metavar="NAME",
        help="fetch what lacks of a model of the hub, and prove its files by their SHA-256; "
        "NAME@REVISION for another branch, tag or commit",
    )
    info.add_argument("--workspace", type=Path, metavar="DIR", help="what is in it")
    info.add_argument("--check", action="store_true", help="prove that the workspace is sound")
    info.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    probe = commands.add_parser("probe", help="score boxes of a picture against prompts")
    probe.add_argument("picture", type=Path)
    probe.add_argument("--prompt", action="append", default=[], help="a phrase; may be repeated")
    probe.add_argument("--prompts", type=Path, help="file with one prompt a line")
    probe.add_argument(
        "--box", action="append", default=[], metavar="X0,Y0,X1,Y1",
        help="fractions of the picture from 0 to 1; may be repeated",
    )  # fmt: skip
    probe.add_argument("--pixels", action="store_true", help="boxes are in pixels")
    probe.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    heat = commands.add_parser("heatmap", help="paint where a prompt fits")
    heat.add_argument("picture", type=Path)
    heat.add_argument("--prompt", action="append", required=True, help="the phrase to look for")
    heat.add_argument(
        "--out", type=Path, default=Path("heatmap.png"), help="PNG file (default: %(default)s)"
    )
    heat.add_argument("--json", type=Path, help="JSON file for the cosine of every patch")
    heat.add_argument("--opacity", type=float, default=0.6, help="of the map, 0 to 1")
    heat.add_argument(
        "--range", type=float, nargs=2, metavar=("LOW", "HIGH"),
        help="cosines at the ends of the colour scale (default: the map's own)",
    )  # fmt: skip
    for command, run in ((info, _info), (probe, _probe), (heat, _heatmap)):
        command.set_defaults(run=run)
        add_model(command)
        if command is not info:
            command.add_argument("--route", choices=ROUTES, default="auto", help="text route")
    negatives_commands.add_negatives(commands)
    detect_commands.add_detect(commands)
    compare_commands.add_compare(commands)
    workspace_commands.add_commands(commands)
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


def _check_output(flag: str, path: Path | None) -> None:
    """Refuse a file that cannot be written while nothing is computed yet."""
    if path is None:
        return
    if path.is_dir():
        raise ValueError(f"{flag} {path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise ValueError(f"{flag} {path}: there is no folder {path.parent}; make it first")


def _prompts(flags: argparse.Namespace) -> list[Prompt]:
    texts = list(flags.prompt)
    if flags.prompts:
        texts += lines_of("--prompts", flags.prompts)
    if not texts:
        raise ValueError('give at least one prompt: --prompt "a small purple owl"')
    return [Prompt(_text(text), flags.route) for text in texts]


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("a prompt is empty; write what may be in the picture")
    return text.strip()


def _boxes(flags: argparse.Namespace, width: int, height: int) -> Boxes:
    corners = [corners_of(text) for text in flags.box]
    if flags.pixels:
        return check_pixel_boxes(corners, width, height)
    return check_boxes(corners)


def _report(encoder: Encoder, prompt: Prompt) -> dict[str, Any]:
    report = encoder.token_report(prompt.text, prompt.route)
    return {
        "text": prompt.text,
        "route": report.route,
        "tokens": report.tokens,
        "limit": report.limit,
        "truncated": report.truncated,
    }


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'a file'} cannot be used: {error.strerror}"
    return str(error)


def _rounded(values: Any) -> list[float]:
    return [round(float(value), DECIMALS) for value in np.asarray(values)]


def _rounded_fields(**values: Any) -> dict[str, float]:
    return {name: round(float(value), DECIMALS) for name, value in values.items()}


def _write_json(answer: dict[str, Any], out: Path | None) -> None:
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    if out:
        write_text(out, text + "\n")
    else:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, errors="replace").decode(encoding))
