"""The app as a process of its own, as people start it."""

from __future__ import annotations

import math
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HOME = Path(__file__).resolve().parents[1]
GALLERY = HOME / "assets" / "gallery"
PATIENCE = 120  # seconds until a start has failed
POLL = 0.02  # seconds


class StartError(RuntimeError):
    """The app did not start, with what it said."""


@dataclass(frozen=True)
class App:
    """A running app with one model."""

    process: subprocess.Popen[bytes]
    address: str  # of the page, with a slash at its end
    started: float  # `time.perf_counter()` just before the process was made
    listening: float  # the same clock when it accepted the first connection

    @property
    def peak_memory(self) -> float:
        """Most bytes of main memory the process ever held; NaN where Linux is not the system."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
        return 1024 * float(found[1]) if found else math.nan


@contextmanager
def running(model: Path) -> Iterator[App]:
    """Start the app on a free port; stop it afterwards.

    Raises:
        StartError: It ended, or did not listen in time.
    """
    port = _free_port()
    command = [sys.executable, "app.py", "--model", str(model), "--port", str(port)]
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as workspace:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--workspace", workspace],
            cwd=HOME,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log)
            yield App(process, f"http://127.0.0.1:{port}/", started, time.perf_counter())
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise StartError(f"app.py ended with status {process.returncode}:\n{_tail(log)}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(POLL)
        else:
            return
    raise StartError(f"app.py did not listen within {PATIENCE} s:\n{_tail(log)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode(errors="replace")[-2000:]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
