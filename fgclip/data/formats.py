"""All formats by name; which one a file or folder is; reading and writing any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.coco import coco_files, looks_like_coco, read_coco, write_coco
from fgclip.data.fgovd import read_fgovd
from fgclip.data.finehard import iter_finehard, write_finehard
from fgclip.data.folder import has_pictures, read_folder
from fgclip.data.huggingface import is_saved, read_huggingface
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
    """The format of a file or folder, from what it holds.

    Raises:
        FormatError: It is none that is known, or does not exist.
    """
    if not path.exists():
        raise FormatError(
            f"There is no {path}. For a data set of the Hugging Face hub choose its format by name."
        )
    found = _of_folder(path) if path.is_dir() else _of_file(path)
    if found is None:
        titles = ", ".join(FORMATS[name].title for name in READABLE)
        raise FormatError(f"{path} is in no format that is known here: {titles}.")
    return found


def _of_folder(path: Path) -> str | None:
    if (path / "data.yaml").is_file():
        return "yolo"
    if is_saved(path):
        return "huggingface"
    if coco_files(path):
        return "coco"
    for pattern, name in (("*.tar", "webdataset"), ("*.parquet", "parquet")):
        if any(path.rglob(pattern) if name == "parquet" else path.glob(pattern)):
            return name
    annotations = sorted([*path.glob("*.json"), *path.glob("*.jsonl")])
    told = [each for each in annotations if _of_file(each) in ("finehard", "fgovd")]
    if told and len(told) == len(annotations):
        return _of_file(told[0])
    return "folder" if has_pictures(path) else None


def _of_file(path: Path) -> str | None:
    by_suffix = {".parquet": "parquet", ".tar": "webdataset", ".txt": "finehard"}
    if path.suffix in by_suffix:
        return by_suffix[path.suffix]
    if path.suffix in (".yaml", ".yml"):
        return "yolo"
    if path.suffix not in (".json", ".jsonl"):
        return None
    with path.open("rb") as file:
        start = file.read(65_536).lstrip()
    if start.startswith(b"["):
        return "finehard"
    if b'"pos_expression"' in start:
        return "fgovd"
    return "coco" if looks_like_coco(path) else None
