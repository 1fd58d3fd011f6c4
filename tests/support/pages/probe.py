"""The Probe tab as a test handles it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.interception import QUESTIONS, HeldAnswers, intercept, name_of

Point = tuple[float, float]


class ProbePage:
    """Drives the page with mouse and keys; reads only what a person sees."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query: str = "") -> ProbePage:
        self.page.goto(self.address + query)
        self.wait_for_scores()
        return self

    def wait_for_scores(self) -> None:
        """Until every row has its numbers from the server."""
        rows = self.page.locator(".fx-rows .fx-row")
        expect(rows.first).to_be_visible()
        self.page.wait_for_function(
            """() => {
                const rows = [...document.querySelectorAll('.fx-rows .fx-row')].slice(0, 40);
                return rows.length && !document.querySelector('.fx-live')
                    && rows.every((row) => !row.classList.contains('fx-waiting')
                        && [...row.querySelectorAll('.fx-cell b')].every(
                            (cell) => cell.offsetParent === null || cell.textContent !== '–'));
            }"""
        )

    def hold_answers(self, name: str) -> HeldAnswers:
        """Keep the page waiting for answers to one kind of question."""
        return HeldAnswers(self.page, name)

    def fail_answers(self, name: str) -> None:
        """Let one kind of question to the app find nobody there."""

        def answer(route: Route) -> None:
            if name_of(route.request) == name:
                route.abort()
            else:
                route.continue_()

        intercept(self.page, QUESTIONS, answer)

    # --- the canvas ---

    @property
    def stage(self) -> Locator:
        return self.page.locator(".fx-stage")

    def at(self, x: float, y: float) -> Point:
        """Fractions of the picture → mouse coordinates, once it has come to rest."""
        world = self.page.locator(".fx-world")
        world.element_handle().wait_for_element_state("stable")
        frame = world.bounding_box()
        assert frame
        return frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]

    def press(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.at(x, y))
        self.page.mouse.down()

    def drag(self, start: Point, end: Point) -> None:
        self.press(*start)
        self.page.mouse.move(*self.at(*end), steps=5)
        self.page.mouse.up()

    def boxes(self) -> list[list[float]]:
        """Corners as fractions, in the order drawn, from where they lie on the screen."""
        found: list[list[float]] = self.page.evaluate(
            """() => {
                const world = document.querySelector('.fx-world').getBoundingClientRect();
                return [...document.querySelectorAll('.fx-box')].map((box) => {
                    const {left, top, right, bottom} = box.getBoundingClientRect();
                    return [(left - world.left) / world.width, (top - world.top) / world.height,
                        (right - world.left) / world.width, (bottom - world.top) / world.height];
                });
            }"""
        )
        return found

    # --- prompts and scores ---

    def prompts(self) -> list[str]:
        return self.page.locator(".fx-prompt .fx-words").all_text_contents()

    def add(self, text: str) -> None:
        self.page.fill(".fx-add", text)
        self.page.press(".fx-add", "Enter")

    def paste(self, text: str) -> None:
        self.page.evaluate(
            """(text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData('text/plain', text);
                document.querySelector('.fx-add').dispatchEvent(new ClipboardEvent('paste',
                    {clipboardData, bubbles: true, cancelable: true}));
            }""",
            text,
        )

    def scores(self, column: str = "region") -> dict[str, float]:
        """Numbers of one column by prompt."""
        rows: list[list[str]] = self.page.evaluate(
            """(column) => [...document.querySelectorAll('.fx-rows .fx-row')].map((row) => [
                row.querySelector('.fx-cell-words').textContent,
                row.querySelector(`.fx-cell-${column} b`).textContent])""",
            column,
        )
        return {text: float(number.replace("−", "-")) for text, number in rows}

    def order(self) -> list[str]:
        return self.page.locator(".fx-rows .fx-cell-words").all_text_contents()

    # --- pictures ---

    def upload(self, path: Path) -> None:
        self.page.set_input_files(".fx-picker input[type=file]", path)

    @property
    def picture_fault(self) -> Locator:
        return self.page.locator(".fx-left .fx-fault")

    @property
    def prompt_fault(self) -> Locator:
        return self.page.locator(".fx-right .fx-fault")

    def wait_for_picture(self, width: int, height: int) -> None:
        """Until a picture of this size is the one on the canvas."""
        self.page.wait_for_function(
            """([width, height]) => {
                const image = document.querySelector('.fx-picture');
                return image.complete && image.naturalWidth === width
                    && image.naturalHeight === height;
            }""",
            arg=[width, height],
        )

    def picture_shape(self) -> list[int]:
        shape: list[int] = self.page.evaluate(
            """() => { const image = document.querySelector('.fx-picture');
                return [image.naturalWidth, image.naturalHeight]; }"""
        )
        return shape
