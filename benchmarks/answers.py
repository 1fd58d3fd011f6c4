"""What the server answers: all scores of a box let go, the heat map of a new prompt."""

from __future__ import annotations

from playwright.sync_api import Browser

from benchmarks.bench import Bench
from benchmarks.drag import LARGE, SMALL, start_box
from benchmarks.models import Case
from benchmarks.page import ProbeView, chromium, probe_view
from benchmarks.server import running
from benchmarks.tables import Column, Row, Table, median, percentile

PROMPTS = 10

COLUMNS = (
    Column("release, median", "ms", 0),
    Column("release, p95", "ms", 0),
    Column("new prompt, median", "ms", 0),
    Column("new prompt, p95", "ms", 0),
    Column("round trip, median", "ms"),
    Column("release / round trip", "×"),
    Column("new prompt / round trip", "×"),
    Column("peak memory", "MB", 0),
)
NOTES = (
    f"*release*: from letting go of a box until the frame that shows the server's region and crop "
    f"scores of {PROMPTS} prompts; every box is new, so every crop is encoded. *new prompt*: from "
    "Enter until the frame that shows the heat map of a phrase that the server has never read. "
    "Baseline *round trip*: a request from the page for scores whose crop and texts are known, so "
    "that no model runs. Peak memory: of the server process after all of this (VmHWM)."
)


def tables(bench: Bench) -> list[Table]:
    """Every named model."""
    with chromium() as browser:
        rows = [_row(bench, browser, case) for case in bench.shelf.cases]
    return [
        Table(
            subject="answers",
            title="Release → all scores, new prompt → heat map",
            notes=NOTES,
            labels=("model", "grid"),
            columns=COLUMNS,
            rows=tuple(rows),
        )
    ]


def _row(bench: Bench, browser: Browser, case: Case) -> Row:
    with running(case.folder) as app, probe_view(browser) as view:
        prompts = "\n".join(bench.phrases[:PROMPTS])
        view.open(app.address, sample=bench.sample, boxes=start_box(), prompts=prompts, heat="1")
        releases = _releases(view, bench.effort.releases)
        view.settle()
        trips = view.round_trips("score", bench.effort.trips)
        # One word before a phrase makes a text that was never read.
        new = [f"maybe {phrase}" for phrase in bench.phrases[: bench.effort.prompts]]
        heat_maps = _heat_maps(view, new)
        values = (
            median(releases),
            percentile(releases, 95),
            median(heat_maps),
            percentile(heat_maps, 95),
            median(trips),
            median(releases) / median(trips),
            median(heat_maps) / median(trips),
            app.peak_memory / 1e6,
        )
    return Row((case.name, f"{case.grid} × {case.grid}"), values)


def _releases(view: ProbeView, times: int) -> list[float]:
    """Milliseconds each, of boxes of different sizes."""
    corner = SMALL
    found = []
    for number in range(times):
        # A golden-ratio walk: sizes spread evenly, none comes twice.
        following = SMALL + 0.1 + (LARGE - SMALL - 0.1) * (number * 0.618 % 1)
        middle = (corner + following) / 2
        view.start_clock("release")
        view.drag([(corner, corner), (middle, middle), (following, following)])
        found.append(view.elapsed())
        corner = following
    return found


def _heat_maps(view: ProbeView, phrases: list[str]) -> list[float]:
    """Milliseconds each."""
    found = []
    for phrase in phrases:
        view.start_clock("heatMap")
        view.retype(phrase)
        found.append(view.elapsed())
    return found
