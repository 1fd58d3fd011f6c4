"""The objective on whole batches, against sums that are written out here."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, SquareComposer, Squares, tiny_recipe, tiny_tokenizer
from training.collate import Collate
from training.features import pixel_values
from training.objective import objective
from training.recipe import Weights


def with_one_caption(scene: Squares, number: int) -> Squares:
    """The scene with the same short caption on both routes, another for every number."""
    caption = "red " * (1 + number)  # at most 20 tokens, where both routes start equal
    return Squares(scene.pixels, caption, caption, scene.regions)


def clip_loss(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    targets = torch.arange(len(logits))
    return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.T, targets)) / 2


@torch.no_grad()
def test_equal_long_and_short_routes_cost_twice_the_loss_of_clip() -> None:
    recipe = tiny_recipe(weights=Weights(long=1, short=1), mask_duplicates=False)
    model = initialise(FGCLIP(TINY), seed=0)
    scenes = [with_one_caption(SquareComposer().scene(n), n) for n in range(6)]
    batch = Collate(recipe, tiny_tokenizer(), seed=0)(list(enumerate(scenes)))

    total = objective(model, batch, recipe)["total"]

    ids = torch.from_numpy(tiny_tokenizer().batch([s.short_caption for s in scenes], 77).ids)
    images, texts = model.encode_image(pixel_values(batch.pixels)), model.encode_text(ids)
    expected = 2 * clip_loss(images, texts, model.logit_scale.exp())
    torch.testing.assert_close(total, expected, rtol=1e-5, atol=1e-6)
