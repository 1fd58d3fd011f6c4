"""SigLIP and SigLIP 2 for pictures of one size, as people use them."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import SiglipImageProcessorPil, SiglipModel

import fgclip
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from fgclip.model.checkpoints.loading import CheckpointError
from tests.support.checkpoints import random_siglip
from tests.support.training import tiny_siglip_tokenizer

RANDOM = np.random.default_rng(0)
WIDE, TALL, SMALL = (
    Image.fromarray(RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8))
    for width, height in ((60, 40), (20, 80), (9, 9))
)
ON_CPU = {"device": "cpu", "dtype": "float32"}
BOXES = [[0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1], [0.5, 0.5, 1, 1]]


def saved(folder: Path, resample: int | None = None, **sizes: Any) -> SiglipModel:
    """A model's folder as the hub has it, with a tokenizer of a few words."""
    tokenizer = tiny_siglip_tokenizer()
    tokenizer.save(folder)
    theirs = random_siglip(**{"vocab_size": tokenizer.vocab_size, **sizes})
    theirs.save_pretrained(folder)
    if resample is not None:
        settings = {"resample": resample, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
        (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    return theirs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("siglip2")
    saved(place, 2)
    return place


@pytest.fixture(scope="module")
def siglip2(folder: Path) -> Encoder:
    return fgclip.load(folder, **ON_CPU)


def test_the_card_tells_the_square_and_which_route_is_trained(siglip2: Encoder) -> None:
    card = siglip2.card
    assert (card.family, card.image_size, card.patch_size) == ("SigLIP 2", 16, 4)
    assert (card.grid_size, card.most_patches) == (4, None)
    assert (card.short_context, card.long_context) == (24, 36)
    assert (card.trained_routes, card.routes) == (("short",), ("short", "long", "box"))
    assert card.notes["text_routes"].startswith("short is trained; long is a copy of it")
    assert card.bias is not None
    assert card.mean == card.std == (0.5, 0.5, 0.5)


@torch.no_grad()
@pytest.mark.parametrize("resample", [2, 3])
def test_pictures_and_texts_are_transformers(tmp_path: Path, resample: int) -> None:
    theirs = saved(tmp_path, resample)
    ours = fgclip.load(tmp_path, **ON_CPU)
    assert ours.card.reading == ("bicubic resizing" if resample == 3 else "")  # its family's is 2
    processor = SiglipImageProcessorPil(resample=resample, size={"height": 16, "width": 16})
    pixels = processor([WIDE, TALL, SMALL], return_tensors="pt")["pixel_values"]
    right = F.normalize(theirs.get_image_features(pixels).pooler_output, dim=1)
    np.testing.assert_allclose(ours.encode_image([WIDE, TALL, SMALL]), right, atol=1e-5)

    ids = torch.zeros(1, 24, dtype=torch.long)
    ids[0, :4] = torch.tensor([3, 4, 7, 1])  # a red square, end
    right = F.normalize(theirs.get_text_features(ids).pooler_output, dim=1)
    np.testing.assert_allclose(ours.encode_text("A RED square"), right, atol=1e-5)


@torch.no_grad()
def test_pixels_beyond_whole_patches_are_dropped_as_by_transformers(tmp_path: Path) -> None:
    theirs = saved(tmp_path, 2, image_size=18)  # as so400m has 384 pixels and patches of 14
    ours = fgclip.load(tmp_path, **ON_CPU)
    assert (ours.card.image_size, ours.card.grid_size, ours.card.reading) == (18, 4, "")
    processor = SiglipImageProcessorPil(resample=2, size={"height": 18, "width": 18})
    pixels = processor([WIDE, TALL], return_tensors="pt")["pixel_values"]
    right = F.normalize(theirs.get_image_features(pixels).pooler_output, dim=1)
    np.testing.assert_allclose(ours.encode_image([WIDE, TALL]), right, atol=1e-5)
    assert ours.encode_dense(WIDE).grid == (4, 4)
    assert ours.card.notes["pictures"].startswith("the last 2 of 18 pixels")
    assert fgclip.load(tmp_path, **ON_CPU, image_size=16).card.reading == "16 pixels"
    with pytest.raises(ValueError, match="image_size 22 is not a multiple"):
        fgclip.load(tmp_path, **ON_CPU, image_size=22)


def test_dense_maps_are_squares_and_batches_are_as_alone(siglip2: Encoder) -> None:
    pictures, owners = [WIDE, TALL, SMALL], [2, 0, 0]
    prepared = [siglip2.prepare(picture) for picture in pictures]
    images, regions = siglip2.encode_prepared(prepared, BOXES, owners)
    np.testing.assert_allclose(images, siglip2.encode_image(pictures), atol=1e-5)
    for row, box, owner in zip(regions, BOXES, owners, strict=True):
        dense = siglip2.encode_dense(pictures[owner])
        assert dense.grid == (4, 4)
        np.testing.assert_allclose(row, dense.regions([box])[0], atol=1e-5)


def test_auto_never_takes_the_route_that_nobody_trained(siglip2: Encoder) -> None:
    text = "a red square " * 10
    report = siglip2.token_report(text, "auto")
    assert (report.route, report.tokens, report.limit) == ("short", 31, 24)
    with pytest.warns(TruncatedTextWarning, match="24 tokens of the short route"):
        siglip2.encode_text(text, "auto")
    assert siglip2.token_report(text, "long").truncated is False


def test_another_size_gives_another_grid_and_a_budget_is_refused(folder: Path) -> None:
    assert fgclip.load(folder, **ON_CPU, image_size=24).encode_dense(WIDE).grid == (6, 6)
    with pytest.raises(ValueError, match="image_size 18 is not a multiple of the patch size 4"):
        fgclip.load(folder, image_size=18)
    with pytest.raises(ValueError, match=r"most_patches 256: .* give image_size"):
        fgclip.load(folder, most_patches=256)
    with pytest.raises(ValueError, match="never padded"):
        fgclip.load(folder, pad=True)


@pytest.mark.parametrize("resample", [9, "bicubic", [3]])
def test_an_unknown_filter_is_refused(tmp_path: Path, resample: Any) -> None:
    saved(tmp_path, resample)
    with pytest.raises(CheckpointError, match="none of Pillow's filters"):
        fgclip.load(tmp_path, **ON_CPU)


def test_a_kernel_of_another_size_is_named(tmp_path: Path) -> None:
    saved(tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    name = "vision_model.embeddings.patch_embedding.weight"
    save_file(tensors | {name: torch.zeros(32, 3, 8, 8)}, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"patch_embedding.weight' has shape \(32, 3, 8, 8\)"):
        fgclip.load(tmp_path)


def old_tokenizer(size: int) -> SiglipTokenizer:
    """SigLIP's: one mark, which ends and pads."""
    words = ["<pad>", "</s>", "<unk>", "a", "red", "square", "ball"]
    words += [f"filler{number}" for number in range(size - len(words))]
    vocabulary = {word: number for number, word in enumerate(words)}
    backend = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return SiglipTokenizer(backend)


def test_siglip_pads_with_its_end_mark_and_reads_no_punctuation() -> None:
    tokenizer = old_tokenizer(10)
    found = tokenizer.batch(["A red,  square!", "ball", string.punctuation], 64)
    assert found.ids.tolist() == [[3, 4, 5, 1], [6, 1, 1, 1], [1, 1, 1, 1]]
    assert (found.padding, found.lengths.tolist()) == (1, [4, 2, 1])
    assert tokenizer.count("a - red.") == 3
    assert tokenizer.cut("A red, square", 3) == "a red"
    assert tokenizer.cut("A red square", 3) == "A red"


@torch.no_grad()
def test_siglip_itself_reads_texts_as_transformers(tmp_path: Path) -> None:
    theirs = saved(tmp_path, vocab_size=32_000, hidden_size=8)
    old_tokenizer(32_000).save(tmp_path)
    ours = fgclip.load(tmp_path, **ON_CPU)
    assert (ours.card.family, ours.card.trained_routes) == ("SigLIP", ("short",))
    assert "punctuation is not read" in ours.card.prompt_style
    ids = torch.ones(1, 24, dtype=torch.long)
    ids[0, :3] = torch.tensor([3, 4, 6])
    right = F.normalize(theirs.get_text_features(ids).pooler_output, dim=1)
    np.testing.assert_allclose(ours.encode_text("A red ball."), right, atol=1e-5)
    pixels = SiglipImageProcessorPil(size={"height": 16, "width": 16})(WIDE, return_tensors="pt")
    right = F.normalize(theirs.get_image_features(**pixels).pooler_output, dim=1)
    np.testing.assert_allclose(ours.encode_image(WIDE), right, atol=1e-5)  # bicubic by default
