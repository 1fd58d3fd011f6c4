"""Long work that the Data tab begins: what a request means, and what is said once it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from fgclip.analysis.comparison import prepare
from fgclip.analysis.detection import Finder, keep_boxes
from fgclip.analysis.hard_negatives import keep_failures
from fgclip.data.formats import FORMATS, READABLE, WRITABLE
from fgclip.explore.api.detect import options_of
from fgclip.explore.api.requests import Request, RequestError
from fgclip.types import ITEM_KINDS, ItemKind
from fgclip.workspace import Filter, Workspace
from fgclip.workspace.jobs import Work
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.progress import Watch

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

EXPORTS = "exports"  # folder of the workspace that exports go to
CLOSE = 0.97  # cosine from which on two are nearly the same, unless the user says otherwise


@dataclass(frozen=True)
class Twins:
    """What is there twice: owners of a kind in groups, the largest first."""

    title: str
    kind: ItemKind
    groups: Sequence[Sequence[int]]


class Works:
    """Makes works of requests.

    Attributes:
        twins: what the latest look for duplicates found; None before the first.
    """

    def __init__(
        self,
        workspace: Workspace,
        encoder: Encoder,
        finder: Finder,
        roots: Sequence[Path],
        other: Encoder | None = None,
    ) -> None:
        """Read data sets from below `roots` only; `other` is a second model to compare with."""
        self._workspace = workspace
        self._encoder = encoder
        self._finder = finder
        self._other = other
        self._roots = [root.resolve() for root in roots]
        self.twins: Twins | None = None

    def wanted(self, request: Request) -> tuple[str, Work]:
        """The title and the work of a request: {"work"} and what it needs.

        Raises:
            RequestError: There is no such work, or what it needs makes no sense.
        """
        works = {
            "import": self._import,
            "index": self._index,
            "map": self._map,
            "place": self._place,
            "duplicates": self._duplicates,
            "failures": self._failures,
            "detect": self._detect,
            "compare": self._compare,
            "export": self._export,
            "check": self._check,
        }
        name = request.text("work")
        if name not in works:
            raise RequestError(f"There is no work {name!r}; choose from {', '.join(works)}")
        return works[name](request)

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
        kind: ItemKind = _choice(request, "kind", ITEM_KINDS)  # type: ignore[assignment]
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
        run = self._workspace.maps.find(request.whole("map"))

        def work(watch: Watch) -> str:
            placed = self._workspace.place(run, watch=watch)
            return f"{placed:,} {run.kind}s placed among their neighbours"

        return f"Placing on {run.name}", work

    def _duplicates(self, request: Request) -> tuple[str, Work]:
        among = _choice(request, "among", ("files", "image", "region"))
        close = request.number("close", CLOSE)
        if not 0 < close <= 1:
            raise RequestError(f"A cosine of {close:g} is not above 0 and at most 1; try {CLOSE}")

        def work(watch: Watch) -> str:
            if among == "files":
                files = self._workspace.same_files()
                self.twins = Twins("Equal files", "image", files)
            else:
                kind: ItemKind = "image" if among == "image" else "region"
                title = f"{'Pictures' if kind == 'image' else 'Regions'} with cosine ≥ {close:g}"
                model = self._workspace.model_of(self._encoder)
                groups = self._workspace.near_duplicates(model, kind, close, watch=watch)
                self.twins = Twins(title, kind, groups)
            number, members = len(self.twins.groups), sum(map(len, self.twins.groups))
            several = "" if number == 1 else "s"
            return f"{number:,} group{several} with {members:,} members" if number else "none"

        return "Looking for duplicates", work

    def _failures(self, _: Request) -> tuple[str, Work]:
        def work(watch: Watch) -> str:
            done = keep_failures(self._workspace, self._encoder, watch=watch)
            faults = len(done.faults)
            unread = f"; {faults:,} pictures cannot be read" if faults else ""
            return f"{done.regions:,} regions held against their negatives{unread}"

        return "Looking for failures", work

    def _detect(self, request: Request) -> tuple[str, Work]:
        prompts, options = request.prompts(), options_of(request)

        def work(watch: Watch) -> str:
            done = keep_boxes(self._workspace, self._finder, prompts, options, watch=watch)
            unread = f"; {done.faults:,} pictures cannot be read" if done.faults else ""
            return f"{done.boxes:,} new boxes in {done.pictures:,} pictures kept{unread}"

        return "Finding boxes", work

    def _compare(self, request: Request) -> tuple[str, Work]:
        if self._other is None:
            raise RequestError("There is no second model; start the app with --compare NAME")
        kind: ItemKind = _choice(request, "kind", ITEM_KINDS)  # type: ignore[assignment]
        encoders = (self._encoder, self._other)

        def work(watch: Watch) -> str:
            return prepare(self._workspace, encoders, kind, watch=watch)

        return "Comparing on the data set", work

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
            found = list(self._workspace.faults(watch=watch))
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
