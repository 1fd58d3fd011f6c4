"""A tokenizer fits its weights, and the fastest dtype is a fact of the machine."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor

import fgclip.devices
from fgclip.devices import DTYPE_VARIABLE, DTYPES, DeviceError, choose_device
from fgclip.inputs.clip_tokenizer import BOS, EOS, Tokenizer, build_backend, clip_vocabulary
from fgclip.inputs.images import MEAN
from fgclip.model.checkpoints.loading import CheckpointError
from fgclip.model.config import FGCLIPConfig
from fgclip.model.eva import EVACLIP
from fgclip.model.eva_config import EVACLIPConfig
from fgclip.model.fgclip2_config import FGCLIP2Config
from fgclip.zoo import EMBEDDED, load, load_model
from tests.support.checkpoints import eva_file
from tests.support.models import MERGES

COSTS = {torch.float32: 3, torch.bfloat16: 2}  # seconds of a product on a quiet machine


@pytest.mark.parametrize("config", [FGCLIPConfig(), FGCLIP2Config(), EVACLIPConfig()])
@pytest.mark.parametrize("busy", [range(0), range(5), range(5, 10)])
def test_the_dtype_does_not_depend_on_what_else_the_machine_does(
    busy: range,
    config: FGCLIPConfig | FGCLIP2Config | EVACLIPConfig,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, products = 0.0, 0

    def linear(tokens: Tensor, weight: Tensor) -> Tensor:
        nonlocal now, products
        now += COSTS[tokens.dtype] * (10 if products in busy else 1)
        products += 1
        return tokens[:1, :1]

    monkeypatch.delenv(DTYPE_VARIABLE, raising=False)
    monkeypatch.setattr(fgclip.devices, "F", SimpleNamespace(linear=linear))
    monkeypatch.setattr(fgclip.devices, "time", SimpleNamespace(perf_counter=lambda: now))
    assert choose_device("cpu", "auto", config) == ("cpu", "bfloat16")


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_environment_chooses_a_dtype_that_is_not_given(
    dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DTYPE_VARIABLE, dtype)
    assert choose_device("cpu", "auto", FGCLIPConfig()) == ("cpu", dtype)
    for given in DTYPES:
        assert choose_device("cpu", given, FGCLIPConfig()) == ("cpu", given)


def test_a_dtype_of_the_environment_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DTYPE_VARIABLE, "float8")
    with pytest.raises(DeviceError, match="FGCLIP_DTYPE 'float8' is not one of auto, float32"):
        choose_device("cpu", "auto", FGCLIPConfig())


def test_a_model_alone_has_the_same_names(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMBEDDED, "fgclip-mini", model_folder)
    assert load_model("fgclip-mini").config == load_model(model_folder).config
    assert fgclip.load_model is load_model


def test_a_single_file_loads_alone(tmp_path: Path) -> None:
    path = tmp_path / "eva.pt"
    torch.save(eva_file(), path)
    with pytest.raises(CheckpointError, match="pickle"):
        load_model(path)
    assert isinstance(load_model(path, trust_pickle=True), EVACLIP)


@pytest.mark.parametrize(
    ("swapped", "message"),
    [
        ((BOS, "the</w>"), "begin-of-text id is 515, the weights' 519"),
        ((EOS, "the</w>"), "end-of-text id is 515, the weights' 520"),
    ],
)
def test_a_tokenizer_with_other_marks_is_refused(
    model_folder: Path, tmp_path: Path, swapped: tuple[str, str], message: str
) -> None:
    one, other = swapped
    vocabulary = clip_vocabulary(MERGES)
    vocabulary[one], vocabulary[other] = vocabulary[other], vocabulary[one]
    shutil.copytree(model_folder, tmp_path / "model")
    Tokenizer(build_backend(vocabulary, MERGES)).save(tmp_path / "model")
    with pytest.raises(CheckpointError, match=message):
        load(tmp_path / "model", device="cpu", dtype="float32")


@pytest.mark.parametrize(
    ("note", "below"), [("0.38, measured", 0.38), ("-.1", -0.1), ("low", None)]
)
def test_the_doubtful_cosine_of_a_card_is_a_number(
    model_folder: Path, tmp_path: Path, note: str, below: float | None
) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    (folder / "MODEL_CARD.md").write_text(f"---\ndoubtful_below: {note}\n---\n")
    if below is not None:
        assert load(folder, device="cpu", dtype="float32").card.doubtful_below == below
    else:
        with pytest.raises(CheckpointError, match=r"doubtful_below in MODEL_CARD.md is 'low'"):
            load(folder, device="cpu", dtype="float32")


def test_vectors_of_another_reading_are_not_those_of_the_model(model_folder: Path) -> None:
    plain, large, same = (
        load(model_folder, "cpu", "float32", image_size=size) for size in (None, 128, 64)
    )
    assert same.card.identity == plain.card.identity  # 64 pixels are its own
    assert plain.card.sha256 == large.card.sha256
    assert plain.card.identity == plain.card.sha256
    assert (large.card.reading, large.card.identity) == (
        "128 pixels",
        f"{plain.card.sha256} 128 pixels",
    )


@pytest.mark.parametrize(
    ("settings", "reading"),
    [
        ({"image_mean": list(MEAN)}, ""),  # as the family has it
        (
            {"image_mean": [0.5] * 3, "image_std": [0.5] * 3},
            "mean 0.5 0.5 0.5, deviation 0.5 0.5 0.5",
        ),
    ],
)
def test_vectors_of_another_preprocessing_are_not_those_of_the_model(
    model_folder: Path, tmp_path: Path, settings: dict[str, list[float]], reading: str
) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    card = load(folder, "cpu", "float32").card
    assert card.reading == reading
    assert card.identity == f"{card.sha256} {reading}".strip()


@pytest.mark.slow
@pytest.mark.skipif(
    not shutil.which("g++") and os.environ.get("CI") != "true",
    reason="compiling needs a C++ compiler",
)
def test_a_compiled_model_gives_the_same(model_folder: Path, picture: Path) -> None:
    plain, compiled = (
        load(model_folder, "cpu", "float32", compiled=compiled) for compiled in (False, True)
    )
    texts = ["the cat", "the dog and the cat"]
    np.testing.assert_allclose(compiled.encode_text(texts), plain.encode_text(texts), atol=1e-5)
    np.testing.assert_allclose(
        compiled.encode_dense(picture).features, plain.encode_dense(picture).features, atol=1e-5
    )


def test_without_a_compiler_compiling_is_refused(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(DeviceError, match="needs a C"):
        load(model_folder, "cpu", "float32", compiled=True)
