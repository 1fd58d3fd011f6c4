"""Dense features of large pictures, FG-CLIP 2: memory and time against the original's mask."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.bench import QUICK, Bench
from benchmarks.tables import Column, Row, Table
from fgclip.model.fgclip2 import FGCLIP2, initialise_fgclip2
from fgclip.model.fgclip2_config import FGCLIP2Config, NaFlexConfig, SiglipTextConfig
from fgclip.model.layers import Attention, Block
from fgclip.model.naflex import Patches

COMPARED = 4_096  # patches
LARGE = 16_384  # patches, FG-CLIP 2's heat maps of high resolution
LAYERS = 12

COLUMNS = (
    Column("patches", "", 0),
    Column("layers", "", 0),
    Column("peak memory", "MB", 0),
    Column("time", "s", 2),
    Column("largest difference", "", 7),
)
NOTES = (
    "Shape of ViT-B/16, random weights, float32 on the CPU, one square picture. Each row is a "
    "process of its own: the peak of its memory (VmHWM) during the pass, less what it held before, "
    "and the time of that one pass. *masked head*: the original's computation: the tower's fused "
    "attention gets a mask of N × N, and the dense head an additive mask of heads × N × N, scores "
    "and their softmax as large. *masked throughout*: every layer does what that head does. "
    "*largest difference*: from ours, of any component of a unit vector. At {large:,} patches the "
    "mask alone would take {mask:.1f} GB; the baselines are not run there."
)


@dataclass(frozen=True)
class Measured:
    """What a process of its own has found."""

    bytes: int
    seconds: float
    features: np.ndarray  # (P, D), not normalised


def tables(bench: Bench) -> list[Table]:
    """Ours against both baselines, then ours alone where they would not fit."""
    sizes = (256, 1024, 2) if bench.effort is QUICK else (COMPARED, LARGE, LAYERS)
    compared, large, layers = sizes
    ours = measured("ours", compared, layers)
    rows = [_row("ours", compared, layers, ours, math.nan)]
    for way in ("masked head", "masked throughout"):
        other = measured(way, compared, layers)
        rows.append(_row(way, compared, layers, other, _apart(ours.features, other.features)))
    rows.append(_row("ours", large, layers, measured("ours", large, layers), math.nan))
    mask = 4 * NaFlexConfig().heads * large**2 / 1e9
    return [
        Table(
            subject="dense", title="Dense features of large pictures, FG-CLIP 2",
            notes=NOTES.format(large=large, mask=mask), labels=("attention",),
            columns=COLUMNS, rows=tuple(rows),
        )
    ]  # fmt: skip


def measured(way: str, patches: int, layers: int) -> Measured:
    """One pass in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "features.npy"
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks.dense", way, str(patches), str(layers), str(file)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        figures = json.loads(run.stdout.splitlines()[-1])
        return Measured(figures["bytes"], figures["seconds"], np.load(file))


def random_model(layers: int) -> FGCLIP2:
    """FG-CLIP 2's base, with so many layers of its vision tower and next to no text tower."""
    config = FGCLIP2Config(
        vision=NaFlexConfig(layers=layers), text=SiglipTextConfig(layers=1, vocab_size=8)
    )
    return initialise_fgclip2(FGCLIP2(config), seed=0).eval()


def random_patches(count: int) -> Patches:
    """One square picture of so many patches."""
    side = math.isqrt(count)
    generator = torch.Generator().manual_seed(1)
    pixels = 2 * torch.rand(1, side**2, 768, generator=generator) - 1
    return Patches(pixels, torch.ones(1, side**2, dtype=torch.bool), torch.tensor([[side, side]]))


def ours(model: FGCLIP2, patches: Patches) -> Tensor:
    """(1, P, D): as the encoder asks for it."""
    return model.encode_dense(patches).tokens


def masked(model: FGCLIP2, patches: Patches, *, throughout: bool) -> Tensor:
    """(1, P, D): with a mask a head in the dense head, or in every layer."""
    tower, head = model.vision, model.dense_head
    count = patches.pixels.shape[1]
    absent = ~patches.mask[:, None, None, :].expand(-1, 1, count, count)
    mask = torch.zeros(absent.shape).masked_fill(absent, torch.finfo(torch.float32).min)
    mix = _eager if throughout else _fused
    tokens = tower.patch_embedding(patches.pixels) + _positions(model, patches)
    for block in tower.blocks:
        assert isinstance(block, Block)
        assert isinstance(block.attention, Attention)
        layer, normed = block.attention, block.norm1(tokens)
        asked = (layer.query(normed), layer.key(normed), layer.value(normed))
        tokens = tokens + layer.output(mix(*asked, mask, layer.heads))
        tokens = tokens + block.mlp(block.norm2(tokens))
    tokens = tower.norm_post(tokens)
    query, key, value = F.linear(tokens, head.in_weight, head.in_bias).chunk(3, dim=-1)
    found = head.out(_eager(query, key, value, mask, head.heads))
    return found + head.mlp(head.norm(found))  # type: ignore[no-any-return]


WAYS: dict[str, Callable[[FGCLIP2, Patches], Tensor]] = {
    "ours": ours,
    "masked head": lambda model, patches: masked(model, patches, throughout=False),
    "masked throughout": lambda model, patches: masked(model, patches, throughout=True),
}


def _positions(model: FGCLIP2, patches: Patches) -> Tensor:
    """(P, width): the table at the grid of the one picture."""
    table = model.vision.position_embedding
    side = math.isqrt(len(table))
    down, across = patches.shapes[0].tolist()
    square = table.view(side, side, -1).permute(2, 0, 1)[None]
    resized = F.interpolate(square, (down, across), mode="bilinear", antialias=True)
    return resized[0].permute(1, 2, 0).reshape(down * across, -1)


def _fused(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, heads: int) -> Tensor:
    queries, keys, values = (
        each.view(*each.shape[:2], heads, -1).transpose(1, 2) for each in (query, key, value)
    )
    mixed = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
    return mixed.transpose(1, 2).flatten(2)


def _eager(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, heads: int) -> Tensor:
    """Attention as it is written: (B · heads, P, P) of mask, of scores, of weights."""
    batch, count, width = query.shape
    queries, keys, values = (
        each.view(batch, count, heads, -1).transpose(1, 2).flatten(0, 1)
        for each in (query, key, value)
    )
    each_head = mask.repeat(1, heads, 1, 1).flatten(0, 1)
    scaled = queries * (width // heads) ** -0.5
    weights = torch.baddbmm(each_head, scaled, keys.transpose(1, 2)).softmax(dim=-1)
    return (weights @ values).view(batch, heads, count, -1).transpose(1, 2).flatten(2)


def _row(way: str, patches: int, layers: int, found: Measured, apart: float) -> Row:
    return Row((way,), (patches, layers, found.bytes / 1e6, found.seconds, apart))


def _apart(ours: np.ndarray, other: np.ndarray) -> float:
    one, two = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (ours, other))
    return float(np.abs(one - two).max())


def _memory(name: str) -> int:
    """Bytes of this process that Linux tells under a name."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def _measure(way: str, patches: int, layers: int, file: Path) -> None:
    """In a process of its own: one pass; say what it took."""
    model, picture = random_model(layers), random_patches(patches)
    with torch.inference_mode():
        WAYS[way](model, random_patches(64))  # the first pass sets up threads and kernels
        before = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        begun = time.perf_counter()
        features = WAYS[way](model, picture)
        seconds = time.perf_counter() - begun
    print(json.dumps({"bytes": _memory("VmHWM") - before, "seconds": seconds}))
    np.save(file, features[0].numpy())


if __name__ == "__main__":
    _measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
