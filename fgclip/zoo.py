"""A name, a folder or a hub id → an encoder on the right device."""

from __future__ import annotations

from pathlib import Path

from fgclip.card import Card, doubtful_below, folder_notes
from fgclip.devices import choose_device
from fgclip.encoder import Encoder
from fgclip.families import inputs_of
from fgclip.inputs import Inputs
from fgclip.model import checkpoint
from fgclip.model.checkpoint import CheckpointError, sha256, weight_files
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.hub import model_folder

EMBEDDED = {"fgclip-mini": Path(__file__).parents[1] / "assets" / "fgclip-mini"}


def load(
    name: str | Path,
    device: str = "auto",
    dtype: str = "auto",
    *,
    image_size: int | None = None,
    most_patches: int | None = None,
) -> Encoder:
    """Load a model with everything that turns pictures and texts into its vectors.

    Args:
        name: "fgclip-mini", a folder, or a hub id such as `qihoo360/fg-clip-base`.
        device: A torch device, or "auto" for the fastest here.
        dtype: "float32", "bfloat16", "float16", or "auto" for the fastest here. Vectors are
            float32 whatever is chosen.
        image_size: Pixels per side, if not the model's own; positions are interpolated. For models
            that squash pictures to squares.
        most_patches: That every picture is fitted to. For models that keep a picture's shape.
            FG-CLIP 2 else chooses by the picture's own size, up to 1,024; SigLIP 2's NaFlex has
            256 else, or what its `preprocessor_config.json` says.

    Raises:
        ModelNotFoundError: There is nothing under that name.
        CheckpointError: The weights are not sound, or of no known family.
        TokenizerError: The tokenizer is missing or unreadable.
        DeviceError: The device or dtype does not exist here.
        ValueError: The size does not fit the family, or the patches.
    """
    folder = named_folder(name)
    model = _loaded(folder)
    family = checkpoint.family(folder)
    inputs = inputs_of(
        model, folder, family=family, image_size=image_size, most_patches=most_patches
    )
    chosen_device, chosen_dtype = choose_device(device, dtype, model.config)
    if chosen_device != "cpu":
        model.to(chosen_device)
    card = _card(
        name, folder, model, inputs, family=family, device=chosen_device, dtype=chosen_dtype
    )
    return Encoder(model, inputs, card)


def load_model(name: str | Path, *, trust_pickle: bool = False) -> checkpoint.Model:
    """Load a model alone: tensors in, tensors out, nothing normalised.

    Args:
        name: "fgclip-mini", a folder, a hub id, or a single file of weights.
        trust_pickle: Read .pt, .pth and .bin files, too; as tensors only.

    Returns:
        The model in float32, in evaluation mode.

    Raises:
        ModelNotFoundError: There is nothing under that name.
        CheckpointError: The weights are not sound, or of no known family.
    """
    return checkpoint.load_model(EMBEDDED.get(str(name), name), trust_pickle=trust_pickle)


def named_folder(name: str | Path) -> Path:
    """The folder of a model, downloaded if need be; names are those of `load`.

    Raises:
        ModelNotFoundError: There is nothing under that name.
    """
    return model_folder(EMBEDDED.get(str(name), name))


def _loaded(folder: Path) -> FGCLIP | FGCLIP2:
    model = checkpoint.load_model(folder)
    if not isinstance(model, FGCLIP | FGCLIP2):
        raise CheckpointError(
            f"{folder} holds {type(model).__name__}, for which nothing here prepares pictures and "
            "texts. Use FG-CLIP, FG-CLIP 2, CLIP or SigLIP 2 (NaFlex)."
        )
    return model


def _card(
    name: str | Path,
    folder: Path,
    model: FGCLIP | FGCLIP2,
    inputs: Inputs,
    *,
    family: str,
    device: str,
    dtype: str,
) -> Card:
    config = model.config
    files = weight_files(folder)
    notes = folder_notes(folder)
    return Card(
        name=Path(name).name if Path(name).is_dir() else str(name),
        family=family,
        source=str(name),
        sha256=sha256(files),
        bytes=sum(file.stat().st_size for file in files),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        dimensions=config.projection_dim,
        image_size=inputs.image_size,
        most_patches=inputs.most_patches,
        patch_size=config.vision.patch_size,
        short_context=config.text.context_length,
        long_context=config.text.long_context_length,
        scale=float(model.logit_scale.detach().exp()),
        bias=float(model.logit_bias.detach()) if isinstance(model, FGCLIP2) else None,
        prompt_style=inputs.prompt_style,
        device=device,
        dtype=dtype,
        mean=inputs.mean,
        std=inputs.std,
        notes=notes,
        doubtful_below=doubtful_below(notes, folder),
    )
