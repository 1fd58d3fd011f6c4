"""FG-CLIP 2 and SigLIP 2 as people use them: pictures at their own shape, texts padded in full."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file

from fgclip.cli.main import main
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.inputs.patches import cut_into_patches, patch_budget
from fgclip.model.checkpoints.loading import CheckpointError
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.naflex import Patches
from fgclip.workspace.workspace import Workspace
from fgclip.zoo import load
from tests.support.models import save_tiny_fgclip2
from tests.support.noise import SMALL, TALL, WIDE, picture_records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fgclip2")
    save_tiny_fgclip2(place)
    return place


@pytest.fixture(scope="module")
def siglip2(folder: Path) -> Encoder:
    return load(folder, device="cpu", dtype="float32")


def model_of(encoder: Encoder) -> FGCLIP2:
    assert isinstance(encoder.model, FGCLIP2)
    return encoder.model


def test_the_card_tells_the_family_and_its_limits(siglip2: Encoder) -> None:
    card = siglip2.card
    assert (card.family, card.most_patches, card.patch_size) == ("FG-CLIP 2", 1024, 16)
    assert (card.short_context, card.long_context) == (64, 196)
    assert card.mean == card.std == (0.5, 0.5, 0.5)
    assert card.scale == pytest.approx(10.0)


@pytest.mark.parametrize("picture", [WIDE, TALL, SMALL])
def test_a_picture_keeps_its_shape(siglip2: Encoder, picture: Image.Image) -> None:
    height, width = siglip2.encode_dense(picture).grid

    assert height * width <= patch_budget(*picture.size)
    assert width / height == pytest.approx(picture.width / picture.height, rel=0.2)


def test_vectors_are_the_models(siglip2: Encoder) -> None:
    values, (down, across) = cut_into_patches(WIDE, patch_budget(*WIDE.size))
    pixels = torch.from_numpy(values).float()[None] / 255 * 2 - 1
    patches = Patches(
        pixels, torch.ones(1, len(values), dtype=torch.bool), torch.tensor([[down, across]])
    )
    with torch.inference_mode():
        whole, maps = model_of(siglip2).encode_image_and_dense(patches)
    dense = siglip2.encode_dense(WIDE)

    right = F.normalize(whole, dim=-1).numpy()
    np.testing.assert_allclose(siglip2.encode_image(WIDE), right, atol=1e-6)
    np.testing.assert_allclose(dense.image_embedding, right[0], atol=1e-6)
    features = maps.tokens[0].view(down, across, -1).numpy()
    np.testing.assert_allclose(dense.features, features, atol=1e-5)
    mean = F.normalize(maps.tokens[0].mean(dim=0), dim=0).numpy()
    np.testing.assert_allclose(dense.regions([[0, 0, 1, 1]])[0], mean, atol=1e-6)


def test_pictures_of_different_shapes_in_a_batch_are_as_alone(siglip2: Encoder) -> None:
    pictures = [WIDE, TALL, SMALL]
    together = siglip2.encode_image(pictures)
    for row, picture in zip(together, pictures, strict=True):
        np.testing.assert_allclose(row, siglip2.encode_image(picture)[0], atol=1e-6)

    boxes = [[0.1, 0.2, 0.6, 0.9], [0, 0, 0.5, 0.5], [0.2, 0.1, 0.9, 0.4]]
    owners = [0, 2, 1]
    prepared = [siglip2.prepare(picture) for picture in pictures]
    images, regions = siglip2.encode_prepared(prepared, boxes, owners)
    np.testing.assert_allclose(images, together, atol=1e-6)
    for region, box, owner in zip(regions, boxes, owners, strict=True):
        alone = siglip2.encode_regions(pictures[owner], [box])[0]
        np.testing.assert_allclose(region, alone, atol=1e-6)


@pytest.mark.parametrize("route", ["short", "long", "box"])
def test_texts_are_lower_cased_and_padded_in_full(siglip2: Encoder, route: str) -> None:
    limit = siglip2.card.long_context if route == "long" else siglip2.card.short_context
    ids = torch.zeros(1, limit, dtype=torch.long)
    ids[0, :4] = torch.tensor([3, 4, 7, 1])  # a red square, end
    with torch.inference_mode():
        right = F.normalize(model_of(siglip2).encode_text(ids, route), dim=-1).numpy()

    np.testing.assert_allclose(siglip2.encode_text("A RED square", route), right, atol=1e-6)


def test_a_text_that_does_not_fit_is_cut_with_a_warning(siglip2: Encoder) -> None:
    long = "a red square " * 40
    report = siglip2.token_report(long, "short")
    assert (report.tokens, report.limit, report.truncated) == (121, 64, True)
    assert siglip2.token_report(report.kept_text, "short").tokens == 64
    assert siglip2.resolve_route(long, "auto") == "long"
    with pytest.warns(TruncatedTextWarning, match="64 tokens of the box route"):
        cut = siglip2.encode_text(long, "box")
    np.testing.assert_allclose(cut, siglip2.encode_text(report.kept_text, "box"), atol=1e-6)


def test_another_budget_gives_another_grid(folder: Path) -> None:
    fine = load(folder, device="cpu", dtype="float32", most_patches=400)
    assert fine.card.reading == "400 patches"
    height, width = fine.encode_dense(SMALL).grid
    assert (height, width) == (20, 20)
    with pytest.raises(ValueError, match="give most_patches"):
        load(folder, image_size=224)
    with pytest.raises(ValueError, match="most_patches 0"):
        load(folder, most_patches=0)


def test_squares_have_no_budget(model_folder: Path) -> None:
    with pytest.raises(ValueError, match="give image_size"):
        load(model_folder, most_patches=100)


def test_plain_siglip_2_is_told_apart(folder: Path, tmp_path: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    added = ("longtext_head", "boxtext_head", "dense_feature_head", "logit_scale_")
    plain = {
        name: value
        for name, value in weights.items()
        if not name.startswith(added) and "_res" not in name and "_ori" not in name
    }
    save_file(plain, tmp_path / "model.safetensors")
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())

    assert load(tmp_path, device="cpu", dtype="float32").card.family == "SigLIP 2"


def test_a_tokenizer_of_another_size_is_refused(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    told = json.loads((tmp_path / "tokenizer.json").read_text())
    told["model"]["vocab"] |= {"elephant": len(told["model"]["vocab"])}
    (tmp_path / "tokenizer.json").write_text(json.dumps(told))
    with pytest.raises(CheckpointError, match="number of tokens"):
        load(tmp_path)


def test_a_workspace_is_indexed_and_searched(siglip2: Encoder, tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(picture_records(tmp_path / "pictures", 5), "noise")
        done = workspace.index(siglip2)
        model = workspace.model_of(siglip2)
        hits = workspace.search.nearest(
            model, "region", siglip2.encode_text("a red square", "box")[0], limit=3
        )

    assert (done.pictures, done.faults) == (5, 0)
    assert len(hits.owners) == 3


def test_the_command_line_probes_with_it(
    folder: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--box", "0.1,0.2,0.5,0.9", "--prompt", "a red square", "--model", str(folder)]
    assert main(["probe", str(picture), *flags, "--dtype", "float32", "--device", "cpu"]) == 0
    assert "a red square" in capsys.readouterr().out
