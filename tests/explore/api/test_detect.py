from __future__ import annotations

import base64
import json
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fgclip.adapters.detector import Detector
from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.encoder import Encoder
from fgclip.explore.api.detect import DetectAnswers
from fgclip.explore.pictures import OpenPicture, Pictures
from fgclip.probe.detect import detect
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Asked
from tests.support.detectors import save_owl

FOUND = {"box": [0.1, 0.2, 0.5, 0.7], "phrase": "the cat", "score": 0.25, "hue": 1}
DRAWN = {"box": [0.5, 0.5, 1, 1], "phrase": "a dog", "score": -0.1, "hue": 2, "own": True}


@pytest.fixture
def pictures(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Pictures:
    return Pictures(encoder, {}, tmp_path / "uploads", stored=mapped.picture_path)


@pytest.fixture
def reference(mapped: Workspace, encoder: Encoder) -> Reference:
    return Reference.of_workspace(encoder, mapped)


@pytest.fixture
def answers(encoder: Encoder, pictures: Pictures, reference: Reference, mapped: Workspace) -> Asked:
    return Asked(DetectAnswers(Finder(encoder, reference), pictures, mapped))


@pytest.fixture
def opened(pictures: Pictures) -> OpenPicture:
    return pictures.open_stored(1)


def asked(opened: OpenPicture, *texts: str, **more: Any) -> dict[str, Any]:
    return {"token": opened.token, "prompts": [{"text": text} for text in texts], **more}


def test_pictures_to_measure_against_are_read_a_few_at_a_time(answers: Asked) -> None:
    assert answers.reference({}) == {"done": 8, "all": 10, "pictures": 10}
    assert answers.reference({}) == {"done": 10, "all": 10, "pictures": 10}


def test_boxes_are_those_that_detect_finds(
    answers: Asked, opened: OpenPicture, encoder: Encoder, reference: Reference
) -> None:
    reply = answers.detect(asked(opened, "the cat", "a dog", share=0.3))

    texts = encoder.encode_text(["the cat", "a dog"], "auto")
    elsewhere = reference.best(texts).without(opened.path)
    assert elsewhere.shape == (2, 9)  # the picture itself is not measured against
    expected = detect(opened.patches, texts, elsewhere, share=0.3)
    assert expected
    for told, right in zip(reply["boxes"], expected, strict=True):
        assert told["prompt"] == {"text": ["the cat", "a dog"][right.phrase], "route": "auto"}
        assert told["box"] == pytest.approx(right.box, abs=1e-6)
        for name in ("score", "contrast", "baseline", "percentile"):
            assert told[name] == pytest.approx(getattr(right, name), abs=1e-6)
    for row, phrase in enumerate(reply["phrases"]):
        assert phrase["elsewhere"] == pytest.approx(np.sort(elsewhere[row]), abs=1e-4)
        assert phrase["elsewhere"] == [round(each, 4) for each in phrase["elsewhere"]]
        assert phrase["baseline"] == pytest.approx(np.quantile(elsewhere[row], 0.3), abs=1e-6)
        scores = [
            each["score"] for each in reply["boxes"] if each["prompt"]["text"] == phrase["text"]
        ]
        assert phrase["best"] >= max(scores, default=-1)


def test_a_phrase_that_equals_another_is_looked_for_once(
    answers: Asked, opened: OpenPicture
) -> None:
    once = answers.detect(asked(opened, "a dog", share=0.3))

    assert once["boxes"]
    assert answers.detect(asked(opened, "a dog", "a dog", share=0.3)) == once


def test_words_of_all_kinds_are_phrases(answers: Asked, opened: OpenPicture) -> None:
    texts = ["🐱", "一只猫", "<b>the cat</b>", "cat " * 300]

    reply = answers.detect(asked(opened, *texts))

    assert [each["text"] for each in reply["phrases"]] == texts


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"prompts": []}, "a list of prompts with at least one"),
        ({"prompts": [{"text": "  "}]}, "'prompts[0].text' is empty"),
        ({"prompts": ["a cat"], "share": 1.5}, "1.5 is not between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_told(
    answers: Asked, opened: OpenPicture, request_: dict[str, Any], words: str
) -> None:
    assert words in answers.detect({"token": opened.token, **request_})["error"]


def test_a_picture_that_was_closed_is_gone(answers: Asked) -> None:
    assert answers.detect({"token": "other", "prompts": ["a cat"]})["kind"] == "gone"


def test_without_another_picture_there_is_no_threshold(
    encoder: Encoder, picture: Path, tmp_path: Path
) -> None:
    with Workspace(tmp_path / "empty") as empty:
        uploads = tmp_path / "uploads" / "a"
        uploads.mkdir(parents=True)
        pictures = Pictures(encoder, {}, uploads.parent)
        upload = shutil.copy(picture, uploads)
        opened = pictures.open_upload(Path(upload))
        finder = Finder(encoder, Reference.of_workspace(encoder, empty))
        answers = Asked(DetectAnswers(finder, pictures, empty))

        assert answers.reference({}) == {"done": 0, "all": 0, "pictures": 0}
        assert "import some, or give others" in answers.detect(asked(opened, "a cat"))["error"]
        # what is kept of an upload outlives it
        kept = answers.keep({"token": opened.token, "found": [FOUND]})
        assert kept == {"kept": 1, "known": 0}
        (record,) = empty.records()
        assert record.path.read_bytes() == Path(upload).read_bytes()
        assert record.path.is_relative_to(empty.folder.absolute())


def test_a_box_by_hand_is_measured_like_any_other(answers: Asked, opened: OpenPicture) -> None:
    reply = answers.detect(asked(opened, "the cat", "a dog", share=0.3))
    boxes = [each["box"] for each in reply["boxes"]]
    assert boxes

    measured = answers.measure(
        {
            "token": opened.token, "boxes": boxes, "share": 0.3,
            "prompts": [each["prompt"] for each in reply["boxes"]],
        }
    )["boxes"]  # fmt: skip

    for told, found in zip(measured, reply["boxes"], strict=True):
        for name in ("score", "contrast", "baseline", "percentile"):
            assert told[name] == pytest.approx(found[name], abs=2e-5)
    unequal = answers.measure({**asked(opened, "a", "b"), "boxes": boxes[:1]})
    assert "1 boxes and 2 prompts" in unequal["error"]


def test_boxes_become_regions_once(answers: Asked, opened: OpenPicture, mapped: Workspace) -> None:
    request = {"token": opened.token, "found": [FOUND, DRAWN]}

    assert answers.keep(request) == {"kept": 2, "known": 0}
    assert answers.keep(request) == {"kept": 0, "known": 2}

    rows = mapped.database.dicts(
        "SELECT x0, y0, x1, y1, phrase, category, origin, score FROM regions "
        "WHERE image_id = 1 AND origin <> 'import' ORDER BY origin"
    )
    assert [tuple(row.values()) for row in rows] == [
        (0.1, 0.2, 0.5, 0.7, "the cat", "the cat", "proposal", 0.25),
        (0.5, 0.5, 1.0, 1.0, "a dog", "a dog", "user", pytest.approx(-0.1)),
    ]
    assert answers.keep({"token": opened.token, "found": []})["error"] == (
        "'found' must be a list of boxes with at least one"
    )


def test_boxes_are_saved_as_files_that_others_read(answers: Asked, opened: OpenPicture) -> None:
    def saved(name: str) -> bytes:
        reply = answers.save({"token": opened.token, "format": name, "found": [FOUND, DRAWN]})
        return base64.b64decode(reply["content"])

    width, height = opened.image.size
    coco = json.loads(saved("coco"))
    assert coco["images"][0]["file_name"] == opened.path.name
    assert [each["score"] for each in coco["annotations"]] == [0.25, -0.1]
    right = [0.1 * width, 0.2 * height, 0.4 * width, 0.5 * height]
    assert coco["annotations"][0]["bbox"] == pytest.approx(right, abs=0.01)
    with zipfile.ZipFile(BytesIO(saved("yolo"))) as archive:
        assert "data.yaml" in archive.namelist()
        (labels,) = [name for name in archive.namelist() if name.endswith(".txt")]
        first = archive.read(labels).decode().splitlines()[0].split()
        assert [float(number) for number in first] == pytest.approx([0, 0.3, 0.45, 0.4, 0.5])
    assert [each["meta"].get("by_hand", False) for each in coco["annotations"]] == [False, True]
    with Image.open(BytesIO(saved("png"))) as painted:
        times = painted.width // width  # enlarged, to be read
        assert painted.size == (times * width, times * height)
        plain = opened.image.resize(painted.size, Image.Resampling.LANCZOS)
        assert np.any(np.asarray(painted) != np.asarray(plain))
    assert (
        "not one of"
        in answers.save({"token": opened.token, "format": "exe", "found": [FOUND]})["error"]
    )


def test_a_trained_detector_proposes_boxes_where_there_is_one(
    answers: Asked,
    pictures: Pictures,
    reference: Reference,
    encoder: Encoder,
    mapped: Workspace,
    opened: OpenPicture,
    tmp_path: Path,
) -> None:
    texts = ["the cat", "a dog", "a", "cat dog", "the the"]
    request = asked(opened, *texts, share=0.0, detector=True)
    assert "--detector DIR" in answers.detect(request)["error"]
    save_owl(tmp_path / "owl")
    detector = Detector.load(tmp_path / "owl", device="cpu")
    with_owl = Asked(DetectAnswers(Finder(encoder, reference, detector), pictures, mapped))

    reply = with_owl.detect(request)

    proposed = detector.propose(opened.image, texts)
    assert reply["boxes"]
    for each in reply["boxes"]:
        rows = np.isclose(proposed.boxes, each["box"], atol=1e-6).all(axis=1)
        assert np.isclose(proposed.objectness[rows], each["objectness"], atol=1e-6).any()
    strict = with_owl.detect({**request, "share": 1.0})
    with_box = {each["prompt"]["text"] for each in strict["boxes"]}
    assert with_box < set(texts)
    for phrase in strict["phrases"]:  # who has no box is told why by the detector's own boxes
        assert (phrase["text"] in with_box) == (phrase["best"] >= phrase["baseline"])


def test_crops_rank_what_was_found(answers: Asked, opened: OpenPicture) -> None:
    plain = answers.detect(asked(opened, "the cat", "a dog", share=0.0))["boxes"]
    cropped = answers.detect(asked(opened, "the cat", "a dog", share=0.0, crops=True))["boxes"]

    def boxes(told: list[dict[str, Any]]) -> list[list[float]]:
        return sorted(each["box"] for each in told)

    assert boxes(plain) == boxes(cropped)
    assert [each["contrast"] for each in plain] != [each["contrast"] for each in cropped]
