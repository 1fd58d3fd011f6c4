"""Prompts, and what a probe needs of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from fgclip.types import Embeddings, RouteChoice


@dataclass(frozen=True)
class Prompt:
    """A phrase and the way the model shall read it."""

    text: str
    route: RouteChoice = "auto"


class DenseField(Protocol):
    """The patches of one picture."""

    @property
    def grid(self) -> tuple[int, int]:
        """Patches down and across: (H, W)."""

    @property
    def features(self) -> NDArray[np.float32]:
        """(H, W, D), not normalised."""

    @property
    def image_embedding(self) -> Embeddings:
        """(D,) unit vector of the whole picture."""

    def regions(self, boxes: ArrayLike) -> Embeddings:
        """(N, D) unit vectors of (N, 4) boxes, fractions of the picture."""

    def similarity(self, text_embeddings: Embeddings) -> NDArray[np.float32]:
        """(P, H, W) cosine of every patch with (P, D) texts."""


class PictureEncoder(Protocol):
    """Turns pictures and texts into unit vectors."""

    def encode_text(self, texts: Sequence[str], route: RouteChoice = "short") -> Embeddings:
        """(N, D)."""

    def encode_image(self, images: tuple[Image.Image, ...]) -> Embeddings:
        """(B, D)."""

    def encode_dense(self, image: Image.Image) -> DenseField:
        """The patches of one picture."""


def embed_prompts(encoder: PictureEncoder, prompts: Sequence[Prompt]) -> Embeddings:
    """Unit vectors of prompts that may each take another route: (P, D), in their order."""
    rows: dict[int, NDArray[np.float32]] = {}
    for route in sorted({prompt.route for prompt in prompts}):
        places = [place for place, prompt in enumerate(prompts) if prompt.route == route]
        vectors = encoder.encode_text([prompts[place].text for place in places], route)
        rows |= dict(zip(places, vectors, strict=True))
    return np.stack([rows[place] for place in range(len(prompts))])
