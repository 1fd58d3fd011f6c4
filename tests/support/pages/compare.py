"""The Compare tab as a test handles it."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.support.pages.detect import number

Point = tuple[float, float]


class ComparePage:
    """Drives the tab with mouse and keys; reads what a person sees."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query: str = "tab=compare") -> ComparePage:
        self.page.goto(f"{self.address}?{query}")
        return self

    def scored(self) -> ComparePage:
        """Until both models have scored every text."""
        expect(self.root.locator(".fx-compare-rank.fx-first")).to_have_count(2)
        return self

    @property
    def root(self) -> Locator:
        return self.page.locator(".fx-compare")

    @property
    def stages(self) -> list[Locator]:
        return self.root.locator(".fx-stage").all()

    @property
    def rows(self) -> Locator:
        return self.root.locator(".fx-compare-rows > .fx-compare-row")

    @property
    def verdict(self) -> Locator:
        return self.root.locator(".fx-compare-verdict")

    @property
    def regions(self) -> Locator:
        """Of the data set, beside a table."""
        return self.root.locator(".fx-compare-region")

    def texts(self) -> list[str]:
        return self.root.locator(".fx-compare-words").all_text_contents()

    def cosines(self) -> tuple[list[float], list[float]]:
        """Of both models, row by row."""
        told = [
            number(text) for text in self.rows.locator(".fx-compare-cosine b").all_text_contents()
        ]
        return told[::2], told[1::2]

    def ranks(self) -> tuple[list[int], list[int]]:
        told = [int(text) for text in self.rows.locator(".fx-compare-rank").all_text_contents()]
        return told[::2], told[1::2]

    def boxes(self, model: int) -> list[tuple[float, ...]]:
        """Of one canvas, as fractions of its picture, from the top."""
        frame = self.stages[model].locator(".fx-picture").bounding_box()
        assert frame is not None
        found = []
        for box in self.stages[model].locator(".fx-box").all():
            place = box.bounding_box()
            assert place is not None
            left, top = place["x"] - frame["x"], place["y"] - frame["y"]
            found.append(
                (
                    left / frame["width"], top / frame["height"],
                    (left + place["width"]) / frame["width"],
                    (top + place["height"]) / frame["height"],
                )
            )  # fmt: skip
        return found

    def drag(self, model: int, start: Point, end: Point) -> None:
        """On one canvas, from one place of the picture to another, in fractions."""
        frame = self.stages[model].locator(".fx-picture").bounding_box()
        assert frame is not None
        points = [
            (frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
            for x, y in (start, end)
        ]
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        self.page.mouse.move(*points[1], steps=4)
        self.page.mouse.up()

    def query(self) -> dict[str, str]:
        """The parts of the address."""
        return {name: value for name, (value,) in parse_qs(urlsplit(self.page.url).query).items()}


class MapsPage(ComparePage):
    """Its view of both maps."""

    def open(self, query: str = "tab=compare&cmpview=maps") -> MapsPage:
        super().open(query)
        expect(self.maps).to_have_attribute("data-ready", "true")
        return self

    @property
    def maps(self) -> Locator:
        return self.root.locator(".fx-compare-maps")

    @property
    def side(self) -> Locator:
        return self.maps.locator("aside")

    @property
    def items(self) -> Locator:
        """Neighbours, or what is circled."""
        return self.side.locator(".fx-item")

    def both(self, script: str) -> list[Any]:
        """What a function of the plot gives for either map."""
        return [stage.evaluate(script) for stage in self.maps.locator(".fx-compare-map").all()]

    def ringed(self) -> list[Point]:
        """Where the chosen point lies on either map."""
        script = """({data}) => {
            const {x, y} = data.find(({name}) => name === 'chosen');
            return [x[0], y[0]];
        }"""
        return [(x, y) for x, y in self.both(script)]

    def shown(self) -> list[tuple[float, float]]:
        """What is seen of either map from left to right."""
        return [(low, high) for low, high in self.both("plot => plot.layout.xaxis.range")]

    def leave_field(self) -> None:
        """So that keys mean what they mean outside of a field."""
        self.page.locator("body").click(position={"x": 5, "y": 400})

    def lasso_all(self) -> None:
        """Circle everything on the first map."""
        self.page.keyboard.press("l")
        frame = self.maps.locator(".fx-compare-map").first.bounding_box()
        assert frame is not None
        middle = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
        for turn in range(25):
            angle = turn * math.pi / 12
            right, down = math.cos(angle) * frame["width"], math.sin(angle) * frame["height"]
            self.page.mouse.move(middle[0] + 0.48 * right, middle[1] + 0.48 * down)
            if turn == 0:
                self.page.mouse.down()
        self.page.mouse.up()
