"""The tree is the architecture: imports point down only, in Python and on the page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
WEB = ROOT / "assets" / "web"
HEAVY = {"torch", "transformers", "umap", "ray", "duckdb", "gradio"}
OURS = {"fgclip", "training", "tests", "benchmarks", "app"}
LEAVES = "fgclip.boxes fgclip.files fgclip.types fgclip.ranking"
ENTRIES = {"__main__.py"}  # hand over to the command line, which lies above

# A room, and everything of ours and of `HEAVY` that it may import besides itself.
ROOMS = {
    "fgclip/model": f"{LEAVES} torch",
    "fgclip/inputs": f"{LEAVES} fgclip.model torch",
    "fgclip/data": f"{LEAVES} fgclip.inputs.images",
    "fgclip/language": LEAVES,
    "fgclip": f"{LEAVES} fgclip.model fgclip.inputs torch transformers",  # its loose modules
    "fgclip/adapters": f"{LEAVES} fgclip.model fgclip.language fgclip.devices torch transformers",
    "fgclip/probe": f"{LEAVES} fgclip.data fgclip.language",
    "fgclip/workspace/store": f"{LEAVES} fgclip.data duckdb",
    "fgclip/workspace": f"{LEAVES} fgclip.data fgclip.inputs fgclip.load torch ray umap",
    "fgclip/evaluation": f"{LEAVES} fgclip.data fgclip.language fgclip.encoder",
    "fgclip/analysis": f"{LEAVES} fgclip.probe fgclip.workspace fgclip.encoder fgclip.data "
    "fgclip.inputs fgclip.adapters",
    "fgclip/explore": f"{LEAVES} fgclip.analysis fgclip.probe fgclip.workspace fgclip.encoder "
    "fgclip.data fgclip.inputs fgclip.language fgclip.adapters gradio",
    "fgclip/cli": f"{LEAVES} fgclip.analysis fgclip.probe fgclip.workspace fgclip.evaluation "
    "fgclip.encoder fgclip.load fgclip.data fgclip.inputs fgclip.language fgclip.adapters",
    "training": f"{LEAVES} fgclip.evaluation fgclip.zoo fgclip.devices fgclip.inputs fgclip.model "
    "fgclip.data torch",
}

STORE = "fgclip/workspace/store"
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET|(CREATE|DROP|ALTER) [A-Z ]*(TABLE|VIEW))\b"
    r"|\bIN \("
)
OF_A_CURSOR = {"execute", "executemany", "fetchall", "fetchone"}

# A room of the page, and the rooms that it may import besides itself.
WEB_ROOMS = {
    "core": "",
    "canvas": "core",
    "scoring": "core",
    "lists": "core",
    "plot": "core scoring",
    "export": "core scoring",
    "pictures": "core canvas scoring",
    "prompts": "core scoring lists",
    **dict.fromkeys(
        (f"tabs/{each.name}" for each in (WEB / "tabs").iterdir()),
        "core canvas scoring lists plot export pictures prompts",
    ),
}


def python_files(room: str) -> list[Path]:
    """The files of a room, without those of rooms inside it."""
    inner = {each for each in ROOMS if each.startswith(f"{room}/")}
    files = sorted((ROOT / room).glob("*.py") if room == "fgclip" else (ROOT / room).rglob("*.py"))
    return [
        file
        for file in files
        if file.name not in ENTRIES
        and not any(file.is_relative_to(ROOT / each) for each in inner if room != "fgclip")
    ]


def imported_names(file: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or later; nothing is run."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def product_files() -> list[Path]:
    """All Python but the tests."""
    folders = (ROOT / name for name in ("fgclip", "training", "benchmarks"))
    return [ROOT / "app.py", *(file for each in folders for file in sorted(each.rglob("*.py")))]


def sql_in(file: Path) -> Iterator[str]:
    """Texts of a file that speak SQL, and methods of a database's cursor that it calls."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and SQL.search(node.value)
        ):
            yield node.value
        elif isinstance(node, ast.Attribute) and node.attr in OF_A_CURSOR:
            yield f".{node.attr}"


def scripts(room: str) -> list[Path]:
    return sorted((WEB / room).rglob("*.js"))


def imported_scripts(file: Path) -> Iterator[PurePosixPath]:
    """Every module of the page that a script imports, as a path below `assets/web`."""
    text = file.read_text(encoding="utf-8")
    for name in re.findall(r'(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"', text):
        target = (file.parent / name).resolve()
        there = target.exists() or target.with_suffix(".d.ts").exists()  # types alone
        assert there, f"{file} imports {name}, which is not there"
        yield PurePosixPath(target.relative_to(WEB).as_posix())


def lies_in(name: str, room: str) -> bool:
    return f"{name}.".startswith(f"{room}.")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    own = room.replace("/", ".")
    allowed = [*ROOMS[room].split(), *([] if room == "fgclip" else [own])]
    if room == "fgclip":
        allowed += [f"fgclip.{file.stem}" for file in (ROOT / room).glob("*.py")]
    files = python_files(room)
    assert files, f"{room} holds no Python file"
    for file in files:
        for name in imported_names(file):
            name = "fgclip.load" if name == "fgclip" else name
            if name.split(".")[0] in OURS | HEAVY:
                assert any(lies_in(name, each) for each in allowed), f"{file} imports {name}"


def test_the_workspace_is_the_only_door_to_its_store() -> None:
    for file in product_files():
        if file.is_relative_to(ROOT / "fgclip" / "workspace"):
            continue
        for name in imported_names(file):
            assert not lies_in(name, STORE.replace("/", ".")), f"{file} imports {name}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            reached = isinstance(node, ast.Attribute) and node.attr in ("database", "_database")
            assert not reached, f"{file} reaches for the workspace's database"


def test_sql_is_spoken_in_the_store_alone() -> None:
    for file in product_files():
        if not file.is_relative_to(ROOT / STORE):
            assert not list(sql_in(file)), f"{file} speaks SQL"


def test_the_rule_catches_sql(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("def f(c, n):\n    c.execute(f'SELECT id FROM maps WHERE id IN ({n})')\n")
    assert len(list(sql_in(file))) == 2


def test_every_python_file_has_a_room() -> None:
    found = {file for room in ROOMS for file in python_files(room)}
    all_ = {*(ROOT / "fgclip").rglob("*.py"), *(ROOT / "training").rglob("*.py")}
    assert {file for file in all_ - found if file.name not in ENTRIES} == set()


@pytest.mark.parametrize("room", WEB_ROOMS)
def test_a_room_of_the_page_imports_only_what_lies_below_it(room: str) -> None:
    allowed = [*WEB_ROOMS[room].split(), room]
    assert scripts(room), f"{room} holds no script"
    for file in scripts(room):
        for path in imported_scripts(file):
            assert any(path.is_relative_to(each) for each in allowed), f"{file} imports {path}"


def test_every_script_has_a_room() -> None:
    assert {file for room in WEB_ROOMS for file in scripts(room)} == {*WEB.rglob("*.js")}


def test_the_rule_catches_an_upward_import(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("def f():\n    from fgclip import explore\n")
    assert list(imported_names(file)) == ["fgclip.explore"]


def test_no_file_outgrows_a_sitting() -> None:
    for folder in ("fgclip", "training", "app.py"):
        place = ROOT / folder
        for file in [place] if place.suffix else sorted(place.rglob("*.py")):
            lines = len(file.read_text(encoding="utf-8").splitlines())
            assert lines <= 300, f"{file} has {lines} lines: split it"


def test_few_modules_lie_loose() -> None:
    loose = [file for file in (ROOT / "fgclip").glob("*.py") if not file.stem.startswith("__")]
    assert len(loose) <= 12


def test_tests_lie_where_their_modules_lie() -> None:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        room = file.parent.relative_to(ROOT / "tests")
        homes = [ROOT / "fgclip" / room, ROOT / room]
        if room.as_posix() not in ("browser", "."):
            assert any(home.is_dir() for home in homes), f"{room} is no room of the tree"


def test_no_test_imports_a_test() -> None:
    """What tests share lies in `tests/support`, or is a fixture of a conftest."""
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for name in imported_names(file):
            ours = not lies_in(name, "tests") or lies_in(name, "tests.support")
            assert ours, f"{file} imports {name}: move it to tests/support"
