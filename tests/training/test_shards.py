"""Streamed shards: every sample once an epoch, the same batches every time, faults named."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.support.training import tiny_recipe, tiny_tokenizer
from training import shards as module
from training.batch import Batch
from training.collate import Collate
from training.data import DataError
from training.recipe import Weights
from training.shards import find_shards, read_samples, shard_loader

RECIPE = tiny_recipe(weights=Weights(long=1, short=1), image_size=8)
ELEMENT = {"caption": "a long caption", "short_caption": "short", "bbox_info": []}


def picture(number: int) -> bytes:
    """Red tells the number."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (number, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def write_shard(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@pytest.fixture
def shards(tmp_path: Path) -> list[str]:
    """Four shards of six samples."""
    for shard in range(4):
        members = {}
        for number in range(6 * shard, 6 * shard + 6):
            members[f"{number:03}.png"] = picture(number)
            members[f"{number:03}.json"] = json.dumps(ELEMENT).encode()
        write_shard(tmp_path / f"{shard}.tar", members)
    return find_shards(str(tmp_path / "*.tar"))


def batches(shards: list[str], **changes: int) -> Iterator[Batch]:
    collate = Collate(RECIPE, tiny_tokenizer(), seed=0)
    given = {"batch_size": 4, "position": 0, "workers": 0} | changes
    return shard_loader(shards, collate, RECIPE, **given)


def numbers(found: Iterator[Batch], count: int) -> list[list[int]]:
    """Which pictures are in so many batches."""
    return [batch.pixels[:, 0, 0, 0].tolist() for batch in islice(found, count)]


def flat(found: list[list[int]]) -> list[int]:
    return [number for own in found for number in own]


def test_every_epoch_sees_every_sample_once_in_another_order(shards: list[str]) -> None:
    seen = flat(numbers(batches(shards), 12))
    assert sorted(seen[:24]) == sorted(seen[24:]) == list(range(24))
    assert seen[:24] != seen[24:]
    assert seen[:24] != sorted(seen[:24])


def test_a_small_buffer_shuffles_less_and_loses_nothing(
    shards: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUFFER", 3)
    seen = flat(numbers(batches(shards), 18))  # three epochs
    assert set(seen) == set(range(24))
    assert max(seen.count(number) for number in range(24)) <= 4


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("done", [1, 2, 7])
def test_a_run_that_goes_on_sees_what_an_unbroken_one_sees(
    done: int, workers: int, shards: list[str]
) -> None:
    unbroken = numbers(batches(shards, workers=workers), 10)
    again = numbers(batches(shards, workers=workers, position=4 * done), 10 - done)
    assert again == unbroken[done:]


def test_ranks_read_different_shards(shards: list[str]) -> None:
    first, second = (flat(numbers(batches(shards, rank=rank, ranks=2), 6)) for rank in range(2))
    assert len(first) == len(second) == 12  # half of every batch
    assert sorted(first + second) == list(range(24))


def test_good_samples_stand_in_for_broken_ones_that_are_named(tmp_path: Path) -> None:
    good = {"0.png": picture(0), "0.json": json.dumps(ELEMENT).encode()}
    bad = {
        "1.png": picture(1)[:30],
        "1.json": json.dumps(ELEMENT).encode(),
        "2.json": json.dumps(ELEMENT).encode(),
        "3.png": picture(3),
        "4.png": picture(4),
        "4.json": b"{",
        "5.png": picture(5),
        "5.json": json.dumps({**ELEMENT, "bbox_info": [{"bbox": [1, 0, 0, 1]}]}).encode(),
        "6.png": picture(6),
        "6.json": json.dumps({**ELEMENT, "caption": ""}).encode(),
    }
    write_shard(tmp_path / "a.tar", good | bad)
    batch = next(batches([str(tmp_path / "a.tar")], batch_size=7))
    assert batch.pixels[:, 0, 0, 0].tolist() == [0] * 7
    faults = "\n".join(sorted(batch.skipped))
    assert len(batch.skipped) == 6
    for words in (
        "a.tar: 1: the picture is not a picture",
        "a.tar: 2 has no picture",
        "a.tar: 3 has no .json",
        "a.tar: 4: ",
        "a.tar: 5: ",
        "a.tar: 6 has no long caption, which recipe tiny needs",
    ):
        assert words in faults


def test_a_batch_of_nothing_but_broken_samples_ends_the_run(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.tar", {"0.png": picture(0), "1.png": picture(1)})
    with pytest.raises(DataError, match=r"Of 2 samples none can be used; first: .*0 has no .json"):
        next(batches([str(tmp_path / "a.tar")], batch_size=2))


def test_too_few_shards_are_refused(shards: list[str]) -> None:
    with pytest.raises(DataError, match=r"4 shards are too few for 6 readers \(2 processes × 3"):
        batches(shards, ranks=2, workers=3)


def test_a_shard_that_is_no_tar_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"no tar" * 1000)
    with pytest.raises(
        DataError, match=r"none can be used; first: .*a\.tar cannot be read as a tar"
    ):
        next(batches([str(tmp_path / "a.tar")]))


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_shard_gives_what_it_holds_and_is_named(damage: str, shards: list[str]) -> None:
    file = Path(shards[1].removeprefix("file://"))
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:5000])  # two samples and a piece of the third
    else:
        file.unlink()
    found = list(islice(batches(shards), 6))
    seen = {number for batch in found for number in batch.pixels[:, 0, 0, 0].tolist()}
    named = [fault for batch in found for fault in batch.skipped]
    assert {*range(6), *range(12, 24)} <= seen
    assert 11 not in seen
    assert len(named) >= 1
    assert any("1.tar cannot be read as a tar any further" in fault for fault in named)


def test_shards_are_listed_in_a_file(shards: list[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("\n".join(shards[:2]) + "\n\n")
    assert find_shards(str(tmp_path / "list.txt")) == shards[:2]
    with pytest.raises(DataError, match=r"No shard is called .*nothing-\*\.tar"):
        find_shards(str(tmp_path / "nothing-*.tar"))


def test_members_of_one_name_are_one_sample(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.tar", {"x/0.png": b"1", "x/0.json": b"2", "y/0.json": b"3"})
    first, second = read_samples(str(tmp_path / "a.tar"))
    assert (first.files, second.files) == ({".png": b"1", ".json": b"2"}, {".json": b"3"})
    assert first.where == f"{tmp_path / 'a.tar'}: x/0"


def test_batches_say_the_same_about_the_same_numbers(shards: list[str]) -> None:
    first, again = (next(batches(shards)) for _ in range(2))
    assert torch.equal(first.long_text, again.long_text)
