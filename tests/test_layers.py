"""Imports point down only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ABOVE_MODEL = {"fgclip.encoder", "fgclip.zoo", "fgclip.evaluation"}
INTERFACE = {"fgclip.explore", "gradio", "app"}
MIDDLE = {"fgclip.probe", "fgclip.workspace", "fgclip.assistant"}
HEAVY = {"torch", "transformers", "umap", "duckdb", "gradio"}

FORBIDDEN = {
    "fgclip/boxes.py": HEAVY | {"fgclip", "training"},
    "fgclip/files.py": HEAVY | {"fgclip", "training"},
    "fgclip/flags.py": HEAVY | {"fgclip", "training"},
    "fgclip/data": HEAVY | ABOVE_MODEL | MIDDLE | INTERFACE | {"fgclip.model", "training"},
    "fgclip/language": HEAVY
    | ABOVE_MODEL
    | MIDDLE
    | INTERFACE
    | {"fgclip.model", "fgclip.data", "training"},
    "fgclip/model": ABOVE_MODEL | MIDDLE | INTERFACE | {"training"},
    "fgclip/preprocess.py": ABOVE_MODEL | MIDDLE | INTERFACE | {"fgclip.model", "training"},
    "fgclip/tokenizer.py": ABOVE_MODEL | MIDDLE | INTERFACE | {"fgclip.model", "training"},
    "fgclip/dense.py": MIDDLE | INTERFACE | ABOVE_MODEL | {"training"},
    "fgclip/card.py": MIDDLE | INTERFACE | ABOVE_MODEL | {"training"},
    "fgclip/devices.py": MIDDLE | INTERFACE | ABOVE_MODEL | {"training"},
    "fgclip/patches.py": ABOVE_MODEL | MIDDLE | INTERFACE | {"fgclip.model", "training", "torch"},
    "fgclip/families.py": MIDDLE | INTERFACE | ABOVE_MODEL | {"training"},
    "fgclip/inputs.py": MIDDLE | INTERFACE | ABOVE_MODEL | {"training"},
    "fgclip/encoder.py": MIDDLE | INTERFACE | {"fgclip.zoo", "fgclip.evaluation", "training"},
    "fgclip/chat.py": MIDDLE | INTERFACE | {"fgclip.model", "fgclip.evaluation", "training"},
    "fgclip/detector.py": MIDDLE | INTERFACE | {"fgclip.evaluation", "training"},
    "fgclip/detect_commands.py": INTERFACE
    | {"fgclip.model", "fgclip.evaluation", "fgclip.cli", "training", "torch", "transformers"},
    "fgclip/margins.py": INTERFACE | {"fgclip.model", "fgclip.evaluation", "training", "duckdb"},
    "fgclip/comparison.py": INTERFACE | {"fgclip.model", "fgclip.evaluation", "training", "duckdb"},
    "fgclip/compare_commands.py": INTERFACE
    | {"fgclip.model", "fgclip.evaluation", "fgclip.cli", "training", "torch", "duckdb"},
    "fgclip/zoo_commands.py": INTERFACE | MIDDLE | {"fgclip.evaluation", "fgclip.cli", "training"},
    "fgclip/zoo.py": MIDDLE | INTERFACE | {"fgclip.evaluation", "training"},
    "fgclip/probe": INTERFACE | {"fgclip.model", "fgclip.evaluation", "training", "torch"},
    "fgclip/workspace": INTERFACE
    | {"fgclip.model", "fgclip.probe", "fgclip.evaluation", "fgclip.cli", "training"},
    "fgclip/evaluation": MIDDLE | INTERFACE | {"training"},
    "fgclip/cli.py": INTERFACE | {"fgclip.model", "fgclip.evaluation", "training", "torch"},
    "fgclip/workspace_commands.py": INTERFACE
    | {"fgclip.model", "fgclip.evaluation", "fgclip.cli", "training", "torch", "duckdb"},
    "fgclip/search_commands.py": INTERFACE
    | {"fgclip.model", "fgclip.evaluation", "fgclip.cli", "training", "torch", "duckdb"},
    "fgclip/terminal.py": INTERFACE
    | {"fgclip.model", "fgclip.evaluation", "fgclip.cli", "training", "torch", "duckdb"},
    "fgclip/explore": {"fgclip.model", "fgclip.evaluation", "training", "torch", "duckdb"},
    "training": INTERFACE | MIDDLE | {"duckdb"},
    "training/scenes": HEAVY | ABOVE_MODEL | {"fgclip.model"},
}


def python_files(place: Path) -> list[Path]:
    return [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))


def imported_names(file: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or later; nothing is run."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_layer_imports_nothing_above_it(layer: str) -> None:
    files = python_files(ROOT / layer)
    assert files, f"{layer} holds no Python file"
    for file in files:
        for name in imported_names(file):
            upward = [bad for bad in FORBIDDEN[layer] if f"{name}.".startswith(f"{bad}.")]
            assert not upward, f"{file} imports {name}"


def test_the_rule_catches_an_upward_import(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("def f():\n    from fgclip import explore\n")
    assert list(imported_names(file)) == ["fgclip.explore"]


def test_no_file_outgrows_a_sitting() -> None:
    for folder in ("fgclip", "training", "app.py"):
        for file in python_files(ROOT / folder):
            lines = len(file.read_text(encoding="utf-8").splitlines())
            assert lines <= 300, f"{file} has {lines} lines: split it"
