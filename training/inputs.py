"""What the command line names as data, opened and checked before anything is trained."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.finehard import read_finehard
from training.batch import Batch
from training.collate import Collate
from training.data import RecordData, SceneData, Source, Steps, loader, usable_records
from training.distributed import Ranks
from training.recipe import Recipe, RecipeError
from training.scenes.composer import Composer
from training.scenes.sprites import SpritePack
from training.tokens import AnyTokenizer

log = logging.getLogger(__name__)
NAMED_FAULTS = 20  # of annotations; beyond them only the number is said


@dataclass(frozen=True)
class Inputs:
    """Data that a recipe can train on."""

    data: Source
    nouns: tuple[str, ...]  # categories of the data's regions
    seed: int

    @classmethod
    def open(cls, arguments: argparse.Namespace, recipe: Recipe) -> Inputs:
        """Open what `--data` names.

        Raises:
            DataError, FineHardError, PackError: It is missing, or nothing in it fits the recipe.
        """
        seed = arguments.seed
        if arguments.data == "scenes":
            sprites = SpritePack.load(arguments.sprites)
            composer = Composer(
                sprites,
                size=recipe.seen_size,
                objects=recipe.scenes.objects,
                split="train",
                seed=seed,
            )
            return cls(SceneData(composer), tuple(each.name for each in sprites.concepts), seed)
        faults: list[str] = []
        records = read_finehard(Path(arguments.data), arguments.images, faults.append)
        records = usable_records(records, recipe, faults.append)
        for fault in faults[:NAMED_FAULTS]:
            log.warning("left out: %s", fault)
        if faults:
            log.warning("%d annotations are left out, %d pictures stay", len(faults), len(records))
        nouns = {region.category for record in records for region in record.regions}
        return cls(RecordData(records, seed=seed), tuple(sorted(nouns - {""})), seed)

    def batches(
        self,
        recipe: Recipe,
        tokenizer: AnyTokenizer,
        ranks: Ranks,
        *,
        position: int,
        accumulate: int,
        workers: int,
    ) -> Iterator[Batch]:
        """This rank's batches without end, from a picture on."""
        if recipe.batch_size % accumulate:
            raise RecipeError(
                f"batch size {recipe.batch_size} cannot be cut into {accumulate} equal parts"
            )
        steps = Steps(
            position=position,
            batch_size=recipe.batch_size // accumulate,
            rank=ranks.rank,
            ranks=ranks.count,
        )
        collate = Collate(recipe, tokenizer, seed=self.seed, nouns=self.nouns)
        return loader(self.data, steps, collate, workers=workers)
