"""Phrases → boxes, in one picture or in all of the workspace, where they are kept as regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from numpy.typing import NDArray
from PIL import Image

from fgclip.analysis.baseline import Elsewhere, Reference
from fgclip.boxes import Boxes
from fgclip.data.records import Record, Region
from fgclip.explore.api.requests import Request, RequestError
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import SHARE, Detection, detect
from fgclip.probe.prompts import DenseField, Prompt, embed_prompts
from fgclip.probe.proposals import proposals
from fgclip.probe.regions import crop_embeddings
from fgclip.types import DECIMALS, Embeddings
from fgclip.workspace.progress import Meter, Watch
from fgclip.workspace.store import catalogue
from fgclip.workspace.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np

    from fgclip.adapters.detector import Detector
    from fgclip.encoder import Encoder

BATCH = 64  # pictures whose boxes are kept together
SOURCE = "detect"  # of pictures that were not in the workspace before their boxes were kept


@dataclass(frozen=True)
class How:
    """How boxes are looked for.

    Attributes:
        share: of other pictures that shall stay without a box for a phrase.
        crops: whether boxes that fit are cut out and read, too.
        detector: whether the trained detector proposes them.
    """

    share: float
    crops: bool
    detector: bool

    @classmethod
    def of(cls, request: Request) -> How:
        """From {"share", "crops", "detector"}, all of which may be left out.

        Raises:
            RequestError: The share is none.
        """
        share = request.number("share", SHARE)
        if not 0 <= share <= 1:
            raise RequestError(f"A share of {share:g} is not between 0 and 1; try {SHARE}")
        crops, detector = (request.fields.get(name) is True for name in ("crops", "detector"))
        return cls(share, crops, detector)


@dataclass(frozen=True)
class Candidates:
    """Boxes that may be found, (N, 4) fractions, and how much each looks like a thing, if known."""

    boxes: Boxes
    objectness: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Found:
    """What a search for boxes did."""

    boxes: int  # that were not there before
    pictures: int  # with one at least
    faults: int  # pictures that cannot be read


class Finder:
    """Finds boxes. Threads may share it."""

    def __init__(
        self, encoder: Encoder, reference: Reference, detector: Detector | None = None
    ) -> None:
        self.encoder = encoder
        self.reference = reference
        self.detector = detector
        self._lock = Lock()  # of the detector

    def texts(self, prompts: Sequence[Prompt]) -> tuple[Embeddings, Elsewhere]:
        """Vectors of phrases, and what they score on other pictures."""
        texts = embed_prompts(self.encoder, prompts)
        return texts, self.reference.best(texts)

    def candidates(
        self, image: Image.Image, field: DenseField, prompts: Sequence[Prompt], how: How
    ) -> Candidates:
        """Boxes to choose from.

        Raises:
            RequestError: A detector is asked for where none was given, or it cannot read a phrase.
        """
        if not how.detector:
            return Candidates(proposals(field))
        if self.detector is None:
            raise RequestError("There is no detector; start the app with --detector DIR")
        try:
            with self._lock:
                proposed = self.detector.propose(image, [prompt.text for prompt in prompts])
        except ValueError as error:
            raise RequestError(str(error)) from error
        return Candidates(proposed.boxes, proposed.objectness)

    def find(
        self,
        image: Image.Image,
        field: DenseField,
        candidates: Candidates,
        texts: Embeddings,
        elsewhere: NDArray[np.float32],
        how: How,
    ) -> list[Detection]:
        """Boxes of a picture, the best first."""
        crops = partial(crop_embeddings, self.encoder, image) if how.crops else None
        return detect(
            field, texts, elsewhere, share=how.share, crops=crops,
            boxes=candidates.boxes, objectness=candidates.objectness,
        )  # fmt: skip


def found_region(box: Sequence[float], phrase: str, score: float) -> Region:
    """A box as the workspace keeps it: its phrase is its category, too."""
    x0, y0, x1, y1 = (round(edge, DECIMALS) for edge in box)
    meta = {"score": round(score, DECIMALS)}
    return Region((x0, y0, x1, y1), phrase, category=phrase, meta=meta)


def find_everywhere(
    workspace: Workspace, finder: Finder, prompts: Sequence[Prompt], how: How, *, watch: Watch
) -> Found:
    """Look for phrases in every picture, and keep the boxes as regions.

    What was found stays when the work is stopped; the same boxes are not kept twice.
    """
    ids = catalogue.image_ids(workspace.database)
    meter = Meter(watch, unit="pictures", stage="finding boxes", total=len(ids))
    texts, elsewhere = finder.texts(prompts)
    boxes = pictures = faults = 0
    for start in range(0, len(ids), BATCH):
        records = []
        for stored in catalogue.pictures(workspace.database, ids[start : start + BATCH].tolist()):
            meter.advance(1)
            try:
                image = open_picture(stored.path)
            except PictureError:
                faults += 1
                continue
            field = finder.encoder.encode_dense(image)
            others = elsewhere.without(stored.path)
            candidates = finder.candidates(image, field, prompts, how)
            found = finder.find(image, field, candidates, texts, others, how)
            regions = tuple(
                found_region(each.box, prompts[each.phrase].text, each.score) for each in found
            )
            if regions:
                records.append(Record(stored.path, regions=regions))
        boxes += workspace.add(records, SOURCE, origin="proposal").added.regions
        pictures += len(records)
    return Found(boxes, pictures, faults)
