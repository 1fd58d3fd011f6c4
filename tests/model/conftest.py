"""Checkpoints of other projects, for tests that write them in many ways."""

from __future__ import annotations

import pytest
from torch import Tensor

from tests.support.checkpoints import eva_file, openai_names, random_clip

Weights = dict[str, Tensor]


@pytest.fixture(scope="session")
def openai() -> Weights:
    return {
        name: value.detach() for name, value in openai_names(random_clip().state_dict()).items()
    }


@pytest.fixture(scope="session")
def eva() -> Weights:
    return {name: value.detach() for name, value in eva_file().items()}
