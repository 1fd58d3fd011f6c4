"""What is known of the weights in use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fgclip.model.checkpoint import CheckpointError
from fgclip.preprocess import MEAN, STD


@dataclass(frozen=True, kw_only=True)
class Card:
    """Facts about the weights in use."""

    name: str
    family: str  # "FG-CLIP", "FG-CLIP 2", "CLIP", "SigLIP 2"
    source: str  # folder or hub id they came from
    sha256: str  # of the weight files
    bytes: int  # of the weight files
    parameters: int
    dimensions: int  # D
    image_size: int  # pixels per side; of the largest square picture where `most_patches` is given
    patch_size: int  # pixels per side
    short_context: int  # tokens on the short and box routes
    long_context: int  # tokens on the long route
    scale: float  # multiplies a cosine before a softmax: exp(logit_scale)
    bias: float | None = None  # added after that, before a sigmoid; None: trained with a softmax
    most_patches: int | None = None  # of a picture at its own shape; None: pictures become squares
    prompt_style: str = ""  # how texts should be worded, and what becomes of them
    device: str
    dtype: str
    routes: tuple[str, ...] = ("short", "long", "box")
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    notes: dict[str, str] = field(default_factory=dict)  # what the model card says, in words
    doubtful_below: float | None = None  # cosine that a region's best phrase should reach

    @property
    def grid_size(self) -> int:
        """Patches per side; of the largest square picture where pictures keep their shape."""
        return self.image_size // self.patch_size


def folder_notes(folder: Path) -> dict[str, str]:
    """The front matter of MODEL_CARD.md: `key: value` lines between two rules."""
    path = folder / "MODEL_CARD.md"
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{path} is not UTF-8 text: {error}") from error
    front = re.match(r"---\n(.*?)\n---", text, flags=re.DOTALL)
    lines = front[1].splitlines() if front else []
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def doubtful_below(notes: Mapping[str, str], folder: Path) -> float | None:
    """The cosine that the note of that name begins with."""
    note = notes.get("doubtful_below")
    try:
        return None if note is None else float(note.split(",")[0])
    except ValueError as error:
        raise CheckpointError(
            f"{folder}: doubtful_below in MODEL_CARD.md is {note!r}; begin it with a cosine and a "
            "comma, such as 0.38, …"
        ) from error
