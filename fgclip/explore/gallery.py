"""The gallery: pictures with boxes and phrases to start from, one FineHARD file."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fgclip.data.finehard import read_finehard
from fgclip.data.records import Corners, Record, Region

SHOWN_BOXES = 2  # of a sample that is opened; more would hide the picture
PROMPTS = 4
EXAMPLES = ("a person", "an animal", "a small red object", "the sky")

log = logging.getLogger(__name__)


class GalleryError(ValueError):
    """A gallery that cannot be shown, with the picture at fault and the remedy."""


@dataclass(frozen=True)
class Sample:
    """A picture of the gallery.

    Attributes:
        id: name in the address bar.
        title: what a pointer at its thumbnail reads.
        path: the file.
        boxes: to be shown at first, fractions of the picture.
        prompts: true phrases of these boxes, and near misses.
        regions: all boxes that the picture has, with their phrases and hard negatives.
        shows_all: whether these are all boxes that the picture has.
        photograph: whether it is one, and no drawn scene.
    """

    id: str
    title: str
    path: Path
    boxes: tuple[Corners, ...]
    prompts: tuple[str, ...]
    regions: tuple[Region, ...] = ()
    shows_all: bool = True
    photograph: bool = False

    @property
    def url(self) -> str:
        """Where the page finds the file, relative to itself."""
        return f"gallery/{quote(self.path.name)}"


def read_gallery(folder: Path) -> dict[str, Sample]:
    """Samples by id, in the order of `gallery.json`; empty where there is no gallery.

    Raises:
        FineHardError: `gallery.json` is no FineHARD file.
        GalleryError: A picture is missing, not in `pictures/`, or called as another is.
    """
    file = folder / "gallery.json"
    if not file.exists():
        log.warning("There is no gallery at %s; the page starts empty.", file)
        return {}
    samples: dict[str, Sample] = {}
    for record in read_finehard(file, images=folder):
        sample = _sample(record)
        fault = _fault(sample, folder / "pictures", samples)
        if fault:
            raise GalleryError(f"{file}: {fault}")
        samples[sample.id] = sample
    return samples


def opening_sample(gallery: Mapping[str, Sample]) -> str | None:
    """The id of the picture to begin with: the first with few enough boxes to show them all."""
    calm = (sample.id for sample in gallery.values() if sample.boxes and sample.shows_all)
    return next(calm, next(iter(gallery), None))


def _fault(sample: Sample, pictures: Path, others: Mapping[str, Sample]) -> str | None:
    path = sample.path
    if path.resolve().parent != pictures.resolve():  # the only folder that is served
        return f"{str(path)!r} is not in {pictures}; put every picture of the gallery there"
    if not path.is_file():
        return f"there is no picture {str(path)!r}; add it, or remove its entry"
    if path.name.encode(errors="ignore").decode() != path.name:  # a name in Latin-1, say
        return f"{path.name!r} is no name that an address can hold; give the file another"
    if sample.id in others:
        return (
            f"{path.name!r} and {others[sample.id].path.name!r} have one name before the dot; "
            "give each file its own"
        )
    return None


def _sample(record: Record) -> Sample:
    regions = record.regions[:SHOWN_BOXES]
    return Sample(
        id=record.path.stem,
        title=record.short_caption or record.path.stem,
        path=record.path,
        boxes=tuple(region.box for region in regions),
        prompts=_prompts(record),
        regions=record.regions,
        shows_all=len(record.regions) <= SHOWN_BOXES,
        photograph=record.meta.get("kind") == "photograph",
    )


def _prompts(record: Record) -> tuple[str, ...]:
    """The phrases of the boxes that are shown, then near misses of the first ones."""
    regions = record.regions[:SHOWN_BOXES]
    phrases = [region.phrase for region in regions]
    wrong = [text for region in regions for text in _near_misses(region)]
    chosen = list(dict.fromkeys(text for text in phrases + wrong if text))[:PROMPTS]
    return tuple(chosen or filter(None, [record.short_caption]))


def _near_misses(region: Region) -> list[str]:
    """One rewrite for every attribute that was changed: the first of each."""
    first = {negative.attribute: negative.text for negative in reversed(region.negatives)}
    seen = dict.fromkeys(negative.attribute for negative in region.negatives)
    return [first[attribute] for attribute in seen]
