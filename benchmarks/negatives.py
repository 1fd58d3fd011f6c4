"""The Negatives tab: eleven texts against a box while it is dragged, and a text newly typed."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from playwright.sync_api import Browser, Request

from benchmarks.bench import Bench
from benchmarks.drag import out_and_back, start_box
from benchmarks.models import Case
from benchmarks.page import ProbeView, chromium, name_of, probe_view
from benchmarks.server import App, running
from benchmarks.tables import Column, Row, Table, median, percentile

TEXTS = 11  # a caption and its negatives, as FG-OVD has them
REST = 700  # ms between two edits: words are weighed meanwhile, as while a person reads
ROWS = ".fx-neg-rows"
SETTLED = """() => {
    const cosines = [...document.querySelectorAll('.fx-neg-rows .fx-neg-cosine')];
    const routes = [...document.querySelectorAll('.fx-neg-route span')];
    return cosines.length > 1 && cosines.every((each) => each.textContent !== '–')
        && routes.every((each) => each.textContent !== 'reading …');
}"""

COLUMNS = (
    Column("drag: numbers, p95", "ms", 2),
    Column("drag: frame, p95", "ms", 2),
    Column("typed text, median", "ms", 0),
    Column("typed text, p95", "ms", 0),
    Column("texts read an edit", "", 1),
    Column("round trip, median", "ms"),
    Column("typed text / round trip", "×"),
)
NOTES = (
    f"{TEXTS} texts against a box. *drag*: a corner of the box is dragged; until all cosines stand "
    "in the rows, and until the frame that shows them is made. *typed text*: a rewrite is edited; "
    "from Enter until the frame that shows the cosine of the new text, which the server has never "
    "read. *texts read an edit*: different texts that the page then asked the server to read. "
    "Baseline *round trip*: a request from the page for scores whose texts are known."
)


def tables(bench: Bench) -> list[Table]:
    """Every named model."""
    with chromium() as browser:
        rows = [_row(bench, browser, case) for case in bench.shelf.cases]
    return [
        Table(
            subject="negatives", title="The Negatives tab", notes=NOTES,
            labels=("model", "grid"), columns=COLUMNS, rows=tuple(rows),
        )
    ]  # fmt: skip


def _row(bench: Bench, browser: Browser, case: Case) -> Row:
    with running(case.folder) as app, probe_view(browser) as view:
        _open(view, app, bench)
        view.page.evaluate(f"() => {{ window.watch = stopwatch.watchDrag('{ROWS}'); }}")
        view.drag(out_and_back(bench.effort.moves), within=".fx-neg .fx-world")
        samples = view.page.evaluate("() => window.watch.stop()")
        view.page.wait_for_function(SETTLED)
        typed, read = _edits(
            view, [f"maybe {each}" for each in bench.phrases[-bench.effort.prompts :]]
        )
        trips = view.round_trips("score", bench.effort.trips)
    values = (
        percentile([each["written"] - each["received"] for each in samples], 95),
        percentile([each["shown"] - each["received"] for each in samples], 95),
        median(typed),
        percentile(typed, 95),
        read,
        median(trips),
        median(typed) / median(trips),
    )
    return Row((case.name, f"{case.grid} × {case.grid}"), values)


def _open(view: ProbeView, app: App, bench: Bench) -> None:
    true, *wrong = bench.phrases[:TEXTS]
    shown = {
        "n.picture": bench.sample,
        "n.box": start_box(),
        "n.true": true,
        "n.wrong": "\n".join(wrong),
    }
    view.page.goto(f"{app.address}?{urlencode({'tab': 'negatives', **shown})}")
    view.page.wait_for_function(SETTLED)
    view.page.wait_for_timeout(REST)
    view.check()


def _edits(view: ProbeView, texts: list[str]) -> tuple[list[float], float]:
    """Milliseconds of each edit of the first negative, and how many texts were read for one."""
    asked: list[str] = []
    view.page.on("request", lambda request: asked.extend(_texts_of(request)))
    found = []
    for text in texts:
        view.page.click(f"{ROWS} .fx-neg-row:nth-child(2) .fx-neg-text")
        view.page.fill(f"{ROWS} input", text)
        view.page.evaluate("(text) => { window.pending = stopwatch.negativesText(text); }", text)
        view.page.keyboard.press("Enter")
        found.append(view.elapsed())
        view.page.wait_for_function(SETTLED)
        view.page.wait_for_timeout(REST)
    return found, len(set(asked)) / len(texts)


def _texts_of(request: Request) -> list[str]:
    """Of a request to read prompts."""
    if name_of(request.url) != "read":
        return []
    return [prompt["text"] for prompt in json.loads(request.post_data or "")["prompts"]]
