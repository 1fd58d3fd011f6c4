"""The page's arithmetic is the model's arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Page

from fgclip.model.regions import region_features, sampling_weights
from tests.support.pages.probe import ProbePage

SCORE = """async ({height, width, features, texts, boxes}) => {
    const {Features, Gram, Scorer} = await import('/web/scoring/roi_scores.js');
    const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const rest = features.map((_, i) => features.slice(i));
    const triangle = features.flatMap((row, i) => rest[i].map((other) => dot(row, other)));
    const products = texts.map((text) => Float32Array.from(features, (row) => dot(row, text)));
    const n = height * width;
    const ways = [[Gram, triangle], [Features, features.flat()]];
    return ways.map(([Way, values]) => {
        const patches = new Way(Float32Array.from(values), n);
        const scorer = new Scorer(height, width, patches);
        return {
            boxes: boxes.map((box) => [...scorer.score(box, products)]),
            patches: products.map((product) => [...scorer.patchCosines(product)]),
        };
    });
}"""
WEIGHTS = """async (cases) => {
    const {samplingWeights} = await import('/web/scoring/roi_scores.js');
    return cases.map(([start, end, size]) => {
        const {first, weights} = samplingWeights(start, end, size);
        const all = new Array(size).fill(0);
        weights.forEach((weight, i) => all[first + i] = weight);
        return all;
    });
}"""


@pytest.fixture
def blank(page: Page, address: str) -> Page:
    page.goto(address + "web/scoring/roi_scores.js")
    return page


def random_boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    corners = np.sort(rng.random((count, 2, 2)), axis=1).reshape(count, 4).astype(np.float32)
    return corners[(corners[:, 2:] - corners[:, :2]).min(axis=1) > 0]


def test_sampling_weights_are_those_of_the_model(blank: Page) -> None:
    rng = np.random.default_rng(0)
    cases = [
        [float(start), float(end), size]
        for size in (1, 4, 12, 14, 24, 32)
        for start, end in np.sort(rng.random((40, 2)).astype(np.float32), axis=1)
    ]
    cases += [[0.0, 1.0, 14], [0.5, 0.5, 14], [0.0, 1 / 14, 14], [3 / 14, 7 / 14, 14]]
    found = blank.evaluate(WEIGHTS, cases)
    for (start, end, size), row in zip(cases, found, strict=True):
        ends = [torch.tensor([end], dtype=torch.float32) * size for end in (start, end)]
        expected = sampling_weights(*ends, size)[0].numpy()
        np.testing.assert_allclose(row, expected, atol=2e-6, err_msg=f"{start} {end} {size}")


@pytest.mark.parametrize(("height", "width"), [(14, 14), (24, 24), (7, 11)])
def test_page_and_model_give_a_box_the_same_cosine(blank: Page, height: int, width: int) -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(height * width, 16)).astype(np.float32) + 0.5
    texts = rng.normal(size=(3, 16)).astype(np.float32)
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    boxes = random_boxes(rng, 20)
    found = blank.evaluate(
        SCORE,
        {
            "height": height,
            "width": width,
            "features": features.tolist(),
            "texts": texts.tolist(),
            "boxes": boxes.tolist(),
        },
    )
    dense = torch.from_numpy(features.T.reshape(1, 16, height, width).copy())
    owner = torch.zeros(len(boxes), dtype=torch.long)
    regions = F.normalize(region_features(dense, torch.from_numpy(boxes), owner), dim=-1)
    lengths = np.linalg.norm(features, axis=1)
    for way in found:  # by the Gram matrix, and by the features
        expected = (regions @ torch.from_numpy(texts).T).numpy()
        np.testing.assert_allclose(way["boxes"], expected, atol=2e-5)
        np.testing.assert_allclose(way["patches"], texts @ features.T / lengths, atol=2e-5)


def test_values_of_the_page_agree_with_the_server_after_release(probe: ProbePage) -> None:
    for end in ((0.9, 0.6), (0.62, 0.31), (0.75, 0.95)):
        probe.drag((0.6, 0.05), end)
        probe.wait_for_scores()
        apart = probe.page.locator(".fx-probe").get_attribute("data-apart")
        assert apart is not None
        assert float(apart) <= 1e-3
        probe.page.keyboard.press("Delete")
        probe.page.keyboard.press("Escape")
