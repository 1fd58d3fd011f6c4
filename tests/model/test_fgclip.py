"""What must hold for any weights of FG-CLIP."""

from __future__ import annotations

import copy

import pytest
import torch

from fgclip.model.config import ConfigError, FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.model.text import stretch_positions
from fgclip.model.vision import resize_positions
from fgclip.types import Route

SMALL = FGCLIPConfig(
    vision=VisionConfig(image_size=32, patch_size=8, width=16, layers=2, heads=2, mlp_width=32),
    text=TextConfig(vocab_size=100, width=16, layers=2, heads=2, mlp_width=32),
    projection_dim=12,
)
EOS = SMALL.text.eos_token_id


@pytest.fixture
def model() -> FGCLIP:
    return initialise(FGCLIP(SMALL), seed=0).eval()


def text(tokens: int, padding: int = 0) -> torch.Tensor:
    """One text of that many tokens, both marks included."""
    words = torch.arange(tokens - 2) % 90
    return torch.cat([torch.tensor([98]), words, torch.full((1 + padding,), EOS)])[None]


def test_stretch_follows_its_formula() -> None:
    old = torch.randn(77, 3, dtype=torch.float64)
    new = stretch_positions(old)
    assert len(new) == 248
    assert torch.equal(new[:21], old[:21])
    torch.testing.assert_close(new[21], 0.75 * old[20] + 0.25 * old[21])
    torch.testing.assert_close(new[21 + 4], 0.75 * old[21] + 0.25 * old[22])
    torch.testing.assert_close(new[244], old[76])
    torch.testing.assert_close(new[247], old[76] + 0.75 * (old[76] - old[75]))
    assert len(stretch_positions(old[:64])) == 196


@torch.no_grad()
@pytest.mark.parametrize(("tokens", "same"), [(2, True), (21, True), (22, False), (30, False)])
def test_long_route_starts_equal_to_the_short_one_on_short_texts(
    model: FGCLIP, tokens: int, same: bool
) -> None:
    short, long = (model.encode_text(text(tokens), route) for route in ("short", "long"))
    assert torch.allclose(short, long, atol=1e-6) is same


@pytest.mark.parametrize("route", ["short", "long", "box"])
def test_groups_of_texts_are_the_texts_one_by_one(model: FGCLIP, route: Route) -> None:
    model = model.double()
    groups = [torch.cat([text(5), text(4, padding=1)]), text(9), text(30)]
    together = model.encode_text_groups(groups, route)
    alone = torch.cat([model.encode_text(group, route) for group in groups])
    torch.testing.assert_close(together, alone)

    def gradient(features: torch.Tensor) -> torch.Tensor:
        (found,) = torch.autograd.grad(features.square().sum(), model.text.token_embedding.weight)
        return found

    torch.testing.assert_close(gradient(together), gradient(alone))


@torch.no_grad()
@pytest.mark.parametrize("route", ["short", "long", "box"])
def test_padding_changes_no_text(model: FGCLIP, route: str) -> None:
    alone = model.encode_text(text(9), route)  # type: ignore[arg-type]
    padded = model.encode_text(text(9, padding=60), route)  # type: ignore[arg-type]
    torch.testing.assert_close(alone, padded)


@torch.no_grad()
def test_box_route_is_the_short_one(model: FGCLIP) -> None:
    assert torch.equal(model.encode_text(text(9), "box"), model.encode_text(text(9), "short"))


def test_text_beyond_its_route_is_refused(model: FGCLIP) -> None:
    with pytest.raises(ValueError, match="78 tokens do not fit the 77 positions"):
        model.encode_text(text(78), "short")


def test_unknown_route_is_named(model: FGCLIP) -> None:
    with pytest.raises(ValueError, match="'medium' is not one of"):
        model.encode_text(text(5), "medium")  # type: ignore[arg-type]


@torch.no_grad()
def test_last_queries_and_keys_matter_to_the_picture_but_not_to_its_patches(model: FGCLIP) -> None:
    other = copy.deepcopy(model)
    attention = other.vision.blocks[-1].attention
    attention.query.weight.normal_()
    attention.key.weight.normal_()
    pixels = torch.randn(1, 3, 32, 32)
    assert torch.equal(model.encode_dense(pixels), other.encode_dense(pixels))
    assert not torch.allclose(model.encode_image(pixels), other.encode_image(pixels))


@torch.no_grad()
def test_pictures_of_another_size_and_shape_are_encoded(model: FGCLIP) -> None:
    image, dense = model.encode_image_and_dense(torch.randn(2, 3, 48, 64))
    assert image.shape == (2, 12)
    assert dense.shape == (2, 12, 6, 8)


def test_positions_resized_to_their_own_grid_stay() -> None:
    table = torch.randn(17, 5)
    torch.testing.assert_close(resize_positions(table, (4, 4)), table)
    assert torch.equal(resize_positions(table, (6, 3))[0], table[0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: VisionConfig(image_size=225), "225 is not a multiple of patch_size 16"),
        (lambda: VisionConfig(width=770), "width 770 is not a multiple of heads 12"),
        (lambda: TextConfig(layers=0), "layers is 0"),
        (lambda: TextConfig(activation="relu"), "'relu' is not one of"),
        (lambda: TextConfig(context_length=20), "context_length 20 must exceed"),
        (lambda: FGCLIPConfig(projection_dim=0), "projection_dim is 0"),
    ],
)
def test_impossible_shapes_are_refused(make: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make()  # type: ignore[operator]


def test_config_survives_its_file() -> None:
    assert FGCLIPConfig.from_dict(SMALL.to_dict()) == SMALL
    assert FGCLIPConfig.from_dict(FGCLIPConfig.large().to_dict()) == FGCLIPConfig.large()
