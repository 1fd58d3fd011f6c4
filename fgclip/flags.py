"""Values of command line flags."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def at_least(least: int) -> Callable[[str], int]:
    """The type of a flag that takes whole numbers from `least` on."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from error
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return number


def corners_of(text: str) -> list[float]:
    """The value of --box: x0, y0, x1, y1.

    Raises:
        ValueError: It is not four numbers.
    """
    try:
        corners = [float(value) for value in text.split(",")]
    except ValueError:
        corners = []
    if len(corners) != 4:
        raise ValueError(f"--box {text}: give four numbers x0,y0,x1,y1")
    return corners
