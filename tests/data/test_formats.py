from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('\ufeff[{"f_path": "a.png", "bbox_info": []}]', "finehard"),
        ("[ ]", "finehard"),
        ('{"pos_expression": ["a"]}', "fgovd"),
        ('{"info": {}, "images": []}', "coco"),
    ],
)
def test_a_json_file_is_known_by_what_it_holds(tmp_path: Path, content: str, name: str) -> None:
    file = tmp_path / "A.JSON"
    file.write_text(content, encoding="utf-8")

    assert detect(file) == name


@pytest.mark.parametrize("content", ['[{"price": 1}]', '{"price": 1}', "price"])
def test_json_of_another_kind_is_in_no_format(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)

    with pytest.raises(FormatError, match="in no format that is known here"):
        detect(tmp_path / "a.json")


def test_what_is_in_no_format_is_refused_with_the_formats(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# notes")

    with pytest.raises(FormatError, match=r"notes.md is in no format that is known here: FineHARD"):
        detect(tmp_path / "notes.md")
    with pytest.raises(FormatError, match="There is no"):
        detect(tmp_path / "absent")
    with pytest.raises(FormatError, match="'excel' cannot be read; choose from finehard"):
        read_records(tmp_path, "excel")
