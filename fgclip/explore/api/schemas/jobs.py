"""Long work that a page may begin: a question for each kind, told apart by its "work"."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fgclip.data.formats import READABLE, WRITABLE
from fgclip.explore.api.schemas.detect import DetectionHow
from fgclip.explore.api.schemas.fields import (
    Choice,
    Condition,
    OneOf,
    Prompts,
    Question,
    Text,
    Whole,
)
from fgclip.types import ItemKind
from fgclip.workspace.duplicates import FARTHEST, NEAREST
from fgclip.workspace.duplicates import USUAL as CLOSE
from fgclip.workspace.mapping import Parameters

MAX_NAME = 50  # characters of a file's name: no file system holds more than 255 bytes
USUAL = Parameters()


class ImportJob(Question):
    """A data set to read.

    Attributes:
        work: "import".
        path: file or folder; for Hugging Face also a hub id.
        format: of the data set, or "auto".
        images: folder that picture paths are relative to; "" for the data set's own.
        name: of the source; "" for that of the file or folder.
    """

    work: Literal["import"]
    path: Text
    format: Annotated[str, Choice(("auto", *READABLE))]
    images: Text = ""
    name: Text = ""


class IndexJob(Question):
    """Vectors of all that has none yet."""

    work: Literal["index"]


class MapJob(Question):
    """A map to lay out; `Parameters` says what its numbers are."""

    work: Literal["map"]
    kind: ItemKind
    neighbours: Whole = USUAL.neighbours
    min_dist: float = USUAL.min_dist
    seed: Whole = USUAL.seed
    fitted: Whole = USUAL.fitted
    name: Text = ""


class PlaceJob(Question):
    """A map that gets what was indexed since."""

    work: Literal["place"]
    map: Whole


class DuplicatesJob(Question):
    """A look for what is there twice: equal files, or what is closer than a cosine."""

    work: Literal["duplicates"]
    among: Literal["files", "image", "region"]
    close: Annotated[float, Field(gt=FARTHEST, le=NEAREST)] = CLOSE


class FailuresJob(Question):
    """Every region held against its hard negatives."""

    work: Literal["failures"]


class DetectJob(DetectionHow):
    """Phrases that are looked for in every picture."""

    work: Literal["detect"]
    prompts: Prompts


class CompareJob(Question):
    """Everything that two models are compared on."""

    work: Literal["compare"]
    kind: ItemKind


class ExportJob(Question):
    """A file to write into the workspace's folder.

    Attributes:
        work: "export".
        format: of the file.
        where: condition in SQL on pictures; "" for all.
        name: of the file; only its letters and digits are taken.
    """

    work: Literal["export"]
    format: Annotated[str, Choice(WRITABLE)]
    where: Condition = ""
    name: Annotated[str, Field(max_length=MAX_NAME)] = "export"


class CheckJob(Question):
    """A proof that nothing is amiss."""

    work: Literal["check"]


AnyJob = (
    ImportJob
    | IndexJob
    | MapJob
    | PlaceJob
    | DuplicatesJob
    | FailuresJob
    | DetectJob
    | CompareJob
    | ExportJob
    | CheckJob
)


class StartQuestion(OneOf[Annotated[AnyJob, Field(discriminator="work")]]):
    """A job to begin."""
