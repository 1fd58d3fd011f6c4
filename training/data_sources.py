"""What the command line names as data, opened and checked before anything is trained."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.finehard import read_finehard
from training.batch import Batch
from training.collate import Collate
from training.data import DataError, RecordData, SceneData, Source, Steps, loader, usable_records
from training.distributed import Ranks
from training.recipe import Recipe
from training.scenes.composer import Composer
from training.scenes.sprites import SpritePack
from training.shards import find_shards, shard_loader
from training.tokens import AnyTokenizer

log = logging.getLogger(__name__)
NAMED_FAULTS = 20  # of annotations; beyond them only the number is said


@dataclass(frozen=True)
class Inputs:
    """Data that a recipe can train on: numbered examples, or shards that are streamed."""

    data: Source | Sequence[str]
    nouns: tuple[str, ...]  # categories of the data's regions; of shards none is known
    seed: int

    @classmethod
    def open(cls, arguments: argparse.Namespace, recipe: Recipe) -> Inputs:
        """Open what `--data` names.

        Raises:
            DataError, FineHardError, PackError: It is missing, or nothing in it fits the recipe.
        """
        if arguments.data == "scenes":
            return cls._scenes(arguments, recipe)
        if ".tar" in arguments.data:
            return cls(find_shards(arguments.data), (), arguments.seed)
        return cls._records(arguments, recipe)

    @classmethod
    def _scenes(cls, arguments: argparse.Namespace, recipe: Recipe) -> Inputs:
        sprites = SpritePack.load(arguments.sprites)
        composer = Composer(
            sprites,
            size=recipe.seen_size,
            objects=recipe.scenes.objects,
            split="train",
            seed=arguments.seed,
        )
        nouns = tuple(concept.name for concept in sprites.concepts)
        return cls(SceneData(composer), nouns, arguments.seed)

    @classmethod
    def _records(cls, arguments: argparse.Namespace, recipe: Recipe) -> Inputs:
        faults: list[str] = []
        records = read_finehard(Path(arguments.data), arguments.images, faults.append)
        try:
            records = usable_records(records, recipe, faults.append)
        finally:
            for fault in faults[:NAMED_FAULTS]:
                log.warning("left out: %s", fault)
            if len(faults) > NAMED_FAULTS:
                log.warning("… and %d annotations more", len(faults) - NAMED_FAULTS)
        nouns = {region.category for record in records for region in record.regions} - {""}
        return cls(RecordData(records, seed=arguments.seed), tuple(sorted(nouns)), arguments.seed)

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
        """This rank's batches without end, from a picture on.

        Raises:
            DataError: A batch cannot be shared evenly.
        """
        if recipe.batch_size % accumulate:
            raise DataError(
                f"batch size {recipe.batch_size} cannot be cut into {accumulate} equal parts"
            )
        size = recipe.batch_size // accumulate
        collate = Collate(recipe, tokenizer, seed=self.seed, nouns=self.nouns)
        if isinstance(self.data, Sequence):
            return shard_loader(
                *(self.data, collate, recipe),
                batch_size=size,
                position=position,
                rank=ranks.rank,
                ranks=ranks.count,
                workers=workers,
                seed=self.seed,
            )
        steps = Steps(position=position, batch_size=size, rank=ranks.rank, ranks=ranks.count)
        return loader(self.data, steps, collate, workers=workers)
