"""Waiting for a state of the page instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE, PAUSE = 60, 50  # seconds, as long as `expect` waits; milliseconds


def eventually(page: Page, check: Callable[[], object]) -> None:
    """Until a check passes; what it says where it never does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            check()
        except AssertionError:
            if time.monotonic() > end:
                raise
            page.wait_for_timeout(PAUSE)
        else:
            return
