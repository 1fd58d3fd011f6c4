"""The gradients of one step, however it is cut to fit the memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

from fgclip.model.layers import Block
from training.batch import Batch
from training.distributed import Ranks
from training.features import TrainedModel
from training.gradient_cache import backward_in_pieces
from training.objective import objective
from training.recipe import Recipe


def attention_for_training(device: torch.device) -> AbstractContextManager[None]:
    """The kernel of attention whose backward pass is fastest on a device.

    On a CPU that is plain products and a softmax: they took a backward pass of `mini_stage2` from
    504 to 327 ms, and need more memory only where sequences are long.
    """
    if device.type == "cpu":
        return sdpa_kernel(SDPBackend.MATH)
    return nullcontext()


def forget_activations(model: nn.Module) -> None:
    """Keep no activations inside blocks: the backward pass computes them again (Chen et al. 2016).

    The same gradients with about one more forward pass.
    """
    for module in model.modules():
        if isinstance(module, Block):
            again = partial(checkpoint, module.forward, use_reentrant=False)
            module.forward = again  # type: ignore[method-assign]


def add_gradients(
    model: TrainedModel,
    batches: Sequence[Batch],
    recipe: Recipe,
    ranks: Ranks,
    *,
    device: torch.device,
    dtype: torch.dtype,
    piece: int | None = None,
    teacher: TrainedModel | None = None,
    threshold: float = 0.0,
) -> dict[str, Tensor]:
    """Add the gradients of the mean loss of some batches to the parameters'.

    Args:
        model: in training.
        batches: this rank's; each is judged by itself.
        recipe: weights and options.
        ranks: whose rows are rivals of each other.
        device: to compute on.
        dtype: float32, or bfloat16 for the products that tolerate it.
        piece: pictures whose activations are in memory at a time; None: a whole batch's.
        teacher: of crops, where the recipe has a frozen one.
        threshold: of the rank margin.

    Returns:
        The losses by name, means over batches, without gradient.
    """
    found: list[dict[str, Tensor]] = []
    for batch in batches:
        there = batch.to(device)
        low = torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)
        with attention_for_training(device):  # also where activations are computed again
            if piece is not None and piece < len(there):
                with low:
                    losses = backward_in_pieces(
                        *(model, there, recipe, ranks),
                        size=piece,
                        teacher=teacher,
                        threshold=threshold,
                        share=1 / len(batches),
                    )
            else:
                with low:
                    losses = objective(
                        *(model, there, recipe, ranks), teacher=teacher, threshold=threshold
                    )
                (losses["total"] / len(batches)).backward()  # type: ignore[no-untyped-call]
        found.append({name: loss.detach() for name, loss in losses.items()})
    return {name: torch.stack([each[name] for each in found]).mean() for name in found[0]}
