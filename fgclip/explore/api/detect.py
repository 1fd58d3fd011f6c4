"""Answers to the Detect tab: boxes for phrases, why each is one, and what becomes of them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from fgclip.analysis.detection import SOURCE, DetectionOptions, Finder, found_region
from fgclip.boxes import Boxes, check_boxes
from fgclip.data.formats import write_records
from fgclip.data.records import Record, Region
from fgclip.explore.api.requests import Request, RequestError
from fgclip.explore.api.responses import Answer, answered, in_base64
from fgclip.explore.pictures import OpenPicture, Pictures
from fgclip.probe.detect import Detection
from fgclip.probe.drawing import drawn
from fgclip.probe.explanation import facts, strongest
from fgclip.probe.prompts import DenseField, Prompt
from fgclip.types import DECIMALS, Embeddings
from fgclip.workspace import Origin, Workspace

ORIGINS: tuple[tuple[Origin, bool], ...] = (("proposal", False), ("user", True))
KEPT = "detect"  # folder in the workspace for them
SAVED = {"coco": "json", "yolo": "zip", "png": "png"}  # formats and their suffixes


class DetectAnswers:
    """Everything the Detect tab asks beside what the Probe tab does."""

    def __init__(self, finder: Finder, pictures: Pictures, workspace: Workspace) -> None:
        self._finder = finder
        self._pictures = pictures
        self._workspace = workspace

    def reference(self, data: Any) -> Answer:
        """Read some more pictures that phrases are measured against: {}."""
        return answered(self._advance, data)

    def detect(self, data: Any) -> Answer:
        """Boxes for phrases: {"token" or "sample", "prompts"}, and how: see `options_of`."""
        return answered(self._detect, data)

    def measure(self, data: Any) -> Answer:
        """What a box is worth that somebody drew: {"token", "boxes", "prompts"}, one each."""
        return answered(self._measure, data)

    def keep(self, data: Any) -> Answer:
        """Make boxes regions of the workspace: {"token", "found": [{"box", "phrase", "score"}]}."""
        return answered(self._keep, data)

    def save(self, data: Any) -> Answer:
        """A file of boxes: {"token", "format", "name", "found"}."""
        return answered(self._save, data)

    def _advance(self, _: Request) -> Answer:
        done, total = self._finder.reference.advance()
        pictures = self._workspace.counts["images"]
        return {"done": done, "all": total, "pictures": pictures}

    def _detect(self, request: Request) -> Answer:
        picture = (
            self._pictures.open_sample(request.text("sample"))
            if request.has("sample")
            else self._pictures[request.text("token")]
        )
        question = self._finder.ask(request.prompts(), options_of(request))
        prompts = question.prompts
        found = self._finder.find(picture.path, picture.image, picture.patches, question)
        best = _strongest(picture.patches, question.texts, found.candidates.boxes)
        least = np.quantile(found.elsewhere, question.options.share, axis=1)
        return {
            "boxes": [
                {"prompt": _prompt(prompts[each.phrase]), **_told(each)} for each in found.boxes
            ],
            "phrases": [
                {
                    **_prompt(prompt),
                    **best[row],
                    "baseline": round(float(least[row]), DECIMALS),
                    "elsewhere": np.sort(found.elsewhere[row]).round(4).astype(float).tolist(),
                }
                for row, prompt in enumerate(prompts)
            ],
        }

    def _measure(self, request: Request) -> Answer:
        picture = self._pictures[request.text("token")]
        boxes, prompts = request.boxes(), request.prompts()
        if len(boxes) != len(prompts):
            raise RequestError(f"{len(boxes)} boxes and {len(prompts)} prompts; give one a box")
        found = self._finder.measure(
            picture.path, picture.patches, boxes, prompts, options_of(request)
        )
        return {"boxes": [_told(each) for each in found]}

    def _keep(self, request: Request) -> Answer:
        picture = self._pictures[request.text("token")]
        boxes = _found(request)
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
        return {"kept": kept, "known": len(boxes) - kept}

    def _copied(self, path: Path) -> Path:
        """An upload goes when the app clears them; what is kept needs its picture."""
        digest = path.parent.name
        kept = (self._workspace.folder / KEPT / f"{digest}-{path.name}").absolute()
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, kept)
        return kept

    def _save(self, request: Request) -> Answer:
        picture = self._pictures[request.text("token")]
        name = request.text("format")
        if name not in SAVED:
            raise RequestError(f"format {name!r} is not one of {', '.join(SAVED)}")
        boxes = _found(request)
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"boxes.{SAVED[name]}"
            if name == "png":
                _drawn(picture, boxes).save(file)
            else:
                _written(picture, tuple(each.marked for each in boxes), name, file)
            return {"content": in_base64(file.read_bytes()), "suffix": SAVED[name]}


def options_of(request: Request) -> DetectionOptions:
    """From {"share", "weight", "crops", "detector"}, all of which may be left out."""
    usual = DetectionOptions()
    return DetectionOptions(
        share=request.number("share", usual.share),
        weight=request.number("weight", usual.weight),
        crops=request.fields.get("crops") is True,
        detector=request.fields.get("detector") is True,
    )


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


def _found(request: Request) -> list[_Found]:
    """What was found, as the page has it.

    Raises:
        RequestError: Something is not of that shape.
        BoxError: A box encloses nothing.
    """
    given = request.items("found")
    if not given:
        raise RequestError("There is no box; find some first")
    boxes = check_boxes([each.numbers("box", 4) for each in given])
    return [
        _Found(
            found_region(box, each.prompt("phrase").text, each.number("score", 0.0)),
            number=int(each.number("number", place)),
            hue=int(each.number("hue", 1)),
            by_hand=each.fields.get("own") is True,
        )
        for place, (each, box) in enumerate(
            zip(given, boxes.astype(float).tolist(), strict=True), 1
        )
    ]


def _prompt(prompt: Prompt) -> Answer:
    return {"text": prompt.text, "route": prompt.route}


def _strongest(patches: DenseField, texts: Embeddings, boxes: Boxes) -> list[Answer]:
    """The best box of each phrase, good enough or not; a detector may have proposed none."""
    if not len(boxes):
        return [{"best": None, "box": None}] * len(texts)
    cosines, rows = strongest(patches, texts, boxes)
    return [
        {"best": round(float(cosine), DECIMALS), "box": _corners(boxes[row].tolist())}
        for cosine, row in zip(cosines, rows, strict=True)
    ]


def _corners(box: Sequence[float]) -> list[float]:
    return [round(edge, DECIMALS) for edge in box]


def _told(found: Detection) -> Answer:
    return {
        "box": _corners(found.box),
        **facts(found),
    }
