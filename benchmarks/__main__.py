"""`python -m benchmarks [NAME …]`: Markdown on the way, JSON at the end."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import torch

from benchmarks import (
    answers,
    dense,
    detect,
    drag,
    encoder,
    fgovd,
    index,
    load,
    negatives,
    place,
    search,
    start,
    train_step,
    viewports,
)  # fmt: skip
from benchmarks.bench import QUICK, Bench, Effort, first_sample, read_phrases
from benchmarks.models import DEFAULT, RANDOM_B16, Shelf
from benchmarks.page import MissingBrowserError, PageError, browser_path
from benchmarks.server import StartError
from benchmarks.tables import Table, as_json, markdown

SUBJECTS: Mapping[str, Callable[[Bench], list[Table]]] = {
    "drag": drag.tables,
    "answers": answers.tables,
    "negatives": negatives.tables,
    "start": start.tables,
    "load": load.tables,
    "encoder": encoder.tables,
    "train_step": train_step.tables,
    "index": index.tables,
    "search": search.tables,
    "map": viewports.tables,
    "place": place.tables,
    "detect": detect.tables,
    "fgovd": fgovd.tables,
    "dense": dense.tables,
}
FORMER = {"lab": "negatives"}  # names that they had before, which still run them
WITHOUT_BROWSER = {
    "load", "encoder", "train_step", "index", "search", "map", "place", "detect", "fgovd", "dense",
}  # fmt: skip
FAILED = 2  # exit status after a message


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks; return the exit status."""
    parser = _parser()
    flags = parser.parse_args(arguments)
    asked = [FORMER.get(name, name) for name in flags.names]
    unknown = [name for name in asked if name not in SUBJECTS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose from {', '.join(SUBJECTS)}")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    # Its files are nobody's to pass on, so that most people lack them.
    names = asked or [name for name in SUBJECTS if name != "fgovd" or flags.fgovd]
    try:
        if not WITHOUT_BROWSER.issuperset(names):
            browser_path()  # before minutes of work
        if "fgovd" in names:
            fgovd.checked(flags.fgovd)
        phrases = read_phrases(flags.data)
        with tempfile.TemporaryDirectory() as scratch:
            shelf = Shelf(flags.model or DEFAULT, Path(scratch))
            effort = QUICK if flags.quick else Effort()
            sample = first_sample()
            bench = Bench(
                shelf=shelf, phrases=phrases, sample=sample, effort=effort, scenes=flags.scenes
            )
            found = _run(names, bench, flags)
    except (ValueError, OSError, MissingBrowserError, PageError, StartError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return FAILED
    if flags.out:
        text = json.dumps({"machine": _machine(), "tables": found}, indent=1, ensure_ascii=False)
        flags.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _run(names: Sequence[str], bench: Bench, flags: argparse.Namespace) -> list[dict[str, object]]:
    """Print every table as soon as it is there; return them as JSON values."""
    print(", ".join(f"{name} {value}" for name, value in _machine().items()), end="\n\n")
    found = []
    for name in names:
        begun = time.perf_counter()
        command = _command(name, flags)
        tables = partial(fgovd.tables, folder=flags.fgovd) if name == "fgovd" else SUBJECTS[name]
        for table in tables(bench):
            print(markdown(table, command), flush=True)
            found.append(as_json(table, command))
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(SUBJECTS)} (default: all)"
    )
    parser.add_argument(
        "--model",
        action="append",
        help=f"name, folder or hub id, may be repeated (default: {' and '.join(DEFAULT)}; "
        f"{RANDOM_B16} is made on the spot)",
    )
    parser.add_argument("--data", type=Path, help="folder of FG-OVD's *.jsonl, for their phrases")
    parser.add_argument("--fgovd", type=Path, help="folder of FG-OVD's *.jsonl, for fgovd")
    parser.add_argument(
        "--scenes", type=Path, help="folder of drawn scenes for detect (default: the gallery)"
    )
    parser.add_argument("--out", type=Path, help="file for the same figures as JSON")
    parser.add_argument("--quick", action="store_true", help="few repetitions: to see that it runs")
    return parser


def _command(name: str, flags: argparse.Namespace) -> str:
    """The line that makes this table again."""
    words = ["python", "-m", "benchmarks", name]
    for model in flags.model or ():
        words += ["--model", model]
    if flags.data:
        words += ["--data", str(flags.data)]
    if flags.scenes:
        words += ["--scenes", str(flags.scenes)]
    if flags.fgovd and name == "fgovd":
        words += ["--fgovd", str(flags.fgovd)]
    if flags.quick:
        words += ["--quick"]
    return shlex.join(words)


def _machine() -> dict[str, str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "cores": str(cores),
        "torch": torch.__version__,
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


if __name__ == "__main__":
    sys.exit(main())
