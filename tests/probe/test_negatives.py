from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgclip import ranking
from fgclip.encoder import Encoder
from fgclip.probe.negatives import MOST_WORDS, standing, standing_of, word_weights

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))
COSINES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=12)


@given(COSINES)
def test_the_true_caption_is_fooled_unless_it_is_above_all_negatives(cosines: list[float]) -> None:
    found = standing_of(np.array(cosines, np.float32), "box", 50.0)

    true, *others = cosines
    assert found.rank == 1 + sum(true - other <= ranking.TIE for other in others)
    assert found.fooled == (found.rank > 1)
    assert found.shares.sum() == pytest.approx(1, abs=1e-5)
    assert found.margin == (true - max(others) if others else None)


def test_a_negative_that_ties_fools_and_comes_first() -> None:
    found = standing_of(np.array([0.3, 0.3, 0.1], np.float32), "box", 50.0)
    assert (found.fooled, found.rank, found.margin) == (True, 2, 0.0)


def test_cosines_are_the_encoders_by_the_route_that_is_asked_for(encoder: Encoder) -> None:
    texts = ["the cat", "the dog", "the cat cat"]
    seen = encoder.encode_regions(PICTURE, [[0.1, 0.1, 0.6, 0.9]])[0]

    for route in ("short", "long"):
        found = standing(encoder, seen, texts, route, 10.0)
        np.testing.assert_allclose(
            found.cosines, encoder.encode_text(texts, route) @ seen, atol=1e-6
        )
        assert found.route == route


def test_a_word_weighs_what_the_cosine_loses_without_it(encoder: Encoder) -> None:
    seen = encoder.encode_image(PICTURE)[0]

    cat, the, dog = word_weights(encoder, seen, "cat, the dog", "short")

    whole, without = encoder.encode_text(["cat, the dog", "cat, dog"], "short") @ seen
    assert (the.start, the.end) == (5, 8)
    assert the.delta == pytest.approx(float(whole - without), abs=1e-6)
    assert (cat.start, dog.end) == (0, 12)


def test_one_word_alone_has_no_weight_and_many_are_cut_off(encoder: Encoder) -> None:
    seen = encoder.encode_image(PICTURE)[0]

    assert word_weights(encoder, seen, "cat", "short") == ()
    assert word_weights(encoder, seen, "🐈", "short") == ()
    assert len(word_weights(encoder, seen, "cat " * 300, "long")) == MOST_WORDS
