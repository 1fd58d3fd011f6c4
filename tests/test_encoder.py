"""Pictures, texts and boxes become unit vectors, however they are given."""

from __future__ import annotations

import shutil
import warnings
import weakref
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import fgclip
from fgclip.boxes import BoxError
from fgclip.devices import DeviceError
from fgclip.encoder import LONGEST_KEPT, Encoder, TruncatedTextWarning
from fgclip.inputs.clip_tokenizer import TokenizerError
from fgclip.inputs.images import Picture, open_picture
from fgclip.model.checkpoints.loading import CheckpointError

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
BOXES = [[0.1, 0.2, 0.5, 0.9], [0.0, 0.0, 1.0, 1.0]]


def lengths(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)


def test_paths_bytes_pictures_and_arrays_are_the_same_picture(
    encoder: Encoder, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    Image.fromarray(PICTURE).save(path)
    vectors = encoder.encode_image(
        [path, str(path), path.read_bytes(), Image.fromarray(PICTURE), PICTURE]
    )
    assert vectors.shape == (5, encoder.card.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(lengths(vectors), 1, atol=1e-6)
    np.testing.assert_allclose(vectors, vectors[:1].repeat(5, 0), atol=1e-6)


def test_batches_do_not_change_vectors(encoder: Encoder) -> None:
    pictures = [PICTURE, PICTURE[::-1], PICTURE[:, ::-1]]
    whole, single = encoder.encode_image(pictures), encoder.encode_image(pictures, batch_size=1)
    np.testing.assert_allclose(whole, single, atol=1e-6)


def test_a_batch_never_holds_more_than_two_decoded_pictures(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[weakref.ref[Image.Image]] = []

    def watched(source: Picture) -> Image.Image:
        picture = open_picture(source)
        decoded.append(weakref.ref(picture))
        assert sum(each() is not None for each in decoded) <= 2
        return picture

    monkeypatch.setattr("fgclip.inputs.batching.open_picture", watched)
    assert len(encoder.encode_image([PICTURE] * 4)) == len(decoded) == 4


def test_nothing_in_gives_nothing_out(encoder: Encoder) -> None:
    assert encoder.encode_image([]).shape == (0, 24)
    assert encoder.encode_text([]).shape == (0, 24)
    assert encoder.encode_regions(PICTURE, []).shape == (0, 24)


def test_dense_answers_boxes_and_prompts_from_one_pass(encoder: Encoder) -> None:
    dense = encoder.encode_dense(PICTURE)
    texts = encoder.encode_text(["the cat", "the dog"])
    assert dense.grid == (4, 4)
    assert dense.features.shape == dense.embeddings.shape == (4, 4, 24)
    assert dense.similarity(texts).shape == (2, 4, 4)
    np.testing.assert_allclose(dense.image_embedding, encoder.encode_image(PICTURE)[0], atol=1e-6)
    np.testing.assert_allclose(dense.regions(BOXES), encoder.encode_regions(PICTURE, BOXES))
    np.testing.assert_allclose(lengths(dense.regions(BOXES)), 1, atol=1e-6)
    whole = dense.features.mean((0, 1))
    np.testing.assert_allclose(dense.regions(BOXES)[1], whole / lengths(whole), atol=1e-6)
    cosine = dense.embeddings @ texts[1]
    np.testing.assert_allclose(dense.similarity(texts)[1], cosine, atol=1e-6)


def test_texts_of_another_precision_are_texts_too(encoder: Encoder) -> None:
    dense, texts = encoder.encode_dense(PICTURE), encoder.encode_text(["the cat", "the dog"])
    found = dense.similarity(texts.astype(np.float64))
    np.testing.assert_array_equal(found, dense.similarity(texts))
    assert dense.similarity(texts[0]).shape == (1, 4, 4)


@pytest.mark.parametrize("shape", [(2, 23), (25,), (1, 2, 24)])
def test_texts_of_another_model_are_named(encoder: Encoder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="give rows of 24 numbers") as refused:
        encoder.encode_dense(PICTURE).similarity(np.zeros(shape, np.float32))
    assert f"shape {shape}" in str(refused.value)


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_holds_at_least_one(encoder: Encoder, size: int) -> None:
    with pytest.raises(ValueError, match=f"batch_size {size} encodes nothing; give 1 or more"):
        encoder.encode_text(["the cat"], batch_size=size)
    with pytest.raises(ValueError, match=f"batch_size {size} encodes nothing; give 1 or more"):
        encoder.encode_image([PICTURE], batch_size=size)


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ([0.5, 0.5, 0.5, 0.9], "no area"),
        ([0.6, 0.1, 0.2, 0.9], "inverted"),
        ([0.1, float("nan"), 0.2, 0.9], "NaN"),
        ([0.1, 0.1, 12, 40], "leaves the picture"),
        ([0.1, 0.1, 0.5], "give rows of x0 y0 x1 y1"),
    ],
)
def test_impossible_boxes_are_named(encoder: Encoder, box: list[float], message: str) -> None:
    with pytest.raises(BoxError, match=message):
        encoder.encode_regions(PICTURE, [box])


def test_texts_keep_their_order_and_are_remembered(encoder: Encoder) -> None:
    texts = ["a long cat story " * 3, "cat", "a long cat story " * 3, "", "猫 🐈"]
    first = encoder.encode_text(texts)
    np.testing.assert_allclose(lengths(first), 1, atol=1e-6)
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first, encoder.encode_text(texts))
    np.testing.assert_allclose(first[1], encoder.encode_text("cat")[0], atol=1e-6)


def test_only_texts_of_a_usual_length_are_remembered(encoder: Encoder) -> None:
    long = "x" * (LONGEST_KEPT + 1)
    with pytest.warns(TruncatedTextWarning):
        encoder.encode_text([long, "kept"])
    kept = {text for _, text in encoder._texts}
    assert "kept" in kept
    assert long not in kept


def test_case_does_not_matter(encoder: Encoder) -> None:
    upper, lower = encoder.encode_text(["The Cat", "the cat"])
    np.testing.assert_allclose(upper, lower, atol=1e-6)


def test_text_that_does_not_fit_is_cut_with_a_warning(encoder: Encoder) -> None:
    text = "dog " * 2000
    with pytest.warns(TruncatedTextWarning, match="77 tokens of the short route"):
        short = encoder.encode_text(text)
    report = encoder.token_report(text, "short")
    assert (report.tokens, report.limit, report.truncated) == (2002, 77, True)
    assert report.kept_text == ("dog " * 75).strip()
    np.testing.assert_allclose(short, encoder.encode_text(report.kept_text), atol=1e-6)


def test_auto_takes_the_long_route_for_long_texts(encoder: Encoder) -> None:
    assert encoder.token_report("dog " * 75, "auto").route == "short"
    assert encoder.token_report("dog " * 76, "auto").route == "long"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        auto = encoder.encode_text("dog " * 100, "auto")
    np.testing.assert_array_equal(auto, encoder.encode_text("dog " * 100, "long"))


def test_unknown_route_is_named(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="'medium' is not one of auto, short, long, box"):
        encoder.encode_text("cat", "medium")  # type: ignore[arg-type]


def test_card_holds_the_facts(encoder: Encoder, model_folder: Path) -> None:
    card = encoder.card
    assert card.family == "FG-CLIP"
    assert card.dimensions == 24
    assert (card.image_size, card.patch_size, card.grid_size) == (64, 16, 4)
    assert (card.short_context, card.long_context) == (77, 248)
    assert len(card.sha256) == 64
    assert card.bytes == (model_folder / "model.safetensors").stat().st_size
    assert card.parameters == sum(p.numel() for p in encoder.model.parameters())
    assert card.scale == pytest.approx(1 / 0.07)


def test_another_picture_size_gives_another_grid(model_folder: Path) -> None:
    large = fgclip.load(model_folder, device="cpu", dtype="float32", image_size=96)
    assert large.encode_dense(PICTURE).grid == (6, 6)
    for size in (100, 0, -16):
        with pytest.raises(ValueError, match=f"image_size {size} is not a multiple"):
            fgclip.load(model_folder, device="cpu", dtype="float32", image_size=size)


def test_lower_precision_stays_close(model_folder: Path, encoder: Encoder) -> None:
    rounded = fgclip.load(model_folder, device="cpu", dtype="bfloat16")
    found, exact = rounded.encode_image(PICTURE)[0], encoder.encode_image(PICTURE)[0]
    assert found.dtype == np.float32
    assert 0.99 < found @ exact < 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"device": "abacus"}, "'abacus'"),
        ({"device": "meta"}, "'meta' cannot be used here"),
        ({"dtype": "float8"}, "'float8' is not one of auto"),
    ],
)
def test_unknown_devices_and_dtypes_are_named(
    model_folder: Path, arguments: dict[str, str], message: str
) -> None:
    with pytest.raises(DeviceError, match=message):
        fgclip.load(model_folder, **arguments)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("preprocessor_config.json", b"[]"),
        ("preprocessor_config.json", b'{"image_mean": [NaN, 0, 0]}'),
        ("preprocessor_config.json", b'{"image_std": [1, 1, 0]}'),
        ("preprocessor_config.json", b'{"image_std": [1, 1]}'),
        ("MODEL_CARD.md", b"---\n\xff\n---"),
    ],
)
def test_a_broken_file_beside_the_weights_is_named(
    model_folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    shutil.copytree(model_folder, tmp_path / "model")
    (tmp_path / "model" / name).write_bytes(content)
    with pytest.raises(CheckpointError, match=name):
        fgclip.load(tmp_path / "model", device="cpu", dtype="float32")


def test_the_model_cards_head_becomes_notes(model_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(model_folder, tmp_path / "model")
    (tmp_path / "model" / "MODEL_CARD.md").write_text("---\nlicense: mit\n---\n# A model\n")
    card = fgclip.load(tmp_path / "model", device="cpu", dtype="float32").card
    assert card.notes == {"license": "mit"}


def test_folder_without_tokenizer_says_so(model_folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((model_folder / name).read_bytes())
    with pytest.raises(TokenizerError, match="neither tokenizer.json nor vocab.json"):
        fgclip.load(tmp_path)


def test_tokenizer_of_another_model_is_refused(model_folder: Path, tmp_path: Path) -> None:
    from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary

    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((model_folder / name).read_bytes())
    Tokenizer(build_backend(clip_vocabulary(["t h"]), ["t h"])).save(tmp_path)
    with pytest.raises(CheckpointError, match="number of tokens is 515, the weights' 521"):
        fgclip.load(tmp_path)
