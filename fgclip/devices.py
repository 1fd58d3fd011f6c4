"""The fastest device and precision of this machine."""

from __future__ import annotations

import os
import shutil
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fgclip.model.config import FGCLIPConfig
from fgclip.model.eva_config import EVACLIPConfig
from fgclip.model.fgclip2_config import FGCLIP2Config

DTYPES = ("float32", "bfloat16", "float16")
DTYPE_VARIABLE = "FGCLIP_DTYPE"  # of the environment: taken for "auto", nothing is measured
FASTER_BY = 1.2  # what a lower precision must gain to be worth its rounding
PAIRS = 20  # of timed products; the best of so many is steady on a busy machine


class DeviceError(ValueError):
    """A device or dtype that does not exist here, with the remedy."""


def choose_device(
    device: str, dtype: str, config: FGCLIPConfig | FGCLIP2Config | EVACLIPConfig
) -> tuple[str, str]:
    """The fastest device and dtype by a short measurement, unless both are given.

    A dtype that is "auto" is the environment's `FGCLIP_DTYPE`, where that is set.

    Raises:
        DeviceError: One of them does not exist here.
    """
    dtype = _wanted(dtype)
    if device == "auto":
        gpus = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
        device = next((name for name, present in gpus.items() if present), "cpu")
    try:
        torch.zeros(1, device=device).cpu()  # "meta" exists, but gives nothing back
    except (RuntimeError, AssertionError) as error:
        raise DeviceError(
            f"device {device!r} cannot be used here ({str(error).splitlines()[0]}). Try cpu."
        ) from error
    if dtype != "auto":
        return device, dtype
    vision = config.vision
    tokens = torch.ones(vision.grid_size**2 + 1, vision.width, device=device)
    weight = torch.ones(vision.mlp_width, vision.width, device=device)
    rounded = tokens.bfloat16(), weight.bfloat16()
    # In turn, so that what else the machine does slows both alike.
    pairs = [(_seconds(tokens, weight), _seconds(*rounded)) for _ in range(PAIRS)]
    plain, low = (min(times) for times in zip(*pairs, strict=True))
    return device, "bfloat16" if plain > FASTER_BY * low else "float32"


def compile_blocks(model: nn.Module, device: str) -> None:
    """Have the blocks of both towers compiled for any length when they are first used.

    Raises:
        DeviceError: There is no C++ compiler, which kernels for a CPU are made with.
    """
    if device == "cpu" and not any(map(shutil.which, (os.environ.get("CXX", "g++"), "clang++"))):
        raise DeviceError("compiling for a CPU needs a C++ compiler, such as g++; there is none")
    for tower in (model.get_submodule("vision"), model.get_submodule("text")):
        for block in tower.get_submodule("blocks").children():
            block.compile(dynamic=True)


def _wanted(dtype: str) -> str:
    """The dtype that was asked for, here or in the environment."""
    name = "dtype"
    if dtype == "auto":
        name, dtype = DTYPE_VARIABLE, os.environ.get(DTYPE_VARIABLE) or "auto"
    if dtype != "auto" and dtype not in DTYPES:
        raise DeviceError(f"{name} {dtype!r} is not one of auto, {', '.join(DTYPES)}")
    return dtype


def _seconds(tokens: Tensor, weight: Tensor) -> float:
    """Time of the model's largest product."""
    start = time.perf_counter()
    F.linear(tokens, weight)[0, 0].item()  # reading one value makes a GPU finish
    return time.perf_counter() - start
