"""A trained detector's boxes, as proposals: OWLv2 or Grounding DINO. Torch stops here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from huggingface_hub.errors import StrictDataclassError
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from fgclip.boxes import Boxes
from fgclip.devices import choose_device
from fgclip.model.checkpoints.hub import model_folder
from fgclip.model.checkpoints.weights import CheckpointError, all_finite, read_tensors
from fgclip.model.config import FGCLIPConfig

MOST = 300  # proposals of a picture
UNREAD = ("position_ids", "relative_position_index")  # counts that older files hold, no weights
UNSOUND = (OSError, ValueError, TypeError, KeyError, StrictDataclassError, RuntimeError)

Outputs = tuple[Tensor, Tensor]
"""(N, 4) centre x y, width, height as fractions of what the model saw, and (N,) objectness."""


@dataclass(frozen=True)
class Proposed:
    """Boxes of a picture that may hold a thing, the likeliest first.

    Attributes:
        boxes: (N, 4) x0 y0 x1 y1 as fractions of the picture, none empty; N is `MOST` or fewer.
        objectness: (N,) how much each looks like a thing, 0 to 1.
    """

    boxes: Boxes
    objectness: NDArray[np.float32]


class Detector:
    """A detector with its preprocessing and device, whatever its family."""

    def __init__(self, name: str, family: _Owlv2 | _GroundingDino) -> None:
        self.name = name
        self._family = family

    @classmethod
    def load(cls, path: str | Path, device: str = "auto") -> Detector:
        """Load weights in Hugging Face's layout. No code in the folder is run.

        Args:
            path: Folder with `config.json`, safetensors and preprocessing, or a hub id.
            device: A torch device, or "auto" for the fastest here.

        Raises:
            ModelNotFoundError: There is nothing under that name.
            CheckpointError: It is no OWLv2 or Grounding DINO, or not sound.
            DeviceError: The device does not exist here.
        """
        folder = model_folder(path)
        family = FAMILIES.get(kind := _model_type(folder))
        if family is None:
            raise CheckpointError(
                f"{folder} is of type {kind!r}, which gives no proposals here. "
                f"Use one of {', '.join(FAMILIES)}."
            )
        # A dtype being given, nothing is measured, and any configuration does.
        place, _ = choose_device(device, "float32", FGCLIPConfig())
        name = Path(path).expanduser().resolve().name if Path(path).is_dir() else str(path)
        return cls(name, family(folder, torch.device(place)))

    def propose(self, image: Image.Image, phrases: Sequence[str]) -> Proposed:
        """Boxes of a picture, the likeliest things first.

        OWLv2 does not read the phrases: its objectness is that of anything. Grounding DINO looks
        for them only, and an objectness is how well a box fits the phrase that it fits best.

        Args:
            image: of any size.
            phrases: at least one.

        Raises:
            ValueError: There is no phrase, or one is too long for the detector.
        """
        if not any(phrase.strip() for phrase in phrases):
            raise ValueError("A detector needs a phrase at least; give what may be in the picture.")
        with torch.inference_mode():
            boxes, objectness = self._family(image.convert("RGB"), phrases)
        return _proposed(boxes.float().cpu().numpy(), objectness.float().cpu().numpy())


class _Owlv2:
    """Boxes of every patch, from the picture alone."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        from transformers import Owlv2ForObjectDetection
        from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil

        self._device = device
        self._model = _checked(Owlv2ForObjectDetection, folder).to(device)
        self._processor = _part(Owlv2ImageProcessorPil, folder)

    def __call__(self, image: Image.Image, _: Sequence[str]) -> Outputs:
        pixels = self._processor(images=image, return_tensors="pt")["pixel_values"]
        dense, _outputs = self._model.image_embedder(pixels.to(self._device))
        features = dense.flatten(1, 2)
        boxes = self._model.box_predictor(features, dense)[0]
        objectness = self._model.objectness_predictor(features)[0].sigmoid()
        # The picture is padded to a square, below or on the right.
        side = torch.tensor([max(image.size) / edge for edge in image.size] * 2)
        return boxes * side.to(boxes), objectness


class _GroundingDino:
    """Boxes of queries that the phrases steer."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        from transformers import BertTokenizer, GroundingDinoForObjectDetection
        from transformers.models.grounding_dino.image_processing_pil_grounding_dino import (
            GroundingDinoImageProcessorPil,
        )

        self._device = device
        self._model = _checked(GroundingDinoForObjectDetection, folder).to(device)
        self._processor = _part(GroundingDinoImageProcessorPil, folder)
        self._tokenizer = _part(BertTokenizer, folder)

    def __call__(self, image: Image.Image, phrases: Sequence[str]) -> Outputs:
        pixels = self._processor(images=image, return_tensors="pt").to(self._device)
        found = []
        for text in self._texts(phrases):
            tokens = self._tokenizer(text, return_tensors="pt", return_token_type_ids=True)
            outputs = self._model(**pixels, **tokens.to(self._device))
            found.append((outputs.pred_boxes[0], outputs.logits[0].sigmoid().amax(dim=-1)))
        boxes, objectness = zip(*found, strict=True)
        return torch.cat(boxes), torch.cat(objectness)

    def _texts(self, phrases: Sequence[str]) -> Iterator[str]:
        """Phrases in one text, each with a full stop, as many as the model reads at once."""
        text = ""
        for phrase in phrases:
            added = phrase.replace(".", " ").strip().lower()
            if not added:
                continue
            if self._too_long(f"{added}."):
                raise ValueError(
                    f"the phrase {phrase[:60]!r} has more tokens than the "
                    f"{self._model.config.max_text_len} that the detector reads; shorten it"
                )
            if text and self._too_long(f"{text} {added}."):
                yield text
                text = ""
            text = f"{text} {added}.".strip()
        yield text

    def _too_long(self, text: str) -> bool:
        return len(self._tokenizer(text)["input_ids"]) > int(self._model.config.max_text_len)


Family = Callable[[Path, torch.device], _Owlv2 | _GroundingDino]
FAMILIES: Mapping[str, Family] = {"owlv2": _Owlv2, "grounding-dino": _GroundingDino}


def _proposed(boxes: NDArray[np.float32], objectness: NDArray[np.float32]) -> Proposed:
    """Corners inside the picture, empty ones dropped, the likeliest first."""
    half = boxes[:, 2:] / 2
    corners = np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1).clip(0, 1)
    full = np.flatnonzero((corners[:, 2:] > corners[:, :2]).all(axis=1))
    best = full[np.argsort(-objectness[full], kind="stable")[:MOST]]
    return Proposed(corners[best].astype(np.float32), objectness[best].clip(0, 1))


def _model_type(folder: Path) -> str:
    path = folder / "config.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["model_type"])
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{folder} has no config.json. A detector's folder holds config.json, "
            "model.safetensors and preprocessor_config.json."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path} does not say which model it is of ({error!r}). Download it again."
        ) from error


def _part(kind: Any, folder: Path) -> Any:
    """A processor or tokenizer from files of a folder."""
    try:
        return kind.from_pretrained(folder, local_files_only=True)
    except UNSOUND as error:
        raise CheckpointError(
            f"{folder}: {kind.__name__} cannot be read ({_first_line(error)}). Use the files that "
            "came with these weights."
        ) from error


def _checked(kind: Any, folder: Path) -> Any:
    """A model in float32, every tensor equal to the file's; some versions draw some anew."""
    tensors = read_tensors(folder, trust_pickle=False)
    try:
        model, report = kind.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, trust_remote_code=False,
            local_files_only=True, ignore_mismatched_sizes=True, output_loading_info=True,
        )  # fmt: skip
    except UNSOUND as error:
        raise CheckpointError(
            f"{folder} cannot be loaded ({_first_line(error)}). Use the config.json that came "
            "with these weights."
        ) from error
    for what in ("missing", "mismatched"):
        if names := sorted(map(str, report[f"{what}_keys"])):
            raise CheckpointError(
                f"{folder} has {len(names)} {what} weights, first {names[0]}. Use the config.json "
                "that came with these weights, or download them again."
            )
    _compare(model, tensors, folder)
    return model.eval()


def _compare(model: Any, tensors: Mapping[str, Tensor], folder: Path) -> None:
    from transformers.core_model_loading import revert_weight_conversion

    ours = model.state_dict()
    ours |= revert_weight_conversion(model, ours)  # weights by the names that files give them
    for name, value in tensors.items():
        if name.endswith(UNREAD):
            continue
        if name not in ours:
            raise CheckpointError(
                f"{folder} holds {name!r}, which the model does not have. Is it another family, or "
                "has config.json too few layers?"
            )
        if not all_finite(value):
            raise CheckpointError(
                f"{folder}: {name!r} holds NaN or infinite values. Use another checkpoint."
            )
        if not torch.equal(ours[name], value.to(ours[name].dtype)):
            raise CheckpointError(
                f"{folder}: {name!r} is not the file's after loading. Use the version of "
                "transformers in requirements.txt."
            )


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
