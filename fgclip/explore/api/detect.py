"""Answers to the Detect tab: boxes for phrases, why each is one, and what becomes of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from fgclip.analysis.detection import SOURCE, Finder, found_region
from fgclip.boxes import Boxes, check_boxes
from fgclip.data.formats import write_records
from fgclip.data.records import Corners, Record, Region
from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.schemas.detect import (
    Detected,
    DetectQuestion,
    FoundBox,
    KeepQuestion,
    Kept,
    Measured,
    MeasuredBox,
    MeasureQuestion,
    Phrase,
    PhraseFacts,
    ReferenceProgress,
    SavedBox,
    SavedFile,
    SavedFormat,
    SaveQuestion,
)
from fgclip.explore.api.schemas.fields import Nothing, in_base64, prompts_of, rounded
from fgclip.explore.pictures import OpenPicture, Pictures
from fgclip.probe.drawing import drawn
from fgclip.probe.explanation import facts, strongest
from fgclip.probe.prompts import DenseField
from fgclip.types import Embeddings
from fgclip.workspace import Origin, Workspace

ORIGINS: tuple[tuple[Origin, bool], ...] = (("proposal", False), ("user", True))
KEPT = "detect"  # folder in the workspace for them
SUFFIXES: Mapping[SavedFormat, str] = {"coco": "json", "yolo": "zip", "png": "png"}
ELSEWHERE_DECIMALS = 4  # of numbers that are only drawn


class DetectAnswers:
    """Everything the Detect tab asks beside what the Probe tab does."""

    def __init__(self, finder: Finder, pictures: Pictures, workspace: Workspace) -> None:
        self._finder = finder
        self._pictures = pictures
        self._workspace = workspace

    def reference(self, _: Nothing) -> ReferenceProgress:
        """Read some more pictures that phrases are measured against."""
        done, total = self._finder.reference.advance()
        return ReferenceProgress(done=done, all=total, pictures=self._workspace.counts["images"])

    def detect(self, question: DetectQuestion) -> Detected:
        """Boxes for phrases."""
        picture = self._opened(question)
        asked = self._finder.ask(prompts_of(question.prompts), question.options)
        phrases = [Phrase(text=each.text, route=each.route) for each in asked.prompts]
        found = self._finder.find(picture.path, picture.image, picture.patches, asked)
        best = _strongest(picture.patches, asked.texts, found.candidates.boxes)
        least = np.quantile(found.elsewhere, asked.options.share, axis=1)
        return Detected(
            boxes=[
                FoundBox(prompt=phrases[each.phrase], box=each.box, **facts(each))
                for each in found.boxes
            ],
            phrases=[
                PhraseFacts(
                    text=phrase.text,
                    route=phrase.route,
                    best=cosine,
                    box=box,
                    baseline=baseline,
                    elsewhere=rounded(np.sort(others), ELSEWHERE_DECIMALS),
                )
                for phrase, (cosine, box), baseline, others in zip(
                    phrases, best, least, found.elsewhere, strict=True
                )
            ],
        )

    def measure(self, question: MeasureQuestion) -> Measured:
        """What boxes are worth that somebody drew, a prompt for each."""
        picture = self._pictures[question.token]
        boxes, prompts = check_boxes(question.boxes), prompts_of(question.prompts)
        if len(boxes) != len(prompts):
            raise RequestError(f"{len(boxes)} boxes and {len(prompts)} prompts; give one a box")
        found = self._finder.measure(
            picture.path, picture.patches, boxes, prompts, question.options
        )
        return Measured(boxes=[MeasuredBox(box=each.box, **facts(each)) for each in found])

    def keep(self, question: KeepQuestion) -> Kept:
        """Make boxes regions of the workspace."""
        picture = self._pictures[question.token]
        boxes = _found(question.found)
        path = picture.path
        if self._workspace.find_image(path) is None:
            path = self._copied(path)
        kept = 0
        for origin, by_hand in ORIGINS:
            regions = tuple(each.region for each in boxes if each.by_hand == by_hand)
            done = self._workspace.add([Record(path, regions=regions)], SOURCE, origin=origin)
            if done.faults:
                raise RequestError(f"{path.name} cannot be kept; the Data tab lists why")
            kept += done.added.regions
        return Kept(kept=kept, known=len(boxes) - kept)

    def save(self, question: SaveQuestion) -> SavedFile:
        """A file of boxes."""
        picture = self._pictures[question.token]
        boxes, suffix = _found(question.found), SUFFIXES[question.format]
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"boxes.{suffix}"
            if question.format == "png":
                _drawn(picture, boxes).save(file)
            else:
                _written(picture, tuple(each.marked for each in boxes), question.format, file)
            return SavedFile(content=in_base64(file.read_bytes()), suffix=suffix)

    def _opened(self, question: DetectQuestion) -> OpenPicture:
        if question.sample is not None:
            return self._pictures.open_sample(question.sample)
        return self._pictures[question.token or ""]

    def _copied(self, path: Path) -> Path:
        """An upload goes when the app clears them; what is kept needs its picture."""
        digest = path.parent.name
        kept = (self._workspace.folder / KEPT / f"{digest}-{path.name}").absolute()
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, kept)
        return kept


def _written(picture: OpenPicture, regions: tuple[Region, ...], name: str, file: Path) -> None:
    size = picture.image.size
    if name == "coco":  # beside the picture, wherever that is on the reader's machine
        beside = file.with_name(picture.path.name)
        write_records([Record(beside, regions=regions, size=size)], file, name)
        return
    folder = file.with_suffix("")
    write_records([Record(picture.path, regions=regions, size=size)], folder, name)
    shutil.make_archive(str(folder), "zip", folder)


def _drawn(picture: OpenPicture, boxes: Sequence[_Found]) -> Image.Image:
    return drawn(
        picture.image,
        np.array([each.region.box for each in boxes], np.float32),
        [f"{each.number} {each.region.phrase} {each.region.meta['score']:.3f}" for each in boxes],
        [each.hue - 1 for each in boxes],
    )


@dataclass(frozen=True)
class _Found:
    """A box as the page has it."""

    region: Region
    number: int  # as the page has it
    hue: int  # from 1
    by_hand: bool

    @property
    def marked(self) -> Region:
        """The region, which tells who made it."""
        told = {"by_hand": True} if self.by_hand else {}
        return replace(self.region, meta={**self.region.meta, **told})


def _found(given: Sequence[SavedBox]) -> list[_Found]:
    """What was found, as the page has it."""
    boxes = check_boxes([each.box for each in given]).astype(float).tolist()
    return [
        _Found(found_region(box, each.phrase, each.score), each.number or place, each.hue, each.own)
        for place, (each, box) in enumerate(zip(given, boxes, strict=True), 1)
    ]


def _strongest(
    patches: DenseField, texts: Embeddings, boxes: Boxes
) -> Iterator[tuple[float | None, Corners | None]]:
    """The best box of each phrase, good enough or not; a detector may have proposed none."""
    if not len(boxes):
        yield from [(None, None)] * len(texts)
        return
    cosines, rows = strongest(patches, texts, boxes)
    for cosine, row in zip(cosines, rows, strict=True):
        x0, y0, x1, y1 = boxes[row].tolist()
        yield float(cosine), (x0, y0, x1, y1)
