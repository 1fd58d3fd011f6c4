"""An encoder of pictures at their own shape gives what the originals give, from files to vectors.

`out.…` is what upstream's code gave in float32 (tests/data/fgclip2_tiny); SigLIP 2 is that of
transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor
from transformers import Siglip2Config, Siglip2Model
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

from fgclip.card import Card
from fgclip.encoder import Encoder
from fgclip.inputs.batching import NaFlexInputs
from fgclip.inputs.clip_tokenizer import TokenBatch
from fgclip.model.checkpoints.loading import load_model
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.naflex import Patches
from fgclip.zoo import load
from tests.support.training import tiny_siglip_tokenizer

TINY = Path(__file__).parent / "data" / "fgclip2_tiny"
ROUTE_IDS = {"short": "short_ids", "long": "long_ids", "box": "box_ids"}


def relative_error(found: NDArray[Any], expected: Tensor) -> float:
    right = expected.numpy()
    assert found.shape == right.shape
    return float(np.linalg.norm(found - right) / np.linalg.norm(right))


@dataclass(frozen=True)
class Given(NaFlexInputs):
    """Inputs whose pictures and ids are those of the fixture, named by their number."""

    tensors: Any = None
    ids: str = ""

    def prepare(self, image: Any) -> Any:
        """(H, W, patch·patch·3), already normalised."""
        down, across = self.tensors["in.spatial_shapes"][image].tolist()
        own = self.tensors["in.pixel_values"][image, : down * across]
        return own.numpy().reshape(down, across, -1)

    def batch(self, prepared: Sequence[Any], device: torch.device) -> Patches:
        """Padded, and not normalised again."""
        shapes = torch.tensor([each.shape[:2] for each in prepared])
        flat = [torch.from_numpy(each).flatten(0, 1) for each in prepared]
        pixels = torch.nn.utils.rnn.pad_sequence(flat, batch_first=True)
        return Patches(pixels, torch.arange(pixels.shape[1]) < shapes.prod(1)[:, None], shapes)

    def tokens(self, texts: Sequence[str], limit: int) -> TokenBatch:
        """The fixture's rows."""
        ids = self.tensors[f"in.{self.ids}"][[int(text) for text in texts]].numpy()
        assert ids.shape[1] == limit
        return TokenBatch(ids, 0, np.full(len(ids), limit), np.zeros(len(ids), np.bool_))


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


def encoder_of(original: dict[str, Tensor], ids: str = "short_ids") -> Encoder:
    model = load_model(TINY)
    assert isinstance(model, FGCLIP2)
    config = model.config
    patch, text = config.vision.patch_size, config.text
    half = (0.5, 0.5, 0.5)
    card = Card(
        name="tiny",
        family="FG-CLIP 2",
        source="",
        sha256="",
        bytes=0,
        parameters=0,
        dimensions=config.projection_dim,
        image_size=0,
        patch_size=patch,
        short_context=text.context_length,
        long_context=text.long_context_length,
        scale=1.0,
        device="cpu",
        dtype="float32",
    )
    inputs = Given(tiny_siglip_tokenizer(), patch, half, half, tensors=original, ids=ids)
    return Encoder(model, inputs, card)


def test_pictures_and_regions_of_a_mixed_batch_are_the_originals(
    original: dict[str, Tensor],
) -> None:
    encoder = encoder_of(original)
    count = len(original["in.pixel_values"])
    valid = (torch.arange(4)[None] < original["in.box_counts"][:, None]).flatten()
    boxes = original["in.boxes"].flatten(0, 1)[valid]
    owners = torch.arange(count).repeat_interleave(4)[valid]

    prepared = [encoder.prepare(number) for number in range(count)]  # type: ignore[arg-type]
    images, regions = encoder.encode_prepared(prepared, boxes.numpy(), owners.numpy())

    right = F.normalize(original["out.image_features"], dim=1)
    assert relative_error(images, right) < 1e-5
    assert relative_error(regions, original["out.region_embeddings"][valid]) < 1e-5


def test_dense_features_are_the_originals(original: dict[str, Tensor]) -> None:
    encoder = encoder_of(original)
    for number, (down, across) in enumerate(original["in.spatial_shapes"].tolist()):
        dense = encoder.encode_dense(number)  # type: ignore[arg-type]
        right = original["out.dense_features"][number, : down * across]
        assert dense.grid == (down, across)
        assert relative_error(dense.features, right.view(down, across, -1)) < 1e-5


@pytest.mark.parametrize("route", ["short", "long", "box"])
def test_texts_are_the_originals(route: Any, original: dict[str, Tensor]) -> None:
    ids = ROUTE_IDS[route]
    right = F.normalize(original[f"out.text_{route}"], dim=1)
    texts = [str(row) for row in range(len(right))]
    found = encoder_of(original, ids).encode_text(texts, route)
    assert relative_error(found, right) < 1e-5


RANDOM = np.random.default_rng(1)
PICTURES = [
    Image.fromarray(RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8))
    for width, height in ((320, 96), (80, 400), (64, 64), (37, 201), (1, 90))
]


@pytest.fixture(scope="module")
def siglip2(tmp_path_factory: pytest.TempPathFactory) -> tuple[Siglip2Model, Path]:
    """A random SigLIP 2 of transformers, saved by it, with its processor and a tokenizer."""
    folder = tmp_path_factory.mktemp("siglip2")
    tokenizer = tiny_siglip_tokenizer()
    tower = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 48,
    }
    torch.manual_seed(0)
    config = Siglip2Config(
        text_config={**tower, "vocab_size": tokenizer.vocab_size},
        vision_config={**tower, "patch_size": 16, "num_patches": 16},
    )
    model = Siglip2Model(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.2)
    model.save_pretrained(folder)
    Siglip2ImageProcessorPil(max_num_patches=40).save_pretrained(folder)
    tokenizer.save(folder)
    return model, folder


@torch.no_grad()
def test_siglip_2_sees_what_transformers_sees(siglip2: tuple[Siglip2Model, Path]) -> None:
    theirs, folder = siglip2
    encoder = load(folder, device="cpu", dtype="float32")
    assert (encoder.card.family, encoder.card.most_patches) == ("SigLIP 2", 40)
    assert encoder.card.scale == pytest.approx(float(theirs.logit_scale.exp()))
    assert encoder.card.bias == pytest.approx(float(theirs.logit_bias))

    processor = Siglip2ImageProcessorPil.from_pretrained(folder)
    found = theirs.get_image_features(**processor(PICTURES, return_tensors="pt"))
    right = F.normalize(getattr(found, "pooler_output", found), dim=1)
    assert relative_error(encoder.encode_image(PICTURES), right) < 1e-5


@torch.no_grad()
def test_siglip_2_reads_what_transformers_reads(siglip2: tuple[Siglip2Model, Path]) -> None:
    theirs, folder = siglip2
    encoder = load(folder, device="cpu", dtype="float32")
    ids = torch.zeros(2, 64, dtype=torch.long)
    ids[0, :4] = torch.tensor([3, 4, 7, 1])  # a red square, end
    ids[1, 0] = 1
    found = theirs.get_text_features(input_ids=ids)
    right = F.normalize(getattr(found, "pooler_output", found), dim=1)
    assert relative_error(encoder.encode_text(["A red SQUARE", ""]), right) < 1e-5


@pytest.mark.parametrize("budget", [1, 40, 256, 1000])
def test_patches_are_those_of_transformers_processor(budget: int) -> None:
    half = (0.5, 0.5, 0.5)
    inputs = NaFlexInputs(tiny_siglip_tokenizer(), 16, half, half, budget)
    processor = Siglip2ImageProcessorPil(max_num_patches=budget)
    for picture in PICTURES:
        ours = inputs.batch([inputs.prepare(picture)], torch.device("cpu"))
        theirs = processor([picture], return_tensors="pt")
        assert torch.equal(ours.shapes, theirs["spatial_shapes"])
        own = theirs["pixel_values"][:, : ours.pixels.shape[1]]
        torch.testing.assert_close(ours.pixels, own, rtol=0, atol=1e-6)
