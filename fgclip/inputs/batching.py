"""What pictures and texts become before a family's towers read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from fgclip.inputs.clip_tokenizer import TokenBatch, Tokenizer
from fgclip.inputs.images import Picture, fitted, normalised, open_picture, squashed
from fgclip.inputs.patches import BUDGETS, cut_into_patches, cut_square, patch_budget
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from fgclip.model.fgclip2 import DenseMaps
from fgclip.model.naflex import Patches

Prepared = NDArray[np.uint8]
"""One picture as bytes: pixels (3, height, width), or patches (H, W, patch·patch·3)."""

Rows = NDArray[np.int64]
"""Places of pictures in a sequence."""

PictureBatch = Tensor | Patches
"""Pictures as a tower takes them."""

Maps = Tensor | DenseMaps
"""Dense features as a model gives them: (B, D, H, W), or maps of different grids."""

PATCHES_AT_ONCE = 8192  # of one forward pass, padding included; a larger picture goes alone
MOST_PADDED = 1.25  # patches of the largest picture of a pass, over those of the smallest
BARE = "bare phrases and captions, no template; lower-cased"


class Inputs(Protocol):
    """Prepares pictures and texts. Threads may share it."""

    @property
    def tokenizer(self) -> Tokenizer | SiglipTokenizer:
        """Of the texts."""

    @property
    def image_size(self) -> int:
        """Pixels per side, of the largest square where pictures keep their shape."""

    @property
    def most_patches(self) -> int | None:
        """That a picture at its own shape can have; None where pictures become squares."""

    @property
    def mean(self) -> tuple[float, ...]:
        """Per channel, of values in 0…1."""

    @property
    def std(self) -> tuple[float, ...]:
        """Per channel, of values in 0…1."""

    @property
    def prompt_style(self) -> str:
        """How texts should be worded, and what becomes of them, in words."""

    def prepare(self, image: Picture) -> Prepared:
        """One picture as bytes."""

    def batches(self, prepared: Sequence[Prepared]) -> list[Rows]:
        """The rows of some pictures, shared out to forward passes that memory can hold."""

    def batch(self, prepared: Sequence[Prepared], device: torch.device) -> PictureBatch:
        """Pictures as the tower takes them, normalised."""

    def tokens(self, texts: Sequence[str], limit: int) -> TokenBatch:
        """Texts as the tower takes them, cut to the limit of their route."""

    def inside(self, maps: Maps, prepared: Sequence[Prepared]) -> Maps:
        """Dense features of the pictures of one batch, without what surrounds them."""

    def first_map(self, maps: Maps) -> Tensor:
        """(D, H, W) of the first picture of a batch."""


@dataclass(frozen=True)
class SquareInputs:
    """CLIP and its kin: pictures squashed to squares, texts as long as they are.

    Attributes:
        tokenizer: of the texts.
        image_size: pixels per side.
        mean: per channel, of values in 0…1.
        std: per channel, of values in 0…1.
    """

    tokenizer: Tokenizer
    image_size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    most_patches: ClassVar[None] = None
    prompt_style: ClassVar[str] = f"{BARE}; cut where the route ends"

    def prepare(self, image: Picture) -> Prepared:
        """One picture as a square, (3, S, S)."""
        return squashed(open_picture(image), self.image_size)

    def batches(self, prepared: Sequence[Prepared]) -> list[Rows]:
        """All at once: squares are alike, and whoever asks bounds their number."""
        return [np.arange(len(prepared))] if prepared else []

    def batch(self, prepared: Sequence[Prepared], device: torch.device) -> Tensor:
        """(B, 3, S, S)."""
        squares = torch.from_numpy(np.stack(prepared)).to(device)
        return normalised(squares, self.mean, self.std)

    def tokens(self, texts: Sequence[str], limit: int) -> TokenBatch:
        """Padded to the longest: a causal tower reads no further than a text's end."""
        return self.tokenizer.batch(texts, limit)

    def inside(self, maps: Maps, prepared: Sequence[Prepared]) -> Maps:
        """All of them: a square is its picture."""
        return maps

    def first_map(self, maps: Maps) -> Tensor:
        """(D, H, W)."""
        assert isinstance(maps, Tensor)
        return maps[0]


@dataclass(frozen=True)
class PaddedInputs(SquareInputs):
    """CLIPSelf: pictures at their own shape in the corner of a black square.

    Dense features are cut to the picture, so boxes are fractions of it here, too.

    Attributes:
        patch: pixels per side of one.
    """

    patch: int

    def prepare(self, image: Picture) -> Prepared:
        """One picture, (3, height, width), whole patches of it."""
        return fitted(open_picture(image), self.image_size, self.patch)

    def batches(self, prepared: Sequence[Prepared]) -> list[Rows]:
        """Pictures of one shape together, so that their maps can be cut alike."""
        found: dict[tuple[int, ...], list[int]] = {}
        for row, picture in enumerate(prepared):
            found.setdefault(picture.shape, []).append(row)
        return [np.array(rows, np.int64) for rows in found.values()]

    def batch(self, prepared: Sequence[Prepared], device: torch.device) -> Tensor:
        """(B, 3, S, S), black on the right or below."""
        squares = np.zeros((len(prepared), 3, self.image_size, self.image_size), np.uint8)
        for square, picture in zip(squares, prepared, strict=True):
            square[:, : picture.shape[1], : picture.shape[2]] = picture
        return super().batch(list(squares), device)

    def inside(self, maps: Maps, prepared: Sequence[Prepared]) -> Tensor:
        """(B, D, H, W) without the black."""
        assert isinstance(maps, Tensor)
        down, across = (side // self.patch for side in prepared[0].shape[1:])
        return maps[:, :, :down, :across]


@dataclass(frozen=True)
class PatchInputs:
    """What all of SigLIP's kin share: pictures cut into patches, texts padded in full.

    Attributes:
        tokenizer: of the texts; it lower-cases them.
        patch: pixels per side of one.
        mean: per channel, of values in 0…1.
        std: per channel, of values in 0…1.
    """

    tokenizer: SiglipTokenizer
    patch: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def prompt_style(self) -> str:
        """How texts should be worded, and what becomes of them, in words."""
        read = BARE if self.tokenizer.keeps_punctuation else f"{BARE}, punctuation is not read"
        return f"{read}; padded to the route's full length, and the padding is read, too"

    def batches(self, prepared: Sequence[Prepared]) -> list[Rows]:
        """Pictures of about as many patches together, so that little is padding."""
        counts = np.array([math.prod(picture.shape[:2]) for picture in prepared], np.int64)
        found: list[list[int]] = []
        for row in counts.argsort(kind="stable").tolist():
            own = int(counts[row])
            if (
                found
                and own * (len(found[-1]) + 1) <= PATCHES_AT_ONCE
                and own <= MOST_PADDED * counts[found[-1][0]]
            ):
                found[-1].append(row)
            else:
                found.append([row])
        return [np.array(rows, np.int64) for rows in found]

    def batch(self, prepared: Sequence[Prepared], device: torch.device) -> Patches:
        """Pictures of different grids, padded to the one with the most patches."""
        shapes = torch.tensor([picture.shape[:2] for picture in prepared])
        counts = shapes.prod(dim=1)
        values = np.zeros((len(prepared), int(counts.max()), prepared[0].shape[2]), np.uint8)
        for row, picture in zip(values, prepared, strict=True):
            row[: math.prod(picture.shape[:2])] = picture.reshape(-1, picture.shape[2])
        mask = torch.arange(values.shape[1]) < counts[:, None]
        pixels = torch.from_numpy(values).to(device).float()
        shift, scale = (
            255 * torch.tensor(each, device=device).repeat(self.patch**2)
            for each in (self.mean, self.std)
        )
        return Patches((pixels - shift) / scale, mask.to(device), shapes.to(device))

    def tokens(self, texts: Sequence[str], limit: int) -> TokenBatch:
        """Padded to the limit: the tower reads the padding, and pools at the last place."""
        found = self.tokenizer.batch(texts, limit)
        missing = limit - found.ids.shape[1]
        ids = np.pad(found.ids, ((0, 0), (0, missing)), constant_values=found.padding)
        return TokenBatch(ids, found.padding, found.lengths, found.truncated)

    def inside(self, maps: Maps, prepared: Sequence[Prepared]) -> Maps:
        """All of them: they tell their own shapes."""
        return maps

    def first_map(self, maps: Maps) -> Tensor:
        """(D, H, W), without padding."""
        assert isinstance(maps, DenseMaps)
        down, across = maps.shapes[0].tolist()
        return maps.tokens[0, : down * across].T.reshape(-1, down, across)


@dataclass(frozen=True)
class NaFlexInputs(PatchInputs):
    """SigLIP 2's NaFlex and FG-CLIP 2: patches at each picture's own shape.

    Attributes:
        budget: patches that every picture is fitted to; None: as FG-CLIP 2 chooses them by the
            picture's size.
    """

    budget: int | None = None

    @property
    def most_patches(self) -> int:
        """That a picture can have."""
        return self.budget or BUDGETS[-1]

    @property
    def image_size(self) -> int:
        """Pixels per side of the largest square picture."""
        return self.patch * math.isqrt(self.most_patches)

    def prepare(self, image: Picture) -> Prepared:
        """One picture cut up, (H, W, patch·patch·3)."""
        picture = open_picture(image)
        budget = self.budget or patch_budget(*picture.size, self.patch)
        values, (down, across) = cut_into_patches(picture, budget, self.patch)
        return values.reshape(down, across, -1)


@dataclass(frozen=True)
class SquarePatchInputs(PatchInputs):
    """SigLIP, and SigLIP 2 of a fixed size: pictures squashed to squares, then cut up.

    Attributes:
        image_size: pixels per side; what exceeds whole patches is not read.
        resampling: how pictures are resized, which differs between the two.
    """

    image_size: int
    resampling: Image.Resampling
    most_patches: ClassVar[None] = None

    def prepare(self, image: Picture) -> Prepared:
        """One picture squashed and cut up, (H, H, patch·patch·3)."""
        side = self.image_size // self.patch
        values = cut_square(open_picture(image), self.image_size, self.patch, self.resampling)
        return values.reshape(side, side, -1)
