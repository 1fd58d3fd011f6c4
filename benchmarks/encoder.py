"""The encoder alone: pictures, texts, boxes, and what its short cuts save."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

import fgclip
from benchmarks.bench import Bench, seconds
from benchmarks.models import Case
from benchmarks.tables import Column, Row, Table, median
from fgclip.encoder import Encoder
from fgclip.inputs.clip_tokenizer import Tokenizer

BOXES = 100
PASSES = 10  # of the hundred that are run, at most
TEXTS = 10
BATCH = 44  # phrases encoded together: four FG-OVD lines

log = logging.getLogger(__name__)

ENCODING = (
    Column("one picture", "ms"),
    Column("ten texts", "ms"),
    Column("100 boxes, one pass", "ms"),
    Column("100 boxes, 100 passes", "ms", 0),
    Column("passes / one pass", "×"),
)
TRIMMING = (
    Column("tokens, mean", ""),
    Column("tokens, longest", "", 0),
    Column("trimmed", "ms"),
    Column("padded", "ms"),
    Column("padded / trimmed", "×"),
    Column("largest difference", "", 7),
)


@dataclass(frozen=True)
class Subject:
    """One model under measurement."""

    encoder: Encoder
    tokenizer: Tokenizer

    @property
    def without_cache(self) -> Encoder:
        """The same model, no text known."""
        return self.encoder.without_cache()


def tables(bench: Bench) -> list[Table]:
    """Every named model: forward passes, then trimming."""
    encoding, trimming = [], []
    for case in bench.shelf.cases:
        subject = Subject(fgclip.load(case.folder), Tokenizer.from_folder(case.folder))
        encoding.append(Row(_labels(case, subject), _encoding(subject, bench)))
        trimming.append(Row(_labels(case, subject), _trimming(subject, bench)))
    return [
        Table(
            subject="encoder",
            title="Encoder: one pass for all boxes",
            notes=(
                "Medians. The picture is 640 × 480 pixels, decoded; texts were never read before. "
                f"Baseline *100 passes*: `encode_regions` once a box; at most {PASSES} of them are "
                "run and the time is scaled to 100."
            ),
            labels=("model", "runs as"),
            columns=ENCODING,
            rows=tuple(encoding),
        ),
        Table(
            subject="encoder",
            title="Encoder: texts trimmed to their length",
            notes=(
                f"Medians for {BATCH} phrases in one batch through the short route. Baseline "
                "*padded*: the same batch at the full context (77 tokens). Largest difference: "
                "between the two, of any component of a unit vector."
            ),
            labels=("model", "runs as"),
            columns=TRIMMING,
            rows=tuple(trimming),
        ),
    ]


def _labels(case: Case, subject: Subject) -> tuple[str, str]:
    card = subject.encoder.card
    return case.name, f"{card.dtype}, {card.device}, {torch.get_num_threads()} threads"


def _encoding(subject: Subject, bench: Bench) -> tuple[float, ...]:
    encoder, times = subject.encoder, bench.effort.forwards
    picture, boxes = _picture(), _boxes()
    passes = min(PASSES, 2 * times)
    encoder.encode_regions(picture, boxes)  # the first pass allocates
    picture_time = median(seconds(lambda _: encoder.encode_image(picture), times))
    text_time = median(
        seconds(lambda n: subject.without_cache.encode_text(_turn(bench.phrases, n, TEXTS)), times)
    )
    once = median(seconds(lambda _: encoder.encode_dense(picture).regions(boxes), times))
    each = median(seconds(lambda n: encoder.encode_regions(picture, boxes[n : n + 1]), passes))
    return (
        1000 * picture_time,
        1000 * text_time,
        1000 * once,
        1000 * each * BOXES,
        each * BOXES / once,
    )


def _trimming(subject: Subject, bench: Bench) -> tuple[float, ...]:
    encoder, times = subject.encoder, bench.effort.forwards
    limit = encoder.card.short_context
    tokens = subject.tokenizer.batch(bench.phrases[:BATCH], limit)
    ids = torch.from_numpy(tokens.ids).to(encoder.card.device)
    padded = F.pad(ids, (0, limit - ids.shape[1]), value=subject.tokenizer.eos_token_id)
    apart = np.abs(_embeddings(encoder, ids) - _embeddings(encoder, padded)).max()
    # In turns, so that a machine that slows down slows both.
    both = seconds(lambda n: _embeddings(encoder, (ids, padded)[n % 2]), 2 * times)
    trimmed, full = median(both[0::2]), median(both[1::2])
    return (
        float(tokens.lengths.mean()),
        float(tokens.lengths.max()),
        1000 * trimmed,
        1000 * full,
        full / trimmed,
        float(apart),
    )


def _embeddings(encoder: Encoder, ids: Tensor) -> NDArray[np.float32]:
    """(N, L) token ids → (N, D) unit vectors, in the model's own precision."""
    kind: torch.dtype = getattr(torch, encoder.card.dtype)
    autocast = torch.autocast(ids.device.type, dtype=kind, enabled=kind != torch.float32)
    with torch.inference_mode(), autocast:
        found: NDArray[np.float32] = (
            F.normalize(encoder.model.encode_text(ids, "short").float(), dim=-1).cpu().numpy()
        )
    return found


def _turn(phrases: Sequence[str], number: int, count: int) -> list[str]:
    """`count` phrases, others each time."""
    start = number * count % (len(phrases) - count)
    return list(phrases[start : start + count])


def _picture() -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (480, 640, 3), dtype=np.uint8))


def _boxes() -> NDArray[np.float32]:
    """(BOXES, 4) fractions, every side at least a tenth of the picture."""
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 0.9, (BOXES, 2))
    return np.hstack([corner, rng.uniform(corner + 0.1, 1)]).astype(np.float32)
