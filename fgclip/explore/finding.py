"""Phrases → boxes in all pictures of the workspace, kept as regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fgclip.data.records import Record, Region
from fgclip.explore.reference import Reference
from fgclip.explore.requests import Request, RequestError
from fgclip.preprocess import PictureError, open_picture
from fgclip.probe.detect import SHARE, detect
from fgclip.probe.prompts import Prompt, embed_prompts
from fgclip.workspace.progress import Meter, Watch
from fgclip.workspace.store import catalogue
from fgclip.workspace.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

BATCH = 64  # pictures whose boxes are kept together
DECIMALS = 6
SOURCE = "detect"  # of pictures that were not in the workspace before their boxes were kept


@dataclass(frozen=True)
class Found:
    """What a search for boxes did."""

    boxes: int  # that were not there before
    pictures: int  # with one at least
    faults: int  # pictures that cannot be read


def share_of(request: Request) -> float:
    """The share of other pictures that shall stay without a box for a phrase.

    Raises:
        RequestError: It is no share.
    """
    share = request.number("share", SHARE)
    if not 0 <= share <= 1:
        raise RequestError(f"A share of {share:g} is not between 0 and 1; try {SHARE}")
    return share


def found_region(box: Sequence[float], phrase: str, score: float) -> Region:
    """A box as the workspace keeps it: its phrase is its category, too."""
    x0, y0, x1, y1 = (round(edge, DECIMALS) for edge in box)
    meta = {"score": round(score, DECIMALS)}
    return Region((x0, y0, x1, y1), phrase, category=phrase, meta=meta)


def find_everywhere(
    workspace: Workspace,
    encoder: Encoder,
    reference: Reference,
    prompts: Sequence[Prompt],
    share: float,
    *,
    watch: Watch,
) -> Found:
    """Look for phrases in every picture, and keep the boxes as regions.

    What was found stays when the work is stopped; the same boxes are not kept twice.
    """
    ids = catalogue.image_ids(workspace.database)
    meter = Meter(watch, unit="pictures", stage="finding boxes", total=len(ids))
    texts = embed_prompts(encoder, prompts)
    elsewhere = reference.best(texts)
    boxes = pictures = faults = 0
    for start in range(0, len(ids), BATCH):
        records = []
        for stored in catalogue.pictures(workspace.database, ids[start : start + BATCH].tolist()):
            meter.advance(1)
            try:
                field = encoder.encode_dense(open_picture(stored.path))
            except PictureError:
                faults += 1
                continue
            found = detect(field, texts, elsewhere.without(stored.path), share=share)
            regions = tuple(
                found_region(each.box, prompts[each.phrase].text, each.score) for each in found
            )
            if regions:
                records.append(Record(stored.path, regions=regions))
        boxes += workspace.add(records, SOURCE, origin="proposal").added.regions
        pictures += len(records)
    return Found(boxes, pictures, faults)
