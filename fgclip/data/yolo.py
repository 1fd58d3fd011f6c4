"""YOLO: `data.yaml` names classes and folders; each picture has a text file of boxes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from fgclip.boxes import BoxError, check_boxes
from fgclip.data.pictures import pictures_below
from fgclip.data.reading import DEFAULT, FormatError, Lost, Reading, rest_lost
from fgclip.data.records import Record, Region

SPLITS = ("train", "val", "test")


def read_yolo(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Pictures with boxes and categories; polygons become the boxes around them.

    Args:
        path: `data.yaml`, or the folder that holds it.
        reading: `images` is the folder that the folders in `data.yaml` are relative to.

    Raises:
        FormatError: `data.yaml` is missing or has no names.
    """
    path = Path(path)
    file = path / "data.yaml" if path.is_dir() else path
    facts = _facts(file)
    names = _names(facts, file)
    root = reading.images or _root(facts, file)
    places = [(split, str(folder)) for split in SPLITS for folder in _folders(facts.get(split))]
    for split, place in places or [("", "images")]:
        found = _place(root, place)
        if found is None:
            reading.fault(f"{file} names {root / place}, which does not exist; correct the path.")
            continue
        for picture in _pictures(found, root):
            regions = tuple(_regions(_label_file(picture, root), names, reading))
            yield Record(picture, regions=regions, split=split)


def write_yolo(records: Iterable[Record], path: Path) -> Lost:
    """Write a folder with `data.yaml`, `images/` and `labels/`; pictures are linked or copied.

    Only boxes, categories and splits are kept, boxes to six decimals. The folder appears once all
    of it is written.

    Raises:
        FormatError: The folder holds something already, or a picture is missing.
    """
    path = path.resolve()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FormatError(f"{path} holds something already; choose an empty folder or a new name.")
    lost = Lost()
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as partial:
        whole = Path(partial) / "whole"
        whole.mkdir()
        _write(rest_lost(records, lost, "categories", "splits"), whole)
        whole.replace(path)
    return lost


def _write(records: Iterable[Record], folder: Path) -> None:
    categories: dict[str, int] = {}
    splits: set[str] = set()
    for number, record in enumerate(records, start=1):
        split = record.split if record.split in SPLITS else "train"
        splits.add(split)
        name = f"{number:08d}-{record.path.stem[:80]}"
        picture = folder / "images" / split / f"{name}{record.path.suffix}"
        label = folder / "labels" / split / f"{name}.txt"
        for each in (picture, label):
            each.parent.mkdir(parents=True, exist_ok=True)
        _link(record.path, picture)
        rows = [_line(region, categories) for region in record.regions]
        label.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    listed = [f"{split}: images/{split}" for split in SPLITS if split in splits]
    # A JSON list is YAML, too, whatever the names hold.
    names = f"names: {json.dumps(list(categories), ensure_ascii=False)}"
    text = "\n".join(["path: .", *listed, names, ""])
    (folder / "data.yaml").write_text(text, encoding="utf-8", errors="replace")


def _facts(file: Path) -> dict[str, Any]:
    from supervision.utils.file import read_yaml_file  # heavy: only where YOLO is read
    from yaml import YAMLError

    try:
        facts = read_yaml_file(str(file))
    except FileNotFoundError:
        raise FormatError(f"{file} does not exist; YOLO data has one beside its folders.") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise FormatError(f"{file} is not YAML: {error}") from error
    if not isinstance(facts, dict):
        raise FormatError(f"{file} holds no names of classes.")
    return facts


def _names(facts: Mapping[str, Any], file: Path) -> dict[int, str]:
    names = facts.get("names")
    if isinstance(names, list):
        return {number: str(name) for number, name in enumerate(names)}
    if isinstance(names, dict) and all(isinstance(number, int) for number in names):
        return {number: str(name) for number, name in names.items()}
    raise FormatError(f"{file}: names is {names!r}, not a list of classes.")


def _folders(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _root(facts: Mapping[str, Any], file: Path) -> Path:
    """`path` of data.yaml, which is often that of the machine it was written on."""
    root = file.parent / str(facts.get("path") or "")
    return root if root.is_dir() else file.parent


def _place(root: Path, place: str) -> Path | None:
    """A folder or list of pictures; Roboflow writes ../train/images and means train/images."""
    places = (root / place, root / place.removeprefix("../"))
    return next((each for each in places if each.exists()), None)


def _pictures(place: Path, root: Path) -> Iterator[Path]:
    """Pictures of a folder, or those that a .txt lists."""
    if place.is_dir():
        yield from pictures_below(place)
        return
    with place.open(encoding="utf-8-sig") as lines:
        yield from (root / line.strip() for line in lines if line.strip())


def _label_file(picture: Path, root: Path) -> Path:
    """The last folder called images, below the root, is labels instead."""
    parts = list(picture.parts)
    places = [number for number, part in enumerate(parts[:-1]) if part == "images"]
    if places:
        parts[places[-1]] = "labels"
        return Path(*parts).with_suffix(".txt")
    return root / "labels" / f"{picture.stem}.txt"


def _regions(file: Path, names: Mapping[int, str], reading: Reading) -> Iterator[Region]:
    from supervision.dataset.formats.yolo import yolo_annotations_to_detections

    if not file.is_file():
        return
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = yolo_annotations_to_detections([line], (1, 1), with_masks=False)
            category = names[int(np.asarray(found.class_id)[0])]
            x0, y0, x1, y1 = check_boxes(found.xyxy)[0].tolist()
        except KeyError as error:
            reading.fault(f"{file}, line {number}: class {error} is not among data.yaml's names.")
        except (BoxError, ValueError) as error:
            reading.fault(f"{file}, line {number}: {line[:60]!r} is no box: {error}")
        else:
            yield Region((x0, y0, x1, y1), "", category=category)


def _line(region: Region, categories: dict[str, int]) -> str:
    number = categories.setdefault(region.category, len(categories))
    x0, y0, x1, y1 = region.box
    return f"{number} {(x0 + x1) / 2:.6f} {(y0 + y1) / 2:.6f} {x1 - x0:.6f} {y1 - y0:.6f}"


def _link(source: Path, target: Path) -> None:
    source = source.resolve()  # a hard link to a link would lead from elsewhere
    if not source.is_file():
        raise FormatError(f"There is no picture {source}; leave it out, or put it back.")
    try:
        target.hardlink_to(source)
    except OSError:  # another disk, or a system without links
        shutil.copyfile(source, target)
