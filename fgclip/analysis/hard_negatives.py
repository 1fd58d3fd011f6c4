"""Regions of a workspace against their hard negatives: the margins, kept for each model."""

from __future__ import annotations

from fgclip.encoder import Encoder
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.failures import outcomes
from fgclip.types import RouteChoice
from fgclip.workspace.progress import Meter, Watch
from fgclip.workspace.store import catalogue, results
from fgclip.workspace.store.vectors import IndexedModel
from fgclip.workspace.workspace import Workspace

RUN = "failures"
BATCH = 64  # pictures read from the store at a time
SEPARATOR = " by "  # between attribute and route in the name of a metric


def keep_failures(
    workspace: Workspace, encoder: Encoder, model: IndexedModel, *, watch: Watch
) -> tuple[int, int]:
    """Hold all regions against their negatives, and keep the margins as they come.

    What an earlier run gave for the model goes; a run that is stopped leaves a part of the table.
    Texts are read by the routes that training gave the model: the others are copies.

    Returns:
        Regions that have negatives, and pictures that cannot be read.
    """
    database = workspace.database
    ids = catalogue.images_with_negatives(database)
    meter = Meter(watch, unit="pictures", stage="holding regions against negatives", total=len(ids))
    results.forget(database, RUN, model)
    faults = 0
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows: list[tuple[int, str, float]] = []
        stored = catalogue.pictures(database, some.tolist())
        for picture, record in zip(stored, catalogue.records(database, some), strict=True):
            meter.advance(1)
            try:
                image = open_picture(picture.path)
            except PictureError:
                faults += 1
                continue
            found = outcomes(encoder, image, record.regions, routes=encoder.card.trained_routes)
            rows += [
                (
                    picture.region_ids[each.region],
                    metric(each.attribute, each.route),
                    each.margin,
                )
                for each in found
            ]
        results.add(database, RUN, model, rows)
    return results.samples(database, RUN, model), faults


def metric(attribute: str, route: str) -> str:
    """What the margins of an attribute by a route are called."""
    return f"{attribute}{SEPARATOR}{route}"


def read_metric(name: str) -> tuple[str, str]:
    """The attribute and the route of such a name."""
    attribute, _, route = name.rpartition(SEPARATOR)
    return attribute, route


def shared_routes(first: Encoder, second: Encoder) -> tuple[RouteChoice, ...]:
    """Routes that training gave both models: by another, one of them has but a copy."""
    return tuple(each for each in first.card.trained_routes if each in second.card.trained_routes)
