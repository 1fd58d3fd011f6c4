"""EVA-02-CLIP, CLIPSelf and FineCLIP as people use them: single files, one route, padding."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

import fgclip
from fgclip.cli.main import main
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.inputs.clip_tokenizer import TokenizerError
from fgclip.inputs.images import MEAN, STD, PictureError
from fgclip.model.checkpoints.loading import CheckpointError, save_model
from fgclip.model.eva import EVACLIP
from fgclip.workspace.workspace import Workspace
from tests.support.checkpoints import eva_file, openai_names, random_clip, write
from tests.support.models import small_tokenizer
from tests.support.noise import picture_records

RANDOM = np.random.default_rng(0)
WIDE, TALL, SQUARE = (
    Image.fromarray(RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8))
    for width, height in ((60, 40), (20, 80), (32, 32))
)
BOXES = [[0.1, 0.2, 0.6, 0.9], [0, 0, 1, 1], [0.5, 0.5, 1, 1]]
ON_CPU = {"device": "cpu", "dtype": "float32"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eva")
    small_tokenizer().save(folder)
    return write(eva_file(), folder / "fineclip.safetensors")


@pytest.fixture(scope="module")
def eva(path: Path) -> Encoder:
    return fgclip.load(path, **ON_CPU)


@pytest.fixture(scope="module")
def padded(path: Path) -> Encoder:
    return fgclip.load(path, **ON_CPU, pad=True)


def model_of(encoder: Encoder) -> EVACLIP:
    assert isinstance(encoder.model, EVACLIP)
    return encoder.model


def test_the_card_tells_one_route_and_what_becomes_of_pictures(eva: Encoder) -> None:
    card = eva.card
    assert (card.name, card.family) == ("fineclip.safetensors", "EVA-02-CLIP")
    assert card.routes == card.trained_routes == ("short",)
    assert (card.short_context, card.long_context) == (77, 77)
    assert (card.image_size, card.patch_size, card.most_patches, card.bias) == (32, 8, None, None)
    assert (card.mean, card.std) == (MEAN, STD)
    assert "squashed to squares, as FineCLIP" in card.notes["pictures"]
    assert card.notes["text_routes"] == "one: long and box are read as short is"


def test_vectors_are_the_models(eva: Encoder) -> None:
    pixels = torch.from_numpy(np.array(SQUARE)).permute(2, 0, 1)[None] / 255
    pixels = (pixels - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    with torch.inference_mode():
        whole, maps = model_of(eva).encode_image_and_dense(pixels)
        text = model_of(eva).encode_text(torch.tensor([[98, 0, 1, 26 + 2, 99]]))

    np.testing.assert_allclose(eva.encode_image(SQUARE), F.normalize(whole, dim=1), atol=1e-5)
    dense = eva.encode_dense(SQUARE)
    np.testing.assert_allclose(dense.features, maps[0].permute(1, 2, 0), atol=1e-5)
    np.testing.assert_allclose(eva.encode_text("ABC"), F.normalize(text, dim=1), atol=1e-5)


def test_every_route_is_the_short_one_and_cuts_at_77_tokens(eva: Encoder) -> None:
    long = "cab " * 100
    for route in ("short", "long", "box", "auto"):
        report = eva.token_report(long, route)
        assert (report.route, report.limit, report.truncated) == ("short", 77, True)
    with pytest.warns(TruncatedTextWarning, match="77 tokens of the short route"):
        cut = eva.without_cache().encode_text(long, "auto")
    np.testing.assert_allclose(eva.encode_text(report.kept_text, "box"), cut, atol=1e-6)


@pytest.mark.parametrize("encoder", ["eva", "padded"])
def test_pictures_of_a_batch_are_as_alone(encoder: str, request: pytest.FixtureRequest) -> None:
    found: Encoder = request.getfixturevalue(encoder)
    pictures, owners = [WIDE, TALL, SQUARE, WIDE.rotate(180)], [3, 0, 1]
    images, regions = found.encode_prepared([found.prepare(p) for p in pictures], BOXES, owners)
    for row, picture in zip(images, pictures, strict=True):
        np.testing.assert_allclose(row, found.encode_image(picture)[0], atol=1e-5)
    for row, box, owner in zip(regions, BOXES, owners, strict=True):
        alone = found.encode_regions(pictures[owner], [box])[0]
        np.testing.assert_allclose(row, alone, atol=1e-5)


@pytest.mark.parametrize(("picture", "grid"), [(WIDE, (3, 4)), (TALL, (4, 1)), (SQUARE, (4, 4))])
def test_padding_is_black_and_no_part_of_the_map(
    padded: Encoder, picture: Image.Image, grid: tuple[int, int]
) -> None:
    prepared = torch.from_numpy(padded.prepare(picture))
    height, width = 8 * grid[0], 8 * grid[1]
    assert prepared.shape == (3, height, width)
    canvas = torch.zeros(1, 3, 32, 32)
    canvas[0, :, :height, :width] = prepared / 255
    pixels = (canvas - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    with torch.inference_mode():
        whole, maps = model_of(padded).encode_image_and_dense(pixels)

    dense = padded.encode_dense(picture)
    assert dense.grid == grid
    inside = maps[0, :, : grid[0], : grid[1]]
    np.testing.assert_allclose(dense.features, inside.permute(1, 2, 0), atol=1e-5)
    np.testing.assert_allclose(dense.image_embedding, F.normalize(whole, dim=1)[0], atol=1e-5)
    mean = F.normalize(inside.mean((1, 2)), dim=0)
    np.testing.assert_allclose(dense.regions([[0, 0, 1, 1]])[0], mean, atol=1e-5)


def test_a_square_picture_needs_no_padding(eva: Encoder, padded: Encoder) -> None:
    np.testing.assert_allclose(eva.encode_image(SQUARE), padded.encode_image(SQUARE), atol=1e-6)
    assert "padded with black" in padded.card.notes["pictures"]


def test_another_picture_size_gives_another_grid(path: Path) -> None:
    large = fgclip.load(path, **ON_CPU, image_size=96, pad=True)
    assert large.encode_dense(WIDE).grid == (8, 12)
    assert fgclip.load(path, **ON_CPU, image_size=48).encode_dense(WIDE).grid == (6, 6)
    with pytest.raises(ValueError, match="image_size 36 is not a multiple of the patch size 8"):
        fgclip.load(path, image_size=36)


def test_pictures_that_are_none_are_refused(padded: Encoder) -> None:
    with pytest.raises(PictureError, match="no pixels"):
        padded.encode_image(np.zeros((0, 4, 3), np.uint8))


def test_pickles_are_opened_only_where_they_are_trusted(tmp_path: Path, eva: Encoder) -> None:
    small_tokenizer().save(tmp_path)
    torch.save({"epoch": 6, "state_dict": eva_file()}, tmp_path / "clipself.pt")
    with pytest.raises(CheckpointError, match="trust_pickle=True"):
        fgclip.load(tmp_path / "clipself.pt")
    found = fgclip.load(tmp_path / "clipself.pt", **ON_CPU, trust_pickle=True)
    assert found.card.family == "EVA-02-CLIP"
    np.testing.assert_allclose(found.encode_image(WIDE), eva.encode_image(WIDE), atol=1e-6)


def test_a_file_without_a_tokenizer_names_what_to_copy(tmp_path: Path) -> None:
    path = write(eva_file(), tmp_path / "eva.safetensors")
    with pytest.raises(TokenizerError, match="Copy the tokenizer.json of openai/clip-vit-base"):
        fgclip.load(path, **ON_CPU)


def test_a_vision_tower_alone_takes_its_texts_from_another(tmp_path: Path, path: Path) -> None:
    alone = {name: value for name, value in eva_file().items() if name.startswith("visual.")}
    tower = write(alone, tmp_path / "tower.safetensors")
    small_tokenizer().save(tmp_path)
    with pytest.raises(CheckpointError, match="`text_from`"):
        fgclip.load(tower)
    found, whole = fgclip.load(tower, **ON_CPU, text_from=path), fgclip.load(path, **ON_CPU)
    np.testing.assert_allclose(found.encode_text("abc"), whole.encode_text("abc"), atol=1e-6)
    np.testing.assert_allclose(found.encode_image(WIDE), whole.encode_image(WIDE), atol=1e-6)
    assert found.card.bytes == tower.stat().st_size + path.stat().st_size
    assert found.card.sha256 != whole.card.sha256


def test_a_folder_with_eva_clips_own_description_loads(tmp_path: Path, eva: Encoder) -> None:
    save_model(model_of(eva), tmp_path)
    small_tokenizer().save(tmp_path)
    assert "vision_cfg" in json.loads((tmp_path / "config.json").read_text())
    again = fgclip.load(tmp_path, **ON_CPU)
    np.testing.assert_allclose(again.encode_image(WIDE), eva.encode_image(WIDE), atol=1e-6)


def test_openais_file_is_clip_whose_own_route_is_the_short_one(tmp_path: Path) -> None:
    small_tokenizer().save(tmp_path)
    theirs = random_clip()
    path = write(openai_names(theirs.state_dict()), tmp_path / "ViT-B-16.safetensors")
    clip = fgclip.load(path, **ON_CPU)
    assert (clip.card.family, clip.card.trained_routes) == ("CLIP", ("short",))
    with torch.inference_mode():
        text = theirs.get_text_features(torch.tensor([[98, 28, 99]])).pooler_output
    np.testing.assert_allclose(clip.encode_text("c"), F.normalize(text, dim=1), atol=1e-5)


def test_lower_precision_stays_close(path: Path, eva: Encoder) -> None:
    rounded = fgclip.load(path, device="cpu", dtype="bfloat16", pad=True)
    found, exact = rounded.encode_image(SQUARE)[0], eva.encode_image(SQUARE)[0]
    assert 0.99 < found @ exact < 1.0
    assert rounded.encode_regions(WIDE, BOXES).dtype == np.float32


def test_the_command_line_probes_with_it(
    path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--box", "0.1,0.2,0.5,0.9", "--prompt", "a cab", "--model", str(path)]
    assert main(["probe", str(picture), *flags, "--dtype", "float32", "--device", "cpu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["model"], told["prompts"][0]["route"]) == ("fineclip.safetensors", "short")


def test_a_workspace_is_indexed_and_searched(eva: Encoder, tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(picture_records(tmp_path / "pictures", 5), "noise")
        done = workspace.index(eva)
        model = workspace.model_of(eva)
        hits = workspace.search.nearest(
            model, "region", eva.encode_text("a cab", "box")[0], limit=3
        )
    assert (done.pictures, done.faults) == (5, 0)
    assert len(hits.owners) == 3
