"""How well a model knows composed scenes: kinds, attributes, captions, places.

Reads a folder that `python -m training.scenes write` made: FineHARD records and `concepts.json`.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import check_boxes
from fgclip.data import Record, Region
from fgclip.data.finehard import read_finehard
from fgclip.evaluation.metrics import (
    first_of_many,
    fraction,
    pairwise_accuracy,
    patches_inside,
    pointing_game,
    recall_at_k,
    top_k,
)
from fgclip.evaluation.report import Report, Score, Spread, spread
from fgclip.types import Route, RouteChoice

log = logging.getLogger(__name__)
Array = NDArray[np.float32]
UNNAMED = "unnamed"  # rewrites whose attribute the file does not say


class DenseMap(Protocol):
    """What is asked of one encoded picture."""

    @property
    def image_embedding(self) -> Array:
        """(D,)."""

    @property
    def grid(self) -> tuple[int, int]:
        """Patches down and across."""

    def regions(self, boxes: Array) -> Array:
        """(N, 4) fractions → (N, D)."""

    def similarity(self, text_embeddings: Array) -> Array:
        """(P, D) → (P, H, W) cosines."""


class SceneEncoder(Protocol):
    """What is asked of a model."""

    def encode_dense(self, image: Path) -> DenseMap:
        """Everything about one picture from one pass."""

    def encode_text(self, texts: Sequence[str], route: RouteChoice = "short") -> Array:
        """(N, D)."""


@dataclass(frozen=True)
class Concept:
    """A class of objects and the prompt that asks for it."""

    name: str
    prompt: str


@dataclass(frozen=True)
class Encoded:
    """All that the questions need of a set of scenes; regions form one list."""

    images: Array  # (B, D)
    regions: Array  # (N, D)
    pointing: NDArray[np.bool_]  # (N,) whether the phrase's heat map points into the box
    inside: Array  # (N,) share of patches whose centre lies in the box


def evaluate_scenes(
    encoder: SceneEncoder,
    records: Sequence[Record],
    concepts: Sequence[Concept],
    *,
    routes: Sequence[Route],
) -> Report:
    """Ask every question.

    Args:
        encoder: the model.
        records: pictures with captions, boxes, phrases, categories and negatives.
        concepts: all concepts; the categories of objects are names of some.
        routes: that training gave the model; captions are read by no other.

    Raises:
        ValueError: There is no picture.
    """
    if not records:
        raise ValueError("there is no picture to ask about; write some scenes, or raise --limit")
    regions = [region for record in records for region in record.regions]
    names = {concept.name for concept in concepts}
    objects = np.array([region.category in names for region in regions], np.bool_)
    encoded = encode(encoder, records)
    hits, inside = encoded.pointing[objects], encoded.inside[objects]
    chance = float(inside.mean()) if len(inside) else math.nan
    scores = [
        *concept_scores(encoder, regions, encoded.regions, concepts),
        *negative_scores(encoder, regions, encoded.regions),
        *retrieval_scores(encoder, records, encoded.images, routes=routes),
        Score("pointing", "phrase of an object, into its box", fraction(hits), chance, len(hits)),
    ]
    return Report(scores, region_cosines(encoder, regions, encoded.regions, concepts))


def encode(encoder: SceneEncoder, records: Sequence[Record]) -> Encoded:
    """Encode every picture once."""
    images, regions, pointing, inside = [], [], [], []
    for record in records:
        dense = encoder.encode_dense(record.path)
        images.append(dense.image_embedding)
        if not record.regions:
            continue
        corners = check_boxes([region.box for region in record.regions])
        phrases = encoder.encode_text([region.phrase for region in record.regions], route="box")
        regions.append(dense.regions(corners))
        pointing.append(pointing_game(dense.similarity(phrases), corners))
        inside.append(patches_inside(corners, dense.grid).mean(axis=(1, 2)))
    width = len(images[0])
    return Encoded(
        np.stack(images),
        np.concatenate(regions) if regions else np.zeros((0, width), np.float32),
        np.concatenate(pointing) if pointing else np.zeros(0, np.bool_),
        np.concatenate(inside).astype(np.float32) if inside else np.zeros(0, np.float32),
    )


def concept_scores(
    encoder: SceneEncoder, regions: Sequence[Region], embeddings: Array, concepts: Sequence[Concept]
) -> list[Score]:
    """Name each region's concept among all; objects as the artist drew them also apart.

    Concepts that the object's style draws alike (`meta["alike"]`) are no wrong answers.
    """
    places = {concept.name: place for place, concept in enumerate(concepts)}
    known = [row for row, region in enumerate(regions) if region.category in places]
    if not known:
        return []
    prompts = encoder.encode_text([concept.prompt for concept in concepts], route="box")
    truth = np.array([places[regions[row].category] for row in known])
    similarity = embeddings[known] @ prompts.T
    for own, row in zip(similarity, known, strict=True):
        own[[places[name] for name in regions[row].meta.get("alike", ()) if name in places]] = -2
    natural = np.array([not regions[row].meta.get("altered") for row in known])
    found = []
    for name, chosen in (("all objects", np.ones_like(natural)), ("natural objects", natural)):
        for k in (1, 5):
            hits = top_k(similarity[chosen], truth[chosen], k)
            chance = k / len(concepts)
            found.append(Score("concept", f"{name}, top-{k}", fraction(hits), chance, len(hits)))
    return found


def region_cosines(
    encoder: SceneEncoder, regions: Sequence[Region], embeddings: Array, concepts: Sequence[Concept]
) -> list[Spread]:
    """How objects score with their own phrase, and with all kinds that they are not."""
    places = {concept.name: place for place, concept in enumerate(concepts)}
    known = [row for row, region in enumerate(regions) if region.category in places]
    if not known:
        return []
    phrases = encoder.encode_text([regions[row].phrase for row in known], route="box")
    prompts = encoder.encode_text([concept.prompt for concept in concepts], route="box")
    other = np.ones((len(known), len(concepts)), np.bool_)
    for own, row in zip(other, known, strict=True):
        alike = {regions[row].category, *regions[row].meta.get("alike", ())}
        own[[places[name] for name in alike if name in places]] = False
    found = (
        ("an object and its phrase", (embeddings[known] * phrases).sum(axis=1)),
        ("an object and another kind", (embeddings[known] @ prompts.T)[other]),
    )
    return [spread(name, cosines) for name, cosines in found if len(cosines)]


def negative_scores(
    encoder: SceneEncoder, regions: Sequence[Region], embeddings: Array
) -> list[Score]:
    """Prefer the true phrase to its rewrites: to all of them, and to each, by what was changed."""
    rows = [row for row, region in enumerate(regions) if region.negatives]
    if not rows:
        return []
    asked = [regions[row] for row in rows]
    texts = [[region.phrase, *(n.text for n in region.negatives)] for region in asked]
    slots = max(len(own) for own in texts)
    present = np.array([[slot < len(own) for slot in range(slots)] for own in texts])
    flat = encoder.encode_text([text for own in texts for text in own], route="box")
    captions = np.zeros((len(rows), slots, embeddings.shape[1]), np.float32)
    captions[present] = flat
    similarity = np.einsum("md,mkd->mk", embeddings[rows], captions)
    hits = first_of_many(similarity, present)
    chance = float((1 / present.sum(axis=1)).mean())
    most = f"1 of {slots}"
    attributes = [[n.attribute or UNNAMED for n in region.negatives] for region in asked]
    pairs = pairwise_accuracy(similarity, attributes)
    return [
        Score("hard negatives", most, fraction(hits), chance, len(hits)),
        *(
            Score("hard negatives", f"{name} (pairs)", share, 0.5, count)
            for name, (share, count) in pairs.items()
        ),
    ]


def retrieval_scores(
    encoder: SceneEncoder, records: Sequence[Record], images: Array, *, routes: Sequence[Route]
) -> list[Score]:
    """Find each picture's caption among all, and each caption's picture."""
    scores = []
    captioned: tuple[Route, ...] = ("short", "long")
    for route in captioned:
        if route not in routes:
            log.warning("this model was not trained on %s captions: no retrieval by them", route)
            continue
        captions = [getattr(record, f"{route}_caption") for record in records]
        if not all(captions):
            log.warning("not every picture has a %s caption: no retrieval by it", route)
            continue
        texts = encoder.encode_text(captions, route=route)
        same = np.array([[one == other for other in captions] for one in captions])
        similarity = images @ texts.T
        chance = 1 / len(records)
        for name, table in (("picture → text", similarity), ("text → picture", similarity.T)):
            share = recall_at_k(table, same, 1)
            scores.append(Score("retrieval", f"{route}, {name}, R@1", share, chance, len(records)))
    return scores


def read_scenes(folder: Path) -> tuple[list[Record], list[Concept]]:
    """Read a folder of scenes: its records, and all concepts with their prompts."""
    path = folder / "concepts.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        concepts = [Concept(str(entry["name"]), str(entry["prompt"])) for entry in entries]
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{path} is missing. Make the folder with `python -m training.scenes write`."
        ) from error
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is not a list of objects with name and prompt: {error}"
        ) from error

    return read_finehard(folder / "scenes.json"), concepts
