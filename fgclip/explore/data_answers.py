"""Answers to the Data tab: what is in the workspace, and long work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgclip.data.formats import FORMATS, READABLE, WRITABLE
from fgclip.explore.replies import Answer, answered
from fgclip.explore.requests import Request, RequestError
from fgclip.workspace import check
from fgclip.workspace.jobs import Job, Work
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.progress import Watch
from fgclip.workspace.store import catalogue, points, vectors
from fgclip.workspace.store.filters import Filter
from fgclip.workspace.store.vectors import KINDS, Kind
from fgclip.workspace.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

FAULTS = 50  # shown
EXPORTS = "exports"  # folder of the workspace that exports go to


class DataAnswers:
    """Everything the Data tab asks."""

    def __init__(self, workspace: Workspace, encoder: Encoder, roots: Sequence[Path]) -> None:
        """Read data sets from below `roots` only."""
        self._workspace = workspace
        self._encoder = encoder
        self._roots = [root.resolve() for root in roots]

    def state(self, data: Any) -> Answer:
        """What is there, and what is going on: {}."""
        return answered(self._state, data)

    def job(self, data: Any) -> Answer:
        """How far the latest work is: {}."""
        return answered(lambda _: {"job": _told(self._workspace.jobs.latest)}, data)

    def stop(self, data: Any) -> Answer:
        """Stop it: {}."""
        return answered(self._stop, data)

    def start(self, data: Any) -> Answer:
        """Begin a work: {"work": import, index, map, export or check} and what it needs."""
        return answered(self._start, data)

    def remove(self, data: Any) -> Answer:
        """Forget a map: {"map"}."""
        return answered(self._remove, data)

    def _state(self, _: Request) -> Answer:
        database = self._workspace.database
        return {
            "folder": str(self._workspace.folder.resolve()),
            **catalogue.counts(database),
            "sources": catalogue.sources(database),
            "models": [
                {
                    "id": model.id,
                    "name": model.name,
                    "loaded": model.sha256 == self._encoder.card.sha256,
                    "dimensions": model.dimensions,
                    **vectors.counts(database, model),
                }
                for model in self._workspace.models
            ],
            "maps": [asdict(run) for run in self._workspace.maps],
            **asdict(self._workspace.sizes),
            "listed": catalogue.faults(database, FAULTS),
            "job": _told(self._workspace.jobs.latest),
        }

    def _start(self, request: Request) -> Answer:
        works = {
            "import": self._import,
            "index": self._index,
            "map": self._map,
            "place": self._place,
            "export": self._export,
            "check": self._check,
        }
        name = request.text("work")
        if name not in works:
            raise RequestError(f"There is no work {name!r}; choose from {', '.join(works)}")
        title, work = works[name](request)
        return {"job": _told(self._workspace.jobs.start(title, work))}

    def _stop(self, _: Request) -> Answer:
        self._workspace.jobs.stop()
        return {}

    def _remove(self, request: Request) -> Answer:
        run = points.map_of(self._workspace.database, request.whole("map"))
        points.remove(self._workspace.database, run.id)
        return {}

    def _import(self, request: Request) -> tuple[str, Work]:
        name = _choice(request, "format", ("auto", *READABLE))
        given = request.text("path").strip()
        if not given:
            raise RequestError("Write where the data set lies, such as /data/coco")
        hub = name == "huggingface" and not Path(given).expanduser().exists()
        path = Path(given) if hub else self._allowed(given)
        images = request.text_or("images").strip()
        folder = self._allowed(images) if images else None

        def work(watch: Watch) -> str:
            done = self._workspace.import_from(
                path, format_name=name, images=folder, name=request.text_or("name"), watch=watch
            )
            added = done.added
            words = f"{added.images:,} new pictures with {added.regions:,} new regions"
            known = f", {added.known:,} were there" if added.known else ""
            faults = f"; {done.faults:,} faults, listed below" if done.faults else ""
            return words + known + faults

        return f"Importing {path.name}", work

    def _index(self, _: Request) -> tuple[str, Work]:
        def work(watch: Watch) -> str:
            done = self._workspace.index(self._encoder, watch=watch)
            faults = f"; {done.faults:,} pictures cannot be read, listed below"
            words = f"{done.pictures:,} pictures and {done.texts:,} phrases indexed"
            return words + (faults if done.faults else "")

        return f"Indexing with {self._encoder.card.name}", work

    def _map(self, request: Request) -> tuple[str, Work]:
        kind: Kind = _choice(request, "kind", KINDS)  # type: ignore[assignment]
        defaults = Parameters()
        parameters = Parameters(
            neighbours=int(request.number("neighbours", defaults.neighbours)),
            min_dist=request.number("min_dist", defaults.min_dist),
            seed=int(request.number("seed", defaults.seed)),
            fitted=int(request.number("fitted", defaults.fitted)),
        )
        name = request.text_or("name")

        def work(watch: Watch) -> str:
            model = self._workspace.model_of(self._encoder)
            run = self._workspace.map(model, kind, parameters, name=name, watch=watch)
            return f"Map of {run.points:,} {kind}s, {run.fitted:,} laid out by UMAP"

        return f"Mapping {kind}s", work

    def _place(self, request: Request) -> tuple[str, Work]:
        run = points.map_of(self._workspace.database, request.whole("map"))

        def work(watch: Watch) -> str:
            placed = self._workspace.place(run, watch=watch)
            return f"{placed:,} {run.kind}s placed among their neighbours"

        return f"Placing on {run.name}", work

    def _export(self, request: Request) -> tuple[str, Work]:
        name = _choice(request, "format", WRITABLE)
        filter_ = Filter(where=request.text_or("where"))
        stem = "".join(each for each in request.text_or("name", "export") if each.isalnum())
        path = _free(self._workspace.folder / EXPORTS, stem or "export", FORMATS[name].suffix)

        def work(watch: Watch) -> str:
            lost = self._workspace.export(path, name, filter_=filter_, watch=watch)
            left = ", ".join(f"{count:,} {what}" for what, count in lost.items())
            gone = f"; {FORMATS[name].title} cannot hold {left}" if lost else ""
            return f"Written to {path.resolve()}{gone}"

        return f"Exporting {FORMATS[name].title}", work

    def _check(self, _: Request) -> tuple[str, Work]:
        def work(watch: Watch) -> str:
            found = list(check.faults(self._workspace.database, watch=watch))
            return "Sound: nothing is amiss" if not found else "Amiss: " + "; ".join(found)

        return "Checking the workspace", work

    def _allowed(self, given: str) -> Path:
        """A path that may be read.

        Raises:
            RequestError: It lies outside of the folders that may.
        """
        try:
            path = Path(given).expanduser().absolute()
            inside = any(path.resolve().is_relative_to(root) for root in self._roots)
        except (OSError, ValueError, RuntimeError) as error:
            raise RequestError(f"{given[:80]!r} is no path: {error}") from error
        if not inside:
            roots = ", ".join(map(str, self._roots)) or "none"
            raise RequestError(
                f"{path} is outside of the folders that may be read ({roots}). "
                "Start the app with --data DIR to allow another."
            )
        return path


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A name that nothing has yet: nothing that was exported before is written over."""
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{suffix}" for number in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def _choice(request: Request, name: str, known: Sequence[str]) -> str:
    value = request.text(name)
    if value not in known:
        raise RequestError(f"{name} {value!r} is not one of {', '.join(known)}")
    return value


def _told(job: Job | None) -> Answer | None:
    if job is None:
        return None
    progress = job.progress
    told = asdict(job)
    if progress is not None:
        told["progress"]["seconds_left"] = progress.seconds_left
    return told
