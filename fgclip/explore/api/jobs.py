"""Long work that a page begins: what a question means, and what is said once it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgclip.analysis.comparison import prepare
from fgclip.analysis.detection import Finder, keep_boxes
from fgclip.analysis.hard_negatives import keep_failures
from fgclip.data.formats import FORMATS
from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.schemas.fields import prompts_of
from fgclip.explore.api.schemas.jobs import (
    CheckJob,
    CompareJob,
    DetectJob,
    DuplicatesJob,
    ExportJob,
    FailuresJob,
    ImportJob,
    IndexJob,
    MapJob,
    PlaceJob,
    StartQuestion,
)
from fgclip.types import ItemKind
from fgclip.workspace import Filter, Workspace
from fgclip.workspace.jobs import Work
from fgclip.workspace.mapping import Parameters, check_enough
from fgclip.workspace.progress import Watch

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

EXPORTS = "exports"  # folder of the workspace that exports go to
HUB = "huggingface"  # the format that may lie elsewhere


@dataclass(frozen=True)
class Twins:
    """What is there twice: owners of a kind in groups, the largest first."""

    title: str
    kind: ItemKind
    groups: Sequence[Sequence[int]]


class JobFactory:
    """Makes jobs of questions.

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

    def wanted(self, question: StartQuestion) -> tuple[str, Work]:
        """The title and the work of a job.

        Raises:
            RequestError: What it needs makes no sense, or is not there.
            AnalysisError: A number is out of its range, or it needs a detector that is not there.
            WorkspaceError: The same of a map, or there is too little for one.
        """
        job = question.root
        makers: Mapping[type[Any], Callable[[Any], tuple[str, Work]]] = {
            ImportJob: self._import,
            IndexJob: self._index,
            MapJob: self._map,
            PlaceJob: self._place,
            DuplicatesJob: self._duplicates,
            FailuresJob: self._failures,
            DetectJob: self._detect,
            CompareJob: self._compare,
            ExportJob: self._export,
            CheckJob: self._check,
        }
        return makers[type(job)](job)

    def _import(self, job: ImportJob) -> tuple[str, Work]:
        given, images = job.path.strip(), job.images.strip()
        if not given:
            raise RequestError("Write where the data set lies, such as /data/coco")
        hub = job.format == HUB and not _is_there(given)
        path = Path(given) if hub else self._allowed(given)
        folder = self._allowed(images) if images else None
        for each in filter(None, (None if hub else path, folder)):
            if not _is_there(str(each)) and "*" not in each.name:  # which may be many shards
                raise RequestError(f"There is no {each}; write where the data set lies")

        def work(watch: Watch) -> str:
            done = self._workspace.import_from(
                path, format_name=job.format, images=folder, name=job.name, watch=watch
            )
            added = done.added
            words = f"{added.images:,} new pictures with {added.regions:,} new regions"
            known = f", {added.known:,} were there" if added.known else ""
            faults = f"; {done.faults:,} faults, listed below" if done.faults else ""
            return words + known + faults

        return f"Importing {path.name}", work

    def _index(self, _: IndexJob) -> tuple[str, Work]:
        def work(watch: Watch) -> str:
            done = self._workspace.index(self._encoder, watch=watch)
            faults = f"; {done.faults:,} pictures cannot be read, listed below"
            words = f"{done.pictures:,} pictures and {done.texts:,} phrases indexed"
            return words + (faults if done.faults else "")

        return f"Indexing with {self._encoder.card.name}", work

    def _map(self, job: MapJob) -> tuple[str, Work]:
        kind = job.kind
        parameters = Parameters(
            neighbours=job.neighbours, min_dist=job.min_dist, seed=job.seed, fitted=job.fitted
        )
        model = self._workspace.model_of(self._encoder)
        check_enough(model, kind, self._workspace.vector_counts(model)[kind])

        def work(watch: Watch) -> str:
            run = self._workspace.map(model, kind, parameters, name=job.name, watch=watch)
            return f"Map of {run.points:,} {kind}s, {run.fitted:,} laid out by UMAP"

        return f"Mapping {kind}s", work

    def _place(self, job: PlaceJob) -> tuple[str, Work]:
        run = self._workspace.maps.find(job.map)

        def work(watch: Watch) -> str:
            placed = self._workspace.place(run, watch=watch)
            return f"{placed:,} {run.kind}s placed among their neighbours"

        return f"Placing on {run.name}", work

    def _duplicates(self, job: DuplicatesJob) -> tuple[str, Work]:
        among, close = job.among, job.close
        model = self._workspace.model_of(self._encoder)
        if among != "files" and not self._workspace.vector_counts(model)[among]:
            raise RequestError(
                f"{model.name} has indexed no {among} yet; index the workspace first"
            )

        def work(watch: Watch) -> str:
            if among == "files":
                files = self._workspace.same_files()
                self.twins = Twins("Equal files", "image", files)
            else:
                title = f"{'Pictures' if among == 'image' else 'Regions'} with cosine ≥ {close:g}"
                groups = self._workspace.near_duplicates(model, among, close, watch=watch)
                self.twins = Twins(title, among, groups)
            number, members = len(self.twins.groups), sum(map(len, self.twins.groups))
            several = "" if number == 1 else "s"
            return f"{number:,} group{several} with {members:,} members" if number else "none"

        return "Looking for duplicates", work

    def _failures(self, _: FailuresJob) -> tuple[str, Work]:
        if not self._workspace.regions_with_negatives():
            raise RequestError("No region has hard negatives; import a data set that has some")

        def work(watch: Watch) -> str:
            done = keep_failures(self._workspace, self._encoder, watch=watch)
            faults = len(done.faults)
            unread = f"; {faults:,} pictures cannot be read" if faults else ""
            return f"{done.regions:,} regions held against their negatives{unread}"

        return "Looking for failures", work

    def _detect(self, job: DetectJob) -> tuple[str, Work]:
        prompts, options = prompts_of(job.prompts), job.options
        self._finder.check(options)

        def work(watch: Watch) -> str:
            done = keep_boxes(self._workspace, self._finder, prompts, options, watch=watch)
            unread = f"; {done.faults:,} pictures cannot be read" if done.faults else ""
            return f"{done.boxes:,} new boxes in {done.pictures:,} pictures kept{unread}"

        return "Finding boxes", work

    def _compare(self, job: CompareJob) -> tuple[str, Work]:
        if self._other is None:
            raise RequestError("There is no second model; start the app with --compare NAME")
        encoders = (self._encoder, self._other)

        def work(watch: Watch) -> str:
            return prepare(self._workspace, encoders, job.kind, watch=watch)

        return "Comparing on the data set", work

    def _export(self, job: ExportJob) -> tuple[str, Work]:
        name, filter_ = job.format, Filter(where=job.where)
        self._workspace.matching("image", filter_)  # a condition that is none is refused here
        stem = "".join(each for each in job.name if each.isalnum())
        path = _free(self._workspace.folder / EXPORTS, stem or "export", FORMATS[name].suffix)

        def work(watch: Watch) -> str:
            lost = self._workspace.export(path, name, filter_=filter_, watch=watch)
            left = ", ".join(f"{count:,} {what}" for what, count in lost.items())
            gone = f"; {FORMATS[name].title} cannot hold {left}" if lost else ""
            return f"Written to {path.resolve()}{gone}"

        return f"Exporting {FORMATS[name].title}", work

    def _check(self, _: CheckJob) -> tuple[str, Work]:
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


def _is_there(given: str) -> bool:
    """Whether a path is one of this machine; what is no path is not."""
    try:
        return Path(given).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False
