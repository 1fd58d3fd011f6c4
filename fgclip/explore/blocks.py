"""The page as a whole: header, tabs, and the files behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.explore.api.compare import CompareAnswers
from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.detect import DetectAnswers
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.api.probe import ProbeAnswers, card_facts
from fgclip.explore.api.routes import Wire
from fgclip.explore.api.tabs import OTHER
from fgclip.explore.gallery import Sample
from fgclip.explore.guard import Guard, script_functions
from fgclip.explore.media import Media
from fgclip.explore.panel import WEB, panel
from fgclip.explore.pictures import Pictures
from fgclip.explore.tabs.compare import build_compare_tab, build_lone_tab
from fgclip.explore.tabs.data import build_data_tab
from fgclip.explore.tabs.detect import add_detect_endpoint, build_detect_tab
from fgclip.explore.tabs.map import build_map_tab
from fgclip.explore.tabs.negatives import build_negatives_tab
from fgclip.explore.tabs.probe import MAX_UPLOAD, add_probe_endpoint, build_probe_tab
from fgclip.explore.theme import theme
from fgclip.language.cache import Writer
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.adapters.detector import Detector
    from fgclip.encoder import Encoder

# Found without importing plotly: its Python half is not needed.
PLOTLY = Path(*find_spec("plotly").submodule_search_locations) / "package_data"  # type: ignore[union-attr, misc]
UPLOADS_CLEARED = (600, 3600)  # seconds: how often, and how old a file then is
HEAD = """
<link rel="stylesheet" href="web/styles/app.css">
<link rel="stylesheet" href="web/styles/probe.css">
<link rel="stylesheet" href="web/styles/negatives.css">
<link rel="stylesheet" href="web/styles/detect.css">
<link rel="stylesheet" href="web/styles/jobs.css">
<link rel="stylesheet" href="web/styles/map.css">
<link rel="stylesheet" href="web/styles/plot.css">
<link rel="stylesheet" href="web/styles/map_side.css">
<link rel="stylesheet" href="web/styles/compare.css">
<link rel="stylesheet" href="web/styles/compare_picture.css">
<link rel="stylesheet" href="web/styles/compare_data.css">
<link rel="stylesheet" href="web/styles/compare_maps.css">
<link rel="stylesheet" href="web/styles/data.css">
<link rel="modulepreload" href="web/tabs/probe/index.js">
<script src="web/core/early.js"></script>
"""


@dataclass(frozen=True)
class Page:
    """What is shown, and who answers it.

    Attributes:
        blocks: header and tabs.
        wire: what they ask.
    """

    blocks: gr.Blocks
    wire: Wire


def build_page(
    encoder: Encoder,
    gallery: Mapping[str, Sample],
    workspace: Workspace,
    *,
    other: Encoder | None = None,
    roots: Sequence[Path] = (),
    detector: Detector | None = None,
    writer: Writer | None = None,
) -> Page:
    """Lay out every tab.

    Args:
        encoder: The model.
        gallery: Pictures to start from.
        workspace: Pictures to search and map.
        other: A second model to compare with, where there is one.
        roots: Folders that data sets may be imported from.
        detector: Proposes boxes, where there is one.
        writer: Writes hard negatives, where there is one.
    """
    opened = partial(
        Pictures,
        gallery=gallery,
        uploads=Path(get_upload_folder()),
        stored=workspace.picture_path,
    )
    pictures = opened(encoder)
    samples = [sample.path for sample in gallery.values()]
    finder = Finder(encoder, Reference.of_workspace(encoder, workspace, samples), detector)
    parts: dict[str, object] = {
        "probe": (probe := ProbeAnswers(encoder, pictures)),
        "negatives": NegativesAnswers(encoder, pictures, gallery, workspace, writer),
        "detect": (detect := DetectAnswers(finder, pictures, workspace)),
        "map": MapAnswers(workspace, encoder, pictures),
        "data": DataAnswers(workspace, encoder, finder, roots, other),
    }
    if other is not None:
        parts["compare"] = CompareAnswers(workspace, encoder, other)
        parts[OTHER] = ProbeAnswers(other, opened(other))
    card = card_facts(encoder.card)
    blocks: gr.Blocks
    with gr.Blocks(
        title="FG-CLIP Explorer", analytics_enabled=False, delete_cache=UPLOADS_CLEARED
    ) as blocks:
        panel("header", start={"card": card})
        with gr.Tabs(elem_id="fx-tabs"):
            build_probe_tab(gallery, card)
            build_negatives_tab(gallery, card, writer=writer.name if writer else None)
            build_detect_tab(gallery, card, detector=detector.name if detector else None)
            build_map_tab(encoder.card.trained_routes)
            if other is None:
                build_lone_tab(card)
            else:
                build_compare_tab(gallery, card, card_facts(other.card))
            build_data_tab(card)
        add_probe_endpoint(probe)
        add_detect_endpoint(detect)
    return Page(blocks, Wire(parts))


def launch_options(page: Page, gallery: Path, workspace: Workspace) -> dict[str, Any]:
    """What `Blocks.launch` needs beside host and port: looks, limits, what is served."""
    routes: list[Route | Mount] = [*page.wire.routes, *Media(workspace).routes]
    routes += _static_routes(gallery)
    own = {route.path.split("/")[1] for route in routes}
    guard = Middleware(Guard, own=own, functions=script_functions(page.blocks))
    return {
        "theme": theme(),
        "head": HEAD,
        "app_kwargs": {"routes": routes, "middleware": [guard]},
        "max_file_size": MAX_UPLOAD,
        "footer_links": [],
        "run_history": False,
        "share": False,
        "ssr_mode": False,
        "show_error": True,
    }


def _static_routes(gallery: Path) -> list[Mount]:
    """Scripts, styles, plotly.js and gallery pictures: these folders and nothing else."""
    pictures = gallery / "pictures"
    routes = [
        Mount("/web", StaticFiles(directory=WEB)),
        Mount("/plotly", StaticFiles(directory=PLOTLY)),
    ]
    if pictures.is_dir():
        routes.append(Mount("/gallery", StaticFiles(directory=pictures)))
    return routes
