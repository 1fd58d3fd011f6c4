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
    """Records of a shard, of all shards of a folder, or of those that a pattern names.

    A group's `.json` is an element of FineHARD without `f_path`; its `.txt` is a caption, which
    counts where the `.json` has no short one.

    Raises:
        FormatError: There is no shard.
    """
    for shard in shards_of(Path(path)):
        for sample in read_samples(str(shard)):
            if sample.fault:
                reading.fault(f"{sample.where} {sample.fault}")
            elif sample.picture is None:
                reading.fault(f"{sample.where} has no picture ({', '.join(PICTURES)}).")
            else:
                yield _record(sample, extract(sample.picture, reading), reading)


def shards_of(path: Path) -> list[Path]:
    """The shards that a path, a folder or a pattern (`train-*.tar`) means, in order of name.

    Raises:
        FormatError: There is none.
    """
    if path.is_dir():
        shards = sorted(path.glob("*.tar"))
    else:
        shards = [path] if path.is_file() else sorted(path.parent.glob(path.name))
    if not shards:
        raise FormatError(f"{path} holds, or names, no *.tar.")
    return shards


def _record(sample: Sample, path: Path, reading: Reading) -> Record:
    try:
        text_part = Record(path)
        if ".txt" in sample.files:
            text_part = captioned(path, sample.files[".txt"].decode("utf-8-sig"))
        if ".json" not in sample.files:
            return text_part
        found = annotated(json.loads(sample.files[".json"]), path.name, sample.where)
        return replace(
            found,
            path=path,
            short_caption=found.short_caption or text_part.short_caption,
            long_caption=found.long_caption or text_part.long_caption,
        )
    except (FineHardError, json.JSONDecodeError, UnicodeDecodeError) as error:
        reading.fault(f"{sample.where}: {error}")
    return Record(path)
