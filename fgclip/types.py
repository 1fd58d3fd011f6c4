"""Names that many rooms share: arrays, routes, kinds of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

Embeddings = NDArray[np.float32]
"""(N, D) unit vectors."""

Ids = NDArray[np.int64]
"""(N,) numbers of pictures, regions or texts of a workspace."""

Route = Literal["short", "long", "box"]
"""How a text tower reads: captions up to 77 tokens, longer ones, phrases of regions."""

RouteChoice = Literal["auto", "short", "long", "box"]
"""A route, or the one that fits the text's length."""

ItemKind = Literal["image", "region", "text"]
"""What a workspace has vectors of."""

DECIMALS = 6  # of numbers that are reported; float32 holds no more of a cosine

ROUTES: tuple[Route, ...] = get_args(Route)
ROUTE_CHOICES: tuple[RouteChoice, ...] = get_args(RouteChoice)
ITEM_KINDS: tuple[ItemKind, ...] = get_args(ItemKind)


class TextEncoder(Protocol):
    """What a search by words needs of a model."""

    def encode_text(self, texts: Sequence[str], route: RouteChoice = "short") -> Embeddings:
        """Unit vectors of texts: (N, D)."""
