"""OWLv2 and Grounding DINO as proposals; both are made here, tiny and random."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForZeroShotObjectDetection,
    AutoProcessor,
    Owlv2ForObjectDetection,
)
from transformers.core_model_loading import revert_weight_conversion

from fgclip.adapters.detector import MOST, Detector, _proposed
from fgclip.model.checkpoints.hub import ModelNotFoundError
from fgclip.model.checkpoints.loading import CheckpointError
from tests.support.detectors import save_dino, save_owl

PHRASES = ["the cat", "a dog"]


@pytest.fixture(scope="module")
def owl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("detectors") / "tiny-owl"
    save_owl(folder)
    return folder


@pytest.fixture(scope="module")
def dino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("detectors") / "tiny-dino"
    save_dino(folder)
    return folder


@pytest.fixture
def copied(owl: Path, tmp_path: Path) -> Path:
    """OWLv2, to be spoilt."""
    return Path(shutil.copytree(owl, tmp_path / "copied"))


def noise(size: tuple[int, int]) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def librarys_own(folder: Path, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Full boxes of the library's own post-processing as fractions, and scores; likeliest first."""
    model = AutoModelForZeroShotObjectDetection.from_pretrained(folder).eval()
    processor = AutoProcessor.from_pretrained(folder)
    inputs = processor(text=[PHRASES], images=noise(size), return_tensors="pt")
    with torch.inference_mode():
        outputs = model(**inputs)
    if "objectness_logits" in outputs:
        outputs.logits = outputs.objectness_logits[..., None]  # what ranks boxes here
    (results,) = processor.post_process_grounded_object_detection(
        outputs, threshold=-1, target_sizes=[size[::-1]]
    )
    corners = (results["boxes"].numpy() / np.array([*size] * 2)).clip(0, 1)
    full = (corners[:, 2:] > corners[:, :2]).all(axis=1)
    scores = results["scores"].numpy()[full]
    order = np.argsort(-scores, kind="stable")
    return corners[full][order], scores[order]


@pytest.mark.parametrize("kind", ["owl", "dino"])
@pytest.mark.parametrize("size", [(60, 40), (30, 70), (50, 50)])
def test_boxes_are_the_librarys_own_whatever_the_pictures_shape(
    kind: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(kind)

    found = Detector.load(folder, device="cpu").propose(noise(size), PHRASES)

    boxes, objectness = librarys_own(folder, size)
    np.testing.assert_allclose(found.boxes, boxes, atol=1e-5)
    np.testing.assert_allclose(found.objectness, objectness, atol=1e-6)


def test_preprocessing_may_have_a_file_of_its_own(owl: Path, copied: Path) -> None:
    both = json.loads((copied / "processor_config.json").read_text())
    (copied / "processor_config.json").unlink()
    (copied / "preprocessor_config.json").write_text(json.dumps(both["image_processor"]))

    older, newer = (Detector.load(folder, device="cpu") for folder in (copied, owl))

    first, second = (each.propose(noise((60, 40)), PHRASES) for each in (older, newer))
    np.testing.assert_array_equal(first.boxes, second.boxes)


@pytest.mark.parametrize("kind", ["owl", "dino"])
def test_proposals_are_full_boxes_inside_the_picture_likeliest_first(
    kind: str, request: pytest.FixtureRequest
) -> None:
    detector = Detector.load(request.getfixturevalue(kind), device="cpu")

    found = detector.propose(noise((60, 40)).convert("RGBA"), PHRASES)

    assert detector.name == f"tiny-{kind}"
    assert found.boxes.dtype == found.objectness.dtype == np.float32
    assert found.boxes.shape == (len(found.objectness), 4)
    assert found.boxes.min() >= 0
    assert found.boxes.max() <= 1
    assert (found.boxes[:, 2:] > found.boxes[:, :2]).all()
    assert (np.diff(found.objectness) <= 0).all()
    assert found.objectness.min() >= 0


def test_the_likeliest_three_hundred_are_kept() -> None:
    boxes = np.tile(np.array([0.5, 0.5, 0.2, 0.2], np.float32), (MOST + 50, 1))
    boxes[-1] = (1.5, 0.5, 0.2, 0.2)  # outside the picture

    found = _proposed(boxes, np.linspace(0, 1, len(boxes), dtype=np.float32))

    assert len(found.boxes) == MOST == 300
    assert found.objectness[0] == pytest.approx(1 - 1 / (MOST + 49))


@pytest.mark.parametrize("kind", ["owl", "dino"])
def test_every_tensor_is_the_files(kind: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(kind)
    model = Detector.load(folder, device="cpu")._family._model
    held = revert_weight_conversion(model, model.state_dict())

    tensors = load_file(folder / "model.safetensors")

    assert len(tensors) > 50
    assert all(torch.equal(held[name], value) for name, value in tensors.items())


def test_phrases_that_do_not_fit_at_once_are_asked_in_turn(dino: Path) -> None:
    detector = Detector.load(dino, device="cpu")
    picture = noise((60, 40))

    together = detector.propose(picture, ["the cat", "a dog", "the dog.", "", "a cat"])

    parts = [["the cat", "a dog", "the dog"], ["a cat"]]
    apart = [detector.propose(picture, part) for part in parts]
    objectness = np.concatenate([each.objectness for each in apart])
    np.testing.assert_array_equal(together.objectness, -np.sort(-objectness))
    with pytest.raises(ValueError, match="has more tokens than the 12"):
        detector.propose(picture, ["the cat " * 8])
    with pytest.raises(ValueError, match="needs a phrase"):
        detector.propose(picture, [" "])


def of_another_type(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "owlvit"}))


def without_type(folder: Path) -> None:
    (folder / "config.json").write_text("{}")


def with_a_pickle_only(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def cut_short(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def changed(**tensors: torch.Tensor | None) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        held = load_file(path) | {name.replace("__", "."): value for name, value in tensors.items()}
        kept = {name: value for name, value in held.items() if value is not None}
        save_file(kept, path, metadata={"format": "pt"})

    return change


def removed(name: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        (folder / name).unlink()

    return remove


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (of_another_type, "'owlvit'.*Use one of owlv2, grounding-dino"),
        (without_type, "does not say which model"),
        (removed("config.json"), "has no config.json"),
        (removed("model.safetensors"), "has no model.safetensors"),
        (removed("processor_config.json"), "Owlv2ImageProcessorPil cannot be read"),
        (with_a_pickle_only, "a pickle, which could run code"),
        (cut_short, "damaged or incomplete"),
        (changed(objectness_head__dense0__bias=None), "1 missing weights, first objectness_head"),
        (changed(objectness_head__dense0__bias=torch.zeros(7)), "1 mismatched weights"),
        (changed(extra=torch.zeros(1)), "'extra', which the model does not have"),
        (changed(layer_norm__bias=torch.full((32,), torch.nan)), "NaN or infinite"),
    ],
)
def test_what_is_not_sound_is_refused_with_a_remedy(
    spoil: Callable[[Path], None], told: str, copied: Path
) -> None:
    spoil(copied)

    with pytest.raises(CheckpointError, match=told):
        Detector.load(copied, device="cpu")


def test_a_tensor_that_loading_has_changed_is_refused(
    owl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Owlv2ForObjectDetection.from_pretrained

    def careless(*flags: Any, **named: Any) -> Any:
        model, report = load(*flags, **named)
        torch.nn.init.normal_(model.layer_norm.weight)
        return model, report

    monkeypatch.setattr(Owlv2ForObjectDetection, "from_pretrained", careless)

    with pytest.raises(CheckpointError, match="'layer_norm.weight' is not the file's"):
        Detector.load(owl, device="cpu")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no such folder"):
        Detector.load(tmp_path / "none")
