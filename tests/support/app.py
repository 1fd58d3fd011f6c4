"""The app as it runs for the tests of the page."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from typing import Any

from gradio import Blocks

from fgclip.encoder import Encoder
from fgclip.explore.blocks import build_page, launch_options
from fgclip.explore.gallery import read_gallery
from fgclip.language.cache import Writer
from fgclip.workspace.workspace import Workspace


@contextmanager
def running(
    encoder: Encoder,
    gallery: Path,
    workspace: Workspace,
    root: Path,
    writer: Writer | None = None,
    other: Encoder | None = None,
) -> Iterator[str]:
    """The app, at its address."""
    page = build_page(
        encoder, read_gallery(gallery), workspace, roots=[root], writer=writer, other=other
    )
    port = launched(page.blocks, launch_options(page, gallery, workspace))
    yield f"http://127.0.0.1:{port}/"
    page.blocks.close(verbose=False)


def launched(blocks: Blocks, options: dict[str, Any], *, attempts: int = 5) -> int:
    """The port on which the app listens; another one where the first was taken meanwhile."""
    port = free_port()
    try:
        blocks.launch(
            server_name="127.0.0.1", server_port=port, quiet=True, prevent_thread_lock=True,
            **options,
        )  # fmt: skip
    except OSError:
        if attempts == 1:
            raise
        return launched(blocks, options, attempts=attempts - 1)
    return port


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on, and that no system gives to others who ask for any."""
    for port in SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if probe.connect_ex((host, port)) != 0:
                return port
    raise OSError(f"{host} has no free port between 20000 and 30000")
