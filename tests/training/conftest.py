"""What tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import training.recipes
from fgclip.data import Record
from fgclip.data.finehard import write_finehard
from tests.support.training import SquareComposer, tiny_recipe, tiny_tokenizer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight pictures of squares as a FineHARD file, and a tokenizer beside them."""
    records = []
    for number in range(8):
        scene = SquareComposer().scene(number)
        path = tmp_path / f"{number}.png"
        Image.fromarray(scene.pixels).save(path)
        records.append(Record(path, scene.short_caption, scene.long_caption, scene.regions))
    write_finehard(records, tmp_path / "squares.json")
    tiny_tokenizer().save(tmp_path / "tokenizer")
    return tmp_path / "squares.json"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {name: tiny_recipe(name=name) for name in ("tiny", "renamed")}
    recipes = {**training.recipes.RECIPES, **own}
    monkeypatch.setattr("training.recipes.RECIPES", recipes)
