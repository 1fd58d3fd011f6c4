"""`probe` and `heatmap`: one picture against prompts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from fgclip.boxes import Boxes, check_boxes, check_pixel_boxes
from fgclip.cli.flags import add_model, corners_of, lines_of, only_beside
from fgclip.cli.terminal import encoder_of, write_json
from fgclip.encoder import Encoder
from fgclip.files import written_whole
from fgclip.inputs.images import open_picture
from fgclip.probe.heatmap import heat_map, overlay
from fgclip.probe.prompts import Prompt, embed_prompts
from fgclip.probe.regions import scores, softmax
from fgclip.types import DECIMALS, ROUTE_CHOICES


def add_probe(commands: Any) -> None:
    """`probe`."""
    command = commands.add_parser("probe", help="score boxes of a picture against prompts")
    command.add_argument("picture", type=Path)
    command.add_argument("--prompt", action="append", default=[], help="a phrase; may be repeated")
    command.add_argument("--prompts", type=Path, help="file with one prompt a line")
    command.add_argument(
        "--box", action="append", default=[], metavar="X0,Y0,X1,Y1",
        help="fractions of the picture from 0 to 1; may be repeated",
    )  # fmt: skip
    command.add_argument("--pixels", action="store_true", help="boxes are in pixels")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    command.add_argument("--route", choices=ROUTE_CHOICES, default="auto", help="text route")
    only_beside(command, pixels="--box")
    add_model(command)
    command.set_defaults(run=_probe)


def add_heatmap(commands: Any) -> None:
    """`heatmap`."""
    command = commands.add_parser("heatmap", help="paint where a prompt fits")
    command.add_argument("picture", type=Path)
    command.add_argument("--prompt", action="append", required=True, help="the phrase to look for")
    command.add_argument(
        "--out", type=Path, default=Path("heatmap.png"), help="PNG file (default: %(default)s)"
    )
    command.add_argument("--json", type=Path, help="JSON file for the cosine of every patch")
    command.add_argument("--opacity", type=float, default=0.6, help="of the map, 0 to 1")
    command.add_argument(
        "--range", type=float, nargs=2, metavar=("LOW", "HIGH"),
        help="cosines at the ends of the colour scale (default: the map's own)",
    )  # fmt: skip
    command.add_argument("--route", choices=ROUTE_CHOICES, default="auto", help="text route")
    add_model(command)
    command.set_defaults(run=_heatmap)


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
    write_json(answer, flags.out)


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
        write_json({**answer, "cosines": [_rounded(row) for row in heat]}, flags.json)
    write_json(answer, None)


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


def _rounded(values: Any) -> list[float]:
    return [round(float(value), DECIMALS) for value in np.asarray(values)]


def _rounded_fields(**values: Any) -> dict[str, float]:
    return {name: round(float(value), DECIMALS) for name, value in values.items()}
