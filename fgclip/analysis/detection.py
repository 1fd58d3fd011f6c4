"""Phrases → boxes, in any number of pictures, or in all of a workspace, kept there as regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from numpy.typing import NDArray
from PIL import Image

from fgclip.analysis.baseline import Elsewhere, Reference
from fgclip.analysis.errors import AnalysisError
from fgclip.boxes import Boxes
from fgclip.data.records import Record, Region
from fgclip.inputs.images import PictureError, open_picture
from fgclip.probe.detect import SHARE, WEIGHT, Detection, detect
from fgclip.probe.explanation import measured
from fgclip.probe.prompts import DenseField, Prompt, embed_prompts
from fgclip.probe.proposals import proposals
from fgclip.probe.regions import crop_embeddings
from fgclip.types import DECIMALS, Embeddings, RouteChoice
from fgclip.workspace import Workspace
from fgclip.workspace.progress import Meter, OpenBatch, Watch

if TYPE_CHECKING:
    import numpy as np

    from fgclip.adapters.detector import Detector
    from fgclip.encoder import Encoder

BATCH = 64  # pictures whose boxes are kept together
# What the page sends where nobody chose. To FG-CLIP 1 it is `card.region_route`, by which search
# and Map read: 203 phrases of 60 scenes are 0.0 apart by both, but "auto" does not cut long ones.
# FG-CLIP 2 alone reads phrases otherwise by its route for regions: `--route box`.
ROUTE: RouteChoice = "auto"
SOURCE = "detect"  # of pictures that were not in the workspace before their boxes were kept


@dataclass(frozen=True, kw_only=True)
class DetectionOptions:
    """How boxes are looked for.

    Attributes:
        share: of other pictures that shall stay without a box for a phrase.
        weight: of the phrase against the detector's objectness, 0 to 1.
        crops: whether boxes that fit are cut out and read, too.
        detector: whether the trained detector proposes them.
        route: by which phrases are read that name none.
    """

    share: float = SHARE
    weight: float = WEIGHT
    crops: bool = False
    detector: bool = False
    route: RouteChoice = ROUTE

    def __post_init__(self) -> None:
        for name, value, usual in (("share", self.share, SHARE), ("weight", self.weight, WEIGHT)):
            if not 0 <= value <= 1:
                raise AnalysisError(f"{name} {value:g} is not between 0 and 1; try {usual:g}")

    def prompts(self, phrases: Iterable[str]) -> list[Prompt]:
        """Phrases that name no route."""
        return [Prompt(text, self.route) for text in phrases]


@dataclass(frozen=True)
class Question:
    """Phrases as a model reads them, and what they score on other pictures."""

    prompts: tuple[Prompt, ...]
    options: DetectionOptions
    texts: Embeddings  # (P, D)
    elsewhere: Elsewhere


@dataclass(frozen=True)
class Candidates:
    """Boxes that may be found, (N, 4) fractions, and how much each looks like a thing, if known."""

    boxes: Boxes
    objectness: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Found:
    """What a picture holds.

    Attributes:
        path: of the picture.
        image: the picture.
        boxes: the best first.
        candidates: that these were chosen from.
        elsewhere: (P, R) what the phrases score on pictures other than this one.
    """

    path: Path
    image: Image.Image
    boxes: list[Detection]
    candidates: Candidates
    elsewhere: NDArray[np.float32]


@dataclass(frozen=True)
class KeptBoxes:
    """What a search for boxes in a workspace did."""

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

    def check(self, options: DetectionOptions) -> None:
        """Whether boxes can be looked for so.

        Raises:
            AnalysisError: A detector is asked for where none was given.
        """
        if options.detector and self.detector is None:
            raise AnalysisError("There is no detector; name one with --detector DIR")

    def ask(self, prompts: Iterable[Prompt], options: DetectionOptions) -> Question:
        """Read phrases, and other pictures; a phrase that comes twice is asked once.

        Raises:
            AnalysisError: A detector is asked for where none was given.
        """
        self.check(options)
        asked = tuple(dict.fromkeys(prompts))
        texts = embed_prompts(self.encoder, asked)
        return Question(asked, options, texts, self.reference.best(texts))

    def each(
        self, pictures: Iterable[tuple[Path, Image.Image]], question: Question
    ) -> Iterator[Found]:
        """What each of some pictures holds."""
        for path, image in pictures:
            yield self.find(path, image, self.encoder.encode_dense(image), question)

    def find(self, path: Path, image: Image.Image, field: DenseField, question: Question) -> Found:
        """What a picture holds whose patches are known.

        Raises:
            AnalysisError: There is no other picture, or the detector cannot read a phrase.
        """
        options, elsewhere = question.options, question.elsewhere.without(path)
        candidates = self._candidates(image, field, question)
        boxes = detect(
            field, question.texts, elsewhere, share=options.share, weight=options.weight,
            boxes=candidates.boxes, objectness=candidates.objectness,
            crops=partial(crop_embeddings, self.encoder, image) if options.crops else None,
        )  # fmt: skip
        return Found(path, image, boxes, candidates, elsewhere)

    def measure(
        self,
        path: Path,
        field: DenseField,
        boxes: Boxes,
        prompts: Sequence[Prompt],
        options: DetectionOptions,
    ) -> list[Detection]:
        """What boxes are worth that somebody drew.

        Args:
            path: of the picture.
            field: its patches.
            boxes: (N, 4) fractions of it.
            prompts: (N,) what is in each.
            options: how strict to be.

        Raises:
            AnalysisError: There is no other picture.
        """
        texts = embed_prompts(self.encoder, prompts)
        elsewhere = self.reference.best(texts).without(path)
        return measured(field, texts, elsewhere, boxes, share=options.share)

    def _candidates(self, image: Image.Image, field: DenseField, question: Question) -> Candidates:
        if self.detector is None or not question.options.detector:
            return Candidates(proposals(field))
        try:
            with self._lock:
                proposed = self.detector.propose(image, [each.text for each in question.prompts])
        except ValueError as error:
            raise AnalysisError(str(error)) from error
        return Candidates(proposed.boxes, proposed.objectness)


def found_region(box: Sequence[float], phrase: str, score: float) -> Region:
    """A box as the workspace keeps it: its phrase is its category, too."""
    x0, y0, x1, y1 = (round(edge, DECIMALS) for edge in box)
    meta = {"score": round(score, DECIMALS)}
    return Region((x0, y0, x1, y1), phrase, category=phrase, meta=meta)


def found_record(found: Found, question: Question) -> Record:
    """A picture with its boxes as regions."""
    regions = tuple(
        found_region(each.box, question.prompts[each.phrase].text, each.score)
        for each in found.boxes
    )
    return Record(found.path, regions=regions, size=found.image.size)


def keep_boxes(
    workspace: Workspace,
    finder: Finder,
    prompts: Iterable[Prompt],
    options: DetectionOptions,
    *,
    watch: Watch,
) -> KeptBoxes:
    """Look for phrases in every picture of a workspace, and keep the boxes as regions.

    What was found stays when the work is stopped or fails; the same boxes are not kept twice.
    """
    ids = workspace.image_ids
    meter = Meter(watch, unit="pictures", stage="finding boxes", total=len(ids))
    question = finder.ask(prompts, options)
    unread: list[Path] = []

    def opened(some: Sequence[int]) -> Iterator[tuple[Path, Image.Image]]:
        for stored in workspace.pictures(some):
            meter.advance(1)
            try:
                yield stored.path, open_picture(stored.path)
            except PictureError:
                unread.append(stored.path)

    boxes = pictures = 0

    def write(batch: Sequence[Record]) -> None:
        nonlocal boxes, pictures
        records = [each for each in batch if each.regions]
        boxes += workspace.add(records, SOURCE, origin="proposal").added.regions
        pictures += len(records)

    with OpenBatch(write, BATCH) as batch:
        for start in range(0, len(ids), BATCH):
            for found in finder.each(opened(ids[start : start + BATCH].tolist()), question):
                batch.add(found_record(found, question))
    return KeptBoxes(boxes, pictures, len(unread))
