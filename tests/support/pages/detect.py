"""The Detect tab as a test handles it."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

Point = tuple[float, float]


class DetectPage:
    """Drives the tab with mouse and keys; reads what a person sees."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query: str = "tab=detect&detstrict=0") -> DetectPage:
        self.page.goto(f"{self.address}?{query}")
        return self.wait()

    def wait(self) -> DetectPage:
        """Until every phrase has its boxes, or the reason for having none."""
        expect(self.list.locator(":scope > .fx-found").first).to_be_visible()
        expect(self.list).to_have_attribute("aria-busy", "false")
        return self

    @property
    def root(self) -> Locator:
        return self.page.locator(".fx-detect")

    @property
    def list(self) -> Locator:
        return self.root.locator(".fx-found-list")

    @property
    def rows(self) -> Locator:
        """Of boxes."""
        return self.list.locator(".fx-found[data-box]")

    @property
    def missing(self) -> Locator:
        """Of phrases without a box."""
        return self.list.locator(".fx-missing")

    @property
    def boxes(self) -> Locator:
        """On the picture."""
        return self.root.locator(".fx-stage .fx-box")

    @property
    def add(self) -> Locator:
        return self.root.locator("input.fx-add")

    @property
    def summary(self) -> Locator:
        return self.root.locator(".fx-found-summary")

    @property
    def strictness(self) -> Locator:
        return self.root.get_by_label("Strictness")

    @property
    def fault(self) -> Locator:
        return self.root.locator(".fx-detect-found > .fx-fault")

    def be_strict(self, percent: int) -> None:
        """Move the slider."""
        self.strictness.fill(str(percent))

    def phrases(self) -> list[str]:
        return self.root.locator(".fx-prompt .fx-words").all_text_contents()

    def found(self) -> list[tuple[str, float, float]]:
        """Phrase, cosine, and what it is over the threshold, from the top."""
        told = []
        for row in self.rows.all():
            words = row.locator(".fx-found-words").locator("span").text_content() or ""
            score, over, *_ = (
                number(each) for each in row.locator(".fx-figure").all_text_contents()
            )
            told.append((words, score, over))
        return told

    def drag(self, start: Point, end: Point) -> None:
        """From one place of the picture to another, in fractions."""
        self.page.mouse.move(*self._at(start))
        self.page.mouse.down()
        self.page.mouse.move(*self._at(end), steps=4)
        self.page.mouse.up()

    def saved(self, name: str, folder: Path) -> Path:
        """The file that a button gives."""
        with self.page.expect_download() as download:
            self.root.locator(f"[data-format={name}]").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def table(self, folder: Path) -> list[dict[str, str]]:
        """The lines of the CSV file."""
        with self.saved("csv", folder).open(encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    def query(self) -> dict[str, str]:
        """The parts of the address."""
        return {name: value for name, (value,) in parse_qs(urlsplit(self.page.url).query).items()}

    def _at(self, place: Point) -> Point:
        frame = self.root.locator(".fx-picture").bounding_box()
        assert frame is not None
        return frame["x"] + place[0] * frame["width"], frame["y"] + place[1] * frame["height"]


def number(text: str) -> float:
    """As the page writes it."""
    (digits,) = re.findall(r"−?\d*\.?\d+", text)
    return float(digits.replace("−", "-"))
