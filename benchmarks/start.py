"""Start of the process → first scores on screen, and the memory it takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from playwright.sync_api import Browser

from benchmarks.bench import Bench, seconds
from benchmarks.models import Case
from benchmarks.page import chromium, probe_view
from benchmarks.server import running
from benchmarks.tables import Column, Row, Table, median

LIBRARIES = "import torch, gradio"

COLUMNS = (
    Column("listening, median", "s", 2),
    Column("first scores, median", "s", 2),
    Column("first scores, longest", "s", 2),
    Column("imports alone, median", "s", 2),
    Column("first scores / imports", "×", 2),
    Column("peak memory", "MB", 0),
)
NOTES = (
    "Disk warm: one start before is not counted. *first scores*: from starting the process until "
    "the page in a running browser shows region and crop scores of the first gallery picture. "
    f'Baseline *imports alone*: `python -c "{LIBRARIES}"`. Peak memory: of the server process '
    "at that moment (VmHWM), the most of all starts."
)


def tables(bench: Bench) -> list[Table]:
    """Every named model."""
    imports = median(seconds(lambda _: _import_libraries(), bench.effort.starts + 1)[1:])
    with chromium() as browser:
        rows = [_row(bench, browser, case, imports) for case in bench.shelf.cases]
    return [
        Table(
            subject="start",
            title="Start of the app → usable page",
            notes=NOTES,
            labels=("model",),
            columns=COLUMNS,
            rows=tuple(rows),
        )
    ]


def _row(bench: Bench, browser: Browser, case: Case, imports: float) -> Row:
    starts = list(_starts(browser, case, bench.effort.starts))
    listening, scores, memory = zip(*starts, strict=True)
    values = (
        median(listening),
        median(scores),
        max(scores),
        imports,
        median(scores) / imports,
        max(memory) / 1e6,
    )
    return Row((case.name,), values)


def _starts(browser: Browser, case: Case, times: int) -> Iterator[tuple[float, float, float]]:
    """Seconds until listening, seconds until first scores, peak bytes; the first is left out."""
    for number in range(times + 1):
        with probe_view(browser) as view, running(case.folder) as app:
            view.open(app.address)
            shown = time.perf_counter()
            if number:
                yield app.listening - app.started, shown - app.started, app.peak_memory


def _import_libraries() -> None:
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
