"""Large towers spread over processes (FSDP2): each holds a share of weights, gradients, momenta."""

from __future__ import annotations

import math
import warnings
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method
from torch.distributed.tensor import DTensor, distribute_tensor

from fgclip.model.layers import Block
from training.features import TrainedModel

METHODS = ("encode_image", "encode_dense", "encode_image_and_dense", "encode_text_groups")
Tree = TypeVar("Tree")


def shard(model: TrainedModel, device: torch.device) -> None:
    """Spread a model over all processes of the group, block by block; temperatures stay whole.

    Gradients are averaged over processes as they come, as `Ranks.average_gradients` does it.
    """
    # It concerns changes in place, which are not made here.
    warnings.filterwarnings("ignore", message=r"FSDP2-wrapped module .* returned a view")
    mesh = init_device_mesh(device.type, (torch.distributed.get_world_size(),))
    for module in model.modules():
        if isinstance(module, Block):
            fully_shard(module, mesh=mesh)
            register_fsdp_forward_method(module, "value_path")
    small = {parameter for parameter in model.parameters() if parameter.numel() == 1}
    fully_shard(model, mesh=mesh, ignored_params=small)
    for method in METHODS:
        register_fsdp_forward_method(model, method)


def is_sharded(model: nn.Module) -> bool:
    """Whether a model is spread over processes."""
    return any(isinstance(parameter, DTensor) for parameter in model.parameters())


def whole(tree: Tree) -> Tree:
    """The same dictionaries, lists and values with every tensor whole; all processes must ask."""
    found: Any = tree
    if isinstance(found, DTensor):
        found = found.full_tensor()
    elif isinstance(found, dict):
        found = {key: whole(value) for key, value in found.items()}
    elif isinstance(found, list):
        found = [whole(value) for value in found]
    return found  # type: ignore[no-any-return]


def spread_like(full: Tensor, other: Tensor) -> Tensor:
    """A whole tensor, spread as another is."""
    if isinstance(other, DTensor):
        return distribute_tensor(full.to(other.device), other.device_mesh, other.placements)
    return full.to(other.device)


@torch.no_grad()
def fill(tensors: dict[str, Tensor], full: dict[str, Tensor]) -> None:
    """Copy whole tensors into those of the same names, which may be spread."""
    for name, tensor in tensors.items():
        tensor.copy_(spread_like(full[name], tensor))


def clip_gradients(parameters: list[nn.Parameter], most: float) -> float:
    """Scale all gradients so that their joint length is at most `most`; returns what it was."""
    gradients = [each.grad for each in parameters if each.grad is not None]
    spread = [each for each in gradients if isinstance(each, DTensor)]
    plain = [each for each in gradients if not isinstance(each, DTensor)]
    lengths = [
        float(whole(torch.nn.utils.get_total_norm(group))) for group in (spread, plain) if group
    ]
    length = math.hypot(*lengths)
    if length > most:
        for gradient in gradients:
            gradient.mul_(most / (length + 1e-6))
    return length
