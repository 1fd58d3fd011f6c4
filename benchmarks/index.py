"""Indexing a folder of pictures against the bare forward passes, and its memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

import fgclip
from benchmarks.bench import Bench
from benchmarks.models import Case
from benchmarks.server import GALLERY
from benchmarks.tables import Column, Row, Table, median
from fgclip.data.finehard import read_finehard
from fgclip.data.records import Record, Region
from fgclip.encoder import Encoder
from fgclip.workspace import Workspace
from fgclip.workspace.indexing import BATCH

SIZE = (640, 480)  # pixels of a picture, as COCO's
BOXES = 8  # a picture, about as many as COCO has
SEED = 0

SPEED = (
    Column("pictures", "", 0),
    Column("indexing", "s", 2),
    Column("bare passes", "s", 2),
    Column("ratio, median", "×", 3),
    Column("pictures a second", "", 1),
)
SPEED_NOTES = (
    f"JPEG files of {SIZE[0]} × {SIZE[1]} pixels with {BOXES} boxes each, read, hashed, decoded, "
    "encoded and written to DuckDB, phrases too. Baseline *bare passes*: the same batches of "
    f"{BATCH} pictures, decoded and resized before the clock starts, through the model with all "
    "their boxes, and the phrases through the text tower; nothing is kept. In turn, in one run."
)
MEMORY = (
    Column("pictures", "", 0),
    Column("peak memory", "MB", 0),
    Column("vectors written", "", 0),
)
MEMORY_NOTES = (
    "Each in a process of its own: fgclip-mini indexes the gallery's pictures under so many names. "
    "Peak memory: of the process while it indexes (VmHWM), libraries and model included."
)


def tables(bench: Bench) -> list[Table]:
    """Time for every model, memory for the smallest."""
    speed = [_speed(bench, case) for case in bench.shelf.cases]
    memory = [_memory(count) for count in bench.effort.indexed]
    return [
        Table(
            subject="index", title="Indexing", notes=SPEED_NOTES, labels=("model",),
            columns=SPEED, rows=tuple(speed),
        ),
        Table(
            subject="index", title="Memory of indexing", notes=MEMORY_NOTES, labels=("run",),
            columns=MEMORY, rows=tuple(memory),
        ),
    ]  # fmt: skip


def _speed(bench: Bench, case: Case) -> Row:
    encoder = fgclip.load(case.folder)
    small = encoder.card.parameters < 50e6
    count = bench.effort.forwards * BATCH * (4 if small else 1) // 3
    with tempfile.TemporaryDirectory() as scratch:
        records = _pictures(Path(scratch) / "pictures", count, bench.phrases)
        pairs = []
        for turn in range(3):
            bare = _bare_seconds(encoder, records)
            _forget_texts(encoder)
            pairs.append((_index_seconds(encoder, records, Path(scratch) / f"w{turn}"), bare))
            _forget_texts(encoder)
    whole, bare = (median(times) for times in zip(*pairs, strict=True))
    ratio = median([one / other for one, other in pairs])
    return Row((case.name,), (count, whole, bare, ratio, count / whole))


def _pictures(folder: Path, count: int, phrases: Sequence[str]) -> list[Record]:
    """Pictures of the gallery, each shifted another way and saved as a camera does."""
    folder.mkdir()
    sources = [
        Image.open(record.path).convert("RGB").resize(SIZE)
        for record in read_finehard(GALLERY / "gallery.json", images=GALLERY)
    ]
    random = np.random.default_rng(SEED)
    records = []
    for number in range(count):
        pixels = np.roll(np.asarray(sources[number % len(sources)]), int(number), axis=1)
        path = folder / f"{number:06}.jpg"
        Image.fromarray(pixels).save(path, quality=90)
        corners = np.sort(random.random((BOXES, 2, 2)), axis=1) * 0.8 + [[[0, 0], [0.2, 0.2]]]
        regions = tuple(
            Region((*box[0], *box[1]), phrases[(number * BOXES + place) % len(phrases)])
            for place, box in enumerate(corners.tolist())
        )
        records.append(Record(path, regions=regions))
    return records


def _bare_seconds(encoder: Encoder, records: Sequence[Record]) -> float:
    prepared = [encoder.prepare(record.path) for record in records]
    phrases = list({region.phrase for record in records for region in record.regions})
    seconds = 0.0
    for start in range(0, len(records), BATCH):
        pixels = prepared[start : start + BATCH]
        boxes = [region.box for each in records[start : start + BATCH] for region in each.regions]
        owner = np.repeat(np.arange(len(pixels)), BOXES)
        begun = time.perf_counter()
        encoder.encode_prepared(pixels, boxes, owner)
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    encoder.encode_text(phrases, "box")
    return seconds + time.perf_counter() - begun


def _index_seconds(encoder: Encoder, records: Sequence[Record], folder: Path) -> float:
    with Workspace(folder) as workspace:
        workspace.add(iter(records), "benchmark")
        begun = time.perf_counter()
        workspace.index(encoder)
        return time.perf_counter() - begun


def _forget_texts(encoder: Encoder) -> None:
    """Phrases are encoded anew: neither side may use what the other has left."""
    encoder._texts.clear()


def _memory(count: int) -> Row:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.index", str(count)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(run.stdout.splitlines()[-1])
    return Row((f"{count:,} pictures",), (count, found["peak"] / 1e6, found["vectors"]))


def _index_alone(count: int) -> None:
    """In a process of its own: index, and say how much memory it took at most."""
    encoder = fgclip.load("fgclip-mini")
    sources = read_finehard(GALLERY / "gallery.json", images=GALLERY)
    with tempfile.TemporaryDirectory() as scratch, Workspace(Path(scratch) / "w") as workspace:
        workspace.add(_named(sources, Path(scratch), count), "benchmark")
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        done = workspace.index(encoder)
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in io.StringIO(status) if line.startswith("VmHWM"))
    vectors = done.pictures + sum(
        len(sources[number % len(sources)].regions) for number in range(count)
    )
    print(json.dumps({"peak": 1024 * int(peak.split()[1]), "vectors": vectors}))


def _named(sources: Sequence[Record], folder: Path, count: int):  # type: ignore[no-untyped-def]
    for number in range(count):
        source = sources[number % len(sources)]
        path = folder / f"{number:06}{source.path.suffix}"
        path.symlink_to(source.path.resolve())
        yield Record(path, regions=source.regions)


if __name__ == "__main__":
    _index_alone(int(sys.argv[1]))
