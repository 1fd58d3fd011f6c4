"""The Map tab as a test handles it."""

from __future__ import annotations

import io
import math
import re
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import Locator, Page, expect

Point = tuple[float, float]


class MapPage:
    """Drives the map with mouse and keys; reads what a person sees."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query: str = "tab=map") -> MapPage:
        self.page.goto(f"{self.address}?{query}")
        return self.wait()

    def wait(self) -> MapPage:
        """Until points are drawn."""
        expect(self.root).to_have_attribute("data-ready", "")
        expect(self.shown).to_have_text(re.compile("in all|fit"))
        return self

    @property
    def root(self) -> Locator:
        return self.page.locator(".fx-map")

    @property
    def shown(self) -> Locator:
        """How many of how many."""
        return self.root.locator(".fx-shown-count")

    @property
    def title(self) -> Locator:
        """What the grid shows."""
        return self.root.locator(".fx-map-right > .fx-bar h2")

    @property
    def items(self) -> Locator:
        return self.root.locator(".fx-grid .fx-item")

    @property
    def detail(self) -> Locator:
        return self.root.locator(".fx-detail")

    @property
    def fault(self) -> Locator:
        return self.root.locator(".fx-map-left .fx-fault")

    @property
    def pressed_region(self) -> Locator:
        """The box of the chosen region in the picture."""
        return self.root.locator(".fx-region-box[aria-pressed=true]")

    def find(self, text: str) -> None:
        self.root.locator(".fx-find").fill(text)
        self.page.keyboard.press("Enter")
        expect(self.title).to_contain_text("best of")

    def leave_field(self) -> None:
        """So that keys mean what they mean outside of a field."""
        self.page.locator("body").click(position={"x": 5, "y": 400})

    def at(self, place: Point) -> Point:
        """A place of the map → mouse coordinates."""
        x, y = self.page.evaluate(
            """([x, y]) => {
                const plot = document.querySelector('.fx-plot');
                const { width, height, xaxis, yaxis } = plot.layout;
                const [[x0, x1], [y0, y1]] = [xaxis.range, yaxis.range];
                const frame = plot.getBoundingClientRect();
                return [frame.left + (x - x0) / (x1 - x0) * width,
                    frame.top + (y1 - y) / (y1 - y0) * height];
            }""",
            list(place),
        )
        return x, y

    def click(self, place: Point) -> None:
        x, y = self.at(place)
        self.page.mouse.move(x - 6, y - 6)
        self.page.mouse.move(x, y, steps=4)
        self.page.wait_for_timeout(150)  # plotly finds the point under the pointer
        self.page.mouse.click(x, y)

    def lasso(self, middle: Point, radius: Point) -> None:
        """Draw an ellipse, sizes in the map's units."""
        self.page.keyboard.press("l")
        corners = [
            self.at(
                (
                    middle[0] + radius[0] * math.cos(turn * math.pi / 12),
                    middle[1] + radius[1] * math.sin(turn * math.pi / 12),
                )
            )
            for turn in range(25)
        ]
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for corner in corners[1:]:
            self.page.mouse.move(*corner, steps=2)
        self.page.mouse.up()
        expect(self.title).to_contain_text("selected")

    def ringed(self) -> Point | None:
        """Where the ring of the chosen point lies."""
        x, y = self.page.evaluate(
            """() => {
                const { data } = document.querySelector('.fx-plot');
                const { x, y } = data.find(({ name }) => name === 'chosen');
                return [x[0] ?? null, y[0] ?? null];
            }"""
        )
        return None if x is None else (round(x, 4), round(y, 4))

    def colour_at(self, place: Point) -> tuple[int, ...]:
        """What is painted there, as RGB."""
        self.page.wait_for_timeout(200)  # WebGL paints a frame later
        x, y = self.at(place)
        shot = self.page.screenshot(
            clip={"x": round(x), "y": round(y), "width": 1, "height": 1}, animations="disabled"
        )
        return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))  # type: ignore[return-value]

    def query(self) -> dict[str, str]:
        """The parts of the address."""
        return {name: value for name, (value,) in parse_qs(urlsplit(self.page.url).query).items()}
