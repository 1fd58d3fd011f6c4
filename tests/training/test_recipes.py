from __future__ import annotations

import dataclasses

import pytest
import torch

from fgclip.model.fgclip2_config import FGCLIP2Config
from tests.support.training import (
    TINY,
    TINY_FGCLIP2,
    SquareComposer,
    Squares,
    tiny_siglip_tokenizer,
    tiny_tokenizer,
)
from training.collate import Collate
from training.distributed import Ranks
from training.init import starting_model
from training.recipe import RecipeError, Scenes, Weights
from training.recipes import RECIPES, recipe
from training.state import State
from training.step import add_gradients


def test_stage_2_is_the_papers() -> None:
    found = recipe("fgclip_stage2")
    assert found.weights == Weights(long=1, short=1, region=0.1, hard=0.5)
    assert (found.learning_rate, found.weight_decay, found.batch_size) == (1e-6, 1e-3, 4096)
    assert (found.max_boxes, found.short_prefix) == (4, "a photo of ")
    assert not found.mask_duplicates


def test_stage_1_has_captions_only() -> None:
    assert recipe("fgclip_stage1").weights == Weights(long=1, short=1, region=0, hard=0)


def test_an_unknown_recipe_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RecipeError, match=r"'clop'.*clip, clipself.*fgclip_stage2.*longclip"):
        recipe("clop")


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_found_under_its_own_name(name: str) -> None:
    assert recipe(name).name == name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image_size": 100}, "image_size 100 is not a multiple of patch_size 12"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"learning_rate": -1.0}, "learning_rate is -1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"average": 1.0}, "average 1.0"),
    ],
)
def test_nonsense_is_refused(changes: dict[str, float], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        dataclasses.replace(recipe("mini_stage1"), **changes)


def test_nonsense_in_parts_is_refused() -> None:
    with pytest.raises(RecipeError, match="region loss is -1"):
        Weights(region=-1)
    with pytest.raises(RecipeError, match="objects"):
        Scenes(objects=(3, 2))


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_trains_what_it_says(name: str) -> None:
    chosen = recipe(name)
    siglip = isinstance(chosen.model, FGCLIP2Config)
    tiny = chosen.replace(
        model=TINY_FGCLIP2 if siglip else TINY,
        image_size=32,
        picture_size=64 if chosen.picture_size else None,
        components=2,
        batch_size=4,
    )
    tokenizer = tiny_siglip_tokenizer() if siglip else tiny_tokenizer()
    model = starting_model(tiny, tokenizer, None, 0)
    state = State(model, tiny, seed=0, ranks=Ranks(), dtype=torch.float32)
    collate = Collate(tiny, tokenizer, seed=0, nouns=("pink",))
    scenes = [(number, named(SquareComposer(64).scene(number))) for number in range(4)]
    losses = add_gradients(
        *(model, [collate(scenes)], tiny, Ranks()),
        device=torch.device("cpu"),
        dtype=torch.float32,
        teacher=state.teacher(),
    )
    weighed = {term for term, weight in dataclasses.asdict(tiny.weights).items() if weight}
    assert weighed <= set(losses)
    assert all(torch.isfinite(loss) for loss in losses.values())
    learnt = {n for n, p in model.named_parameters() if p.grad is not None and p.grad.any()}
    assert learnt
    assert all(tiny.learns(n) for n in learnt)


def named(scene: Squares) -> Squares:
    """The scene with its colours as categories."""
    regions = (dataclasses.replace(r, category=r.phrase.split()[1]) for r in scene.regions)
    return dataclasses.replace(scene, regions=tuple(regions))
