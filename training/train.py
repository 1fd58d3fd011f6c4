"""Train FG-CLIP by a recipe.

`python -m training.train --recipe mini_stage1 --data scenes --tokenizer FOLDER --out runs/mini`

On CPU two processes of one thread each are steadier than one of two threads:
`OMP_WAIT_POLICY=passive torchrun --nproc-per-node 2 -m training.train …`
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
from pathlib import Path

import torch
from torch.utils.data import Dataset

from fgclip.data.finehard import FineHardError, read_finehard
from fgclip.flags import at_least
from fgclip.model.checkpoint import CheckpointError
from fgclip.tokenizer import Tokenizer, TokenizerError
from fgclip.zoo import DTYPES, DeviceError, choose_device, named_folder
from training.batch import Collate, Example
from training.checkpoints import ResumeError, commit
from training.data import DataError, RecordData, SceneData, Steps, check_records, loader
from training.distributed import Ranks, joined_ranks
from training.initial import starting_model
from training.optim import Budget
from training.recipes import RECIPES, Recipe, RecipeError, recipe
from training.run import Options, Run
from training.scenes.composer import Composer
from training.scenes.sprites import PackError, SpritePack

MISTAKES = (
    *(RecipeError, DataError, ResumeError, FloatingPointError, DeviceError, OSError),
    *(TokenizerError, CheckpointError, FineHardError, PackError),
)


def main() -> None:
    """Run the command line."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        with joined_ranks() as ranks:
            _train(arguments, ranks)
    except MISTAKES as error:
        sys.exit(f"training.train: {error}")


def _train(arguments: argparse.Namespace, ranks: Ranks) -> None:
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    chosen = _recipe(arguments)
    data = _data(arguments, chosen)
    init = arguments.init and named_folder(arguments.init)
    folder = arguments.tokenizer or init
    if folder is None:
        raise RecipeError("A fresh model needs --tokenizer FOLDER (python -m training.tokenizer).")
    tokenizer = Tokenizer.from_folder(folder)
    torch.manual_seed(arguments.seed)
    model = starting_model(chosen, tokenizer, init, arguments.seed)
    device, dtype = choose_device(ranks.device(arguments.device), arguments.dtype, model.config)
    dtype = DTYPES[int(ranks.agree(DTYPES.index(dtype)))]  # each rank has measured for itself
    if dtype == "float16":
        raise RecipeError("float16 overflows in this loss; use --dtype bfloat16 or float32.")
    options = Options(
        out=arguments.out,
        budget=Budget(chosen.pictures, arguments.minutes),
        seed=arguments.seed,
        device=torch.device(device),
        dtype=getattr(torch, dtype),
        checkpoint_minutes=arguments.checkpoint_minutes,
        resume=arguments.resume == "auto",
    )
    run = Run(model, chosen, options, ranks)
    steps = Steps(
        position=run.pictures, batch_size=chosen.batch_size, rank=ranks.rank, ranks=ranks.count
    )
    collate = Collate(chosen, tokenizer, seed=arguments.seed)
    ranks.wait()  # nothing that lies in the folder is touched before every rank agrees to start
    if ranks.first:
        _prepare(options, chosen, tokenizer)
    run.train(loader(data, steps, collate, workers=arguments.workers))


def _recipe(arguments: argparse.Namespace) -> Recipe:
    chosen = recipe(arguments.recipe).replace(
        pictures=arguments.pictures,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
    )
    if arguments.steps is not None:
        chosen = chosen.replace(pictures=arguments.steps * chosen.batch_size)
    return chosen


def _prepare(options: Options, chosen: Recipe, tokenizer: Tokenizer) -> None:
    """Say in the folder what is trained there; forget an earlier run that does not go on."""
    tokenizer.save(options.out / "model")
    about = {"recipe": chosen.to_dict(), "seed": options.seed, "commit": commit()}
    (options.out / "run.json").write_text(json.dumps(about, indent=1) + "\n")
    if not options.resume:
        shutil.rmtree(options.out / "checkpoints", ignore_errors=True)
        (options.out / "log.jsonl").unlink(missing_ok=True)


def _data(arguments: argparse.Namespace, chosen: Recipe) -> Dataset[tuple[int, Example]]:
    if arguments.data == "scenes":
        composer = Composer(
            SpritePack.load(arguments.sprites),
            size=chosen.image_size,
            objects=chosen.scenes.objects,
            split="train",
            seed=arguments.seed,
        )
        return SceneData(composer)
    records = read_finehard(Path(arguments.data), arguments.images)
    check_records(records, chosen)
    return RecordData(records, image_size=chosen.image_size, seed=arguments.seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.train", description="Train FG-CLIP.")
    parser.add_argument("--recipe", required=True, help=f"one of {', '.join(RECIPES)}")
    parser.add_argument(
        "--data", required=True, help="'scenes', or FineHARD JSON (file, list, folder)"
    )
    parser.add_argument("--images", type=Path, help="folder that FineHARD's paths are relative to")
    parser.add_argument("--sprites", type=Path, default=Path(".cache/sprites/pack"))
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for model, log, checkpoints"
    )
    parser.add_argument(
        "--init", help="model to go on from: name, folder or hub id; else a fresh one"
    )
    parser.add_argument("--tokenizer", type=Path, help="folder; needed for a fresh model")
    parser.add_argument("--pictures", type=at_least(1), help="instead of the recipe's number")
    parser.add_argument("--steps", type=at_least(1), help="the same, counted in batches")
    parser.add_argument("--minutes", type=float, help="the same, as time of training")
    parser.add_argument("--batch-size", type=at_least(1), help="of all processes together")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--workers", type=at_least(0), default=1, help="per process")
    parser.add_argument(
        "--threads", type=at_least(0), default=0, help="per process; 0: torch's choice"
    )
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto", help="auto, float32 or bfloat16")
    parser.add_argument("--seed", type=at_least(0), default=0)
    parser.add_argument("--checkpoint-minutes", type=float, default=5)
    parser.add_argument("--resume", choices=("auto", "no"), default="auto")
    return parser.parse_args()


if __name__ == "__main__":
    main()
