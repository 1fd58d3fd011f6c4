"""The Probe tab in real Chromium: opened, handled with mouse and keys, timed from inside."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as PageTimeout

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
VIEW = {"width": 1280, "height": 720}  # CSS pixels
STOPWATCH = Path(__file__).with_name("stopwatch.js")
PATIENCE = 60_000  # ms for anything the page should do
ALL_SCORES = """() => {
    const rows = [...document.querySelectorAll('.fx-rows .fx-row')];
    return rows.length > 0 && !document.querySelector('.fx-live')
        && rows.every((row) => !row.classList.contains('fx-waiting')
            && [...row.querySelectorAll('.fx-cell b')].every(
                (cell) => cell.offsetParent === null || cell.textContent !== '–'));
}"""

Point = tuple[float, float]
"""x, y as fractions of the picture."""

QUESTION = re.compile(r"/api/\w+/(\w+)$")  # the address of a question to the app


def name_of(url: str) -> str | None:
    """The function that a request asks, if any."""
    found = QUESTION.search(url)
    return found and found[1]


class MissingBrowserError(RuntimeError):
    """There is no Chromium, with the remedy."""


class PageError(RuntimeError):
    """The page does not do what a benchmark needs, with what it says."""


class ProbeView:
    """One open Probe tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._faults: list[str] = []
        self._asked: list[Request] = []
        page.set_default_timeout(PATIENCE)
        page.add_init_script(path=STOPWATCH)
        page.on("pageerror", lambda error: self._faults.append(str(error)))
        page.on("requestfinished", self._note)

    def open(self, address: str, **view: str) -> ProbeView:
        """Open the page on a view (sample, boxes, prompts, heat) and wait for all its scores."""
        self._asked.clear()
        self.page.goto(f"{address}?{urlencode(view)}" if view else address)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until every number is the server's.

        Raises:
            PageError: It is not, for too long; with what the page says about it.
        """
        try:
            self.page.wait_for_function(ALL_SCORES)
        except PageTimeout as error:
            shown = self.page.locator(".fx-fault:visible, .fx-progress:visible").all_inner_texts()
            asked = [name_of(each.url) for each in self._asked]
            raise PageError(
                f"after {PATIENCE // 1000} s the page still lacks scores; answered: {asked}; "
                f"it says {shown}, its scripts {self._faults}"
            ) from error
        self.check()

    def check(self) -> None:
        """Raise if a script of the page has failed: its times would mean nothing."""
        if self._faults:
            raise PageError(f"the page reported: {self._faults[0]}")

    def drag(self, path: Sequence[Point], *, within: str = ".fx-world") -> None:
        """Press at the first point, move to each of the others, let go: one event a point."""
        frame = self.page.locator(within).bounding_box()
        assert frame is not None, "there is a picture on the page"
        mouse = self.page.mouse
        for number, (x, y) in enumerate(path):
            mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
            if number == 0:
                mouse.down()
        mouse.up()

    def retype(self, text: str) -> None:
        """Open the first prompt, replace its text, rest, press Enter."""
        self.page.click(".fx-prompt .fx-words >> nth=0")
        self.page.fill(".fx-edit", text)
        # The page counts tokens once a typist rests; a person presses Enter after that.
        self.page.wait_for_timeout(500)
        self.page.keyboard.press("Enter")

    def start_clock(self, clock: str) -> None:
        """Arm `release` or `heatMap` of the stopwatch: the next such event starts it."""
        self.page.evaluate(f"() => {{ window.pending = stopwatch.{clock}(); }}")

    def elapsed(self) -> float:
        """Milliseconds of that clock, once it has stopped."""
        found: float = self.page.evaluate("() => window.pending")
        self.check()
        return found

    def bytes_received(self, name: str) -> float:
        """Bytes of all answers to a question of this page, as they came over the wire."""
        return float(sum(each.sizes()["responseBodySize"] for each in self._questions(name)))

    def round_trips(self, name: str, times: int) -> list[float]:
        """Ask the page's last question of that name again: ms each until the answer is parsed."""
        request = self._questions(name)[-1]
        question = {"url": request.url, "body": request.post_data}
        found: list[float] = self.page.evaluate(
            "([question, times]) => stopwatch.replay(question, times)", [question, times]
        )
        return found

    def _note(self, request: Request) -> None:
        if name_of(request.url):
            self._asked.append(request)

    def _questions(self, name: str) -> list[Request]:
        found = [each for each in self._asked if name_of(each.url) == name]
        if not found:
            raise LookupError(f"the page has not asked {name!r}")
        return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser.

    Raises:
        MissingBrowserError: None is installed.
    """
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def browser_path() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise MissingBrowserError(
            f"None of {', '.join(NAMES)} is on the PATH. Install one (apt-get install chromium), "
            "or run what needs no browser: python -m benchmarks encoder"
        )
    return found


@contextmanager
def probe_view(browser: Browser) -> Iterator[ProbeView]:
    """A fresh page with nothing remembered."""
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    try:
        yield ProbeView(context.new_page())
    finally:
        context.close()
