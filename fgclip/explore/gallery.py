"""The gallery: pictures with boxes and phrases to start from, one FineHARD file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.finehard import read_finehard
from fgclip.data.records import Corners, Record

SHOWN_BOXES = 2  # of a sample that is opened; more would hide the picture
PROMPTS = 4
EXAMPLES = ("a person", "an animal", "a small red object", "the sky")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sample:
    """A picture of the gallery.

    Attributes:
        id: name in the address bar.
        title: what a pointer at its thumbnail reads.
        path: the file.
        boxes: to be shown at first, fractions of the picture.
        prompts: true phrases of these boxes, and near misses.
    """

    id: str
    title: str
    path: Path
    boxes: tuple[Corners, ...]
    prompts: tuple[str, ...]


def read_gallery(folder: Path) -> dict[str, Sample]:
    """Samples by id, in the order of `gallery.json`; empty where there is no gallery."""
    file = folder / "gallery.json"
    if not file.exists():
        log.warning("There is no gallery at %s; the page starts empty.", file)
        return {}
    samples = [_sample(record) for record in read_finehard(file, images=folder)]
    return {sample.id: sample for sample in samples}


def _sample(record: Record) -> Sample:
    regions = record.regions[:SHOWN_BOXES]
    return Sample(
        id=record.path.stem,
        title=record.short_caption or record.path.stem,
        path=record.path,
        boxes=tuple(region.box for region in regions),
        prompts=_prompts(record),
    )


def _prompts(record: Record) -> tuple[str, ...]:
    """The phrases of the boxes that are shown, then near misses of the first ones."""
    regions = record.regions[:SHOWN_BOXES]
    phrases = [region.phrase for region in regions]
    wrong = [negative.text for region in regions for negative in region.negatives[:2]]
    chosen = list(dict.fromkeys(text for text in phrases + wrong if text))[:PROMPTS]
    return tuple(chosen or filter(None, [record.short_caption]))
