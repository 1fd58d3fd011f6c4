"""Regions of a data set against their hard negatives: where a model is fooled.

The data set is any run of records, or a workspace, which keeps the margins of each model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from fgclip.data.records import Record
from fgclip.encoder import Encoder
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.failures import Outcome, outcomes
from fgclip.types import Ids, RouteChoice
from fgclip.workspace import Both, IndexedModel, Workspace
from fgclip.workspace.progress import Meter, OpenBatch, Watch

RUN = "failures"
BATCH = 64  # pictures read from the store, and written to it, at a time
SEPARATOR = " by "  # between attribute and route in the name of a metric

Margin = tuple[int, str, float]
"""A region, the attribute and route as `metric` names them, and by how much the true phrase leads.
"""


@dataclass(frozen=True)
class Held:
    """A picture whose regions were held against their negatives."""

    path: Path
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Cell:
    """An attribute by a route.

    Attributes:
        asked: regions with negatives of the attribute.
        fooled: those where one of them scored as high as the true phrase, or higher.
        where: of a workspace, the condition that holds for those; else empty.
    """

    asked: int
    fooled: int
    where: str = ""

    @property
    def rate(self) -> float:
        """Share of the regions where the model was fooled."""
        return self.fooled / self.asked


FailureTable = Mapping[str, Mapping[RouteChoice, Cell]]
"""Attribute → route → how often a model was fooled; what is asked most comes first."""


@dataclass(frozen=True)
class KeptMargins:
    """What a run over a workspace did."""

    regions: int  # held against their negatives
    faults: tuple[str, ...]  # pictures that cannot be read, and why


def held_against_negatives(
    encoder: Encoder, records: Iterable[Record], on_fault: Callable[[str], None]
) -> Iterator[Held]:
    """Hold the regions of each record against their negatives.

    Texts are read by the routes that training gave the model: the others are copies.

    Args:
        encoder: the model.
        records: regions without a phrase or without negatives are passed over.
        on_fault: is told of each picture that cannot be read.
    """
    for record in records:
        try:
            image = open_picture(record.path)
        except PictureError as error:
            on_fault(f"{record.path}: {error}")
            continue
        routes = encoder.card.trained_routes
        yield Held(record.path, tuple(outcomes(encoder, image, record.regions, routes=routes)))


def keep_failures(
    workspace: Workspace,
    encoder: Encoder,
    *,
    watch: Watch,
    anew: bool = True,
    seen: Callable[[Held], None] = lambda _: None,
) -> KeptMargins:
    """Hold the regions of a workspace against their negatives, and keep the margins as they come.

    Margins of an earlier run stay until those of the same regions replace them: a run that is
    stopped, or fails, loses nothing. A whole one forgets regions that have no negatives any more.

    Args:
        workspace: whose regions, and where the margins are kept.
        encoder: the model.
        watch: is told of progress; may cancel.
        anew: whether pictures whose regions all have their margins are held against them, too.
        seen: is given each picture that was held against its negatives.
    """
    model = workspace.model_of(encoder)
    regions, images = workspace.with_negatives()
    known = workspace.results.rows(RUN, model)
    ids = np.unique(images if anew else images[~np.isin(regions, known)])
    meter = Meter(watch, unit="pictures", stage="holding regions against negatives", total=len(ids))
    faults: list[str] = []
    answered: set[int] = set()

    def records(some: Ids) -> Iterator[Record]:
        for record in workspace.records(some):
            meter.advance(1)
            yield record

    def write(batch: Sequence[Sequence[Margin]]) -> None:
        workspace.results.add(RUN, model, [row for rows in batch for row in rows])

    with OpenBatch(write, BATCH) as batch:
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            region_ids = {each.path: each.region_ids for each in workspace.pictures(some.tolist())}
            for held in held_against_negatives(encoder, records(some), faults.append):
                margins = _margins(held, region_ids[held.path])
                batch.add(margins)
                answered |= {region for region, _, _ in margins}
                seen(held)
    if not np.isin(known, regions).all():
        workspace.results.keep_only(RUN, model, regions)
    return KeptMargins(len(answered), tuple(faults))


def _margins(held: Held, region_ids: Sequence[int]) -> list[Margin]:
    return [
        (region_ids[each.region], metric(each.attribute, each.route), each.margin)
        for each in held.outcomes
    ]


def failure_table(found: Iterable[Outcome]) -> FailureTable:
    """How often each attribute fools a model, by each route."""
    counts: dict[str, dict[RouteChoice, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for each in found:
        counts[each.attribute][each.route].append(each.fooled)
    return _ordered(
        {
            name: {route: Cell(len(all_), sum(all_)) for route, all_ in routes.items()}
            for name, routes in counts.items()
        }
    )


def kept_table(
    workspace: Workspace, model: IndexedModel, routes: Sequence[RouteChoice]
) -> FailureTable:
    """The same of the margins that a workspace keeps.

    Args:
        workspace: with the margins.
        model: whose.
        routes: those of its card that were trained; what was kept of others is left out.
    """
    table: dict[str, dict[RouteChoice, Cell]] = defaultdict(dict)
    for each in workspace.results.failures(RUN, model):
        attribute, route = read_metric(each.metric)
        if route in routes:
            cell = Cell(each.rows, each.fooled, each.where)
            table[attribute][cast(RouteChoice, route)] = cell
    return _ordered(table)


def _ordered(table: FailureTable) -> FailureTable:
    order = sorted(table, key=lambda name: (-max(c.asked for c in table[name].values()), name))
    return {name: table[name] for name in order}


def fooled_by_either(
    workspace: Workspace,
    models: tuple[IndexedModel, IndexedModel],
    routes: Sequence[RouteChoice],
) -> list[tuple[str, str, Both]]:
    """Who of two models is fooled, by attribute and route; what is asked most comes first.

    Args:
        workspace: with the margins of both.
        models: whose.
        routes: that training gave both; what an older version kept of others is left out.
    """
    found = [(*read_metric(each.metric), each) for each in workspace.results.signs(RUN, *models)]
    known = [each for each in found if each[1] in routes]
    return sorted(known, key=lambda each: -each[2].rows)


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
