"""What recipes ask of examples besides captions, boxes and negatives: crops, nouns, patches."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from fgclip.data import Region
from fgclip.model.naflex import Patches
from tests.support.training import (
    TINY_FGCLIP2,
    SquareComposer,
    Squares,
    tiny_recipe,
    tiny_siglip_tokenizer,
    tiny_tokenizer,
)
from training.batch import Batch
from training.collate import Collate
from training.recipe import Distillation, Recipe, Weights

DISTIL = tiny_recipe(
    weights=Weights(long=0, short=0, distil=1), distillation=Distillation(boxes="annotated")
)


def collated(recipe: Recipe, scenes: list[Squares], *, nouns: tuple[str, ...] = ()) -> Batch:
    return Collate(recipe, tiny_tokenizer(), seed=0, nouns=nouns)(list(enumerate(scenes)))


def scenes(count: int, size: int = 32) -> list[Squares]:
    return [SquareComposer(size).scene(number) for number in range(count)]


def test_crops_are_the_insides_of_the_boxes_beside_them() -> None:
    batch = collated(DISTIL, scenes(3))
    assert batch.crops.shape == (6, 32, 32, 3)
    assert batch.crop_image.tolist() == [0, 0, 1, 1, 2, 2]
    for crop, box, image in zip(batch.crops, batch.crop_boxes, batch.crop_image, strict=True):
        assert isinstance(batch.pixels, torch.Tensor)
        x0, y0, x1, y1 = (32 * box).int().tolist()
        inside = batch.pixels[image, y0:y1, x0:x1]
        assert (crop == inside[0, 0]).all()  # a square has one colour
    assert not len(batch.boxes)  # no loss asks about phrases


def test_a_larger_picture_leaves_crops_at_the_models_size() -> None:
    batch = collated(DISTIL.replace(picture_size=64), scenes(2, size=64))
    assert isinstance(batch.pixels, torch.Tensor)
    assert batch.pixels.shape == (2, 64, 64, 3)
    assert batch.crops.shape == (4, 32, 32, 3)


def test_grids_need_no_boxes() -> None:
    recipe = DISTIL.replace(distillation=Distillation(boxes="grid", max_split=2))
    bare = [dataclasses.replace(scene, regions=()) for scene in scenes(8)]
    batch = collated(recipe, bare)
    assert len(batch.crops) == len(batch.crop_boxes) >= 8
    area = (batch.crop_boxes[:, 2:] - batch.crop_boxes[:, :2]).prod(1)
    for row in range(8):
        assert float(area[batch.crop_image == row].sum()) == pytest.approx(1)


def test_nouns_of_the_batch_stand_among_others_of_the_bank() -> None:
    recipe = tiny_recipe(weights=Weights(long=0, short=0, nouns=1), noun_bank=5)
    named = [
        dataclasses.replace(
            scene, regions=(dataclasses.replace(scene.regions[0], category="red"), *scene.regions)
        )
        for scene in scenes(3)
    ]
    batch = collated(recipe, named, nouns=("red", "green", "blue", "pink", "grey", "tan", "teal"))
    assert len(batch.nouns) == 5
    assert batch.noun_box.tolist() == [0, 3, 6]  # others have no category
    assert len(batch.noun_text.unique()) == 1
    small = collated(recipe, named, nouns=())
    assert len(small.nouns) == 1


def test_the_first_sentence_may_be_the_short_caption() -> None:
    recipe = tiny_recipe(weights=Weights(long=1, short=1), first_sentence=True, short_prefix="a ")
    long = "Red. green square. blue square"
    batch = collated(recipe, [dataclasses.replace(scenes(1)[0], long_caption=long)])
    ids = batch.short.groups[0][0].tolist()
    assert ids[: len(tiny_tokenizer().encode("a Red"))] == tiny_tokenizer().encode("a Red")


def test_one_route_reads_every_text_at_the_long_length() -> None:
    words = " ".join(["red"] * 100)
    region = Region((0.0, 0.0, 1.0, 1.0), words)
    scene = dataclasses.replace(scenes(1)[0], short_caption=words, regions=(region,))
    weights = Weights(long=1, short=1, region=1)
    short, long = (
        collated(tiny_recipe(weights=weights, one_route=route), [scene]) for route in (False, True)
    )
    assert short.short.groups[0].shape[1] == short.phrases.groups[0].shape[1] == 77
    assert long.short.groups[0].shape[1] == long.phrases.groups[0].shape[1] == 102


def test_patches_keep_the_shape_of_each_picture() -> None:
    recipe = tiny_recipe(
        model=TINY_FGCLIP2, weights=Weights(long=1, short=1, region=1), lower_case=True
    )
    square, wide = scenes(2, size=128)
    wide = dataclasses.replace(wide, pixels=np.ascontiguousarray(wide.pixels[:64]))
    collate = Collate(recipe, tiny_siglip_tokenizer(), seed=0)
    batch = collate([(0, square), (1, wide)])
    assert isinstance(batch.pixels, Patches)
    assert batch.pixels.shapes.tolist() == [[11, 11], [8, 16]]
    assert batch.pixels.mask.sum(1).tolist() == [121, 128]
    assert batch.pixels.pixels.dtype == torch.uint8
    assert len(batch) == 2
    assert batch.short.groups[0].shape[1] == 24  # padded to the end, which the tower reads
    assert batch.long.groups[0].shape[1] == 36
