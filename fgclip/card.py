"""What is known of the weights in use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fgclip.inputs.batching import Inputs, PaddedInputs, SquarePatchInputs
from fgclip.inputs.images import MEAN, STD
from fgclip.model.checkpoints.loading import CheckpointError
from fgclip.types import ROUTES, Route

TRAINED_ROUTES: Mapping[str, tuple[Route, ...]] = {
    "FG-CLIP": ROUTES,
    "FG-CLIP 2": ROUTES,
    "Long-CLIP": ("short", "long"),
}  # of other families: short
_COPIES = "short is trained; long is a copy of it with stretched positions, box a plain copy"
_CROPPED = "squashed to squares, so that boxes may lie anywhere; it was trained on centre crops"
FAMILY_NOTES = {
    "CLIP": {"text_routes": _COPIES, "pictures": _CROPPED},
    "SigLIP": {"text_routes": _COPIES},
    "SigLIP 2": {"text_routes": _COPIES},
    "Long-CLIP": {
        "text_routes": "one, which is long; short and box are its first positions",
        "pictures": _CROPPED,
    },
    "EVA-02-CLIP": {
        "text_routes": "one: long and box are read as short is",
        "pictures": "squashed to squares, as FineCLIP does; EVA-02-CLIP was trained on centre "
        "crops, CLIPSelf on pictures padded to squares (pad=True)",
    },
}
UNREAD = (
    "the last {lost} of {size} pixels on the right and below are not read, as in training; boxes "
    "and heat maps are stretched over what is"
)
PADDED = "padded with black to squares, as CLIPSelf does; their own shape is kept"


@dataclass(frozen=True, kw_only=True)
class Card:
    """Facts about the weights in use."""

    name: str
    family: str  # as `LoadedCheckpoint.family` tells it
    source: str  # folder, file or hub id they came from
    revision: str = ""  # the hub's commit that they are; empty for other folders
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
    reading: str = ""  # how pictures are read, where not as its family usually reads them
    prompt_style: str = ""  # how texts should be worded, and what becomes of them
    device: str
    dtype: str
    routes: tuple[Route, ...] = ROUTES  # any other reads as short does
    trained_routes: tuple[Route, ...] = ROUTES  # the others are copies of short
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    notes: dict[str, str] = field(default_factory=dict)  # of its family and its model card
    doubtful_below: float | None = None  # cosine that a region's best phrase should reach

    @property
    def identity(self) -> str:
        """What tells vectors apart: the weights, and how pictures were read."""
        return f"{self.sha256} {self.reading}".strip()

    @property
    def region_route(self) -> Route:
        """How phrases are read that are held against regions, unless somebody says otherwise."""
        return "box" if "box" in self.trained_routes else "short"

    @property
    def grid_size(self) -> int:
        """Patches per side; of the largest square picture where pictures keep their shape."""
        return self.image_size // self.patch_size


def trained_routes(family: str) -> tuple[Route, ...]:
    """Routes of a family that training gave weights or texts of their own."""
    return TRAINED_ROUTES.get(family, ("short",))


def family_notes(family: str, inputs: Inputs) -> dict[str, str]:
    """What a reader should know of a family's routes and of what becomes of pictures, in words."""
    notes = FAMILY_NOTES.get(family, {})
    if isinstance(inputs, PaddedInputs):
        return {**notes, "pictures": PADDED}
    if isinstance(inputs, SquarePatchInputs) and inputs.image_size % inputs.patch:
        lost = inputs.image_size % inputs.patch
        return {**notes, "pictures": UNREAD.format(lost=lost, size=inputs.image_size)}
    return dict(notes)


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
