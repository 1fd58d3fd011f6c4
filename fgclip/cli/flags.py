"""Values of command line flags."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fgclip.inputs.numbers import at_least

READING = ("image_size", "most_patches", "pad", "text_from")  # of one model
SHARED = ("device", "dtype", "trust_pickle", "compiled")  # of all that are loaded


def only_beside(command: argparse.ArgumentParser, **partners: str) -> None:
    """Say which flags mean nothing without another; `check_beside` then refuses them alone.

    Args:
        command: whose flags they are, added already.
        partners: name of a flag → the other, as people write it.
    """
    known = command.get_default("beside") or []
    added = [(command, name, partner) for name, partner in partners.items()]
    command.set_defaults(beside=[*known, *added])


def check_beside(flags: argparse.Namespace) -> None:
    """Refuse flags that mean nothing as they are.

    Raises:
        ValueError: One is set, and the flag that it is for is not.
    """
    for command, name, partner in getattr(flags, "beside", ()):
        value, other = getattr(flags, name), _name(partner)
        if value != command.get_default(name) and getattr(flags, other) == command.get_default(
            other
        ):
            flag = f"--{name.replace('_', '-')}"
            shown = flag if value is True else f"{flag} {value}"
            raise ValueError(f"{shown} means nothing without {partner}; give both, or neither")


def _name(flag: str) -> str:
    """--engine ray → engine."""
    return flag.split()[0].strip("-").replace("-", "_").lower()


def add_model(parser: argparse.ArgumentParser) -> None:
    """Flags that choose the model, and how weights and pictures are read."""
    parser.add_argument(
        "--model",
        default="fgclip-mini",
        help="name, folder, file or hub id, such as qihoo360/fg-clip-base (default: %(default)s)",
    )
    _add_reading(parser)
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps (default: the fastest)")
    parser.add_argument(
        "--dtype", default="auto",
        help="float32, bfloat16, float16 (default: $FGCLIP_DTYPE, or else the fastest)",
    )  # fmt: skip
    parser.add_argument(
        "--trust-pickle", action="store_true", help="read .pt, .pth and .bin files, as tensors only"
    )
    parser.add_argument(
        "--compiled", action="store_true",
        help="use torch.compile: half a minute at first; meant for long work on a GPU",
    )  # fmt: skip


def add_other(parser: argparse.ArgumentParser, flag: str, *, required: bool = False) -> None:
    """Flags that choose a second model beside `add_model`'s, and how it is read."""
    parser.add_argument(
        flag, dest="other", required=required, metavar="NAME",
        help="second model, held against the first; on the same device",
    )  # fmt: skip
    _add_reading(parser, flag.strip("-"))
    parser.set_defaults(other_flag=flag)


def how_to_load(flags: argparse.Namespace) -> dict[str, Any]:
    """The values of these flags as `fgclip.load` takes them, but for the name."""
    return {name: getattr(flags, name) for name in (*READING, *SHARED)}


def how_to_load_other(flags: argparse.Namespace) -> dict[str, Any]:
    """The same of the second model.

    Raises:
        ValueError: Its flags are given, but no second model is named.
    """
    reading = {name: getattr(flags, f"{flags.other_flag.strip('-')}_{name}") for name in READING}
    if not flags.other and any(reading.values()):
        raise ValueError(
            f"{flags.other_flag}-… are for a second model; name it with {flags.other_flag}"
        )
    return reading | {name: getattr(flags, name) for name in SHARED}


def _add_reading(parser: argparse.ArgumentParser, prefix: str = "") -> None:
    """How pictures and texts become what a model reads; flags may begin with another's name."""
    begin, whose = (f"--{prefix}-", f"--{prefix}: ") if prefix else ("--", "")
    parser.add_argument(
        f"{begin}image-size", type=at_least(1), metavar="PIXELS",
        help=f"{whose}per side, if not the model's own",
    )  # fmt: skip
    parser.add_argument(
        f"{begin}most-patches", type=at_least(1), metavar="N",
        help=f"{whose}that pictures are fitted to, where the model keeps their shape",
    )  # fmt: skip
    parser.add_argument(
        f"{begin}pad", action="store_true",
        help=f"{whose}pad pictures to squares, as CLIPSelf was trained",
    )  # fmt: skip
    parser.add_argument(
        f"{begin}text-from", metavar="NAME",
        help=f"{whose}texts for a vision tower that was saved alone",
    )  # fmt: skip


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
