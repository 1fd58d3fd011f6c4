from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgclip.data import Negative, Record, Region
from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, SquareComposer, Squares, tiny_recipe, tiny_tokenizer
from training.batch import Batch
from training.collate import Collate
from training.data import DataError, RecordData, SceneData, Steps, loader, usable_records
from training.features import encode_texts
from training.losses import embeddings
from training.objective import objective
from training.recipe import Weights
from training.text_batches import encode_once

TOKENIZER = tiny_tokenizer()
WORDS = st.lists(st.sampled_from(["red", "square", "a", "green blue", "x"]), max_size=8)


def scenes(count: int = 8) -> list[tuple[int, Squares]]:
    return [(index, SquareComposer().scene(index)) for index in range(count)]


def collated(count: int = 8, **changes: object) -> Batch:
    return Collate(tiny_recipe(**changes), TOKENIZER, seed=0)(scenes(count))


def without_regions(scene: Squares) -> Squares:
    return dataclasses.replace(scene, regions=())


@given(st.lists(WORDS, min_size=1, max_size=60))
def test_every_text_keeps_its_tokens(word_lists: list[list[str]]) -> None:
    texts = [" ".join(words) for words in word_lists]
    different, rows = encode_once(texts, TOKENIZER, 77)
    assert len(different) == len(set(texts))
    by_row = [ids for group in different.groups for ids in group.tolist()]
    for text, row in zip(texts, rows.tolist(), strict=True):
        found = by_row[row]
        wanted = TOKENIZER.encode(text)
        assert found[: len(wanted)] == wanted
        assert set(found[len(wanted) :]) <= {TOKENIZER.eos_token_id}


def test_trimmed_and_deduplicated_texts_give_the_padded_features() -> None:
    model = initialise(FGCLIP(TINY), seed=0)
    texts = [scene.long_caption for _, scene in scenes(300)]
    different, rows = encode_once(texts, TOKENIZER, TINY.text.long_context_length)
    assert len(different.groups) > 1
    padded = np.full((len(texts), TINY.text.long_context_length), TOKENIZER.eos_token_id)
    for row, text in zip(padded, texts, strict=True):
        ids = TOKENIZER.encode(text)
        row[: len(ids)] = ids
    with torch.no_grad():
        found = encode_texts(model, different, "long")[rows]
        expected = embeddings(model.encode_text(torch.from_numpy(padded), "long"))
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


def test_equal_texts_share_a_key_across_batches_and_case() -> None:
    first, rows = encode_once(["a red square", "x"], TOKENIZER, 77)
    second, others = encode_once(["y", "A Red Square"], TOKENIZER, 77)
    assert first.keys[rows[0]] == second.keys[others[1]]
    assert len(torch.cat([first.keys, second.keys]).unique()) == 3


def test_boxes_form_one_list_with_their_owners() -> None:
    batch = collated(3)
    assert batch.box_image.tolist() == [0, 0, 1, 1, 2, 2]
    assert batch.boxes.shape == (6, 4)
    assert batch.hard_box.tolist() == [0, 1, 2, 3, 4, 5]
    assert batch.hard_present.sum(1).tolist() == [2, 2, 3, 3, 4, 4]  # scene i has 1 + i rewrites
    assert torch.equal(batch.hard_text[:, 0], batch.box_text)


def test_a_batch_without_boxes_trains() -> None:
    collate = Collate(tiny_recipe(), TOKENIZER, seed=0)
    bare = [(index, without_regions(scene)) for index, scene in scenes(4)]
    model = initialise(FGCLIP(TINY), seed=0)
    losses = objective(model, collate(bare), tiny_recipe())
    losses["total"].backward()
    assert float(losses["region"].detach()) == float(losses["hard"].detach()) == 0
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert all(torch.isfinite(gradient).all() for gradient in gradients)


def test_a_box_without_area_teaches_nothing() -> None:
    (index, scene), *_ = scenes(1)
    line = Region((0.5, 0.0, 0.5, 1.0), "a line", negatives=(Negative("a curve"),))
    collate = Collate(tiny_recipe(), TOKENIZER, seed=0)
    batch = collate([(index, dataclasses.replace(scene, regions=(line, *scene.regions)))])
    model = initialise(FGCLIP(TINY), seed=0)
    objective(model, batch, tiny_recipe())["total"].backward()
    assert batch.boxes[0].tolist() == [0.5, 0, 0.5, 1]
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert all(torch.isfinite(gradient).all() for gradient in gradients)


def test_pictures_without_boxes_stand_beside_others() -> None:
    mixed = [(index, without_regions(scene) if index % 2 else scene) for index, scene in scenes(4)]
    batch = Collate(tiny_recipe(), TOKENIZER, seed=0)(mixed)
    assert batch.box_image.tolist() == [0, 0, 2, 2]


def test_only_so_many_hard_boxes_a_picture_are_drawn() -> None:
    batch = collated(6, max_hard_boxes=1)
    assert len(batch.boxes) == 12
    assert batch.box_image[batch.hard_box].tolist() == [0, 1, 2, 3, 4, 5]


def test_negatives_are_used_for_the_share_of_pictures_asked_for() -> None:
    batch = collated(200, max_hard_boxes=1, hard_share=0.5)
    owners = batch.box_image[batch.hard_box].tolist()
    assert len(set(owners)) == len(owners)
    assert 70 <= len(owners) <= 130


def test_the_first_boxes_of_a_picture_are_kept() -> None:
    assert collated(3, max_boxes=1).box_image.tolist() == [0, 1, 2]


def test_negatives_are_not_encoded_when_no_loss_wants_them() -> None:
    batch = collated(6, weights=Weights(long=1, short=1, region=1))
    assert batch.hard_text.numel() == 0
    assert len(batch.phrases) <= 4


def test_the_same_numbers_give_the_same_batch() -> None:
    first, second = (collated(8, max_hard_boxes=1) for _ in range(2))
    assert torch.equal(first.hard_box, second.hard_box)
    assert torch.equal(first.pixels, second.pixels)


def test_ranks_share_a_step_and_a_later_position_goes_on() -> None:
    def steps(position: int, rank: int) -> list[list[int]]:
        found = iter(Steps(position=position, batch_size=4, rank=rank, ranks=2))
        return [next(found) for _ in range(2)]

    assert steps(0, 0) == [[0, 1], [4, 5]]
    assert steps(0, 1) == [[2, 3], [6, 7]]
    assert steps(4, 1)[0] == steps(0, 1)[1]


def test_a_batch_that_ranks_cannot_share_is_refused() -> None:
    with pytest.raises(DataError, match="batch size 5 cannot be shared by 2"):
        Steps(position=0, batch_size=5, ranks=2)


def test_worker_processes_give_what_the_main_process_gives() -> None:
    def first_two(workers: int) -> list[Batch]:
        batches = loader(
            SceneData(SquareComposer()),
            Steps(position=0, batch_size=4),
            Collate(tiny_recipe(), TOKENIZER, seed=0),
            workers=workers,
        )
        return [next(batches) for _ in range(2)]

    for here, there in zip(first_two(0), first_two(1), strict=True):
        assert torch.equal(here.pixels, there.pixels)
        assert torch.equal(here.hard_text, there.hard_text)


def written(folder: Path, count: int) -> list[Record]:
    """Pictures whose red tells their number."""
    records = []
    for number in range(count):
        path = folder / f"{number}.png"
        Image.new("RGB", (40, 30), (number, 0, 0)).save(path)
        records.append(Record(path, "short", "long"))
    return records


def red(data: RecordData, number: int, skipped: list[str]) -> int:
    return int(data.example(number, skipped).pixels[0, 0, 0])


def test_every_epoch_sees_every_record_once_in_another_order(tmp_path: Path) -> None:
    data = RecordData(written(tmp_path, 5), seed=0)
    seen = [red(data, number, []) for number in range(10)]
    assert sorted(seen[:5]) == sorted(seen[5:]) == [0, 1, 2, 3, 4]
    assert seen[:5] != seen[5:]
    assert data.example(0, []).pixels.shape == (30, 40, 3)
    # Where processes are spawned and not forked, the data travels to them.
    sent = pickle.loads(pickle.dumps(data))
    assert red(sent, 7, []) == red(data, 7, [])


BROKEN = {
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:60]),
    "text": lambda path: path.write_text("no picture"),
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_another_picture_stands_in_for_a_broken_one_that_is_named(
    kind: str, tmp_path: Path
) -> None:
    records = written(tmp_path, 5)
    BROKEN[kind](records[2].path)
    data = RecordData(records, seed=0)
    skipped: list[str] = []
    seen = [red(data, number, skipped) for number in range(10)]
    assert 2 not in seen
    assert len(seen) == 10
    assert sum(str(records[2].path) in line for line in skipped) == len(skipped) >= 2
    assert [red(data, number, []) for number in range(10)] == seen  # the same ones every time


def test_what_was_skipped_travels_with_the_batch(tmp_path: Path) -> None:
    records = written(tmp_path, 4)
    BROKEN["text"](records[1].path)
    steps = Steps(position=0, batch_size=4)
    collate = Collate(tiny_recipe(weights=Weights()), TOKENIZER, seed=0)
    batch = next(loader(RecordData(records, seed=0), steps, collate, workers=0))
    assert len(batch) == 4
    assert len(batch.skipped) >= 1
    assert all("1.png is not a picture" in line for line in batch.skipped)


def test_pictures_that_are_all_broken_end_the_run(tmp_path: Path) -> None:
    records = written(tmp_path, 3)
    for record in records:
        record.path.unlink()
    steps = Steps(position=0, batch_size=2)
    collate = Collate(tiny_recipe(), TOKENIZER, seed=0)
    with pytest.raises(DataError, match=r"16 pictures one after another.*--images"):
        next(loader(RecordData(records, seed=0), steps, collate, workers=1))


BOXED = Region((0.0, 0.0, 1.0, 1.0), "a square", negatives=(Negative("a circle"),))


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([], "no picture"),
        ([Record(Path("a.png"), "", "long", (BOXED,))], r"a.png has no short caption"),
        ([Record(Path("a.png"), "short", "", (BOXED,))], r"a.png has no long caption"),
        ([Record(Path("a.png"), "short", "long")], "No picture has a box"),
        (
            [Record(Path("a.png"), "short", "long", (dataclasses.replace(BOXED, negatives=()),))],
            "No box has hard negatives",
        ),
    ],
)
def test_records_none_of_which_has_what_a_recipe_needs_are_refused(
    records: list[Record], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        usable_records(records, tiny_recipe(), lambda fault: None)


def test_a_record_that_lacks_a_caption_is_left_out_and_named() -> None:
    records = [
        Record(Path("a.png"), "short", "", (BOXED,)),
        Record(Path("b.png"), "s", "l", (BOXED,)),
    ]
    faults: list[str] = []
    assert usable_records(records, tiny_recipe(), faults.append) == records[1:]
    assert faults == ["a.png has no long caption, which recipe tiny needs"]


def test_a_long_caption_may_be_optional() -> None:
    records = [Record(Path("a.png"), "short", "", (BOXED,))]
    found = usable_records(records, tiny_recipe(long_optional=True), lambda fault: None)
    assert found == records


def test_pictures_without_a_long_caption_are_left_out_of_that_loss_alone() -> None:
    some = [
        (number, dataclasses.replace(scene, long_caption="") if number % 2 else scene)
        for number, scene in scenes(4)
    ]
    recipe = tiny_recipe(weights=Weights(long=1, short=1))
    batch = Collate(recipe, TOKENIZER, seed=0)(some)
    assert batch.long_image.tolist() == [0, 2]
    model = initialise(FGCLIP(TINY), seed=0)
    found = objective(model, batch, recipe)["long"]
    only = Collate(recipe, TOKENIZER, seed=0)([some[0], some[2]])
    torch.testing.assert_close(found, objective(model, only, recipe)["long"])
