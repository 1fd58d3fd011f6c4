"""The page's questions to the app, held, refused or changed on their way."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, Route

QUESTIONS = re.compile(r"/api/(\w+)/(\w+)$")
BARRIER = "**/interception-barrier"


def intercept(page: Page, requests: re.Pattern[str], handle: Callable[[Route], object]) -> None:
    """Have all requests handled that the page makes from now on.

    A page learns of its first handler late where its scripts are busy, and a key that is pressed
    meanwhile asks unhindered; so one request is sent ahead until it is caught.
    """
    page.route(requests, handle)
    if page.url == "about:blank":
        return  # what is opened hereafter knows from its beginning
    page.route(BARRIER, lambda route: route.fulfill(status=204))
    page.evaluate("async (to) => { while ((await fetch(to)).status !== 204); }", BARRIER[3:])
    page.unroute(BARRIER)


def name_of(request: Request) -> str | None:
    """The function that a request asks, if any; one of the second model begins with other_."""
    found = QUESTIONS.search(request.url)
    if found is None:
        return None
    part, name = found.groups()
    return f"other_{name}" if part == "other" else name


class HeldAnswers:
    """Questions to the app that wait on their way until they are released."""

    def __init__(self, page: Page, name: str) -> None:
        self._page = page
        self._name = name
        self._waiting: list[Route] = []
        self._holding = True
        intercept(page, QUESTIONS, self._hold)

    def _hold(self, route: Route) -> None:
        named = name_of(route.request) == self._name
        if named and self._holding:
            self._waiting.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        """Until a question is held."""
        for _ in range(400):
            if self._waiting:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError(f"The page never asked to {self._name}.")

    def release(self) -> None:
        """Let them through, and all that follow, even one that is just arriving."""
        self._holding = False
        for route in self._waiting:
            route.continue_()
        self._waiting.clear()
