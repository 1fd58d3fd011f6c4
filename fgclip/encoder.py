"""Pictures, texts and boxes → unit vectors. Torch stops here: arrays come out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from fgclip.boxes import check_boxes
from fgclip.card import Card
from fgclip.dense import Dense, Embedding
from fgclip.inputs.batching import Inputs, Maps, Prepared
from fgclip.inputs.images import Picture
from fgclip.model.checkpoints.loading import Model
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.types import ROUTE_CHOICES, Route, RouteChoice

__all__ = ["Card", "Encoder", "TokenReport", "TruncatedTextWarning"]

T = TypeVar("T")
TEXT_CACHE = 100_000  # vectors kept; 200 MB at D = 512
LONGEST_KEPT = (
    2_000  # characters of a text that is kept; beyond what any route reads, nearly always
)


class TruncatedTextWarning(UserWarning):
    """A text had more tokens than its route reads; the rest was not seen."""


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

    def __init__(self, model: Model, inputs: Inputs, card: Card) -> None:
        self.model = model
        self.card = card
        self._inputs = inputs
        self._tokenizer = inputs.tokenizer
        self._device = torch.device(card.device)
        self._dtype: torch.dtype = getattr(torch, card.dtype)
        self._texts: dict[tuple[Route, str], Embedding] = {}
        self._lock = Lock()

    def without_cache(self) -> Encoder:
        """The same model, no text known: what a measurement of texts needs."""
        return Encoder(self.model, self._inputs, self.card)

    forgetful = without_cache  # its name before; goes with the next release

    def encode_image(
        self, images: Picture | list[Picture] | tuple[Picture, ...], *, batch_size: int = 32
    ) -> Embedding:
        """Unit vectors of whole pictures: (B, D)."""
        sources = list(images) if isinstance(images, (list, tuple)) else [images]
        rows = [
            self._whole([self._inputs.prepare(each) for each in chunk])
            for chunk in _chunks(sources, batch_size)
        ]
        return _stack(rows, self.card.dimensions)

    def encode_text(
        self, texts: str | Sequence[str], route: RouteChoice = "short", *, batch_size: int = 256
    ) -> Embedding:
        """Unit vectors of texts; equal texts are encoded once and kept.

        Args:
            texts: Any texts; case does not matter.
            route: "short" for phrases and short captions, "long" for captions up to the card's
                `long_context` tokens, "box" for phrases held against regions, "auto" for short or,
                where a text does not fit it and the model was trained on long ones, long.
            batch_size: Texts prepared together, in the order of the alphabet: those that begin
                alike are read together, and what they begin with once (but for SigLIP's kin).

        Returns:
            (N, D). A text that does not fit is cut, with a `TruncatedTextWarning`.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        keys = [(self.resolve_route(text, route), text) for text in texts]
        with self._lock:
            known = {key: self._texts[key] for key in keys if key in self._texts}
        for wanted in self.card.routes:
            new = {text for found, text in keys if found == wanted and (found, text) not in known}
            known |= self._encode_new(sorted(new), wanted, batch_size)
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
            whole, dense = self._both([self._inputs.prepare(image)])
        return Dense(self._inputs.first_map(dense).float().cpu(), whole[0].float().cpu())

    def prepare(self, image: Picture) -> Prepared:
        """One picture as bytes; other threads may do this ahead."""
        return self._inputs.prepare(image)

    def encode_prepared(
        self, prepared: Sequence[Prepared], boxes: ArrayLike, image_index: ArrayLike
    ) -> tuple[Embedding, Embedding]:
        """Unit vectors of pictures and of all their boxes, each picture passing the model once.

        Args:
            prepared: B pictures from `prepare`; as many at a time as memory should hold.
            boxes: (N, 4) fractions of their pictures; N may be 0.
            image_index: (N,) row of `prepared` that each box belongs to.

        Returns:
            (B, D) and (N, D).

        Raises:
            BoxError: A box is inverted, empty, not finite or outside its picture.
        """
        corners = check_boxes(boxes)
        regions = np.zeros((len(corners), self.card.dimensions), np.float32)
        if len(corners) == 0:
            return self._whole(prepared), regions
        owners = np.asarray(image_index, np.int64)
        images = np.zeros((len(prepared), self.card.dimensions), np.float32)
        for rows in self._inputs.batches(prepared):
            own = np.isin(owners, rows).nonzero()[0]
            place = np.zeros(len(prepared), np.int64)  # of a picture in its batch
            place[rows] = np.arange(len(rows))
            images[rows], regions[own] = self._one_batch(
                [prepared[row] for row in rows], corners[own], place[owners[own]]
            )
        return images, regions

    def resolve_route(self, text: str, route: RouteChoice) -> Route:
        """The route that a text takes: "auto" means long when the short one would cut it.

        "auto" leaves out a long route that nobody trained. A model with one route alone reads
        every text by it.

        Raises:
            ValueError: There is no such route.
        """
        if route not in ROUTE_CHOICES:
            raise ValueError(f"route {route!r} is not one of {', '.join(ROUTE_CHOICES)}")
        if route != "auto":
            return route if route in self.card.routes else "short"
        if "long" not in self.card.trained_routes:
            return "short"
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
            tokens = self._inputs.tokens(chunk, self._limit(route))
            if tokens.truncated.any():
                first = chunk[int(tokens.truncated.argmax())]
                warnings.warn(
                    f"{int(tokens.truncated.sum())} text(s) exceed the {self._limit(route)} tokens "
                    f"of the {route} route and were cut, first {first[:60]!r}.",
                    TruncatedTextWarning,
                    stacklevel=3,
                )
            ids = torch.from_numpy(tokens.ids).to(self._device)
            with torch.inference_mode(), self._autocast():
                rows = _unit(self._read(ids, route))
            found |= {(route, text): row for text, row in zip(chunk, rows, strict=True)}
        return found

    def _read(self, ids: Tensor, route: Route) -> Tensor:
        if isinstance(self.model, FGCLIP2):  # whose tokens look at those after them, too
            return self.model.encode_text(ids, route)
        return self.model.encode_text_once(ids, route)

    def _limit(self, route: Route) -> int:
        return self.card.long_context if route == "long" else self.card.short_context

    def _whole(self, prepared: Sequence[Prepared]) -> Embedding:
        images = np.zeros((len(prepared), self.card.dimensions), np.float32)
        for rows in self._inputs.batches(prepared):
            batch = self._inputs.batch([prepared[row] for row in rows], self._device)
            with torch.inference_mode(), self._autocast():
                images[rows] = _unit(self.model.encode_image(batch))  # type: ignore[arg-type]
        return images

    def _one_batch(
        self, prepared: Sequence[Prepared], corners: NDArray[np.float32], owners: NDArray[np.int64]
    ) -> tuple[Embedding, Embedding]:
        """Unit vectors of the pictures of one forward pass, and of their boxes."""
        boxes, rows = (torch.from_numpy(each).to(self._device) for each in (corners, owners))
        with torch.inference_mode(), self._autocast():
            whole, dense = self._both(prepared)
        with torch.inference_mode():
            regions = self.model.encode_regions(dense, boxes, rows)  # type: ignore[arg-type]
        return _unit(whole), _unit(regions)

    def _both(self, prepared: Sequence[Prepared]) -> tuple[Tensor, Maps]:
        """Features of the pictures of one forward pass, and of their patches."""
        batch = self._inputs.batch(prepared, self._device)
        whole, dense = self.model.encode_image_and_dense(batch)  # type: ignore[arg-type]
        return whole, self._inputs.inside(dense, prepared)

    def _autocast(self) -> torch.autocast:
        enabled = self._dtype != torch.float32
        return torch.autocast(self._device.type, dtype=self._dtype, enabled=enabled)


def _unit(rows: Tensor) -> Embedding:
    return F.normalize(rows.float(), dim=-1).cpu().numpy()


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    if size < 1:
        raise ValueError(f"batch_size {size} encodes nothing; give 1 or more")
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _stack(rows: Sequence[Embedding], dimensions: int) -> Embedding:
    return np.concatenate(rows) if rows else np.zeros((0, dimensions), np.float32)
