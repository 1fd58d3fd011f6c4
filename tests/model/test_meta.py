"""Networks are made without numbers, and without what would draw them."""

from __future__ import annotations

import subprocess
import sys

import torch

from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.meta import without_values

COMPILER = "torch._dynamo"
MAKE = f"""
import sys
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.meta import without_values
with without_values():
    FGCLIP(FGCLIPConfig())
assert {COMPILER!r} not in sys.modules
"""


def test_parameters_have_shapes_alone() -> None:
    with without_values():
        model = FGCLIP(FGCLIPConfig())
    assert {value.device.type for value in model.state_dict().values()} == {"meta"}
    assert torch.nn.Embedding(2, 3).weight.device.type == "cpu"


def test_torch_does_not_import_its_compiler_to_make_them() -> None:
    subprocess.run([sys.executable, "-c", MAKE], check=True)
