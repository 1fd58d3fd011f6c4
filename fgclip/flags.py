"""Values of command line flags."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


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


def lines_of(flag: str, path: Path) -> list[str]:
    """Lines of the file that a flag names, empty ones left out.

    Raises:
        ValueError: It cannot be read, or is no UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # as some editors begin their files
    except UnicodeDecodeError as error:
        raise ValueError(f"{flag} {path} is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ValueError(
            f"{flag} {path} cannot be read ({error.strerror}); "
            f"give a text file with one {flag.strip('-').removesuffix('s')} a line"
        ) from error
    return [line for line in text.splitlines() if line.strip()]
