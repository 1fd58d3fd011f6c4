"""All formats by name; which one a file or folder is; reading and writing any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.coco import read_coco, write_coco
from fgclip.data.coco_files import coco_files, looks_like_coco
from fgclip.data.fgovd import read_fgovd
from fgclip.data.finehard import iter_finehard, write_finehard
from fgclip.data.folder import has_pictures, read_folder
from fgclip.data.huggingface import has_metadata, is_saved, read_huggingface
from fgclip.data.parquet import read_parquet, write_parquet
from fgclip.data.reading import DEFAULT, FormatError, Lost, Reading
from fgclip.data.records import Record
from fgclip.data.table import write_csv
from fgclip.data.webdataset import read_webdataset
from fgclip.data.yolo import read_yolo, write_yolo


@dataclass(frozen=True)
class Format:
    """How records are kept.

    Attributes:
        title: for people.
        read: gives the records of a file or folder; None where it is only written.
        write: writes records and says what it could not hold; None where it is only read.
        suffix: of the file that is written; "" for a folder.
    """

    title: str
    read: Callable[[Path | str, Reading], Iterator[Record]] | None = None
    write: Callable[[Iterable[Record], Path], Lost] | None = None
    suffix: str = ""


FORMATS: Mapping[str, Format] = {
    "finehard": Format("FineHARD JSON", iter_finehard, write_finehard, ".json"),
    "fgovd": Format("FG-OVD JSON lines", read_fgovd),
    "coco": Format("COCO", read_coco, write_coco, ".json"),
    "yolo": Format("YOLO", read_yolo, write_yolo),
    "folder": Format("Folder of pictures", read_folder),
    "parquet": Format("Parquet", read_parquet, write_parquet, ".parquet"),
    "huggingface": Format("Hugging Face data set", read_huggingface),
    "webdataset": Format("WebDataset", read_webdataset),
    "csv": Format("CSV", write=write_csv, suffix=".csv"),
}
BY_SUFFIX = {
    ".parquet": "parquet", ".tar": "webdataset", ".txt": "finehard",
    ".yaml": "yolo", ".yml": "yolo",
}  # fmt: skip
BEGINNING = 65_536  # bytes of a JSON file that tell its format
READABLE = tuple(name for name, each in FORMATS.items() if each.read)
WRITABLE = tuple(name for name, each in FORMATS.items() if each.write)


def read_records(
    path: Path | str, format_name: str = "auto", reading: Reading = DEFAULT
) -> Iterator[Record]:
    """The records of a file, a folder or a hub id.

    Raises:
        FormatError: There is nothing that can be read, or no such format.
    """
    name = detect(Path(path)) if format_name == "auto" else format_name
    found = FORMATS.get(name)
    if found is None or found.read is None:
        raise FormatError(f"{format_name!r} cannot be read; choose from {', '.join(READABLE)}.")
    return found.read(path, reading)


def write_records(records: Iterable[Record], path: Path, format_name: str) -> Lost:
    """Write records, and say what the format could not hold.

    Raises:
        FormatError: There is no such format.
    """
    found = FORMATS.get(format_name)
    if found is None or found.write is None:
        raise FormatError(f"{format_name!r} cannot be written; choose from {', '.join(WRITABLE)}.")
    return found.write(records, path)


def detect(path: Path) -> str:
    """The format of a file, a folder or a pattern of shards, from what it holds.

    Raises:
        FormatError: It is none that is known, or does not exist.
    """
    if path.is_dir():
        found = _of_folder(path)
    elif path.exists():
        found = _of_file(path)
    elif "*" in path.name and path.suffix == ".tar":
        found = "webdataset"
    else:
        raise FormatError(
            f"There is no {path}. For a data set of the Hugging Face hub choose its format by name."
        )
    if found is None:
        titles = ", ".join(FORMATS[name].title for name in READABLE)
        raise FormatError(f"{path} is in no format that is known here: {titles}.")
    return found


def _of_folder(path: Path) -> str | None:
    """The first of the formats whose mark is there; a mere folder of pictures is the last."""
    marks: dict[str, Callable[[], bool]] = {
        "yolo": lambda: (path / "data.yaml").is_file(),
        "huggingface": lambda: is_saved(path) or has_metadata(path),
        "coco": lambda: bool(coco_files(path)),
        "webdataset": lambda: any(path.glob("*.tar")),
        "parquet": lambda: any(path.rglob("*.parquet")),
        "finehard": lambda: _all_are("finehard", path),
        "fgovd": lambda: _all_are("fgovd", path),
        "folder": lambda: has_pictures(path),
    }
    return next((name for name, is_there in marks.items() if is_there()), None)


def _all_are(name: str, path: Path) -> bool:
    files = [*path.glob("*.json"), *path.glob("*.jsonl")]
    return bool(files) and all(_of_file(file) == name for file in files)


def _of_file(path: Path) -> str | None:
    suffix = path.suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    if suffix not in (".json", ".jsonl"):
        return None
    with path.open("rb") as file:
        start = file.read(BEGINNING).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"["):
        is_empty = not start[1:].strip(b" \t\r\n]")
        return "finehard" if is_empty or b'"f_path"' in start else None
    if b'"pos_expression"' in start:
        return "fgovd"
    return "coco" if looks_like_coco(path) else None
