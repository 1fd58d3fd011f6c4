"""`detect`: phrases → boxes of any number of pictures, as JSON, COCO and drawings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from fgclip.boxes import to_pixels
from fgclip.data.formats import write_records
from fgclip.data.pictures import pictures_below
from fgclip.data.records import Record, Region
from fgclip.flags import lines_of
from fgclip.preprocess import PictureError, open_picture
from fgclip.probe.detect import SHARE, Baseline, Detection, detect
from fgclip.probe.prompts import ROUTES
from fgclip.terminal import add_model, encoder_of, write_json

DECIMALS = 6
REFERENCE = Path(__file__).parents[1] / "assets" / "gallery" / "pictures"


def add_detect(commands: Any) -> None:
    """`detect`."""
    command = commands.add_parser("detect", help="find boxes for phrases in pictures")
    command.add_argument("pictures", type=Path, nargs="+", help="files, or folders of them")
    command.add_argument("--phrase", action="append", default=[], help="may be repeated")
    command.add_argument("--phrases", type=Path, help="file with one phrase a line")
    command.add_argument("--route", choices=ROUTES, default="box", help="text route")
    command.add_argument(
        "--reference", type=Path, default=REFERENCE, metavar="DIR",
        help="pictures that mostly lack the phrases: how high is high (default: the gallery)",
    )  # fmt: skip
    command.add_argument(
        "--share", type=float, default=SHARE,
        help="of the reference pictures that shall stay without a box (default: %(default)s)",
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
    paths = _files(flags.pictures)
    references = _files([flags.reference])
    encoder = encoder_of(flags)
    baseline = Baseline.of(
        encoder.encode_dense(open_picture(path))
        for path in tqdm(references, desc="reference", unit=" pictures")
    )
    texts = encoder.encode_text(phrases, flags.route)
    elsewhere = baseline.best(texts)
    told, records = [], []
    for path, image in _opened(paths):
        found = detect(encoder.encode_dense(image), texts, elsewhere, share=flags.share)
        told.append({"picture": str(path), "boxes": [_told(each, phrases) for each in found]})
        records.append(_record(path, image, found, phrases))
        if flags.draw:
            _draw(image, found, phrases, flags.draw / f"{len(told):05d}-{path.stem}.png")
    if flags.coco:
        write_records(records, flags.coco, "coco")
    write_json({"model": encoder.card.name, "phrases": phrases, "pictures": told}, flags.out)


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
    numbers = {
        "score": found.score, "contrast": found.contrast, "baseline": found.baseline,
        "percentile": found.percentile,
    }  # fmt: skip
    return {
        "phrase": phrases[found.phrase],
        "box": [round(edge, DECIMALS) for edge in found.box],
        **{name: round(number, DECIMALS) for name, number in numbers.items()},
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
    import supervision as sv  # takes seconds, and only drawings need it

    path.parent.mkdir(parents=True, exist_ok=True)
    boxes = np.array([each.box for each in found], np.float32).reshape(-1, 4)
    detections = sv.Detections(
        xyxy=to_pixels(boxes, *image.size),
        class_id=np.array([each.phrase for each in found], int),
    )
    labels = [f"{phrases[each.phrase]} {each.score:.3f}" for each in found]
    painted = sv.BoxAnnotator().annotate(image.copy(), detections)
    sv.LabelAnnotator().annotate(painted, detections, labels).save(path, "PNG")
