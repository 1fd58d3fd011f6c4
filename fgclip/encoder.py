"""Pictures, texts and boxes → unit vectors. Torch stops here: arrays come out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from fgclip.boxes import check_boxes
from fgclip.dense import Dense, Embedding
from fgclip.model.fgclip import FGCLIP, Route
from fgclip.model.regions import region_features
from fgclip.preprocess import (
    MEAN,
    STD,
    Picture,
    Pixels,
    normalised,
    open_picture,
    pixel_values,
    squashed,
)
from fgclip.tokenizer import Tokenizer

RouteChoice = Literal["short", "long", "box", "auto"]
ROUTE_CHOICES: tuple[RouteChoice, ...] = ("short", "long", "box", "auto")
T = TypeVar("T")
TEXT_CACHE = 100_000  # vectors kept; 200 MB at D = 512
LONGEST_KEPT = (
    2_000  # characters of a text that is kept; beyond what any route reads, nearly always
)


class TruncatedTextWarning(UserWarning):
    """A text had more tokens than its route reads; the rest was not seen."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """Facts about the weights in use."""

    name: str
    family: str  # "FG-CLIP"
    source: str  # folder or hub id they came from
    sha256: str  # of the weight files
    bytes: int  # of the weight files
    parameters: int
    dimensions: int  # D
    image_size: int  # pixels per side
    patch_size: int  # pixels per side
    short_context: int  # tokens on the short and box routes
    long_context: int  # tokens on the long route
    scale: float  # multiplies a cosine before a softmax: exp(logit_scale)
    device: str
    dtype: str
    routes: tuple[str, ...] = ("short", "long", "box")
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    notes: dict[str, str] = field(default_factory=dict)  # what the model card says, in words
    doubtful_below: float | None = None  # cosine that a region's best phrase should reach

    @property
    def grid_size(self) -> int:
        """Patches per side."""
        return self.image_size // self.patch_size


@dataclass(frozen=True, kw_only=True)
class TokenReport:
    """How a text fits its route."""

    route: Route  # "auto" resolved
    tokens: int  # the text's, both marks included
    limit: int  # the route's
    kept_text: str  # what the model reads

    @property
    def truncated(self) -> bool:
        """Whether part of the text is not seen."""
        return self.tokens > self.limit


class Encoder:
    """A model with its preprocessing, tokenizer and device. Threads may share it."""

    def __init__(self, model: FGCLIP, tokenizer: Tokenizer, card: Card) -> None:
        self.model = model
        self.card = card
        self._tokenizer = tokenizer
        self._device = torch.device(card.device)
        self._dtype: torch.dtype = getattr(torch, card.dtype)
        self._texts: dict[tuple[Route, str], Embedding] = {}
        self._lock = Lock()

    def encode_image(
        self, images: Picture | list[Picture] | tuple[Picture, ...], *, batch_size: int = 32
    ) -> Embedding:
        """Unit vectors of whole pictures: (B, D)."""
        sources = list(images) if isinstance(images, (list, tuple)) else [images]
        rows = [
            self._unit(self.model.encode_image, self._pixels(chunk))
            for chunk in _chunks(sources, batch_size)
        ]
        return _stack(rows, self.card.dimensions)

    def encode_text(
        self, texts: str | Sequence[str], route: RouteChoice = "short", *, batch_size: int = 256
    ) -> Embedding:
        """Unit vectors of texts; equal texts are encoded once and kept.

        Args:
            texts: Any texts; case does not matter.
            route: "short" for phrases and captions up to 77 tokens, "long" for captions up to 248,
                "box" for phrases held against regions, "auto" for short or long by token count.
            batch_size: Texts per forward pass; they are sorted by length first.

        Returns:
            (N, D). A text that does not fit is cut, with a `TruncatedTextWarning`.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        keys = [(self.resolve_route(text, route), text) for text in texts]
        with self._lock:
            known = {key: self._texts[key] for key in keys if key in self._texts}
        for wanted in self.card.routes:
            new = {text for found, text in keys if found == wanted and (found, text) not in known}
            known |= self._encode_new(sorted(new, key=len), wanted, batch_size)  # type: ignore[arg-type]
        with self._lock:
            self._texts |= {key: row for key, row in known.items() if len(key[1]) <= LONGEST_KEPT}
            while len(self._texts) > TEXT_CACHE:
                self._texts.pop(next(iter(self._texts)))
        return _stack([known[key][None] for key in keys], self.card.dimensions)

    def encode_regions(self, image: Picture, boxes: ArrayLike) -> Embedding:
        """Unit vectors of boxes of one picture: (N, 4) fractions → (N, D)."""
        return self.encode_dense(image).regions(boxes)

    def encode_dense(self, image: Picture) -> Dense:
        """Patch features of one picture, and its global feature, from one pass."""
        with torch.inference_mode(), self._autocast():
            whole, dense = self.model.encode_image_and_dense(self._pixels([image]))
        return Dense(dense[0].float().cpu(), whole[0].float().cpu())

    def prepare(self, image: Picture) -> Pixels:
        """One picture as a square of bytes, (3, S, S); other threads may do this ahead."""
        return squashed(open_picture(image), self.card.image_size)

    def encode_prepared(
        self, prepared: Pixels, boxes: ArrayLike, image_index: ArrayLike
    ) -> tuple[Embedding, Embedding]:
        """Unit vectors of pictures and of all their boxes, from one forward pass.

        Args:
            prepared: (B, 3, S, S) pictures from `prepare`.
            boxes: (N, 4) fractions of their pictures; N may be 0.
            image_index: (N,) row of `prepared` that each box belongs to.

        Returns:
            (B, D) and (N, D).

        Raises:
            BoxError: A box is inverted, empty, not finite or outside its picture.
        """
        corners = torch.from_numpy(check_boxes(boxes)).to(self._device)
        squares = torch.from_numpy(prepared).to(self._device)
        pixels = normalised(squares, self.card.mean, self.card.std)
        if len(corners) == 0:
            nothing = np.zeros((0, self.card.dimensions), np.float32)
            return self._unit(self.model.encode_image, pixels), nothing
        owners = torch.as_tensor(np.asarray(image_index, np.int64), device=self._device)
        with torch.inference_mode(), self._autocast():
            whole, dense = self.model.encode_image_and_dense(pixels)
        regions = region_features(dense.float(), corners, owners)
        images, inside = (F.normalize(rows.float(), dim=-1) for rows in (whole, regions))
        return images.cpu().numpy(), inside.cpu().numpy()

    def resolve_route(self, text: str, route: RouteChoice) -> Route:
        """The route that "auto" means for a text: long when the short one would cut it.

        Raises:
            ValueError: There is no such route.
        """
        if route not in ROUTE_CHOICES:
            raise ValueError(f"route {route!r} is not one of {', '.join(ROUTE_CHOICES)}")
        if route != "auto":
            return route
        return "short" if self._tokenizer.count(text) <= self.card.short_context else "long"

    def token_report(self, text: str, route: RouteChoice = "short") -> TokenReport:
        """How many tokens a text has, how many its route reads, and what is read."""
        resolved = self.resolve_route(text, route)
        limit = self._limit(resolved)
        return TokenReport(
            route=resolved,
            tokens=self._tokenizer.count(text),
            limit=limit,
            kept_text=self._tokenizer.cut(text, limit),
        )

    def _encode_new(
        self, texts: Sequence[str], route: Route, batch_size: int
    ) -> dict[tuple[Route, str], Embedding]:
        found: dict[tuple[Route, str], Embedding] = {}
        for chunk in _chunks(texts, batch_size):
            tokens = self._tokenizer.batch(chunk, self._limit(route))
            if tokens.truncated.any():
                first = chunk[int(tokens.truncated.argmax())]
                warnings.warn(
                    f"{int(tokens.truncated.sum())} text(s) exceed the {self._limit(route)} tokens "
                    f"of the {route} route and were cut, first {first[:60]!r}.",
                    TruncatedTextWarning,
                    stacklevel=3,
                )
            ids = torch.from_numpy(tokens.ids).to(self._device)
            rows = self._unit(lambda ids: self.model.encode_text(ids, route), ids)
            found |= {(route, text): row for text, row in zip(chunk, rows, strict=True)}
        return found

    def _limit(self, route: Route) -> int:
        return self.card.long_context if route == "long" else self.card.short_context

    def _pixels(self, images: Sequence[Picture]) -> Tensor:
        pictures = (open_picture(image) for image in images)  # one in memory at a time
        values = pixel_values(pictures, self.card.image_size, self.card.mean, self.card.std)
        return torch.from_numpy(values).to(self._device)

    def _unit(self, function: Callable[[Tensor], Tensor], values: Tensor) -> Embedding:
        with torch.inference_mode(), self._autocast():
            return F.normalize(function(values).float(), dim=-1).cpu().numpy()

    def _autocast(self) -> torch.autocast:
        enabled = self._dtype != torch.float32
        return torch.autocast(self._device.type, dtype=self._dtype, enabled=enabled)


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    if size < 1:
        raise ValueError(f"batch_size {size} encodes nothing; give 1 or more")
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _stack(rows: Sequence[Embedding], dimensions: int) -> Embedding:
    return np.concatenate(rows) if rows else np.zeros((0, dimensions), np.float32)
