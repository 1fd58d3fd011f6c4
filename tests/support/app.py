"""The app as it runs for the tests of the page."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
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
