"""The scenes benchmark, asked of an encoder that knows three words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fgclip.data import Negative, Record, Region
from fgclip.evaluation.report import Report, Score
from fgclip.evaluation.scenes import Concept, evaluate_scenes, read_scenes
from fgclip.types import ROUTES

WORDS = ("cat", "dog", "hat")
CONCEPTS = [Concept(word, f"a {word}") for word in WORDS]
LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)
Array = NDArray[np.float32]


def bag(text: str) -> Array:
    """A unit vector with one axis a word, and one that every text shares."""
    counts = [text.count(word) for word in WORDS]
    vector = np.array([*counts, 0.1], np.float32)
    return vector / np.linalg.norm(vector)


class KnowingMap:
    """Two patches, left and right, each seeing the word that the file name has there."""

    def __init__(self, path: Path) -> None:
        self.words = path.stem.split("-")
        self.grid = (1, 2)
        self.image_embedding = bag(" ".join(self.words))

    def regions(self, boxes: Array) -> Array:
        return np.stack([bag(self.words[int(box[0] >= 0.5)]) for box in boxes])

    def similarity(self, texts: Array) -> Array:
        return (texts @ np.stack([bag(word) for word in self.words]).T)[:, None, :]


class KnowingEncoder:
    def encode_dense(self, image: Path) -> KnowingMap:
        return KnowingMap(image)

    def encode_text(self, texts: Sequence[str], route: str = "short") -> Array:
        return np.stack([bag(text) for text in texts])


class CollapsedEncoder(KnowingEncoder):
    """Sees and says the same of everything."""

    def encode_dense(self, image: Path) -> KnowingMap:
        return KnowingMap(Path("none-none.png"))

    def encode_text(self, texts: Sequence[str], route: str = "short") -> Array:
        return np.stack([bag("") for _ in texts])


def scene(left: str, right: str) -> Record:
    def region(box: tuple[float, float, float, float], word: str, other: str) -> Region:
        negatives = (Negative(f"a {other}", "kind"), Negative("nothing", "absence"))
        return Region(box, f"a {word}", negatives=negatives, category=word)

    return Record(
        Path(f"{left}-{right}.png"),
        short_caption=f"{left} and {right}",
        long_caption=f"There is a {left}. There is a {right}.",
        regions=(region(LEFT, left, right), region(RIGHT, right, left)),
    )


RECORDS = [scene("cat", "dog"), scene("dog", "hat"), scene("hat", "cat")]


def ask(encoder: KnowingEncoder, records: list[Record]) -> Report:
    return evaluate_scenes(encoder, records, CONCEPTS, routes=ROUTES)


def scores(encoder: KnowingEncoder, records: list[Record] = RECORDS) -> dict[str, Score]:
    return {score.name: score for score in ask(encoder, records).scores}


def test_a_knowing_model_answers_everything() -> None:
    found = scores(KnowingEncoder())
    assert {score.value for score in found.values()} == {1.0}
    assert found["all objects, top-1"].count == 6
    assert found["all objects, top-1"].chance == pytest.approx(1 / 3)
    assert found["1 of 3"].chance == pytest.approx(1 / 3)
    assert found["kind (pairs)"].count == 6
    assert found["short, picture → text, R@1"].chance == pytest.approx(1 / 3)
    assert found["phrase of an object, into its box"].chance == 0.5


def test_a_collapsed_model_answers_nothing() -> None:
    found = scores(CollapsedEncoder())
    found.pop("all objects, top-5")  # of three concepts any answer is among the first five
    found.pop("natural objects, top-5")
    assert {score.value for score in found.values()} == {0.0}


def test_altered_objects_are_left_out_of_the_natural_ones() -> None:
    record = RECORDS[0]
    altered = Region(LEFT, "a cat", category="cat", meta={"altered": True})
    changed = [Record(record.path, "a", "b", (altered, record.regions[1]))]
    found = scores(KnowingEncoder(), changed)
    assert found["all objects, top-1"].count == 2
    assert found["natural objects, top-1"].count == 1


def test_concepts_that_are_drawn_alike_are_no_wrong_answers() -> None:
    dog_drawn_like_cat = Region(LEFT, "a dog", category="dog", meta={"alike": ["cat"]})
    found = scores(KnowingEncoder(), [Record(Path("cat-cat.png"), "", "", (dog_drawn_like_cat,))])
    assert found["all objects, top-1"].value == 0  # a tie with "hat" counts against the model


def test_boxes_of_background_are_no_objects() -> None:
    background = Region(LEFT, "a red background", category="background")
    record = Record(Path("cat-dog.png"), "", "", (background, *RECORDS[0].regions))
    assert scores(KnowingEncoder(), [record])["phrase of an object, into its box"].count == 2


def test_equal_captions_answer_for_each_other() -> None:
    found = scores(KnowingEncoder(), [RECORDS[0], RECORDS[0], RECORDS[1]])
    assert found["long, text → picture, R@1"].value == 1


def test_cosines_of_true_and_other_kinds_are_told_apart() -> None:
    true, other = ask(KnowingEncoder(), RECORDS).cosines
    assert (true.count, other.count) == (6, 12)
    assert true.low == pytest.approx(1)
    assert other.high == pytest.approx(0.01 / 1.01)  # the axis that all texts share


def test_kinds_that_are_drawn_alike_are_no_other_kinds() -> None:
    region = Region(LEFT, "a dog", category="dog", meta={"alike": ["cat"]})
    record = Record(Path("cat-cat.png"), "", "", (region,))
    _, other = ask(KnowingEncoder(), [record]).cosines
    assert other.count == 1


def test_without_objects_there_are_no_cosines() -> None:
    background = Record(Path("cat-dog.png"), "", "", (Region(LEFT, "red", category="background"),))
    assert ask(KnowingEncoder(), [background]).cosines == []


def test_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture to ask about"):
        ask(KnowingEncoder(), [])


def test_captions_are_read_by_no_route_that_is_a_copy() -> None:
    found = evaluate_scenes(KnowingEncoder(), RECORDS, CONCEPTS, routes=("short",))
    retrieval = [score.name for score in found.scores if score.group == "retrieval"]
    assert retrieval == ["short, picture → text, R@1", "short, text → picture, R@1"]


def test_a_folder_without_concepts_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="python -m training.scenes write"):
        read_scenes(tmp_path)


def test_concepts_of_another_shape_are_refused(tmp_path: Path) -> None:
    (tmp_path / "concepts.json").write_text('["cat"]')
    with pytest.raises(ValueError, match="not a list of objects with name and prompt"):
        read_scenes(tmp_path)


def test_a_single_concept_has_no_other_kind() -> None:
    only = [Concept("cat", "a cat")]
    report = evaluate_scenes(KnowingEncoder(), [RECORDS[0]], only, routes=ROUTES)
    assert [spread.name for spread in report.cosines] == ["an object and its phrase"]
