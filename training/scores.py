"""Questions to a model while it is trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fgclip.evaluation.scenes import evaluate_scenes, read_scenes
from fgclip.zoo import load


def scores_on(data: Path, *, limit: int, device: str) -> Callable[[Path], dict[str, float]]:
    """What asks a model's folder about scenes; the scenes are read at once, so that they exist.

    Args:
        data: folder of `python -m training.scenes write`.
        limit: pictures.
        device: to compute on.
    """
    records, concepts = read_scenes(data)

    def ask(folder: Path) -> dict[str, float]:
        encoder = load(folder, device=device, dtype="float32")
        routes = encoder.card.trained_routes
        report = evaluate_scenes(encoder, records[:limit], concepts, routes=routes)
        return {f"{score.group}, {score.name}": score.value for score in report.scores}

    return ask
