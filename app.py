"""FG-CLIP Explorer: flags → encoder → page."""

from __future__ import annotations

import argparse
import atexit
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from fgclip.cli.flags import add_model, add_other, how_to_load_other

if TYPE_CHECKING:
    from gradio import Blocks

    from fgclip.adapters.detector import Detector
    from fgclip.language.cache import Writer

HOME = Path(__file__).resolve().parent
EMBEDDED = "fgclip-mini"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
FAILED = 2  # exit status after a message


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the app; return the exit status."""
    flags = build_parser().parse_args(arguments)
    flags.host = flags.host.removeprefix("[").removesuffix("]")  # as an address writes [::1]
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _end)
    _keep_to_itself(
        flags.model, flags.other, flags.text_from, flags.compare_text_from, flags.detector
    )
    # Before the slow imports: the commonest mistakes get their answer at once.
    try:
        how_to_load_other(flags)
    except ValueError as error:
        return _refuse(str(error))
    fault = _port_fault(flags.host, flags.port)
    if fault:
        return _refuse(fault)
    return _serve(flags)


def _serve(flags: argparse.Namespace) -> int:
    from fgclip.cli.terminal import encoder_of, other_of
    from fgclip.encoder import TruncatedTextWarning
    from fgclip.explore.blocks import build_page, launch_options
    from fgclip.explore.first_start import prepare
    from fgclip.explore.gallery import read_gallery
    from fgclip.workspace import Workspace

    # The page says so beside the prompt.
    warnings.simplefilter("ignore", TruncatedTextWarning)
    try:
        gallery = read_gallery(flags.gallery)
        workspace = Workspace(flags.workspace)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    with workspace:
        try:
            encoder = encoder_of(flags)
            other = other_of(flags, encoder)
            detector = _detector(flags)
            writer = _writer(flags)
        except (ValueError, OSError) as error:
            return _refuse(str(error))
        print(f"{encoder.card.name} on {encoder.card.device}, {encoder.card.dtype}")
        prepare(workspace, encoder, flags.gallery)
        page = build_page(
            encoder,
            gallery,
            workspace,
            other=other,
            roots=_roots(flags),
            detector=detector,
            writer=writer,
        )
        return _listen(page.blocks, flags, launch_options(page, flags.gallery, workspace))


def _detector(flags: argparse.Namespace) -> Detector | None:
    if not flags.detector:
        return None
    from fgclip.adapters.detector import Detector  # takes transformers, which only this needs

    return Detector.load(flags.detector, device=flags.device)


def _writer(flags: argparse.Namespace) -> Writer | None:
    if not flags.writer and flags.writer_model:
        raise ValueError("--writer-model is for a chat model; name it with --writer")
    if not flags.writer:
        return None
    from fgclip.adapters.chat import open_chat
    from fgclip.language.cache import Writer

    return Writer(open_chat(flags.writer, flags.writer_model), flags.workspace / "written")


def _listen(blocks: Blocks, flags: argparse.Namespace, options: dict[str, Any]) -> int:
    """Show the page until somebody ends the app."""
    fault = _port_fault(flags.host, flags.port)  # another may have come while the model loaded
    if fault:
        return _refuse(fault)
    try:
        blocks.launch(
            server_name=_in_address(flags.host), server_port=flags.port, quiet=True,
            prevent_thread_lock=True, **options,
        )  # fmt: skip
    except (OSError, ValueError):  # in gradio's words, which are for programmers
        return _refuse(_busy(flags.host, flags.port, "the page does not answer there"))
    print(f"Open http://{_shown_host(flags.host)}:{flags.port}   (Ctrl-C stops it)", flush=True)
    blocks.block_thread()
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Every flag."""
    parser = argparse.ArgumentParser(prog="app.py", description=__doc__)
    add_model(parser)
    add_other(parser, "--compare")
    parser.add_argument(
        "--detector",
        metavar="DIR",
        help="folder or hub id of an OWLv2 or Grounding DINO that proposes boxes in the Detect tab",
    )
    parser.add_argument(
        "--writer",
        metavar="URL|DIR",
        help="chat model that writes hard negatives in the Negatives tab: http://HOST:PORT of an "
        "OpenAI-compatible server, or a folder",
    )
    parser.add_argument("--writer-model", default="", help="as the server calls it")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=os.environ.get("GRADIO_SERVER_PORT", "7860"))
    parser.add_argument(
        "--gallery",
        type=Path,
        default=HOME / "assets" / "gallery",
        help="folder with gallery.json and pictures/",
    )
    parser.add_argument(
        "--workspace",
        type=Path,
        default=HOME / "workspace",
        metavar="DIR",
        help="folder of the data set that is searched and mapped (default: %(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder that data sets may be imported from in the page, may be repeated (default: "
        "all that you may read where only this machine reaches the app, else none)",
    )
    return parser


def _roots(flags: argparse.Namespace) -> list[Path]:
    """Folders that the page may read data sets from."""
    if flags.data:
        return list(flags.data)
    return [Path("/")] if flags.host in LOOPBACK else []


def _keep_to_itself(*models: str | None) -> None:
    """No look-ups, and uploads in a folder of this run alone; gradio reads both when imported."""
    uploads = tempfile.mkdtemp(prefix="fgclip-")
    atexit.register(shutil.rmtree, uploads, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = uploads
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    if all(not name or name == EMBEDDED or Path(name).exists() for name in models):
        os.environ["HF_HUB_OFFLINE"] = "1"


def _port_fault(host: str, port: int) -> str | None:
    """Why the app cannot listen there, or None."""
    if not 0 < port < 65536:
        return f"port {port} does not exist; choose one from 1 to 65535, such as --port 7861"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError):
        return f"host {host!r} is not known here; use 127.0.0.1, or 0.0.0.0 for all networks"
    except PermissionError:
        return f"port {port} is reserved for the system; choose another, such as --port 7860"
    except OSError as error:
        return _busy(host, port, error.strerror or str(error))
    return None


def _busy(host: str, port: int, reason: str) -> str:
    return (
        f"{_in_address(host)}:{port} cannot be used ({reason}); is the app running already? "
        f"Open it, or choose another port: --port {port % 65535 + 1}"
    )


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _shown_host(host: str) -> str:
    everywhere = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
    return _in_address(everywhere.get(host, host))


def _end(number: int, _: FrameType | None) -> None:
    """End as an exit does, so that the uploads are removed."""
    sys.exit(128 + number)


def _refuse(message: str) -> int:
    print(f"app.py: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
