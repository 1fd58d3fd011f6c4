"""A name, a folder or a hub id → an encoder on the right device."""

from __future__ import annotations

from pathlib import Path

from fgclip.card import Card, doubtful_below, family_notes, folder_notes, trained_routes
from fgclip.devices import choose_device, compile_blocks
from fgclip.encoder import Encoder
from fgclip.inputs.batching import Inputs
from fgclip.inputs.families import inputs_of, reading_of
from fgclip.model.checkpoints import loading
from fgclip.model.checkpoints.hub import model_folder, revision_of
from fgclip.model.eva import EVACLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.types import ROUTES

EMBEDDED = {"fgclip-mini": Path(__file__).parents[1] / "assets" / "fgclip-mini"}


def load(
    name: str | Path,
    device: str = "auto",
    dtype: str = "auto",
    *,
    image_size: int | None = None,
    most_patches: int | None = None,
    pad: bool = False,
    trust_pickle: bool = False,
    text_from: str | Path | None = None,
    compiled: bool = False,
) -> Encoder:
    """Load a model with everything that turns pictures and texts into its vectors.

    Args:
        name: "fgclip-mini", a folder, a hub id such as `qihoo360/fg-clip-base`, or a single file of
            weights with its tokenizer's files beside it.
        device: A torch device, or "auto" for the fastest here.
        dtype: "float32", "bfloat16", "float16", or "auto" for what `FGCLIP_DTYPE` in the
            environment says, or else the fastest here. Vectors are float32 whatever is chosen.
        image_size: Pixels per side, if not the model's own; positions are interpolated. For models
            that squash pictures to squares.
        most_patches: That every picture is fitted to. For models that keep a picture's shape.
            FG-CLIP 2 else chooses by the picture's own size, up to 1,024; SigLIP 2's NaFlex has
            256 else, or what its `preprocessor_config.json` says.
        pad: Pad pictures to squares with black instead of squashing them: how CLIPSelf was trained
            (with image_size 1024, or 896 in its large size). Boxes stay fractions of the picture.
        trust_pickle: Read .pt, .pth and .bin files, too; as tensors only.
        text_from: The checkpoint that a vision tower saved alone was tuned from, for its texts.
        compiled: Let torch.compile make kernels for the blocks of the towers when they are first
            used: half a minute and more, once a process. Meant for long work on a GPU.

    Raises:
        ModelNotFoundError: There is nothing under that name.
        CheckpointError: The weights are not sound, or of no known family.
        TokenizerError: The tokenizer is missing or unreadable.
        DeviceError: The device or dtype does not exist here, or nothing to compile with.
        ValueError: The size does not fit the family, or the patches.
    """
    checkpoint = loading.read_checkpoint(
        EMBEDDED.get(str(name), name), trust_pickle=trust_pickle, text_from=text_from
    )
    model = checkpoint.model
    inputs = inputs_of(checkpoint, image_size=image_size, most_patches=most_patches, pad=pad)
    chosen_device, chosen_dtype = choose_device(device, dtype, model.config)
    if chosen_device != "cpu":
        model.to(chosen_device)
    if compiled:
        compile_blocks(model, chosen_device)
    card = _card(name, checkpoint, inputs, device=chosen_device, dtype=chosen_dtype)
    return Encoder(model, inputs, card)


def load_model(name: str | Path, *, trust_pickle: bool = False) -> loading.Model:
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
    return loading.load_model(EMBEDDED.get(str(name), name), trust_pickle=trust_pickle)


def named_folder(name: str | Path) -> Path:
    """The folder of a model, downloaded if need be; names are those of `load`.

    Raises:
        ModelNotFoundError: There is nothing under that name.
    """
    return model_folder(EMBEDDED.get(str(name), name))


def _card(
    name: str | Path,
    checkpoint: loading.LoadedCheckpoint,
    inputs: Inputs,
    *,
    device: str,
    dtype: str,
) -> Card:
    model, folder, family = checkpoint.model, checkpoint.folder, checkpoint.family
    config = model.config
    notes = folder_notes(folder)
    return Card(
        name=Path(name).name if Path(name).exists() else str(name),
        family=family,
        source=str(name),
        revision=revision_of(folder),
        sha256=checkpoint.sha256,
        bytes=sum(file.stat().st_size for file in checkpoint.files),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        dimensions=config.projection_dim,
        image_size=inputs.image_size,
        most_patches=inputs.most_patches,
        patch_size=config.vision.patch_size,
        short_context=config.text.context_length,
        long_context=config.text.long_context_length,
        scale=float(model.logit_scale.detach().exp()),
        bias=float(model.logit_bias.detach()) if isinstance(model, FGCLIP2) else None,
        reading=reading_of(inputs, checkpoint),
        prompt_style=inputs.prompt_style,
        device=device,
        dtype=dtype,
        mean=inputs.mean,
        std=inputs.std,
        routes=("short",) if isinstance(model, EVACLIP) else ROUTES,
        trained_routes=trained_routes(family),
        notes=family_notes(family, inputs) | notes,
        doubtful_below=doubtful_below(notes, folder),
    )
