"""Hugging Face datasets: a folder, or a hub id; streamed, and no code of a data set is ever run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fgclip.data.columns import KNOWN, NAMES, OBJECTS, picture_column, record_of_row
from fgclip.data.reading import DEFAULT, FormatError, Reading
from fgclip.data.records import Record

SAVED = ("dataset_info.json", "dataset_dict.json", "state.json")


def is_saved(path: Path) -> bool:
    """Whether a folder was written by `Dataset.save_to_disk`."""
    return path.is_dir() and any((path / name).is_file() for name in SAVED)


def has_metadata(path: Path) -> bool:
    """Whether the pictures of a folder are described as `load_dataset` understands it."""
    names = ("metadata.jsonl", "metadata.csv")
    return any(any(path.glob(f"{place}{name}")) for name in names for place in ("", "*/"))


def read_huggingface(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Records of all splits.

    Args:
        path: a folder of `save_to_disk`, a folder that `load_dataset` understands, or a hub id,
            with `:subset` after it where there are several.
        reading: `extracted` is where pictures are written.

    Raises:
        FormatError: There is no such data set, or it has no pictures.
    """
    for split, data in _splits(path).items():
        where = f"{path}, {split}" if split else str(path)
        features = data.features or {}
        categories = _categories(features)
        for number, row in enumerate(_rows(_undecoded(data), where, reading)):
            record = record_of_row(
                row, where=f"{where}, row {number}", beside=Path(path),
                reading=reading, split=split, categories=categories,
            )  # fmt: skip
            if record:
                yield record


def _splits(path: Path | str) -> dict[str, Any]:
    import datasets  # seconds: only where such data is read

    name, _, subset = str(path).partition(":")
    try:
        if is_saved(Path(path)):
            data = datasets.load_from_disk(str(path))
        elif Path(path).exists():
            data = datasets.load_dataset(str(path), streaming=True)
        else:
            data = datasets.load_dataset(name, subset or None, streaming=True)
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        reason = " ".join(str(error).split("\n")[:2]) or type(error).__name__
        raise FormatError(f"{path} cannot be read as a Hugging Face data set: {reason}") from error
    if isinstance(data, (datasets.DatasetDict, datasets.IterableDatasetDict)):
        return {str(split): part for split, part in data.items()}
    return {str(data.split or ""): data}


def _undecoded(data: Any) -> Any:
    """The columns that are known, pictures as the bytes of their files.

    Raises:
        FormatError: None of the columns has pictures.
    """
    import datasets

    columns = list(data.column_names or next(iter(data), {}))
    picture_column(columns)
    known = [name for name in columns if name in KNOWN]
    data = data.select_columns(known)
    for name in known:
        if isinstance((data.features or {}).get(name), datasets.Image):
            data = data.cast_column(name, datasets.Image(decode=False))
    return data


def _rows(data: Any, where: str, reading: Reading) -> Iterator[dict[str, Any]]:
    """Rows up to where the data, or the way to it, breaks."""
    import datasets

    try:
        yield from data
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        reading.fault(f"{where} cannot be read any further; try again: {error}")


def _categories(features: Mapping[str, Any]) -> Sequence[str]:
    """Names of the classes in a column of objects."""
    for column in OBJECTS:
        inner = features.get(column)
        inner = getattr(inner, "feature", inner)
        if not isinstance(inner, Mapping):
            continue
        for name in NAMES:
            kind = inner.get(name)
            names = getattr(getattr(kind, "feature", kind), "names", None)
            if names:
                return list(names)
    return ()
