"""Which files of COCO go together, and where their pictures lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# A download describes the same pictures in several files; the first kind that is there counts.
KINDS = ("", "instances", "captions", "image_info", "person_keypoints", "panoptic", "stuff")
KIND = re.compile(rf"^({'|'.join(KINDS[1:])})(?=[_.])")
SPLIT = re.compile(r"_(train|val|test)(-dev)?\d*$")
SPLIT_FOLDERS = {"train": "train", "valid": "val", "val": "val", "test": "test"}
PATTERNS = ("*.json", "annotations/*.json", "*/_annotations.coco.json")  # the last is Roboflow's


def coco_files(path: Path) -> list[Path]:
    """The annotation files of COCO that a file or folder means."""
    if path.is_file():
        return [path]
    files = [file for pattern in PATTERNS for file in sorted(path.glob(pattern))]
    return [file for file in files if looks_like_coco(file)]


def looks_like_coco(file: Path) -> bool:
    """Whether a file begins as one of COCO: an object with one of its keys among the first."""
    with file.open("rb") as stream:
        start = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = (b'"images"', b'"info"', b'"annotations"', b'"licenses"', b'"categories"')
    return start.startswith(b"{") and any(key in start for key in keys)


def with_captions(files: Iterable[Path]) -> list[tuple[Path, Path | None]]:
    """The files whose pictures are taken, each with the file of captions that lies beside it.

    Args:
        files: of a folder, or one; of `instances_val2017.json` and `person_keypoints_val2017.json`
            only the first is taken.
    """
    groups: dict[Path, dict[str, Path]] = {}
    for file in files:
        found = KIND.match(file.name)
        kind = found[1] if found else ""
        groups.setdefault(file.with_name(file.name.removeprefix(kind)), {})[kind] = file
    pairs: list[tuple[Path, Path | None]] = []
    for rest, group in groups.items():
        kind = min(group, key=KINDS.index)
        captions = rest.with_name(f"captions{rest.name}")
        wanted = kind not in ("", "captions") and captions.is_file()
        pairs.append((group[kind], captions if wanted else None))
    return pairs


def split_of(file: Path) -> str:
    """The split that the name of an annotation file says, or that of its folder; or none."""
    found = SPLIT.search(file.stem)
    return found[1] if found else SPLIT_FOLDERS.get(file.parent.name, "")


def pictures_folder(file: Path, names: list[str]) -> Path:
    """The folder with the pictures of an annotation file: the first in which one of them lies.

    Args:
        file: annotation file.
        names: of some pictures.
    """
    above = file.parent.parent if file.parent.name == "annotations" else file.parent
    called = file.stem.rpartition("_")[2]
    places = (above / called, above / "images" / called, above / "images", above, file.parent)
    found = (place for place in places if any((place / name).is_file() for name in names))
    return next(found, file.parent)
