"""CLIP and Long-CLIP in our modules compute what transformers, or the definition, computes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import CLIPModel

from fgclip.model.checkpoints.loading import Model, load_model, read_checkpoint, save_model
from fgclip.model.fgclip import FGCLIP
from tests.support.checkpoints import (
    IDS,
    PATCH,
    SIDE,
    VOCABULARY,
    WIDTH,
    features,
    openai_names,
    random_clip,
    relative_error,
    write,
)


def written(theirs: CLIPModel, folder: Path) -> Model:
    theirs.save_pretrained(folder)
    return load_model(folder)


@torch.no_grad()
@pytest.mark.parametrize(
    ("seed", "overrides"),
    [
        (0, {}),
        (1, {"hidden_act": "gelu", "num_attention_heads": 4}),
        (2, {"num_hidden_layers": 1, "hidden_size": 96, "layer_norm_eps": 1e-3}),
        (3, {"num_hidden_layers": 6, "intermediate_size": 200, "num_attention_heads": 8}),
    ],
)
def test_any_clip_gives_transformers_pictures_and_texts(
    tmp_path: Path, seed: int, overrides: dict[str, object]
) -> None:
    theirs = random_clip(seed=seed, **overrides)
    ours = written(theirs, tmp_path)
    pixels = torch.randn(3, 3, SIDE * PATCH, SIDE * PATCH)
    image, text = features(theirs, pixels, IDS)
    assert relative_error(ours.encode_image(pixels), image) < 1e-5  # type: ignore[arg-type]
    for route in ("short", "box", "long"):  # these texts are shorter than the stretch begins
        assert relative_error(ours.encode_text(IDS, route), text) < 1e-5  # type: ignore[arg-type]


@torch.no_grad()
def test_every_block_gives_transformers_hidden_states(tmp_path: Path) -> None:
    theirs = random_clip()
    ours = written(theirs, tmp_path)
    assert isinstance(ours, FGCLIP)
    pixels = torch.randn(2, 3, SIDE * PATCH, SIDE * PATCH)
    vision = theirs.vision_model(pixels, output_hidden_states=True).hidden_states
    tokens = ours.vision.norm_pre(theirs.vision_model.embeddings(pixels))
    for block, before, after in zip(ours.vision.blocks, vision[:-1], vision[1:], strict=True):
        assert relative_error(tokens, before) < 1e-5
        assert relative_error(block(before), after) < 1e-5
        tokens = after
    assert relative_error(ours.vision(pixels), vision[-2]) < 1e-5


@torch.no_grad()
def test_dense_path_is_transformers_last_layer_with_values_for_attention(tmp_path: Path) -> None:
    theirs = random_clip()
    ours = written(theirs, tmp_path)
    pixels = torch.randn(2, 3, SIDE * PATCH, SIDE * PATCH)
    tower = theirs.vision_model
    entering = tower(pixels, output_hidden_states=True).hidden_states[-2]
    layer = tower.encoder.layers[-1]
    values = layer.self_attn.v_proj(layer.layer_norm1(entering))
    mixed = entering + layer.self_attn.out_proj(values)
    mixed = mixed + layer.mlp(layer.layer_norm2(mixed))
    expected = theirs.visual_projection(tower.post_layernorm(mixed[:, 1:]))
    found = ours.encode_dense(pixels)  # type: ignore[arg-type]
    assert isinstance(found, Tensor)
    assert relative_error(found, expected.mT.reshape(2, -1, SIDE, SIDE)) < 1e-5


@torch.no_grad()
def test_long_route_of_plain_clip_reads_the_stretched_positions(tmp_path: Path) -> None:
    short, long = random_clip(), random_clip(positions=248)
    table = short.text_model.embeddings.position_embedding.weight
    long.load_state_dict(
        short.state_dict()
        | {"text_model.embeddings.position_embedding.weight": stretched_by_hand(table)}
    )
    ids = long_text(240)
    _, expected = features(long, torch.zeros(1, 3, 32, 32), ids)
    assert relative_error(written(short, tmp_path).encode_text(ids, "long"), expected) < 1e-5


@torch.no_grad()
@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
def test_long_clip_reads_two_tables_on_every_route(tmp_path: Path, suffix: str) -> None:
    """The independent computation: a CLIP of 248 positions with the merged table."""
    theirs = random_clip(positions=248)
    first, rest = torch.randn(2, 248, WIDTH).mul(0.1).unbind()
    merged = torch.cat([first[:20], rest[20:]])
    theirs.text_model.embeddings.position_embedding.weight.copy_(merged)
    stored = openai_names(theirs.state_dict())
    stored |= {"positional_embedding": first, "positional_embedding_res": rest}
    ours = load_model(write(stored, tmp_path / f"longclip{suffix}"), trust_pickle=True)
    assert isinstance(ours, FGCLIP)
    assert ours.config.text.context_length == 77
    assert ours.config.text.long_context_length == 248

    pixels = torch.randn(2, 3, SIDE * PATCH, SIDE * PATCH)
    image, text = features(theirs, pixels, IDS)
    assert relative_error(ours.encode_image(pixels), image) < 1e-5
    for route in ("short", "box", "long"):
        assert relative_error(ours.encode_text(IDS, route), text) < 1e-5  # type: ignore[arg-type]
    for tokens, routes in ((77, ("short", "box", "long")), (248, ("long",))):
        _, expected = features(theirs, pixels, long_text(tokens))
        for route in routes:
            found = ours.encode_text(long_text(tokens), route)  # type: ignore[arg-type]
            assert relative_error(found, expected) < 1e-5
    assert torch.equal(ours.text.long_position_head, first)
    assert torch.equal(ours.text.long_position_tail, rest)

    save_model(ours, tmp_path / "saved")  # as FG-CLIP
    again = load_model(tmp_path / "saved").state_dict()
    assert all(torch.equal(again[name], value) for name, value in ours.state_dict().items())


@torch.no_grad()
@pytest.mark.parametrize("alone", [False, True], ids=["folder", "file alone"])
def test_clip_of_248_positions_is_long_clip(tmp_path: Path, alone: bool) -> None:
    theirs = random_clip(positions=248)
    theirs.save_pretrained(tmp_path)
    if alone:
        (tmp_path / "config.json").unlink()
    path = tmp_path / "model.safetensors" if alone else tmp_path
    ours = load_model(path)
    assert read_checkpoint(path).family == "Long-CLIP"
    assert ours.config.text.context_length == 77
    pixels = torch.zeros(1, 3, SIDE * PATCH, SIDE * PATCH)
    for tokens, routes in ((77, ("short", "box", "long")), (248, ("long",))):
        _, expected = features(theirs, pixels, long_text(tokens))
        for route in routes:
            found = ours.encode_text(long_text(tokens), route)  # type: ignore[arg-type]
            assert relative_error(found, expected) < 1e-5


def long_text(tokens: int) -> Tensor:
    """(1, tokens) ids, both marks included."""
    words = torch.arange(tokens - 2) % (VOCABULARY - 2)
    return torch.cat([torch.tensor([98]), words, torch.tensor([99])])[None]


def stretched_by_hand(table: Tensor) -> Tensor:
    """77 rows → 248, row by row (Long-CLIP, section 3.1)."""
    rows = [table[number] for number in range(20)]
    for source in range(20, 77):
        here = table[source]
        step = table[source + 1] - here if source < 76 else here - table[source - 1]
        rows += [here + quarter / 4 * step for quarter in range(4)]
    return torch.stack(rows)
