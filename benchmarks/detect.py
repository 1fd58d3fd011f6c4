"""Phrases → boxes on drawn scenes: against sliding windows ranked by the cosine alone."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster
from supervision.detection.utils.iou_and_nms import box_non_max_suppression

import fgclip
from benchmarks.bench import Bench
from benchmarks.server import GALLERY
from benchmarks.tables import Column, Row, Table
from fgclip.boxes import Boxes
from fgclip.data.finehard import read_finehard
from fgclip.data.records import Record
from fgclip.dense import Dense
from fgclip.encoder import Encoder
from fgclip.inputs.images import open_picture
from fgclip.probe.detect import SHARE, Baseline, detect
from fgclip.probe.proposals import proposals, segments, windows
from fgclip.probe.regions import crop_embeddings
from fgclip.types import RouteChoice

ABSENT = 8  # phrases asked of each picture that lacks them
SIDE = 1000  # pixels of a picture, for COCO's arithmetic

COLUMNS = (
    Column("boxes a picture", "", 0),
    Column("recall at IoU 0.5", "%", 1),
    Column("best box right", "%", 1),
    Column("AP50", "%", 1),
    Column("absent phrases fire", "%", 1),
    Column("median", "ms", 0),
)
NOTES = (
    "Drawn scenes that were held out of training; each is asked for "
    f"its own phrases and {ABSENT} of others. *recall*: phrases of which some box overlaps "
    "the true one. *best box right*: the strongest box for a phrase that is there does. *AP50*: "
    "COCO's, each phrase a category, absent ones included. *absent phrases fire*: some box passes "
    "the threshold, which is set on the other half of the scenes. *median*: proposals and scores "
    "of a picture that is encoded, all phrases. *true boxes given*: the phrase is chosen for each. "
    "*with crops*: what is left is cut out, encoded, and ranked by region and crop together. "
    "*texts by auto*: phrases are read by the route for short captions, not by that for regions."
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A scene, encoded, and what it is asked."""

    field: Dense
    boxes: Boxes  # of its own phrases
    texts: np.ndarray  # its own phrases, then absent ones
    phrases: tuple[str, ...]
    crops: Callable[[Boxes], np.ndarray]  # boxes cut out of it and encoded


Found = tuple[int, Sequence[float], float]
"""Number of the phrase, box, and what boxes are ranked by."""

Detector = Callable[[Scene, np.ndarray], list[Found]]


def tables(bench: Bench) -> list[Table]:
    """One row for each way to find boxes."""
    encoder = fgclip.load("fgclip-mini", dtype="float32")
    records = _records(bench.scenes)
    scenes = _scenes(encoder, records[:: 1 if bench.effort.queries > 3 else 10])
    by_length = [_read_by(encoder, scene, "auto") for scene in scenes]
    halves = [Baseline.of(scene.field for scene in scenes[start::2]) for start in (1, 0)]
    rows = [
        _row("windows by cosine", scenes, halves, _by_cosine, _windows),
        _row("windows by contrast", scenes, halves, _among(_windows), _windows),
        _row("segments by contrast", scenes, halves, _among(segments), segments),
        _row("both by contrast", scenes, halves, _among(proposals), proposals),
        _row("both, with crops", scenes, halves, _among(proposals, crops=True), proposals),
        _row("both, texts by auto", by_length, halves, _among(proposals), proposals),
        *[
            Row((name,), (0.0, 100.0, _box_accuracy(scenes, crops), *[float("nan")] * 3))
            for name, crops in (("true boxes given", False), ("true boxes, with crops", True))
        ],
    ]
    return [
        Table(
            subject="detect", title=_title(scenes), notes=NOTES,
            labels=("proposals",), columns=COLUMNS, rows=tuple(rows),
        )
    ]  # fmt: skip


def _title(scenes: Sequence[Scene]) -> str:
    boxes = sum(len(scene.boxes) for scene in scenes)
    return f"Boxes for {boxes:,} phrases in {len(scenes):,} scenes, fgclip-mini"


def _records(folder: Path | None) -> list[Record]:
    """Scenes of the gallery, or of a folder that `training.scenes write` wrote."""
    if folder is None:
        everything = read_finehard(GALLERY / "gallery.json", images=GALLERY)
        return [record for record in everything if record.meta.get("kind") == "composed"]
    return list(read_finehard(folder / "scenes.json", images=folder))


def _windows(_: Dense) -> Boxes:
    return windows()


def _scenes(encoder: Encoder, records: Sequence[Record]) -> list[Scene]:
    random = np.random.default_rng(0)
    everything = [(region.phrase, region.category) for each in records for region in each.regions]
    scenes = []
    for record in records:
        picture = open_picture(record.path)
        known = {region.category for region in record.regions}
        lacking = sorted({phrase for phrase, category in everything if category not in known})
        own = [region.phrase for region in record.regions]
        phrases = (*own, *random.choice(lacking, min(ABSENT, len(lacking)), replace=False).tolist())
        scenes.append(
            Scene(
                encoder.encode_dense(picture),
                np.array([region.box for region in record.regions], np.float32),
                encoder.encode_text(list(phrases), "box"),
                phrases,
                partial(crop_embeddings, encoder, picture),
            )
        )
    return scenes


def _read_by(encoder: Encoder, scene: Scene, route: RouteChoice) -> Scene:
    return replace(scene, texts=encoder.encode_text(scene.phrases, route))


def _among(propose: Callable[[Dense], Boxes], *, crops: bool = False) -> Detector:
    def find(scene: Scene, elsewhere: np.ndarray) -> list[Found]:
        found = detect(
            scene.field, scene.texts, elsewhere,
            boxes=propose(scene.field), crops=scene.crops if crops else None,
        )  # fmt: skip
        return [(each.phrase, each.box, each.contrast) for each in found]

    return find


def _by_cosine(scene: Scene, elsewhere: np.ndarray) -> list[Found]:
    """The usual way: windows ranked by the cosine alone, suppressed by IoU."""
    scores = scene.texts @ scene.field.regions(windows()).T
    found: list[Found] = []
    for phrase, least in enumerate(np.quantile(elsewhere, SHARE, axis=1)):
        rows = np.flatnonzero(scores[phrase] >= least)
        ranked = np.column_stack([windows()[rows], scores[phrase, rows]])
        if len(rows):
            ranked = ranked[box_non_max_suppression(ranked, iou_threshold=0.5)]
        found += [(phrase, row[:4].tolist(), float(row[4])) for row in ranked]
    return found


def _row(
    name: str,
    scenes: Sequence[Scene],
    halves: Sequence[Baseline],
    find: Detector,
    propose: Callable[[Dense], Boxes],
) -> Row:
    seconds, counts, recall, right, fires = [], [], [], [], []
    found = []
    for number, scene in enumerate(scenes):
        elsewhere = halves[number % 2].best(scene.texts)
        begun = time.perf_counter()
        detections = find(scene, elsewhere)
        seconds.append(time.perf_counter() - begun)
        found.append(detections)
        boxes = propose(scene.field)
        counts.append(len(boxes))
        recall += (_iou(scene.boxes, boxes).max(axis=1) >= 0.5).tolist()
        strongest = _strongest(detections)
        for phrase, box in enumerate(scene.boxes):
            best = strongest.get(phrase)
            right.append(best is not None and _iou(box[None], np.array([best]))[0, 0] >= 0.5)
        absent = range(len(scene.boxes), len(scene.phrases))
        fires += [phrase in strongest for phrase in absent]
    numbers = (
        float(np.mean(counts)), 100 * float(np.mean(recall)), 100 * float(np.mean(right)),
        100 * _ap50(scenes, found), 100 * float(np.mean(fires)), 1000 * float(np.median(seconds)),
    )  # fmt: skip
    return Row((name,), numbers)


def _strongest(detections: Sequence[Found]) -> dict[int, Sequence[float]]:
    """Phrase → its strongest box."""
    return {phrase: box for phrase, box, _ in sorted(detections, key=lambda each: each[2])}


def _box_accuracy(scenes: Sequence[Scene], crops: bool) -> float:
    """Per cent of true boxes whose best phrase, of all that the scene is asked, is their own."""
    hits: list[bool] = []
    for scene in scenes:
        vectors = scene.field.regions(scene.boxes)
        if crops:  # the sum of two unit vectors points where their mean does; argmax needs no more
            vectors = vectors + scene.crops(scene.boxes)
        best = (vectors @ scene.texts.T).argmax(axis=1)
        hits += [scene.phrases[b] == scene.phrases[own] for own, b in enumerate(best.tolist())]
    return 100 * float(np.mean(hits))


def _ap50(scenes: Sequence[Scene], found: Sequence[Sequence[Found]]) -> float:
    names = sorted({phrase for scene in scenes for phrase in scene.phrases})
    number = {name: place for place, name in enumerate(names, 1)}
    truths: list[dict[str, object]] = []
    results: list[dict[str, object]] = []
    for image, (scene, detections) in enumerate(zip(scenes, found, strict=True), 1):
        for phrase, box in zip(scene.phrases, scene.boxes.tolist(), strict=False):
            truths.append(
                {"id": len(truths) + 1, **_coco(image, number[phrase], box), "iscrowd": 0}
            )
        results += [
            {**_coco(image, number[scene.phrases[phrase]], box), "score": strength}
            for phrase, box, strength in detections
        ]
    annotations = {
        "images": [{"id": n, "width": SIDE, "height": SIDE} for n in range(1, len(scenes) + 1)],
        "annotations": truths,
        "categories": [{"id": place, "name": name} for name, place in number.items()],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(annotations)
        evaluated = COCOeval_faster(truth, truth.loadRes(results), "bbox")
        evaluated.run()
    return float(evaluated.stats[1])


def _coco(image: int, category: int, box: Sequence[float]) -> dict[str, object]:
    x0, y0, x1, y1 = (SIDE * float(edge) for edge in box)
    corners = [x0, y0, x1 - x0, y1 - y0]
    area = (x1 - x0) * (y1 - y0)
    return {"image_id": image, "category_id": category, "bbox": corners, "area": area}


def _iou(boxes: Boxes, others: np.ndarray) -> np.ndarray:
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    inside = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(each[:, 2:] - each[:, :2]).prod(axis=1) for each in (boxes, others)]
    return np.asarray(inside / (areas[0][:, None] + areas[1][None] - inside))
