"""Command line: `python -m training.scenes fetch | rasterise | preview | write | gallery`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from fgclip.inputs.numbers import at_least
from training.scenes.composer import Composer
from training.scenes.gallery import GALLERY, build_gallery
from training.scenes.preview import contact_sheet
from training.scenes.rasterise import LONGEST, rasterise
from training.scenes.sources import CACHE, fetch
from training.scenes.splits import SPLITS
from training.scenes.sprites import SpritePack
from training.scenes.write import write_scenes


def main() -> None:
    """Parse the command line and run one step."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
    except (ValueError, OSError) as error:
        sys.exit(f"training.scenes: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.scenes", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where drawings are kept")
    steps = parser.add_subparsers(required=True)

    step = steps.add_parser("fetch", help="download and verify the drawings")
    step.set_defaults(run=lambda arguments: fetch(arguments.cache))

    step = steps.add_parser("rasterise", help="turn the drawings into a sprite pack")
    step.add_argument(
        "--longest", type=at_least(1), default=LONGEST, help="pixels of the longest side"
    )
    step.add_argument("--workers", type=at_least(1), default=2, help="processes")
    step.set_defaults(run=_rasterise)

    step = steps.add_parser("preview", help="draw a contact sheet with boxes and phrases")
    _add_scene_arguments(step, count=24)
    step.add_argument("--out", type=Path, default=Path("preview.png"))
    step.set_defaults(run=_preview)

    step = steps.add_parser("write", help="write pictures with FineHARD annotations")
    _add_scene_arguments(step, count=500)
    step.add_argument("--out", type=Path, required=True, help="folder to fill")
    step.set_defaults(run=_write)

    step = steps.add_parser("gallery", help="compose the pictures the app opens with")
    step.add_argument("--out", type=Path, default=GALLERY, help="folder with photographs.json")
    step.set_defaults(run=_gallery)
    return parser


def _add_scene_arguments(step: argparse.ArgumentParser, *, count: int) -> None:
    step.add_argument("--split", choices=SPLITS, default="compositions")
    step.add_argument("--count", type=at_least(1), default=count, help="number of scenes")
    step.add_argument("--size", type=at_least(1), default=144, help="pixels per side")
    step.add_argument(
        "--objects", type=at_least(1), nargs=2, default=(2, 5), metavar=("LEAST", "MOST")
    )
    step.add_argument("--seed", type=at_least(0), default=0)


def _composer(arguments: argparse.Namespace) -> Composer:
    return Composer(
        SpritePack.load(arguments.cache / "pack"),
        size=arguments.size,
        objects=tuple(arguments.objects),
        split=arguments.split,
        seed=arguments.seed,
    )


def _rasterise(arguments: argparse.Namespace) -> None:
    rasterise(arguments.cache, longest=arguments.longest, workers=arguments.workers)


def _preview(arguments: argparse.Namespace) -> None:
    sheet = contact_sheet(_composer(arguments), first=0, count=arguments.count, columns=6)
    sheet.save(arguments.out)
    print(f"wrote {arguments.out}")


def _write(arguments: argparse.Namespace) -> None:
    path = write_scenes(_composer(arguments), range(arguments.count), arguments.out)
    print(f"wrote {arguments.count} scenes to {path}")


def _gallery(arguments: argparse.Namespace) -> None:
    records = build_gallery(arguments.cache, arguments.out)
    print(f"wrote {len(records)} pictures to {arguments.out}")


if __name__ == "__main__":
    main()
