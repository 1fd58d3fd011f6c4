from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from fgclip.evaluation.__main__ import main
from fgclip.evaluation.attributes import FILES, attribute_agreement


def written(folder: Path, lines: list[tuple[str, list[str]]]) -> Path:
    told = [
        json.dumps({"pos_expression": [one], "neg_expression": others}) for one, others in lines
    ]
    for name in FILES.values():
        (folder / f"{name}_llava.jsonl").write_text("\n".join(told), encoding="utf-8")
    return folder


def test_a_pair_agrees_if_all_that_differs_is_an_attribute(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        [
            (
                "A grey metal lamp.",
                ["A grey wool lamp.", "A dark red metal lamp.", "A pink wool lamp."],
            ),
            ("A brownwood lamp.", ["A red lamp."]),
            ("A lamp.", ["A lamp."]),
        ],
    )

    hard, *_ = attribute_agreement(folder)

    assert (hard.pairs, hard.agreeing, hard.rate) == (4, 3, 0.75)
    assert hard.kinds == {"material": 2, "colour": 2}
    assert hard.missed == {"brownwood": 1}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (None, "is missing; --data names the folder"),
        ("{}", "line 1 is not FG-OVD's: 'pos_expression'"),
        ("not JSON", "line 1 is not FG-OVD's"),
        ('{"pos_expression": ["a"], "neg_expression": []}', "holds no pair"),
    ],
)
def test_other_files_are_refused_in_words(
    tmp_path: Path, line: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if line is not None:
        (tmp_path / "h_attributes_llava.jsonl").write_text(line)
    monkeypatch.setattr(sys, "argv", ["evaluation", "attributes", "--data", str(tmp_path)])

    with pytest.raises(SystemExit, match=words):
        main()


@pytest.mark.skipif("FGOVD" not in os.environ, reason="FGOVD names no folder of the real files")
def test_our_attributes_are_those_that_fgovd_changed() -> None:
    for each in attribute_agreement(Path(os.environ["FGOVD"])):
        assert each.rate > 0.9


def test_the_report_is_written_as_json_and_markdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path, [("A grey metal lamp.", ["A grey wool lamp."])])
    out = tmp_path / "out"
    given = ["attributes", "--data", str(folder), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["evaluation", *given])

    main()

    (hard, *_) = json.loads((out / "attributes.json").read_text())
    assert (hard["pairs"], hard["agreeing"]) == (1, 1)
    assert (out / "attributes.md").read_text().startswith("|")
