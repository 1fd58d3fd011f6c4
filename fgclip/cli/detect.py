"""`detect`: phrases → boxes of any number of pictures, as JSON, COCO and drawings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import (
    DetectionOptions,
    Finder,
    Found,
    found_record,
    keep_boxes,
)  # fmt: skip
from fgclip.cli.flags import add_model, lines_of, only_beside
from fgclip.cli.terminal import Watching, add_workspace_instead, encoder_of, write_json
from fgclip.data.formats import write_records
from fgclip.data.pictures import pictures_below
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import Detection
from fgclip.probe.drawing import drawn
from fgclip.probe.explanation import facts
from fgclip.probe.prompts import Prompt
from fgclip.types import DECIMALS, ROUTE_CHOICES
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.adapters.detector import Detector
    from fgclip.encoder import Encoder

GALLERY = Path(__file__).parents[2] / "assets" / "gallery" / "pictures"
OF_PICTURES = ("coco", "draw")  # flags that a workspace has no use for


def add_detect(commands: Any) -> None:
    """`detect`."""
    usual = DetectionOptions()
    command = commands.add_parser("detect", help="find boxes for phrases in pictures")
    command.add_argument("pictures", type=Path, nargs="*", help="files, or folders of them")
    add_workspace_instead(command, "pictures: look in all that it holds, and keep the boxes there")
    command.add_argument("--phrase", action="append", default=[], help="may be repeated")
    command.add_argument("--phrases", type=Path, help="file with one phrase a line")
    command.add_argument(
        "--route", choices=ROUTE_CHOICES, default=usual.route,
        help="text route (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--reference", type=Path, metavar="DIR",
        help="pictures that mostly lack the phrases: how high is high (default: those of the "
        "workspace, or else of the gallery)",
    )  # fmt: skip
    command.add_argument(
        "--share", type=float, default=usual.share,
        help="of the reference pictures that shall stay without a box (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--detector", metavar="DIR",
        help="OWLv2 or Grounding DINO that proposes boxes, a folder or hub id (default: windows "
        "and segments)",
    )  # fmt: skip
    command.add_argument(
        "--weight", type=float, default=usual.weight,
        help="of the phrase against the detector's objectness, 0 to 1 (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--crops", action="store_true",
        help="cut the best boxes out and rank them by region and crop together; slower, and no "
        "better on drawn scenes",
    )  # fmt: skip
    command.add_argument("--coco", type=Path, help="write COCO annotations here")
    command.add_argument("--draw", type=Path, metavar="DIR", help="draw the boxes, a PNG each")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    only_beside(command, weight="--detector")
    add_model(command)
    command.set_defaults(run=_detect)


def _detect(flags: argparse.Namespace) -> None:
    phrases = _phrases(flags)
    options = DetectionOptions(
        share=flags.share, weight=flags.weight, crops=flags.crops, detector=bool(flags.detector),
        route=flags.route,
    )  # fmt: skip
    prompts = options.prompts(phrases)
    if flags.workspace is None:
        answer = _in_pictures(flags, prompts, options)
    else:
        answer = _in_workspace(flags, prompts, options)
    write_json(answer, flags.out)


def _in_pictures(
    flags: argparse.Namespace, prompts: Sequence[Prompt], options: DetectionOptions
) -> dict[str, Any]:
    """Boxes of the pictures that are named."""
    paths = _files(flags.pictures)
    references = _files([flags.reference or GALLERY])
    encoder = encoder_of(flags)
    finder = Finder(encoder, Reference.of_pictures(encoder, references), _detector(flags))
    _read(finder.reference)
    question = finder.ask(prompts, options)
    pictures, records = [], []
    for found in finder.each(_opened(paths), question):
        pictures.append(
            {
                "picture": str(found.path),
                "boxes": [_reported(each, question.prompts) for each in found.boxes],
            }
        )
        records.append(found_record(found, question))
        if flags.draw:
            _draw(
                found, question.prompts, flags.draw / f"{len(pictures):05d}-{found.path.stem}.png"
            )
    if flags.coco:
        write_records(records, flags.coco, "coco")
    return {**_asked(encoder, finder, prompts, options), "pictures": pictures}


def _in_workspace(
    flags: argparse.Namespace, prompts: Sequence[Prompt], options: DetectionOptions
) -> dict[str, Any]:
    """Boxes of all pictures of a workspace; they become its regions."""
    if flags.pictures:
        raise ValueError(f"give pictures such as {flags.pictures[0]}, or --workspace, not both")
    for name in OF_PICTURES:
        if getattr(flags, name):
            raise ValueError(f"--{name} is of pictures; `export` writes what a workspace keeps")
    references = _files([flags.reference]) if flags.reference else None
    gallery = pictures_below(GALLERY) if GALLERY.is_dir() else ()
    encoder = encoder_of(flags)
    detector = _detector(flags)
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        reference = (
            Reference.of_workspace(encoder, workspace, list(gallery))
            if references is None
            else Reference.of_pictures(encoder, references)
        )
        if references is not None:
            _read(reference)
        finder = Finder(encoder, reference, detector)
        kept = keep_boxes(workspace, finder, prompts, options, watch=watch)
    return {**_asked(encoder, finder, prompts, options), "kept": asdict(kept)}


def _asked(
    encoder: Encoder, finder: Finder, prompts: Sequence[Prompt], options: DetectionOptions
) -> dict[str, Any]:
    return {
        "model": encoder.card.name,
        "phrases": [each.text for each in prompts],
        "crops": options.crops,
        "proposals": finder.detector.name if finder.detector else "windows and segments",
    }


def _detector(flags: argparse.Namespace) -> Detector | None:
    if not flags.detector:
        return None
    from fgclip.adapters.detector import Detector  # takes transformers, which only this needs

    return Detector.load(flags.detector, device=flags.device)


def _read(reference: Reference) -> None:
    """Read what phrases are measured against, with a bar.

    Raises:
        ValueError: Nothing of it can be read.
    """
    done, total = reference.advance(0)
    with tqdm(total=total, desc="reference", unit=" pictures") as bar:
        while done < total:
            done, total = reference.advance(1)
            bar.update(done - bar.n)
    if reference.faults and len(reference.faults) == total:
        raise ValueError(
            f"--reference: none of {total} pictures can be read: {reference.faults[0]}"
        )
    for fault in reference.faults:
        print(f"left out of the reference: {fault}", file=sys.stderr)


def _opened(paths: Sequence[Path]) -> Iterator[tuple[Path, Image.Image]]:
    for path in tqdm(paths, desc="detecting", unit=" pictures"):
        try:
            yield path, open_picture(path)
        except PictureError as error:
            tqdm.write(f"left out: {error}", file=sys.stderr)


def _phrases(flags: argparse.Namespace) -> list[str]:
    lines = lines_of("--phrases", flags.phrases) if flags.phrases else []
    phrases = [text.strip() for text in (*flags.phrase, *lines) if text.strip()]
    if not phrases:
        raise ValueError('give at least one phrase: --phrase "a small purple owl"')
    return list(dict.fromkeys(phrases))


def _files(given: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        found += pictures_below(path) if path.is_dir() else [path]
    if not found:
        places = ", ".join(map(str, given))
        raise ValueError(f"{places} holds no picture" if given else "give pictures, or --workspace")
    return found


def _reported(found: Detection, prompts: Sequence[Prompt]) -> dict[str, Any]:
    return {
        "phrase": prompts[found.phrase].text,
        "box": [round(edge, DECIMALS) for edge in found.box],
        **facts(found),
    }


def _draw(found: Found, prompts: Sequence[Prompt], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    boxes = np.array([each.box for each in found.boxes], np.float32)
    labels = [f"{prompts[each.phrase].text} {each.score:.3f}" for each in found.boxes]
    numbers = [each.phrase for each in found.boxes]
    drawn(found.image, boxes, labels, numbers).save(path, "PNG")
