"""Records into the workspace: files are looked at, faults are listed, everything else goes on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fgclip.boxes import BoxError, check_boxes
from fgclip.data.records import Record, Region
from fgclip.inputs.images import PictureError, picture_size
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store import catalogue
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.ingest import Added, NewPicture, Origin, add

BATCH = 2000  # pictures a transaction
READERS = 8  # files looked at together: hashing and disks wait, they do not compute


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: Added
    faults: int  # pictures, annotations or regions that were left out, each listed with its reason


class Faults:
    """Collects what is wrong during an import."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source
        self._waiting: list[tuple[str, str]] = []
        self.count = 0

    def __call__(self, reason: str, place: str = "") -> None:
        """Note one fault."""
        self.count += 1
        self._waiting.append((place, reason))

    def keep(self) -> None:
        """Write them down."""
        catalogue.report_faults(self._database, self._source, self._waiting)
        self._waiting = []


def import_records(
    database: Database,
    records: Iterable[Record],
    source: str,
    faults: Faults,
    *,
    origin: Origin = "import",
    watch: Watch = unwatched,
) -> Imported:
    """Add records; pictures that cannot be used are listed, the rest goes on.

    What was added stays when the work is cancelled or the process dies; the same import again adds
    the rest.

    Args:
        database: the workspace.
        records: as a reader gives them.
        source: name of the import.
        faults: is told of each picture and region that is left out.
        origin: of the regions.
        watch: is told of progress.
    """
    added = Added()
    meter = Meter(watch, unit="pictures", stage="importing", total=None)
    with ThreadPoolExecutor(READERS) as readers:
        for batch in _batches(iter(records)):
            looked_at = list(readers.map(_look, batch))
            for look in looked_at:
                for reason in look.faults:
                    faults(reason, place=str(look.path))
            pictures = [each.picture for each in looked_at if each.picture]
            added += add(database, pictures, source, origin)
            faults.keep()
            meter.advance(len(batch))
    faults.keep()
    return Imported(added, faults.count)


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Some at a time; a path that comes twice is left for the next, where it is known already."""
    again: list[Record] = []
    while batch := [*again, *islice(records, BATCH)]:
        first: dict[Path, Record] = {}
        again = []
        for record in batch:
            if record.path in first:
                again.append(record)
            else:
                first[record.path] = record
        yield list(first.values())


@dataclass(frozen=True)
class _Look:
    path: Path
    picture: NewPicture | None
    faults: Sequence[str]


def _look(record: Record) -> _Look:
    """Look at a record's file and boxes."""
    path = record.path.absolute()
    try:
        content = path.read_bytes()
        width, height = picture_size(content)
    except FileNotFoundError:
        return _Look(path, None, ["there is no such file"])
    except OSError as error:
        return _Look(path, None, [f"cannot be read: {error.strerror}"])
    except PictureError as error:
        return _Look(path, None, [str(error)])
    regions, faults = _sound_regions(record)
    record = dataclasses.replace(record, path=path, regions=regions)
    digest = hashlib.sha256(content).hexdigest()
    return _Look(path, NewPicture(record, digest, len(content), width, height), faults)


def _sound_regions(record: Record) -> tuple[tuple[Region, ...], list[str]]:
    """Regions that enclose something, and what is wrong with the others."""
    sound, faults = [], []
    for number, region in enumerate(record.regions, start=1):
        try:
            check_boxes(region.box)
        except BoxError as error:
            reason = str(error).removeprefix("box 1 ")
            faults.append(f"box {number} {reason}; the region {region.phrase!r} was left out")
        else:
            sound.append(region)
    return tuple(sound), faults
