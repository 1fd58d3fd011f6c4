from __future__ import annotations

import pytest

from tests.support.sprites import tiny_pack
from training.scenes.sprites import SpritePack


@pytest.fixture(scope="session")
def pack() -> SpritePack:
    return tiny_pack()
