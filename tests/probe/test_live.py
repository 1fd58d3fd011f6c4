"""What is sent to the page is enough to score any box there."""

from __future__ import annotations

import numpy as np
from PIL import Image

from fgclip.encoder import Encoder
from fgclip.model.regions import sampling_weights
from fgclip.probe.live import (
    features_are_smaller,
    gram_triangle,
    little_endian,
    patch_features,
    prompt_products,
)

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))


def weights(box: list[float], height: int, width: int) -> np.ndarray:
    """RoIAlign weights of a box: (HW,)."""
    import torch

    x0, y0, x1, y1 = torch.tensor(box).view(4, 1)
    rows = sampling_weights(y0 * height, y1 * height, height)
    columns = sampling_weights(x0 * width, x1 * width, width)
    return torch.outer(rows[0], columns[0]).flatten().numpy()


def test_products_and_gram_matrix_give_the_regions_cosine(encoder: Encoder) -> None:
    dense = encoder.encode_dense(PICTURE)
    texts = encoder.encode_text(["the cat", "the dog"])
    count = dense.grid[0] * dense.grid[1]
    gram = np.zeros((count, count))
    gram[np.triu_indices(count)] = gram_triangle(dense)
    gram += np.triu(gram, 1).T
    products = prompt_products(dense, texts).astype(float)
    for box in ([0.1, 0.2, 0.5, 0.9], [0.0, 0.0, 1.0, 1.0], [0.4, 0.4, 0.42, 0.43]):
        weight = weights(box, *dense.grid)
        found = products @ weight / np.sqrt(weight @ gram @ weight)
        np.testing.assert_allclose(found, texts @ dense.regions([box])[0], atol=1e-3)


def test_the_products_of_a_prompt_do_not_depend_on_what_is_asked_with_it() -> None:
    rng = np.random.default_rng(0)

    class Field:
        features = rng.standard_normal((14, 14, 512), np.float32)

    texts = rng.standard_normal((9, 512), np.float32)
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    together = prompt_products(Field(), texts)  # type: ignore[arg-type]
    for count in (1, 2, 5):
        for start in range(0, len(texts), count):
            some = slice(start, start + count)
            alone = prompt_products(Field(), texts[some])  # type: ignore[arg-type]
            np.testing.assert_array_equal(alone, together[some])


def test_features_give_it_where_they_are_smaller(encoder: Encoder) -> None:
    dense = encoder.encode_dense(PICTURE)
    assert not features_are_smaller(dense)  # 16 patches of 24 numbers
    height, width, dimensions = dense.features.shape
    features = patch_features(dense).astype(float).reshape(height * width, dimensions)
    gram = np.zeros((height * width, height * width))
    gram[np.triu_indices(len(gram))] = gram_triangle(dense)
    np.testing.assert_allclose(np.triu(features @ features.T), gram, atol=4e-3)

    class Large:
        features = np.ones((8, 7, 24), np.float32)

    assert features_are_smaller(Large())  # type: ignore[arg-type]


def test_a_patch_has_a_mean_squared_length_of_one_whatever_the_model(encoder: Encoder) -> None:
    dense = encoder.encode_dense(PICTURE)
    count = dense.grid[0] * dense.grid[1]
    rows, columns = np.triu_indices(count)
    diagonal = gram_triangle(dense)[rows == columns]
    np.testing.assert_allclose(diagonal.astype(float).mean(), 1, atol=1e-3)


def test_two_bytes_a_value_whatever_the_machine() -> None:
    assert little_endian(np.array([1.0, -2.0], np.float16)) == b"\x00\x3c\x00\xc0"


def test_the_triangle_of_14_by_14_patches_stays_far_below_half_a_megabyte() -> None:
    class Field:
        grid = (14, 14)
        features = np.ones((14, 14, 8), np.float32)

    assert gram_triangle(Field()).nbytes == 196 * 197  # type: ignore[arg-type]
