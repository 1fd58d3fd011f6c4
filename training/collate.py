"""Examples → a batch, drawn and tokenised as a recipe says. Runs in the loader's workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from fgclip.data import Region
from fgclip.inputs.patches import cut_into_patches, patch_budget
from fgclip.model.fgclip2_config import FGCLIP2Config
from training.batch import NO_CROPS, Batch, Box, Drawn, Example, joined_pixels, owners
from training.pictures import as_square, cut_out, in_square, taught_boxes
from training.recipe import Recipe
from training.text_batches import NO_TEXTS, Texts, encode_once
from training.tokens import AnyTokenizer


class Collate:
    """Join numbered examples; the same numbers always give the same batch.

    Args:
        recipe: what is asked of them; its model's shapes are those of the model in training.
        tokenizer: the model's.
        seed: of what is drawn at random.
        nouns: the bank for the loss of that name.
    """

    def __init__(
        self, recipe: Recipe, tokenizer: AnyTokenizer, *, seed: int, nouns: Sequence[str] = ()
    ) -> None:
        self._recipe = recipe
        self._tokenizer = tokenizer
        self._seed = seed
        self._nouns = nouns
        text = recipe.model.text
        self._long_limit = text.long_context_length
        self._short_limit = self._long_limit if recipe.one_route else text.context_length
        self._whole = isinstance(recipe.model, FGCLIP2Config)  # reads padding, too

    def __call__(self, examples: Sequence[tuple[int, Example]]) -> Batch:
        """Numbered examples → their batch."""
        drawn = [
            self._draw(example, np.random.default_rng([self._seed, index]))
            for index, example in examples
        ]
        boxes = [box for own in drawn for box in own.boxes]
        crops = [crop for own in drawn for crop in own.crops]
        taught = [corners for own in drawn for corners in own.crop_boxes]
        with_long = [row for row, (_, example) in enumerate(examples) if example.long_caption]
        weights = self._recipe.weights
        long, long_text = self._texts(
            [examples[row][1].long_caption for row in with_long] if weights.long else [],
            self._long_limit,
        )
        short, short_text = self._texts(
            [self._short(example) for _, example in examples]
            if weights.short or weights.components
            else [],
            self._short_limit,
        )
        return Batch(
            pixels=joined_pixels(drawn),
            # Not refused when without area: such a box is a zero row, which teaches nothing.
            boxes=torch.tensor([box.corners for box in boxes]).view(-1, 4),
            box_image=owners([len(own.boxes) for own in drawn]),
            long=long,
            long_text=long_text,
            long_image=torch.tensor(with_long, dtype=torch.long)[: len(long_text)],
            short=short,
            short_text=short_text,
            **self._phrases(boxes),
            **self._noun_bank(boxes, np.random.default_rng([self._seed, examples[0][0]])),
            crops=torch.from_numpy(np.stack(crops)) if crops else NO_CROPS,
            crop_boxes=torch.tensor(taught).view(-1, 4),
            crop_image=owners([len(own.crops) for own in drawn]),
        )

    def _texts(self, texts: Sequence[str], limit: int) -> tuple[Texts, Tensor]:
        if self._recipe.lower_case:
            texts = [text.lower() for text in texts]
        return encode_once(texts, self._tokenizer, limit, whole=self._whole)

    def _short(self, example: Example) -> str:
        if self._recipe.first_sentence:
            return self._recipe.short_prefix + example.long_caption.partition(". ")[0]
        return self._recipe.short_prefix + example.short_caption

    def _phrases(self, boxes: Sequence[Box]) -> dict[str, Any]:
        hard = [(row, box) for row, box in enumerate(boxes) if box.negatives]
        slots = 1 + max((len(box.negatives) for _, box in hard), default=0)
        # An empty slot repeats the true phrase: it costs no text, and `hard_present` leaves it out.
        captions = [
            [box.hard_phrase, *box.negatives, *[box.hard_phrase] * slots][:slots] for _, box in hard
        ]
        present = [[slot <= len(box.negatives) for slot in range(slots)] for _, box in hard]
        phrases, rows = self._texts(
            [box.phrase for box in boxes] + [text for own in captions for text in own],
            self._short_limit,
        )
        return {
            "phrases": phrases,
            "box_text": rows[: len(boxes)],
            "hard_box": torch.tensor([row for row, _ in hard], dtype=torch.long),
            "hard_text": rows[len(boxes) :].view(len(hard), slots),
            "hard_present": torch.tensor(present, dtype=torch.bool).view(len(hard), slots),
        }

    def _noun_bank(self, boxes: Sequence[Box], random: np.random.Generator) -> dict[str, Any]:
        """The nouns of the batch, and others of the bank up to as many as the recipe asks about."""
        known = [row for row, box in enumerate(boxes) if box.noun]
        if not self._recipe.weights.nouns or not known:
            return {"nouns": NO_TEXTS}
        own = [boxes[row].noun for row in known]
        others = sorted({*self._nouns} - {*own})
        free = max(0, self._recipe.noun_bank - len({*own}))
        chosen = random.permutation(len(others))[:free]
        texts, rows = self._texts([*own, *(others[place] for place in chosen)], self._short_limit)
        return {
            "nouns": texts,
            "noun_box": torch.tensor(known, dtype=torch.long),
            "noun_text": rows[: len(known)],
        }

    def _draw(self, example: Example, random: np.random.Generator) -> Drawn:
        recipe = self._recipe
        boxes = self._boxes(example.regions, random) if recipe.weights.boxes else []
        if isinstance(recipe.model, FGCLIP2Config):
            height, width = example.pixels.shape[:2]
            patch = recipe.model.vision.patch_size
            picture = Image.fromarray(example.pixels)
            values, grid = cut_into_patches(picture, patch_budget(width, height, patch), patch)
            return Drawn(values, grid, boxes, (), ())
        image, frame = as_square(example.pixels, recipe.seen_size, recipe.resize)
        placed = [
            Box(in_square(box.corners, frame), box.phrase, box.hard_phrase, box.negatives, box.noun)
            for box in boxes
        ]
        if not recipe.weights.distil:
            return Drawn(image, (0, 0), placed, (), ())
        how = recipe.distillation
        shape = (example.pixels.shape[0], example.pixels.shape[1])
        corners = [region.box for region in example.regions[: recipe.max_boxes]]
        taught = taught_boxes(corners, shape, how, random)
        crops = [
            cut_out(
                *(example.pixels, box, recipe.image_size),
                enlargement=how.enlargement,
                resize=recipe.resize,
            )
            for box in taught
        ]
        return Drawn(image, (0, 0), placed, crops, [in_square(box, frame) for box in taught])

    def _boxes(self, regions: Sequence[Region], random: np.random.Generator) -> list[Box]:
        """Choose the boxes of one picture, and those whose negatives are asked."""
        recipe = self._recipe
        chosen = regions[: recipe.max_boxes]
        asked = [row for row, region in enumerate(chosen) if region.negatives]
        if not recipe.weights.rewrites or random.random() >= recipe.hard_share:
            asked = []
        elif recipe.max_hard_boxes is not None and len(asked) > recipe.max_hard_boxes:
            asked = random.choice(asked, recipe.max_hard_boxes, replace=False).tolist()
        drawn = []
        for row, region in enumerate(chosen):
            long = recipe.long_phrases and region.long_phrase and random.random() < 0.5
            negatives = [negative.text for negative in region.negatives] if row in asked else []
            phrase = region.long_phrase if long else region.phrase
            drawn.append(Box(region.box, phrase, region.phrase, tuple(negatives), region.category))
        return drawn
