"""A checkpoint on disk → an encoder, beside a bare reading and digest of the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.bench import Bench
from benchmarks.models import Case
from benchmarks.server import HOME
from benchmarks.tables import Column, Row, Table, median

# Both in a process of their own, whose imports are over when the clock starts.
OURS = "fgclip.load(folder, 'cpu', 'float32')"
BARE = """[value.float().sum() for value in load_file(file).values()]
with open(file, 'rb') as stream:
    hashlib.file_digest(stream, 'sha256')"""
SCRIPT = """
import hashlib, json, math, pathlib, re, sys, time
import fgclip.zoo
from safetensors.torch import load_file
folder = sys.argv[1]
file = folder + '/model.safetensors'
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
status = pathlib.Path("/proc/self/status")  # a child's ru_maxrss would begin at its parent's
peak = re.search(r"VmHWM:\\s*(\\d+)", status.read_text()) if status.exists() else None
print(json.dumps([seconds, 1024 * float(peak[1]) if peak else math.nan]))
"""

COLUMNS = (
    Column("weights", "MB", 0),
    Column("load, median", "s", 2),
    Column("bare, median", "s", 2),
    Column("load / bare", "×", 2),
    Column("peak memory", "MB", 0),
    Column("bare: peak memory", "MB", 0),
)
NOTES = (
    "Disk warm: one load before is not counted; imports are not either. *load*: `fgclip.load` on "
    "the CPU in float32, every number checked and the file's SHA-256 taken. Baseline *bare*: "
    "safetensors' own `load_file`, a sum of every tensor in float32, which reads it, and one "
    "SHA-256 of the file. Peak memory: of the whole process, Python and libraries included (VmHWM)."
)


def tables(bench: Bench) -> list[Table]:
    """Every named model."""
    return [
        Table(
            subject="load",
            title="Checkpoint → encoder",
            notes=NOTES,
            labels=("model",),
            columns=COLUMNS,
            rows=tuple(_row(case, bench.effort.starts) for case in bench.shelf.cases),
        )
    ]


def _row(case: Case, times: int) -> Row:
    turns = [(_run(OURS, case), _run(BARE, case)) for _ in range(times + 1)][1:]
    ours, bare = zip(*turns, strict=True)
    load, reading = (median([seconds for seconds, _ in each]) for each in (ours, bare))
    peaks = (max(memory for _, memory in each) / 1e6 for each in (ours, bare))
    size = (case.folder / "model.safetensors").stat().st_size / 1e6
    return Row((case.name,), (size, load, reading, load / reading, *peaks))


def _run(work: str, case: Case) -> tuple[float, float]:
    """Seconds and peak bytes of a process that does the work on a model's folder."""
    command = [sys.executable, "-c", SCRIPT.format(work=work), str(case.folder)]
    found = subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True)
    seconds, memory = json.loads(found.stdout)
    return seconds, memory
