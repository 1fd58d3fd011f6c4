"""Drag event → region scores on screen, and what has to be sent for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from playwright.sync_api import Browser

from benchmarks.bench import Bench
from benchmarks.models import Case
from benchmarks.page import PageError, Point, ProbeView, chromium, probe_view
from benchmarks.server import running
from benchmarks.tables import Column, Row, Table, median, percentile

EXTRA_GRIDS = (24, 32)  # patches a side
PROMPTS = (3, 10, 50)
CORNER = (0.02, 0.02)  # of the box that is resized, x0 y0
SMALL, LARGE = 0.1, 0.97  # where its other corner goes and comes back

COLUMNS = (
    Column("numbers, median", "ms", 2),
    Column("numbers, p95", "ms", 2),
    Column("work, p95", "ms", 2),
    Column("frame, median", "ms", 2),
    Column("frame, p95", "ms", 2),
    Column("round trip, median", "ms"),
    Column("round trip / numbers", "×", 0),
    Column("sent for the picture", "kB"),
    Column("sent for the prompts", "kB"),
    Column("events", "", 0),
)
NOTES = (
    "A corner of a box is dragged with real mouse moves until the box covers the picture, and "
    "back. *numbers*: from the moment the page receives the event until its region scores stand "
    "in the table; *work*: that, and layout and paint of the frame that shows them; *frame*: until "
    "that frame is made, the wait for it included (there is one every 16.7 ms). Baseline *round "
    "trip*: the same scores asked of the server once an event, over loopback, crop and texts "
    "known. Sent: bytes of all answers as they came over the wire, once a picture and prompt."
)


def tables(bench: Bench) -> list[Table]:
    """Every grid with every number of prompts."""
    named = {case.grid: case for case in bench.shelf.cases}
    extra = {side: bench.shelf.at_grid(side) for side in EXTRA_GRIDS if side not in named}
    with chromium() as browser:
        rows = [row for case in (named | extra).values() for row in _rows(bench, browser, case)]
    return [
        Table(
            subject="drag",
            title="Drag event → region scores on screen",
            notes=NOTES,
            labels=("grid", "model", "prompts"),
            columns=COLUMNS,
            rows=tuple(rows),
        )
    ]


def _rows(bench: Bench, browser: Browser, case: Case) -> Iterator[Row]:
    with running(case.folder) as app:
        for count in PROMPTS:
            with probe_view(browser) as view:
                prompts = "\n".join(bench.phrases[:count])
                view.open(app.address, sample=bench.sample, boxes=start_box(), prompts=prompts)
                values = _measured(view, bench)
            yield Row((f"{case.grid} × {case.grid}", case.name, str(count)), values)


def _measured(view: ProbeView, bench: Bench) -> tuple[float, ...]:
    sent = [view.bytes_received(name) / 1000 for name in ("open", "read")]
    samples = _dragged(view, out_and_back(bench.effort.moves))
    numbers = [sample["written"] - sample["received"] for sample in samples]
    work = [
        number + sample["shown"] - sample["begun"]
        for number, sample in zip(numbers, samples, strict=True)
    ]
    frames = [sample["shown"] - sample["received"] for sample in samples]
    view.settle()
    trips = view.round_trips("score", bench.effort.trips)
    return (
        median(numbers),
        percentile(numbers, 95),
        percentile(work, 95),
        median(frames),
        percentile(frames, 95),
        median(trips),
        median(trips) / (median(numbers) or math.nan),  # the clock ticks every 0.1 ms
        *sent,
        len(samples),
    )


def _dragged(view: ProbeView, path: Sequence[Point]) -> list[Mapping[str, float]]:
    """Times of every event: received, written, begun, shown (ms of the page's clock)."""
    view.page.evaluate("() => { window.watch = stopwatch.watchDrag(); }")
    view.drag(path)
    samples: list[Mapping[str, float]] = view.page.evaluate("() => window.watch.stop()")
    view.check()
    if len(samples) < len(path) // 2:
        raise PageError(f"{len(path)} moves gave new scores only {len(samples)} times")
    return samples


def start_box() -> str:
    """The box before it is dragged, as the address has it."""
    return ",".join(map(str, (*CORNER, SMALL, SMALL)))


def out_and_back(moves: int) -> list[Point]:
    """Points of the dragged corner: from small to large and back, in even steps."""
    half = moves // 2
    outward = [SMALL + (LARGE - SMALL) * step / half for step in range(half + 1)]
    return [(place, place) for place in outward + outward[-2::-1]]
