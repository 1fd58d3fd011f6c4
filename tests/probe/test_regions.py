"""Scores of regions, crops and the whole picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from fgclip.boxes import BoxError
from fgclip.encoder import Encoder
from fgclip.probe.prompts import Prompt, embed_prompts
from fgclip.probe.regions import crops, scores, softmax

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))
BOXES = [[0.1, 0.2, 0.5, 0.9], [0.0, 0.0, 1.0, 1.0]]
PROMPTS = [Prompt("the cat"), Prompt("the dog", "long"), Prompt("cat", "box")]


def test_scores_are_cosines_of_the_encoders_vectors(encoder: Encoder) -> None:
    found = scores(encoder, PICTURE, BOXES, PROMPTS)
    texts = np.stack([encoder.encode_text(each.text, each.route)[0] for each in PROMPTS])
    np.testing.assert_allclose(found.region, encoder.encode_regions(PICTURE, BOXES) @ texts.T)
    np.testing.assert_allclose(found.picture, texts @ encoder.encode_image(PICTURE)[0], atol=1e-6)
    # A crop of everything is the picture itself.
    np.testing.assert_allclose(found.crop[1], found.picture, atol=1e-6)


def test_no_box_leaves_the_whole_picture(encoder: Encoder) -> None:
    found = scores(encoder, PICTURE, [], PROMPTS)
    assert found.region.shape == found.crop.shape == (0, 3)
    assert found.picture.shape == (3,)


def test_an_inverted_box_is_named(encoder: Encoder) -> None:
    with pytest.raises(BoxError, match="box 1 .* is inverted"):
        scores(encoder, PICTURE, [[0.5, 0.1, 0.2, 0.9]], PROMPTS)


def test_prompts_keep_their_order_whatever_their_routes(encoder: Encoder) -> None:
    vectors = embed_prompts(encoder, PROMPTS)
    np.testing.assert_allclose(vectors[1], encoder.encode_text("the dog", "long")[0])
    np.testing.assert_allclose(vectors[2], encoder.encode_text("cat", "box")[0])


def test_crops_round_outwards_to_whole_pixels_and_hold_at_least_one() -> None:
    picture = Image.new("RGB", (10, 20))
    boxes = np.array([[0.11, 0.26, 0.39, 0.51], [0.999, 0.999, 1, 1]], np.float32)
    assert [crop.size for crop in crops(picture, boxes)] == [(3, 6), (1, 1)]


def test_softmax_multiplies_by_the_scale() -> None:
    shares = softmax(np.array([0.3, 0.2], np.float32), scale=10 * np.log(3))
    np.testing.assert_allclose(shares, [0.75, 0.25], atol=1e-6)
