"""`compare`: two models on a workspace, as JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fgclip.analysis import map_alignment
from fgclip.analysis.comparison import indexed_by, maps_of, prepare
from fgclip.analysis.hard_negatives import fooled_by_either, shared_routes
from fgclip.analysis.ranks import RankSummary, chance, rankings
from fgclip.cli.flags import add_model, add_other
from fgclip.cli.terminal import Watching, add_workspace, encoder_of, other_of, write_json
from fgclip.encoder import Encoder
from fgclip.types import DECIMALS, ITEM_KINDS, ItemKind
from fgclip.workspace import Both, Workspace


def add_compare(commands: Any) -> None:
    """`compare`."""
    command = commands.add_parser(
        "compare", help="hold two models against each other on a data set"
    )
    add_other(command, "--with", required=True)
    command.add_argument("--kind", choices=ITEM_KINDS, default="region", help="of the maps")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_workspace(command)
    add_model(command)
    command.set_defaults(run=_compare)


def _compare(flags: argparse.Namespace) -> None:
    encoder = encoder_of(flags)
    other = other_of(flags, encoder)
    assert other  # argparse sees to it
    with Workspace(flags.workspace) as workspace:
        with Watching() as watch:
            prepare(workspace, (encoder, other), flags.kind, watch=watch)
        answer = compared(workspace, encoder, other, flags.kind)
    write_json(answer, flags.out)


def compared(
    workspace: Workspace, first: Encoder, second: Encoder, kind: ItemKind
) -> dict[str, Any]:
    """What two models that both went through a workspace make of it.

    Raises:
        AnalysisError: No region with a phrase is indexed with both.
    """
    models = workspace.model_of(first), workspace.model_of(second)
    ranks = rankings(workspace, *(indexed_by(workspace, model) for model in models))
    summaries = [RankSummary.of(each) for each in (ranks.first, ranks.second)]
    answer: dict[str, Any] = {
        "models": [{"name": model.name, "sha256": model.sha256} for model in models],
        "own_phrase": {
            "regions": len(ranks.regions),
            "phrases": ranks.phrases,
            "same_first": _rounded(ranks.agree),
            "recall_at_1": [round(each.recall_1, DECIMALS) for each in summaries],
            "median_rank": [each.median for each in summaries],
        },
        "fooled": [
            _reported(*each)
            for each in fooled_by_either(workspace, models, shared_routes(first, second))
        ],
    }
    if maps := maps_of(workspace, models, kind):
        laid = map_alignment.align(workspace, *maps)
        answer["maps"] = {
            "kind": kind,
            "points": len(laid.owners),
            "neighbours": laid.neighbours,
            "neighbours_kept": _rounded(laid.overlap),
            "mean_drift": _rounded(laid.drift),
        }
    return answer


def _reported(attribute: str, route: str, both: Both) -> dict[str, Any]:
    return {
        "attribute": attribute,
        "route": route,
        "regions": both.rows,
        "only_first": both.first,
        "only_second": both.second,
        "both": both.both,
        "chance": round(chance(both.first, both.second), DECIMALS),
    }


def _rounded(values: NDArray[Any]) -> float:
    return round(float(values.mean()), DECIMALS)
