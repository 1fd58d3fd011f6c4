"""Regions of a picture against their hard negatives, by attribute and route."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fgclip import ranking
from fgclip.data.records import Negative, Region
from fgclip.language import changed_kinds
from fgclip.probe.prompts import PictureEncoder, Prompt, embed_prompts
from fgclip.types import RouteChoice

UNKNOWN = "(unknown)"  # the attribute of a negative that neither its source nor our words name


@dataclass(frozen=True)
class Outcome:
    """One region against its negatives of one attribute, by one route.

    Attributes:
        region: its place among the picture's regions.
        attribute: that the negatives get wrong.
        route: by which the texts were read.
        margin: cosine of the true phrase minus that of the best of these negatives.
        winner: the text with the largest cosine; of a tie, the negative.
    """

    region: int
    attribute: str
    route: RouteChoice
    margin: float
    winner: str

    @property
    def fooled(self) -> bool:
        """Whether a negative scores as high as the true phrase, or higher."""
        return ranking.is_fooled(self.margin)


def outcomes(
    encoder: PictureEncoder,
    picture: Image.Image,
    regions: Sequence[Region],
    *,
    routes: Sequence[RouteChoice],
) -> Iterator[Outcome]:
    """Hold every region of a picture that has negatives against them.

    Args:
        encoder: the model.
        picture: RGB.
        regions: those without a phrase or without negatives are passed over.
        routes: by which the texts are read; the card's `trained_routes`, as others are copies.
    """
    asked = [(n, each) for n, each in enumerate(regions) if each.phrase and each.negatives]
    if not asked:
        return
    seen = encoder.encode_dense(picture).regions([region.box for _, region in asked])
    different = dict.fromkeys(text for _, region in asked for text in _texts(region))
    place = {text: row for row, text in enumerate(different)}
    for route in routes:
        cosines = embed_prompts(encoder, [Prompt(text, route) for text in different]) @ seen.T
        for column, (number, region) in enumerate(asked):
            true = float(cosines[place[region.phrase], column])
            for attribute, texts in _by_attribute(region).items():
                others = cosines[[place[text] for text in texts], column]
                margin = ranking.margin(true, others)
                assert margin is not None  # an attribute is one because some negative has it
                best = texts[int(np.argmax(others))]
                winner = best if ranking.is_fooled(margin) else region.phrase
                yield Outcome(number, attribute, route, margin, winner)


def _texts(region: Region) -> list[str]:
    return [region.phrase, *(each.text for each in region.negatives)]


def _by_attribute(region: Region) -> Mapping[str, Sequence[str]]:
    """Negatives of a region by the attribute that they get wrong."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in region.negatives:
        found[attribute_of(region.phrase, each)].append(each.text)
    return found


def attribute_of(phrase: str, negative: Negative) -> str:
    """What a negative gets wrong, by its source or else by its words."""
    kinds = dict.fromkeys(changed_kinds(phrase, negative.text))
    return negative.attribute or " + ".join(kinds) or UNKNOWN
