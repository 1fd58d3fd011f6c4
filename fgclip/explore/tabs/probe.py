"""The Probe tab: draw a box, type a phrase, see how well they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.events import api

from fgclip.explore.api.probe import ProbeAnswers
from fgclip.explore.gallery import EXAMPLES, Sample, opening_sample
from fgclip.explore.panel import panel
from fgclip.explore.scripts import scripted

MAX_UPLOAD = 60_000_000  # bytes of one file


def build_probe_tab(gallery: Mapping[str, Sample], card: dict[str, Any]) -> None:
    """Canvas, prompts and scores; all of it one panel."""
    with gr.Tab("Probe", id="probe"):
        panel("probe", start={**pictures_start(gallery, card), "examples": list(EXAMPLES)})


def add_probe_endpoint(answers: ProbeAnswers) -> None:
    """The same scores for scripts, at /probe."""

    def probe(sample: str, boxes: list[list[float]], prompts: list[str]) -> dict[str, Any]:
        """Score boxes of a gallery picture against prompts.

        Args:
            sample: id of the picture, as in the address bar.
            boxes: x0 y0 x1 y1 as fractions of the picture.
            prompts: phrases.
        """
        return scripted(answers, "probe", sample=sample, boxes=boxes, prompts=prompts)

    api(probe, api_name="probe")


def pictures_start(gallery: Mapping[str, Sample], card: dict[str, Any]) -> dict[str, Any]:
    """What a tab that shows pictures knows from the beginning."""
    return {
        "card": card,
        "gallery": [_facts(sample) for sample in gallery.values()],
        "first": opening_sample(gallery),
        "limit": MAX_UPLOAD,
    }


def _facts(sample: Sample) -> dict[str, Any]:
    return {
        "id": sample.id,
        "title": sample.title,
        "url": sample.url,
        "boxes": [list(box) for box in sample.boxes],
        "prompts": list(sample.prompts),
        "photograph": sample.photograph,
    }
