"""The Negatives tab as a test handles it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

Point = tuple[float, float]


class NegativesPage:
    """Drives the tab with mouse and keys; reads what a person sees."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query: str = "tab=negatives") -> NegativesPage:
        self.page.goto(f"{self.address}?{query}")
        return self.wait()

    def wait(self) -> NegativesPage:
        """Until the texts that were asked for are there, and have their cosines by every route."""
        expect(self.root.locator(".fx-neg-rows")).not_to_have_class(re.compile("fx-stale"))
        expect(self.rows.first).to_be_visible()
        expect(self.rows.locator(".fx-neg-cosine", has_text="–")).to_have_count(0)
        if self.rows.count() > 1:
            for each in self.root.locator(".fx-neg-route span").all():
                expect(each).not_to_have_text("reading …")
        return self

    @property
    def root(self) -> Locator:
        return self.page.locator(".fx-neg")

    @property
    def rows(self) -> Locator:
        return self.root.locator(".fx-neg-rows > .fx-neg-row")

    @property
    def caption(self) -> Locator:
        return self.root.locator(".fx-neg-caption")

    @property
    def fault(self) -> Locator:
        return self.root.locator(".fx-neg-head > .fx-fault")

    def route(self, name: str) -> Locator:
        return self.root.locator(f".fx-neg-route[data-route={name}]")

    def write(self, caption: str) -> None:
        """Write a true caption and have it rewritten."""
        self.caption.fill(caption)
        self.caption.press("Enter")

    def texts(self) -> list[str]:
        return self.rows.locator(".fx-neg-writing").all_text_contents()

    def cosines(self) -> dict[str, float]:
        """Text → what stands beside it."""
        shown = self.rows.locator(".fx-neg-cosine").all_text_contents()
        numbers = [float(each.replace("−", "-")) for each in shown]
        return dict(zip(self.texts(), numbers, strict=True))

    def at(self, place: Point) -> Point:
        """A place of the picture, in fractions → mouse coordinates."""
        frame = self.root.locator(".fx-picture").bounding_box()
        assert frame is not None
        return frame["x"] + place[0] * frame["width"], frame["y"] + place[1] * frame["height"]

    def query(self) -> dict[str, str]:
        """The parts of the address."""
        return {name: value for name, (value,) in parse_qs(urlsplit(self.page.url).query).items()}

    def numbers(self, text: str) -> list[float]:
        """All numbers of a text, as the page writes them."""
        return [float(each.replace("−", "-")) for each in re.findall(r"−?\d*\.?\d+", text)]
