from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgclip.data import FineHardError, Negative, read_finehard

RELEASED = {
    "caption": "A red car stands before a house. The sky is grey.",
    "short_caption": "a red car before a house",
    "f_path": "grit-20m/data-12m/coyo_image_3/00012/123.jpg",
    "bbox_info": [
        {
            "bbox": [0.1, 0.2, 0.5, 0.9, 0.87],
            "short_expr": "a red car",
            "long_expr": "a red car with chrome wheels",
            "flag_short_neg": 1,
            "short_expr_negs": {"1": "a blue car", "0": "a green car"},
        },
        {"bbox": [0, 0, 1, 0.3], "short_expr": "a grey sky", "long_expr": "", "flag_short_neg": 0},
    ],
}


def write_json(folder: Path, content: Any, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def test_reads_an_element_of_the_released_layout(tmp_path: Path) -> None:
    (record,) = read_finehard(write_json(tmp_path, [RELEASED]), images="pictures")

    assert record.path == Path("pictures/coyo_image_3/00012/123.jpg")
    assert record.short_caption == "a red car before a house"
    assert record.long_caption.endswith("The sky is grey.")
    assert record.regions[0].box == (0.1, 0.2, 0.5, 0.9)
    assert record.regions[1].negatives == ()


def test_rounding_at_the_edge_of_a_picture_is_clipped(tmp_path: Path) -> None:
    rounded = {"f_path": "1.png", "bbox_info": [{"bbox": [-1e-7, 0, 1.0000001, 1]}]}
    (record,) = read_finehard(write_json(tmp_path, [rounded]))

    assert record.regions[0].box == (0, 0, 1, 1)


def test_negatives_keep_the_order_of_the_file(tmp_path: Path) -> None:
    (record,) = read_finehard(write_json(tmp_path, [RELEASED]))

    assert record.regions[0].negatives == (Negative("a blue car"), Negative("a green car"))


def test_a_folder_is_read_json_first_then_jsonl(tmp_path: Path) -> None:
    write_json(tmp_path, [{"f_path": "3.png", "bbox_info": []}], "a.jsonl")
    write_json(tmp_path, [{"f_path": "2.png", "bbox_info": []}], "b.json")
    write_json(tmp_path, [{"f_path": "1.png", "bbox_info": []}], "a.json")

    assert [r.path.name for r in read_finehard(tmp_path)] == ["1.png", "2.png", "3.png"]


def test_a_list_names_files_relative_to_itself(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write_json(tmp_path / "deep", [{"f_path": "1.png", "bbox_info": []}])
    (tmp_path / "list.txt").write_text("deep/a.json\n\n")

    (record,) = read_finehard(tmp_path / "list.txt")

    assert record.path == tmp_path / "deep" / "1.png"


@pytest.mark.parametrize(
    ("box", "fault"),
    [
        ([0.5, 0, 0.1, 1], "inverted"),
        ([0, 0.9, 1, 0.1], "inverted"),
        ([0, 0, 120, 80], "leaves the picture"),
        ([-0.1, 0, 1, 1], "leaves the picture"),
        ([0, 0, 1], "four numbers"),
        ([0, 0, float("nan"), 1], "not a number"),
        ([0, 0, 10**400, 1], "not a number"),
        (["0", 0, 1, 1], "not a number"),
        (None, "four numbers"),
    ],
)
def test_a_bad_box_is_refused_by_file_line_element_and_box(
    tmp_path: Path, box: Any, fault: str
) -> None:
    good = {"f_path": "0.png", "bbox_info": []}
    bad = {"f_path": "1.png", "bbox_info": [{"bbox": [0, 0, 1, 1]}, {"bbox": box}]}
    path = write_json(tmp_path, [good, bad])

    with pytest.raises(FineHardError, match=rf"a\.json, line 1, element 1, box 1.*{fault}"):
        read_finehard(path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"f_path": "1.png"}, "an object, not an array"),
        (["1.png"], "element 0 is text, not an object"),
        ([{"caption": "no picture"}], "f_path is missing"),
        ([{"f_path": "1.png"}], r"line 1, element 0: bbox_info is missing; give \[\]"),
        ([{"f_path": "1.png", "bbox_info": [], "caption": 7}], "caption is a number, not text"),
        ([{"f_path": "1.png", "bbox_info": {}}], "bbox_info is an object, not a list"),
        (
            [{"f_path": "1", "bbox_info": [{"bbox": [0, 0, 1, 1], "flag_short_neg": 1}]}],
            "short_expr_negs holds no texts",
        ),
    ],
)
def test_a_fault_is_named(tmp_path: Path, content: Any, fault: str) -> None:
    with pytest.raises(FineHardError, match=fault):
        read_finehard(write_json(tmp_path, content))


def test_lines_of_json_are_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"f_path": "1"}\n{"f_path": "2"}\n')

    with pytest.raises(FineHardError, match="must be one JSON array"):
        read_finehard(tmp_path / "a.jsonl")


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FineHardError, match="does not exist"):
        read_finehard(tmp_path / "absent.json")
    with pytest.raises(FineHardError, match="lists no annotation file"):
        read_finehard(tmp_path)


LINES = """[
{"f_path": "0.png", "bbox_info": []},
{"f_path": "1.png", "bbox_info": [
  {"bbox": [0.5, 0, 0.1, 1]}]},
{"f_path": "2.png", "bbox_info": []},
{"f_path": "3.png"},
{"f_path": "4.png", "bbox_info": [{"bbox": [0, 0, NaN, 1]}]},
{"f_path": "5.png", "bbox_info": []}
]"""


def test_faulty_elements_are_named_by_line_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(LINES)
    faults: list[str] = []
    records = read_finehard(tmp_path / "a.json", on_fault=faults.append)
    assert [record.path.name for record in records] == ["0.png", "2.png", "5.png"]
    for fault, start in zip(
        faults,
        ["line 3, element 1, box 0: bbox", "line 6, element 3: bbox_info", "line 7, element 4"],
        strict=True,
    ):
        assert start in fault


def test_a_syntax_error_loses_only_what_comes_after_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(LINES.replace('"2.png",', '"2.png"'))
    (tmp_path / "b.json").write_text('[{"f_path": "6.png", "bbox_info": []}]')
    faults: list[str] = []
    records = read_finehard(tmp_path, on_fault=faults.append)
    assert [record.path.name for record in records] == ["0.png", "6.png"]
    assert "a.json, line 5: not JSON (Expecting ',' delimiter, column 20)" in faults[-1]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "a.json, line 1: not JSON"),
        ("[", "line 1: not JSON"),
        ("[7,", "element 0 is a number"),
        ('[{"f_path": "1", "bbox_info": []} {}]', r"line 1: not JSON \(Expecting ','"),
        ("[1] 2", "element 0 is a number"),
        ("7", "holds a number, not an array"),
    ],
)
def test_what_is_no_array_is_told_so(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FineHardError, match=fault):
        read_finehard(tmp_path / "a.json")


def test_an_empty_array_holds_no_record(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(" [\n ] ")
    assert read_finehard(tmp_path / "a.json") == []
