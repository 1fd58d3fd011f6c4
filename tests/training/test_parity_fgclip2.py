"""The losses that FG-CLIP 2 adds are the original's, on its own tiny embeddings.

`out.…` is what upstream's code gave in float32 (tests/data/fgclip2_tiny).
"""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from training.losses import contrastive, embeddings, pairwise_sigmoid, text_spread

TINY = Path(__file__).parents[1] / "data" / "fgclip2_tiny"
SCALE, BIAS = torch.tensor(2.0).exp(), torch.tensor(-3.0)
REGION_SCALE = torch.tensor(2.5).exp()


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


@pytest.fixture(scope="module")
def unit(original: dict[str, Tensor]) -> dict[str, Tensor]:
    """Embeddings; of boxes the valid ones."""
    valid = torch.cat(
        [4 * row + torch.arange(n) for row, n in enumerate(original["in.box_counts"])]
    )
    return {
        "image": embeddings(original["out.image_features"]),
        "short": embeddings(original["out.text_short"]),
        "long": embeddings(original["out.text_long"]),
        "box": embeddings(original["out.text_box"])[valid],
        "region": original["out.region_embeddings"][valid],
    }


def captions(unit: dict[str, Tensor]) -> Tensor:
    return pairwise_sigmoid(unit["image"], unit["short"], SCALE, BIAS) + pairwise_sigmoid(
        unit["image"], unit["long"], SCALE, BIAS
    )


def test_captions(original: dict[str, Tensor], unit: dict[str, Tensor]) -> None:
    expected = original["out.loss_global"].squeeze()
    torch.testing.assert_close(captions(unit), expected, rtol=1e-5, atol=0)


def test_regions_and_the_spread_of_their_phrases(
    original: dict[str, Tensor], unit: dict[str, Tensor]
) -> None:
    regions = contrastive(unit["region"], unit["box"], REGION_SCALE)
    found = captions(unit) + 0.2 * regions + 0.1 * text_spread(unit["box"])
    expected = original["out.loss_global_region"].squeeze()
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=0)
