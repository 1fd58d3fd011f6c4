"""What a workspace holds: pictures, regions and phrases, looked up in every way that is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fgclip.data.records import Corners, Record
from fgclip.types import Embeddings, Ids, ItemKind
from fgclip.workspace import check
from fgclip.workspace.progress import Watch, unwatched
from fgclip.workspace.store import captions, catalogue, fields, filters, locations, vectors
from fgclip.workspace.store.catalogue import StoredPicture, StoredRegion
from fgclip.workspace.store.database import Changing, Database
from fgclip.workspace.store.filters import Filter
from fgclip.workspace.store.locations import Location
from fgclip.workspace.store.vectors import IndexedModel


class Contents:
    """Questions to a workspace; none of them changes it.

    An owner is the id of what has a vector: a picture, a region or a phrase, as its kind says.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @property
    def counts(self) -> dict[str, int]:
        """How many images, regions, negatives, texts and faults there are."""
        return catalogue.counts(self.database)

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Each import with its pictures and regions, and each split of it."""
        return catalogue.sources(self.database)

    @property
    def image_ids(self) -> Ids:
        """Of all pictures, ascending."""
        return catalogue.image_ids(self.database)

    @property
    def models(self) -> list[IndexedModel]:
        """All that indexed something here."""
        return vectors.models(self.database)

    def changes(self, what: Changing) -> int:
        """How often records, vectors or maps were written since the workspace was opened."""
        return self.database.changes(what)

    def unreadable(self, limit: int) -> list[dict[str, str]]:
        """The latest things that could not be read: their source, place and reason."""
        return catalogue.faults(self.database, limit)

    def faults(self, *, watch: Watch = unwatched) -> Iterator[str]:
        """What is wrong with the workspace itself, in words; nothing where it is sound."""
        return check.faults(self.database, watch=watch)

    def find_image(self, path: Path) -> int | None:
        """The id of the picture at a path; None where it was not imported."""
        return catalogue.find_image(self.database, path)

    def image_of(self, kind: ItemKind, owner: int) -> int | None:
        """The picture that an owner belongs to, or is shown by."""
        return locations.image_of(self.database, kind, owner)

    def image_fields(self, image_id: int) -> dict[str, Any] | None:
        """What is known of a picture, by the names of its fields; None where there is none."""
        return catalogue.image_fields(self.database, image_id)

    def picture_path(self, image_id: int) -> Path | None:
        """Where a picture lies; None where there is none of that id."""
        shown = self.shown("image", image_id)
        return shown[0] if shown else None

    def pictures(self, ids: Sequence[int]) -> list[StoredPicture]:
        """Pictures with the boxes of all their regions, in the order of their ids."""
        return catalogue.pictures(self.database, ids)

    def regions(self, image_id: int) -> list[StoredRegion]:
        """The regions of a picture, in order."""
        return catalogue.regions_of(self.database, image_id)

    def records(self, ids: Ids | None = None) -> Iterator[Record]:
        """Pictures with all that is known of them, in order of id; all by default."""
        return catalogue.records(self.database, ids)

    def with_negatives(self) -> tuple[Ids, Ids]:
        """Regions with a phrase and hard negatives of it, ascending, and the picture of each."""
        return catalogue.with_negatives(self.database)

    def regions_with_negatives(self) -> int:
        """How many regions have a phrase and hard negatives of it."""
        return catalogue.regions_with_negatives(self.database)

    def same_files(self) -> list[list[int]]:
        """Groups of pictures whose files are equal, largest first."""
        return catalogue.same_files(self.database)

    def captions(self, kind: ItemKind, owners: Ids) -> dict[int, str]:
        """What each owner is called: a picture's caption, a region's name, a phrase itself."""
        return captions.captions_of(self.database, kind, owners)

    def texts_of_regions(self) -> tuple[Ids, Ids]:
        """Regions that are called something, ascending, and the phrase that is."""
        return captions.texts_of_regions(self.database)

    def locations(self, kind: ItemKind, owners: Ids) -> dict[int, Location]:
        """Where pictures or regions are: their picture, and their box in it."""
        return locations.locations(self.database, kind, owners)

    def paths(self, kind: ItemKind, owners: Ids) -> dict[int, str]:
        """The file of each owner's picture; phrases have none."""
        return locations.paths_of(self.database, kind, owners)

    def shown(self, kind: ItemKind, owner: int) -> tuple[Path, Corners | None] | None:
        """The picture that shows an owner, and its box there; None where there is none.

        A phrase is shown by the first region that is called so.
        """
        return locations.shown_of(self.database, kind, owner)

    def fields(self, kind: ItemKind) -> Mapping[str, str]:
        """Names and types of what a filter may ask of a kind."""
        return fields.columns(self.database, kind)

    def matching(self, kind: ItemKind, filter_: Filter) -> Ids:
        """Owners that pass a filter, ascending.

        Raises:
            WorkspaceError: The kind has no such field, or the condition is no condition.
        """
        return filters.matching(self.database, kind, filter_)

    def vector_counts(self, model: IndexedModel) -> dict[ItemKind, int]:
        """Vectors of each kind that a model made."""
        return vectors.counts(self.database, model)

    def vector(self, model: IndexedModel, kind: ItemKind, owner: int) -> Embeddings:
        """The unit vector (D,) of one owner.

        Raises:
            WorkspaceError: There is none.
        """
        return vectors.fetch(self.database, model, kind, owner)
