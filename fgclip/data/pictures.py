"""Files of pictures: which they are, and how an annotation file names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# What files of `preprocess.FORMATS` are called; a test compares the two.
SUFFIXES = frozenset(
    (
        ".apng", ".avif", ".avifs", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png",
        ".tif", ".tiff", ".webp",
    )
)  # fmt: skip


def pictures_below(folder: Path) -> Iterator[Path]:
    """All pictures in a folder and the folders in it, in order of their paths.

    Hidden ones are left out, and folders that are links, which might lead back. One folder's names
    are in memory at a time.
    """
    for place in sorted(folder.iterdir()):
        if place.name.startswith("."):
            continue
        if place.is_dir():
            if not place.is_symlink():
                yield from pictures_below(place)
        elif place.suffix.lower() in SUFFIXES:
            yield place


def name_beside(path: Path, folder: Path) -> str:
    """What an annotation file in `folder` calls a picture, so that its reader finds it.

    Relative to the folder where the picture lies below it, so that both may move; else absolute.
    """
    absolute, root = path.absolute(), folder.absolute()
    below = absolute.is_relative_to(root)
    return (absolute.relative_to(root) if below else absolute).as_posix()
