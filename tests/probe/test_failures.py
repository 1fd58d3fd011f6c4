from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from fgclip.data.records import Negative, Region
from fgclip.encoder import Encoder
from fgclip.probe.failures import UNKNOWN, outcomes
from fgclip.ranking import TIE
from fgclip.types import ROUTES

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))
REGIONS = (
    Region((0, 0, 0.5, 1), "the cat"),  # has no negatives
    Region(
        (0.5, 0, 1, 1),
        "the cat",
        negatives=(Negative("the dog", "kind"), Negative("cat cat", "kind"), Negative("the the")),
    ),
    Region((0, 0, 1, 1), "a red cat", negatives=(Negative("a blue cat"),)),
)


def test_every_region_with_negatives_is_asked_once_an_attribute_and_route(encoder: Encoder) -> None:
    found = list(outcomes(encoder, PICTURE, REGIONS, routes=ROUTES))

    asked = [(each.region, each.attribute, each.route) for each in found]
    assert asked == [
        (region, attribute, route)
        for route in ("short", "long", "box")
        for region, attributes in ((1, ("kind", "object")), (2, ("colour",)))
        for attribute in attributes
    ]


def test_the_best_negative_of_an_attribute_decides(encoder: Encoder) -> None:
    (first, *_) = outcomes(encoder, PICTURE, REGIONS, routes=["short"])

    seen = encoder.encode_regions(PICTURE, [[0.5, 0, 1, 1]])[0]
    true, dog, cat = encoder.encode_text(["the cat", "the dog", "cat cat"], "short") @ seen
    assert first.margin == pytest.approx(float(true - max(dog, cat)), abs=1e-6)
    assert first.fooled == (max(dog, cat) > true)
    texts = {"the cat": true, "the dog": dog, "cat cat": cat}
    assert first.winner == max(texts, key=lambda text: texts[text])


def test_nothing_is_encoded_where_there_is_nothing_to_ask(encoder: Encoder) -> None:
    assert list(outcomes(encoder, PICTURE, REGIONS[:1], routes=ROUTES)) == []
    assert list(outcomes(encoder, PICTURE, [], routes=ROUTES)) == []


def test_what_neither_source_nor_words_name_is_unknown(encoder: Encoder) -> None:
    region = Region((0, 0, 1, 1), "the zzz", negatives=(Negative("the yyy"),))

    (found,) = outcomes(encoder, PICTURE, [region], routes=["short"])

    assert found.attribute == UNKNOWN


def test_of_a_tie_the_negative_wins(encoder: Encoder) -> None:
    region = Region((0, 0, 1, 1), "the cat", negatives=(Negative("THE CAT", "case"),))

    (found,) = outcomes(encoder, PICTURE, [region], routes=["short"])

    assert found.margin == pytest.approx(0, abs=TIE)  # one of two products may round otherwise
    assert (found.fooled, found.winner) == (True, "THE CAT")
