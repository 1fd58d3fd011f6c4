"""A workspace with a few pictures, and a model small enough for tests."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.data.records import Negative, Record, Region
from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace

WORDS = ("the cat", "the dog", "a bird")
BOXES = ((0.1, 0.2, 0.5, 0.7), (0.5, 0.5, 1.0, 0.9))


def picture_records(folder: Path, count: int, *, first: int = 0) -> list[Record]:
    """Pictures of coloured noise with two regions each."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for number in range(first, first + count):
        noise = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        path = folder / f"{number:04}.png"
        Image.fromarray(noise).resize((80, 60)).save(path)
        regions = tuple(
            Region(
                box,
                WORDS[(number + place) % 3],
                negatives=(Negative("a fish", "kind"),) if place else (),
                category=WORDS[(number + place) % 3].split()[1],
            )
            for place, box in enumerate(BOXES)
        )
        split = "train" if number % 2 else "val"
        records.append(Record(path, f"noise {number}", regions=regions, split=split))
    return records


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty one."""
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def pictured(workspace: Workspace, tmp_path: Path) -> Workspace:
    """With ten pictures, not indexed."""
    workspace.add(iter(picture_records(tmp_path / "pictures", 10)), "noise")
    return workspace


@pytest.fixture
def indexed(pictured: Workspace, encoder: Encoder) -> Workspace:
    """With ten pictures and all their vectors."""
    pictured.index(encoder)
    return pictured
