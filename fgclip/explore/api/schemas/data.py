"""The Data tab: what is in the workspace, and what is told of long work on it."""

from __future__ import annotations

from fgclip.explore.api.schemas.fields import Answer, Question, Whole
from fgclip.types import ItemKind
from fgclip.workspace.jobs import Outcome


class JobProgress(Answer):
    """How far a job is.

    Attributes:
        done: units finished.
        total: of so many; null while nobody knows.
        unit: "pictures", "points".
        stage: what is being done.
        rate: units a second; null before the first.
        seconds_left: at that rate.
    """

    done: int
    total: int | None
    unit: str
    stage: str
    rate: float | None
    seconds_left: float | None


class Job(Answer):
    """What became of a job, or how far it is.

    Attributes:
        number: counts jobs, from 1.
        title: what is done, in words.
        outcome: running, or how it ended.
        progress: the last that was told; null before the first.
        words: what it did, or why it failed; "" while it runs.
        seconds: since it began, or that it took.
    """

    number: int
    title: str
    outcome: Outcome
    progress: JobProgress | None
    words: str
    seconds: float


class LatestJob(Answer):
    """The job that runs, or ran last; null before the first."""

    job: Job | None


class RemoveQuestion(Question):
    """A map to forget."""

    map: Whole


class SourceCounts(Answer):
    """What a split of a data set holds."""

    source: str
    split: str
    images: int
    regions: int


class ModelCounts(Answer):
    """A model, and how much of the workspace has its vectors.

    Attributes:
        id: of the model.
        name: of the model.
        loaded: whether it is the one in use.
        dimensions: of its vectors.
        image: pictures that have one.
        region: regions.
        text: phrases.
    """

    id: int
    name: str
    loaded: bool
    dimensions: int
    image: int
    region: int
    text: int


class MapRun(Answer):
    """A map, and how it was made.

    Attributes:
        id: of the map.
        name: as somebody called it.
        model_id: whose vectors these are.
        kind: what lies on it.
        method: that laid it out.
        parameters: of the method, by name.
        fitted: points that the method placed itself.
        points: all of them.
        frame: x0, y0, x1, y1 around all of it, y upwards.
    """

    id: int
    name: str
    model_id: int
    kind: ItemKind
    method: str
    parameters: dict[str, int | float]
    fitted: int
    points: int
    frame: tuple[float, float, float, float]


class LeftOut(Answer):
    """What could not be read, and why."""

    source: str
    place: str
    reason: str


class Member(Answer):
    """One of a group: its picture, and its box there; null for a picture."""

    owner: int
    image: int
    name: str
    source: str
    phrase: str
    box: tuple[float, float, float, float] | None


class DuplicateGroup(Answer):
    """How many are alike, and the first of them."""

    size: int
    members: list[Member]


class Duplicates(Answer):
    """What is there twice: how many groups, and the largest of them."""

    title: str
    kind: ItemKind
    count: int
    groups: list[DuplicateGroup]


class WorkspaceState(Answer):
    """What is there, and what is going on.

    Attributes:
        job: the latest.
        folder: where the workspace lies.
        images: how many there are.
        regions: how many.
        negatives: how many.
        texts: different phrases.
        faults: things that could not be read.
        disk: bytes of the database.
        pictures: bytes of extracted pictures.
        memory: bytes of vectors held for searching.
        sources: each import, by split.
        models: all that indexed something.
        maps: the latest first.
        listed: the latest of the faults.
        twins: what the latest look for duplicates found; null before the first.
    """

    job: Job | None
    folder: str
    images: int
    regions: int
    negatives: int
    texts: int
    faults: int
    disk: int
    pictures: int
    memory: int
    sources: list[SourceCounts]
    models: list[ModelCounts]
    maps: list[MapRun]
    listed: list[LeftOut]
    twins: Duplicates | None
