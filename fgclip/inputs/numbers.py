"""Whole numbers that people write on command lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable

MOST = 10**12  # a larger one is a slip of the hand


def at_least(least: int) -> Callable[[str], int]:
    """The type of a flag that takes whole numbers from `least` to `MOST`."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from error
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        if value > MOST:
            raise argparse.ArgumentTypeError(f"{value} is more than {MOST}")
        return value

    return number
