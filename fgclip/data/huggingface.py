"""Hugging Face datasets: a folder, or a hub id; streamed, and no code of a data set is ever run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fgclip.data.columns import OBJECTS, picture_column, record_of_row
from fgclip.data.reading import DEFAULT, FormatError, Reading
from fgclip.data.records import Record

SAVED = ("dataset_info.json", "dataset_dict.json", "state.json")


def is_saved(path: Path) -> bool:
    """Whether a folder was written by `Dataset.save_to_disk`."""
    return path.is_dir() and any((path / name).is_file() for name in SAVED)


def read_huggingface(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Records of all splits.

    Args:
        path: a folder of `save_to_disk`, a folder that `load_dataset` understands, or a hub id.
        reading: `extracted` is where pictures are written.

    Raises:
        FormatError: There is no such data set, or it has no pictures.
    """
    for split, data in _splits(path).items():
        columns = list(data.column_names or [])
        picture = picture_column(columns)
        categories = _categories(data.features)
        for number, row in enumerate(_undecoded(data, picture)):
            record = record_of_row(
                row, where=f"{path}, {split}, row {number}", beside=Path(path),
                reading=reading, split=split, categories=categories,
            )  # fmt: skip
            if record:
                yield record


def _splits(path: Path | str) -> dict[str, Any]:
    import datasets  # seconds: only where such data is read

    try:
        if is_saved(Path(path)):
            data = datasets.load_from_disk(str(path))
        else:
            data = datasets.load_dataset(str(path), streaming=True)
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        raise FormatError(
            f"{path} cannot be read as a data set of Hugging Face: {str(error).splitlines()[0]}"
        ) from error
    if isinstance(data, (datasets.DatasetDict, datasets.IterableDatasetDict)):
        return {str(split): part for split, part in data.items()}
    return {str(data.split or ""): data}


def _undecoded(data: Any, picture: str) -> Any:
    """Rows whose pictures are the bytes of their files."""
    import datasets

    if data.features and isinstance(data.features.get(picture), datasets.Image):
        return data.cast_column(picture, datasets.Image(decode=False))
    return data


def _categories(features: Any) -> Sequence[str]:
    """Names of the classes in a column of objects."""
    for name in OBJECTS:
        inner = (features or {}).get(name)
        inner = getattr(inner, "feature", inner)
        if isinstance(inner, list):
            inner = inner[0]
        for each in inner.values() if isinstance(inner, dict) else ():
            kind = getattr(each, "feature", each)
            names = getattr(kind, "names", None)
            if names:
                return list(names)
    return ()
