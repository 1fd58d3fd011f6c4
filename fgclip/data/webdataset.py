"""WebDataset: tars whose members come in groups of one name, a picture and what is said of it."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import fsspec

from fgclip.data.extracted import extract
from fgclip.data.finehard import FineHardError
from fgclip.data.folder import annotated, captioned
from fgclip.data.reading import DEFAULT, FormatError, Reading
from fgclip.data.records import Record

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Sample:
    """What one group of members holds, undecoded."""

    where: str  # shard and key
    files: dict[str, bytes]  # suffix → content
    fault: str = ""  # why a shard gives no more than what came before

    @property
    def picture(self) -> bytes | None:
        """The content of its picture."""
        return next((self.files[each] for each in PICTURES if each in self.files), None)


def read_samples(shard: str) -> Iterator[Sample]:
    """Stream the groups of a shard; where it is missing or damaged, the last one says so.

    Args:
        shard: path or URL.
    """
    try:
        with (
            fsspec.open(shard, "rb") as stream,
            tarfile.open(fileobj=stream, mode="r|*") as archive,
        ):
            key, files = "", dict[str, bytes]()
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None:
                    continue
                folder, _, name = member.name.rpartition("/")
                stem, dot, suffix = name.partition(".")
                own = f"{folder}/{stem}" if folder else stem
                if own != key and files:
                    yield Sample(f"{shard}: {key}", files)
                    files = {}
                key = own
                files[(dot + suffix).lower()] = content.read()
            if files:
                yield Sample(f"{shard}: {key}", files)
    except (tarfile.TarError, OSError, EOFError) as error:
        yield Sample(shard, {}, f"cannot be read as a tar any further: {error}")


def read_webdataset(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Records of a shard, or of all shards of a folder.

    A group's `.json` is an element of FineHARD without `f_path`, its `.txt` a caption.

    Raises:
        FormatError: There is no shard.
    """
    path = Path(path)
    shards = sorted(path.glob("*.tar")) if path.is_dir() else [path]
    if not shards or not all(shard.is_file() for shard in shards):
        raise FormatError(f"{path} holds no *.tar.")
    for shard in shards:
        for sample in read_samples(str(shard)):
            if sample.fault:
                reading.fault(f"{sample.where} {sample.fault}")
            elif sample.picture is None:
                reading.fault(f"{sample.where} has no picture ({', '.join(PICTURES)}).")
            else:
                yield _record(sample, extract(sample.picture, reading), reading)


def _record(sample: Sample, path: Path, reading: Reading) -> Record:
    try:
        if ".json" in sample.files:
            found = annotated(json.loads(sample.files[".json"]), path.name, sample.where)
            return replace(found, path=path)
        if ".txt" in sample.files:
            return captioned(path, sample.files[".txt"].decode("utf-8"))
    except (FineHardError, json.JSONDecodeError, UnicodeDecodeError) as error:
        reading.fault(f"{sample.where}: {error}")
    return Record(path)
