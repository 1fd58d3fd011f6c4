"""`detect`: phrases → boxes of any number of pictures, as JSON, COCO and drawings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from fgclip.cli.flags import add_model, lines_of
from fgclip.cli.terminal import encoder_of, write_json
from fgclip.data.formats import write_records
from fgclip.data.pictures import pictures_below
from fgclip.data.records import Record, Region
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import SHARE, WEIGHT, Baseline, Detection, detect
from fgclip.probe.drawing import drawn
from fgclip.probe.explanation import facts
from fgclip.probe.regions import crop_embeddings
from fgclip.types import DECIMALS, ROUTE_CHOICES

if TYPE_CHECKING:
    from fgclip.adapters.detector import Detector

REFERENCE = Path(__file__).parents[2] / "assets" / "gallery" / "pictures"


def add_detect(commands: Any) -> None:
    """`detect`."""
    command = commands.add_parser("detect", help="find boxes for phrases in pictures")
    command.add_argument("pictures", type=Path, nargs="+", help="files, or folders of them")
    command.add_argument("--phrase", action="append", default=[], help="may be repeated")
    command.add_argument("--phrases", type=Path, help="file with one phrase a line")
    command.add_argument("--route", choices=ROUTE_CHOICES, default="box", help="text route")
    command.add_argument(
        "--reference", type=Path, default=REFERENCE, metavar="DIR",
        help="pictures that mostly lack the phrases: how high is high (default: the gallery)",
    )  # fmt: skip
    command.add_argument(
        "--share", type=float, default=SHARE,
        help="of the reference pictures that shall stay without a box (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--detector", metavar="DIR",
        help="OWLv2 or Grounding DINO that proposes boxes, a folder or hub id (default: windows "
        "and segments)",
    )  # fmt: skip
    command.add_argument(
        "--weight", type=float, default=WEIGHT,
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
    add_model(command)
    command.set_defaults(run=_detect)


def _detect(flags: argparse.Namespace) -> None:
    phrases = _phrases(flags)
    if not 0 <= flags.share <= 1:
        raise ValueError(f"--share {flags.share:g} is not between 0 and 1")
    if not 0 <= flags.weight <= 1:
        raise ValueError(f"--weight {flags.weight:g} is not between 0 and 1")
    paths = _files(flags.pictures)
    references = _files([flags.reference])
    encoder = encoder_of(flags)
    detector = _detector(flags)
    baseline = Baseline.of(
        encoder.encode_dense(open_picture(path))
        for path in tqdm(references, desc="reference", unit=" pictures")
    )
    texts = encoder.encode_text(phrases, flags.route)
    elsewhere = baseline.best(texts)
    told, records = [], []
    for path, image in _opened(paths):
        proposed = detector.propose(image, phrases) if detector else None
        found = detect(
            encoder.encode_dense(image), texts, elsewhere,
            share=flags.share, weight=flags.weight,
            boxes=proposed.boxes if proposed else None,
            objectness=proposed.objectness if proposed else None,
            crops=partial(crop_embeddings, encoder, image) if flags.crops else None,
        )  # fmt: skip
        told.append({"picture": str(path), "boxes": [_told(each, phrases) for each in found]})
        records.append(_record(path, image, found, phrases))
        if flags.draw:
            _draw(image, found, phrases, flags.draw / f"{len(told):05d}-{path.stem}.png")
    if flags.coco:
        write_records(records, flags.coco, "coco")
    answer = {
        "model": encoder.card.name, "phrases": phrases, "crops": flags.crops,
        "proposals": detector.name if detector else "windows and segments",
        "pictures": told,
    }  # fmt: skip
    write_json(answer, flags.out)


def _detector(flags: argparse.Namespace) -> Detector | None:
    if not flags.detector:
        return None
    from fgclip.adapters.detector import Detector  # takes transformers, which only this needs

    return Detector.load(flags.detector, device=flags.device)


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
        raise ValueError(f"{', '.join(map(str, given))} holds no picture")
    return found


def _told(found: Detection, phrases: Sequence[str]) -> dict[str, Any]:
    return {
        "phrase": phrases[found.phrase],
        "box": [round(edge, DECIMALS) for edge in found.box],
        **facts(found),
    }


def _record(
    path: Path, image: Image.Image, found: Sequence[Detection], phrases: Sequence[str]
) -> Record:
    regions = tuple(
        Region(each.box, phrases[each.phrase], category=phrases[each.phrase]) for each in found
    )
    return Record(path, regions=regions, size=image.size)


def _draw(
    image: Image.Image, found: Sequence[Detection], phrases: Sequence[str], path: Path
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    boxes = np.array([each.box for each in found], np.float32)
    labels = [f"{phrases[each.phrase]} {each.score:.3f}" for each in found]
    drawn(image, boxes, labels, [each.phrase for each in found]).save(path, "PNG")
