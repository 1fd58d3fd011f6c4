"""A file's tensors under our names and in our shapes, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from fgclip.model.checkpoints.layouts import FUSED, THIRDS, TWO_TABLES, Layout, bare
from fgclip.model.config import KEEP_LENGTH, STRETCH

# A tensor of the file → ours, and back, where they differ in more than their name.
_Reshape = Callable[[Tensor], Tensor]


def _transposed(value: Tensor) -> Tensor:
    return (
        value.T.contiguous() if value.ndim == 2 else value
    )  # another shape is refused later, by its name


_TURNED = (_transposed, _transposed)
_ROW: tuple[_Reshape, _Reshape] = (torch.flatten, lambda row: row[None, None])
_TABLE: tuple[_Reshape, _Reshape] = (lambda table: table.squeeze(0), lambda table: table[None])
_RESHAPED: dict[str, tuple[_Reshape, _Reshape]] = {
    "visual.proj": _TURNED,
    "text_projection": _TURNED,
    "visual.cls_token": _ROW,
    "visual.pos_embed": _TABLE,
    "visual.trunk.cls_token": _ROW,
    "visual.trunk.pos_embed": _TABLE,
}


@dataclass(frozen=True)
class Converted:
    """A file's tensors under our names."""

    tensors: dict[str, Tensor]
    origin: dict[str, str]  # our name → the file's
    unknown: list[str]  # names in the file that its layout does not have


def convert(tensors: Mapping[str, Tensor], layout: Layout) -> Converted:
    """Give a file's tensors our names, our order of dimensions, and a tensor for each projection.

    Raises:
        ValueError: Two of them would get one name, or a fused one is not three.
    """
    found = Converted({}, {}, [])
    for name, value in tensors.items():
        for each, part in _unfused(bare(name), value):
            ours = layout.our_name(each)
            if ours is None:
                found.unknown.append(name)
                continue
            if ours in found.tensors:
                raise ValueError(f"the same weights twice, as {found.origin[ours]!r} and {name!r}")
            found.origin[ours] = name
            found.tensors[ours] = _RESHAPED[each][0](part) if each in _RESHAPED else part
    return found


def add_short_route(found: Converted) -> None:
    """Give Long-CLIP, which has one route, a short one that means the same.

    Raises:
        ValueError: One of its two tables is absent, or their lengths are not 4n - 60 for one n.
    """
    head, tail = (found.tensors.get(name) for name in TWO_TABLES)
    if head is None or tail is None:
        raise ValueError(f"one without the other of Long-CLIP's tables {set(TWO_TABLES.values())}")
    rows, rest = divmod(sum(tail.shape[:1]) + (STRETCH - 1) * KEEP_LENGTH, STRETCH)
    if rest or head.shape != tail.shape or tail.ndim != 2 or rows <= KEEP_LENGTH:
        raise ValueError(
            f"position tables of shapes {tuple(head.shape)} and {tuple(tail.shape)}, where "
            "Long-CLIP's have 248 rows each"
        )
    tensors, origin = found.tensors, found.origin
    tensors["text.position_embedding"] = torch.cat([head[:KEEP_LENGTH], tail[KEEP_LENGTH:rows]])
    origin["text.position_embedding"] = origin["text.long_position_tail"]
    if "text_projection.weight" in tensors:
        tensors["long_text_projection.weight"] = tensors["text_projection.weight"].clone()


def flatten_kernel(tensors: dict[str, Tensor], key: str, expected: Tensor) -> None:
    """Let SigLIP's convolution over patches read patches as NaFlex has them.

    A kernel (width, 3, patch, patch) becomes (width, patch·patch·3), channel last. One of another
    size than `expected` stays, to be refused by its own shape.
    """
    kernel = tensors.get(key)
    if kernel is None or kernel.ndim != 4 or expected.ndim != 2:
        return
    width, channels, height, across = kernel.shape
    if channels == 3 and height == across and (width, kernel[0].numel()) == expected.shape:
        tensors[key] = kernel.permute(0, 2, 3, 1).flatten(1)


def as_stored(state: Mapping[str, Tensor], layout: Layout) -> dict[str, Tensor]:
    """The inverse of `convert`; queries come before keys, and keys before values."""
    stored: dict[str, list[Tensor]] = {}
    for ours, value in state.items():
        name = layout.file_name(ours)
        plain = bare(name)
        part = _RESHAPED[plain][1](value) if plain in _RESHAPED else value
        stored.setdefault(name, []).append(part)
    return {name: torch.cat(parts) if parts[1:] else parts[0] for name, parts in stored.items()}


def _unfused(name: str, value: Tensor) -> list[tuple[str, Tensor]]:
    """One projection as it is; a fused one as queries, keys and values."""
    head, fused, kind = name.partition(FUSED)
    if not fused:
        return [(name, value)]
    if value.ndim == 0 or len(value) % 3:
        raise ValueError(f"{name!r} of shape {tuple(value.shape)}, not three projections in one")
    parts = [part.clone() for part in value.chunk(3)]  # so that none keeps the others in memory
    return [(f"{head}{third}.{kind}", part) for third, part in zip(THIRDS, parts, strict=True)]
