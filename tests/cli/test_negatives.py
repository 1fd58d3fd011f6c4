"""`python -m fgclip negatives` and `failures`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from fgclip.cli.main import FAILED, main
from fgclip.data.finehard import write_finehard
from fgclip.encoder import Encoder
from fgclip.ranking import is_fooled, rank
from fgclip.types import ROUTES
from tests.support.chat_server import chat_server
from tests.support.checkpoints import random_clip
from tests.support.models import small_tokenizer
from tests.support.noise import picture_records


def test_rewrites_need_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--count", "4", "--kind", "material", "--kind", "size", "--seed", "3"]

    assert main(["negatives", "a large wooden box", *flags]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert len(answer["negatives"]) == 4
    for each in answer["negatives"]:
        (kind,), ((start, end),) = each["kinds"], each["spans"]
        assert kind in ("material", "size")
        assert each["text"][start:end] not in "a large wooden box"


def test_rewrites_and_ones_own_are_held_against_a_box(
    picture: Path, model_folder: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--picture", str(picture), "--box", "0.1,0.2,0.5,0.9", "--add", "the dog cat"]
    flags += ["--model", str(model_folder), "--dtype", "float32", "--device", "cpu"]

    assert main(["negatives", "the cat", "--count", "2", *flags]) == 0

    answer = json.loads(capsys.readouterr().out)
    texts = [answer["caption"], *(each["text"] for each in answer["negatives"])]
    assert len(texts) == 4
    assert texts[-1] == "the dog cat"
    seen = encoder.encode_regions(picture, [[0.1, 0.2, 0.5, 0.9]])[0]
    for route in ("short", "long"):
        cosines = encoder.encode_text(texts, route) @ seen
        assert answer[route]["cosines"] == pytest.approx(cosines, abs=2e-6)
        assert answer[route]["rank"] == rank(cosines[0], cosines[1:])
        assert [each["word"] for each in answer[route]["words"]] == ["the", "cat"]


def test_routes_that_are_copies_are_not_told(
    tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_tokenizer().save(tmp_path / "clip")
    random_clip().save_pretrained(tmp_path / "clip")
    flags = ["--model", str(tmp_path / "clip"), "--device", "cpu", "--dtype", "float32"]

    assert main(["negatives", "a red cab", "--picture", str(picture), *flags]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert set(answer) & set(ROUTES) == {"short"}


def test_a_chat_model_may_write_and_is_asked_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with chat_server(lambda _: "1. a small wooden box\n2. a large wooden cup") as server:
        flags = ["--writer", server.address, "--cache", str(tmp_path / "kept"), "--count", "1"]
        answers = []
        for _ in range(2):
            assert main(["negatives", "a large wooden box", *flags]) == 0
            answers.append(json.loads(capsys.readouterr().out))

        assert len(server.asked) == 1
        assert answers[0] == answers[1]
        ((text,), refused) = (
            [each["text"] for each in answers[0]["negatives"]],
            answers[0]["refused"],
        )
        assert (text, refused) == ("a small wooden box", {"changes the thing": 1})
        assert main(["negatives", "a box", *flags, "--kind", "size"]) == FAILED
        assert "leave out --writer" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--writer-model", "first"], ["--cache", "kept"]])
def test_what_is_for_a_chat_model_wants_one(
    flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["negatives", "a red box", *flags]) == FAILED
    assert f"{flags[0]} is for a chat model; name it with --writer" in capsys.readouterr().err


def test_a_data_set_gives_the_table_and_its_regions(
    model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = picture_records(tmp_path / "data", 4)
    write_finehard(records, tmp_path / "data" / "a.json")
    records[3].path.unlink()

    assert main(["failures", str(tmp_path / "data" / "a.json"), "--model", str(model_folder)]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert {cell["asked"] for cell in answer["table"]["kind"].values()} == {3}
    fooled = sum(cell["fooled"] for cell in answer["table"]["kind"].values())
    assert len(answer["fooled"]) == fooled
    assert all(is_fooled(each["margin"]) for each in answer["fooled"])
    (fault,) = answer["faults"]
    assert records[3].path.name in fault


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["negatives", "a red car", "--changes", "7"], "7 changes at once; choose 1 to 3"),
        (["negatives", "a red car", "--box", "0,0,1,1"], "is of no picture"),
        (["negatives", "a car", "--picture", "nowhere.png"], "nowhere.png"),
        (["failures", "{tmp}/empty"], "holds no region with a phrase and negatives"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "empty" / "a.png")

    assert main([each.format(tmp=tmp_path) for each in words]) == FAILED

    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
