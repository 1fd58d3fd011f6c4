"""The workspace as the layers above see it: one folder, everything in it, one owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from fgclip.data.formats import read_records, write_records
from fgclip.data.reading import Lost, Reading
from fgclip.data.records import Record
from fgclip.types import ItemKind
from fgclip.workspace import duplicates, indexing, mapping, shards
from fgclip.workspace.contents import Contents
from fgclip.workspace.importing import Faults, Imported, import_records
from fgclip.workspace.indexing import Indexed
from fgclip.workspace.jobs import Jobs
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.maps import Maps
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.ray_engine import Item, RayCluster
from fgclip.workspace.results import Results
from fgclip.workspace.search import Search
from fgclip.workspace.shards import Attached
from fgclip.workspace.store import catalogue, locations, vectors
from fgclip.workspace.store.database import FILE, Database, WorkspaceError
from fgclip.workspace.store.filters import NO_FILTER, Filter
from fgclip.workspace.store.ingest import Origin
from fgclip.workspace.store.maps import MapRun
from fgclip.workspace.store.vectors import IndexedModel

EXTRACTED = "pictures"  # folder for pictures that came inside a Parquet file or a tar


class Card(Protocol):
    """What a workspace remembers of a model: a dataclass with these fields among others."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def reading(self) -> str:
        """How pictures are read, where not in the model's own way; else empty."""

    @property
    def identity(self) -> str:
        """What tells vectors apart: the weights, and how pictures were read."""

    @property
    def dimensions(self) -> int:
        """D."""


class CardedEncoder(indexing.IndexEncoder, Protocol):
    """A model with its card."""

    @property
    def card(self) -> Any:
        """Facts about the weights: a dataclass that has what `Card` names."""


@dataclass(frozen=True)
class Sizes:
    """What a workspace takes."""

    disk: int  # bytes of the DuckDB file and its log
    pictures: int  # bytes of extracted pictures
    memory: int  # bytes of vectors held for searching


def is_workspace(folder: Path) -> bool:
    """Whether there is one in a folder; opening makes one where there is none."""
    return (folder / FILE).is_file()


class Workspace(Contents):
    """One data set, or many, with all that models made of them. Threads may share it.

    Attributes:
        folder: where it lies.
        search: by vectors.
        maps: that were made here.
        results: of runs over it.
        jobs: long work on it.
    """

    def __init__(self, folder: Path | str, *, shard_folders: Sequence[Path] = ()) -> None:
        """Open, or make, the workspace in a folder.

        Args:
            folder: of the workspace.
            shard_folders: whose shards shall be attached.

        Raises:
            WorkspaceError: Another process has it open, or it cannot be used.
        """
        self.folder = Path(folder)
        super().__init__(Database(self.folder, shard_folders=shard_folders))
        self.search = Search(self.database)
        self.maps = Maps(self.database)
        self.results = Results(self.database)
        self.jobs = Jobs()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs, and let go of the file."""
        self.jobs.stop()
        self.jobs.wait(30)
        self.database.close()

    def import_from(
        self,
        path: Path,
        *,
        format_name: str = "auto",
        images: Path | None = None,
        name: str = "",
        watch: Watch = unwatched,
    ) -> Imported:
        """Read a data set into the workspace.

        Args:
            path: file or folder; for Hugging Face also a hub id.
            format_name: one of `fgclip.data.formats.FORMATS`, or "auto".
            images: folder that picture paths are relative to.
            name: of the source; by default that of the file or folder.
            watch: is told of progress; may cancel.

        Raises:
            FormatError: There is nothing there that can be read.
        """
        source = name or path.name
        catalogue.forget_faults(self.database, source)
        faults = Faults(self.database, source)
        reading = Reading(images=images, extracted=self.folder / EXTRACTED, on_fault=faults)
        records = read_records(path, format_name, reading)
        return import_records(self.database, records, source, faults, watch=watch)

    def add(self, records: Iterable[Record], name: str, *, origin: Origin = "import") -> Imported:
        """Records that were read already; `origin` says who drew their regions."""
        faults = Faults(self.database, name)
        return import_records(self.database, records, name, faults, origin=origin)

    def model_of(self, encoder: CardedEncoder) -> IndexedModel:
        """The encoder's model, made known if it is new here."""
        card: Card = encoder.card
        return vectors.register(
            self.database,
            name=", ".join(filter(None, (card.name, card.reading))),
            sha256=card.identity,
            dimensions=card.dimensions,
            card=asdict(encoder.card),
        )

    def index(
        self, encoder: CardedEncoder, *, batch_size: int = indexing.BATCH, watch: Watch = unwatched
    ) -> Indexed:
        """Give everything that lacks it its vector of a model."""
        model = self.model_of(encoder)
        return indexing.index(self.database, model, encoder, batch_size=batch_size, watch=watch)

    def items(self, encoder: CardedEncoder) -> Iterator[Item]:
        """Pictures that lack vectors of a model, as a cluster takes them."""
        ids = vectors.pending_pictures(self.database, self.model_of(encoder))
        for record in self.records(ids):
            regions = record.regions
            yield Item(
                str(record.path),
                [region.box for region in regions],
                [region.phrase for region in regions],
                [region.category for region in regions],
            )

    def attach(self, folder: Path, *, name: str = "") -> Attached:
        """Read shards of vectors in place; the folder was named when the workspace was opened."""
        return shards.attach(self.database, folder, name or folder.name)

    def map(
        self,
        model: IndexedModel,
        kind: ItemKind,
        parameters: Parameters,
        *,
        name: str = "",
        watch: Watch = unwatched,
    ) -> MapRun:
        """Lay out everything of a kind that a model indexed, and keep the map."""
        return mapping.make_map(
            self.database, self.search, model, kind, parameters, name=name, watch=watch
        )

    def near_duplicates(
        self, model: IndexedModel, kind: ItemKind, at_least: float, *, watch: Watch = unwatched
    ) -> list[list[int]]:
        """Groups of a kind whose vectors are nearly the same; regions, in different pictures."""
        matrix = self.search.matrix(model, kind)
        pictures = locations.pictures_of(self.database, matrix.owners) if kind == "region" else None
        return duplicates.near_duplicates(matrix, at_least, pictures=pictures, watch=watch)

    def place(
        self, run: MapRun, *, cluster: RayCluster | None = None, watch: Watch = unwatched
    ) -> int:
        """Put on a map what was indexed since it was made; return how many points."""
        (model,) = (model for model in self.models if model.id == run.model_id)
        return mapping.place_new(
            self.database, self.search, model, run, cluster=cluster, watch=watch
        )

    def export(
        self, path: Path, format_name: str, *, filter_: Filter = NO_FILTER, watch: Watch = unwatched
    ) -> Lost:
        """Write pictures, with all regions, in some format; says what it could not hold.

        Args:
            path: file or folder.
            format_name: one of `fgclip.data.formats.FORMATS` that can be written.
            filter_: of the pictures.
            watch: is told of progress; may cancel.
        """
        ids = self.matching("image", filter_)
        meter = Meter(watch, unit="pictures", stage="exporting", total=len(ids))

        def counted() -> Iterator[Record]:
            for record in self.records(ids):
                yield record
                meter.advance(1)

        return write_records(counted(), path, format_name)

    @property
    def sizes(self) -> Sizes:
        """Disk and memory in use."""
        file = _bytes(self.folder.glob(f"{FILE}*"))
        return Sizes(file, _bytes((self.folder / EXTRACTED).rglob("*")), self.search.nbytes)


def _bytes(paths: Iterable[Path]) -> int:
    """What files take; DuckDB may remove its log while somebody looks."""
    total = 0
    for path in paths:
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


__all__ = ["Sizes", "Workspace", "WorkspaceError"]
