"""The weights of one checkpoint under the names that our models are compared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor

from fgclip.model.checkpoints.conversion import add_short_route, convert
from fgclip.model.checkpoints.layouts import LONG_CLIP, OPENAI, Layout, recognise
from fgclip.model.checkpoints.names import LONG_CLIP_ROWS, complete, upstream_name
from fgclip.model.checkpoints.weights import CheckpointError, all_finite

VISION = "visual."  # begins every name of a vision tower, but in Hugging Face's layout
KNOWN = (
    "Known are FG-CLIP, CLIP, FG-CLIP 2, SigLIP and SigLIP 2 in Hugging Face's layout, and ViTs of "
    "CLIP, Long-CLIP and EVA-02-CLIP (also CLIPSelf's and FineCLIP's) in their own"
)


@dataclass(frozen=True)
class Source:
    """Tensors of a checkpoint, and what the file calls them."""

    path: Path
    layout: Layout | None  # None: Hugging Face's
    tensors: dict[str, Tensor]  # by Hugging Face's name; by ours for EVA-02-CLIP, which has none
    origin: dict[str, str] = field(default_factory=dict)  # that name → the file's, if another
    unknown: list[str] = field(default_factory=list)  # names in the file that the layout lacks

    def named(self, ours: str) -> str:
        """The key in `tensors` of one of our parameters, or the beginning of several."""
        return ours if self.layout and self.layout.eva else upstream_name(ours)

    def file_name(self, ours: str) -> str:
        """What the file calls one of our parameters, or would if it were there."""
        key = self.named(ours)
        return self.origin.get(key) or (self.layout.file_name(ours) if self.layout else key)

    def shape(self, ours: str, dimensions: int) -> tuple[int, ...]:
        """The shape of one of our parameters.

        Raises:
            CheckpointError: It is absent, or has another number of dimensions.
        """
        key, name = self.named(ours), self.file_name(ours)
        if key not in self.tensors:
            raise CheckpointError(f"{self.path} lacks {name!r}. {KNOWN}.")
        shape = tuple(self.tensors[key].shape)
        if len(shape) != dimensions:
            raise CheckpointError(
                f"{self.path}: {name!r} has shape {shape}, but must have {dimensions} dimensions. "
                "The file is damaged; use another checkpoint."
            )
        return shape

    def blocks(self, ours: str) -> int:
        """How many blocks there are; a gap among their numbers shows up as a missing weight."""
        head = self.named(ours) + "."
        inside = (key.removeprefix(head) for key in self.tensors if key.startswith(head))
        return len({key.split(".")[0] for key in inside})

    def check(self, expected: Mapping[str, Tensor]) -> None:
        """Refuse tensors that are not exactly those of a model, given by our names."""
        self._check_names(expected)
        for ours, value in expected.items():
            name, found = self.file_name(ours), self.tensors[self.named(ours)]
            if found.shape != value.shape and not found.numel() == value.numel() == 1:
                raise CheckpointError(
                    f"{self.path}: {name!r} has shape {tuple(found.shape)}, but config.json asks "
                    f"for {tuple(value.shape)}. Use the config.json that came with these weights."
                    if self.layout is None
                    else f"{self.path}: {name!r} gives shape {tuple(found.shape)}, but the other "
                    f"weights ask for {tuple(value.shape)}. The file is damaged, or config.json "
                    "beside it belongs to another."
                )
            if not all_finite(found):
                raise CheckpointError(
                    f"{self.path}: {name!r} holds NaN or infinite values. The file is damaged or "
                    "the training run diverged; use another checkpoint."
                )

    def _check_names(self, expected: Mapping[str, Tensor]) -> None:
        missing = [ours for ours in expected if self.named(ours) not in self.tensors]
        if missing:
            raise CheckpointError(
                f"{self.path} lacks {len(missing)} weights, first {self.file_name(missing[0])!r}. "
                f"{KNOWN}; does config.json belong to it, where there is one?"
            )
        keys = {self.named(ours) for ours in expected}
        extra = [self.origin.get(key, key) for key in self.tensors if key not in keys]
        extra += self.unknown
        if extra:
            raise CheckpointError(
                f"{self.path} holds {len(extra)} weights that the model does not have, first "
                f"{extra[0]!r}. Is it another family, or has config.json too few layers?"
            )


def source_of(tensors: dict[str, Tensor], path: Path) -> Source:
    """Name a file's tensors and add those that follow from others.

    Raises:
        CheckpointError: The text tower is absent, or its positions cannot be made two routes.
    """
    layout = recognise(tensors)
    try:
        source = _renamed(tensors, path, layout) if layout else Source(path, None, tensors)
        if not (layout and layout.eva):
            complete(source.tensors)
    except ValueError as error:
        raise CheckpointError(f"{path} has {error}.") from error
    return source


def add_text_tower(tensors: dict[str, Tensor], other: Mapping[str, Tensor], path: Path) -> None:
    """Complete a vision tower's file with everything else of another file.

    Raises:
        CheckpointError: It has a text tower of its own.
    """
    if not _vision_alone(tensors):
        raise CheckpointError(f"{path} has a text tower of its own. Leave out `text_from`.")
    rest = {name: value for name, value in other.items() if not name.startswith(VISION)}
    tensors.update(rest | tensors)


def _vision_alone(names: Collection[str]) -> bool:
    return all(name.startswith((VISION, "logit_scale")) for name in names)


def _renamed(tensors: dict[str, Tensor], path: Path, layout: Layout) -> Source:
    if _vision_alone(tensors):
        raise CheckpointError(
            f"{path} holds a vision tower without its text tower. Give the checkpoint that it was "
            "tuned from as `text_from`: such towers are tuned with the text tower frozen."
        )
    found = convert(tensors, layout)
    ours = found.tensors
    if layout is LONG_CLIP:
        add_short_route(found)
    positions = ours.get("text.position_embedding")
    if layout is OPENAI and positions is not None and positions.shape[:1] == (LONG_CLIP_ROWS,):
        raise ValueError("Long-CLIP's 248 text positions, but no 'positional_embedding_res'")
    source = Source(path, layout, {}, {}, found.unknown)
    source.tensors.update({source.named(name): value for name, value in ours.items()})
    source.origin.update({source.named(name): theirs for name, theirs in found.origin.items()})
    return source
