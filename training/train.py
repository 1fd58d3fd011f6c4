"""Train FG-CLIP, or what it is compared with, by a recipe.

`python -m training.train --recipe mini_stage1 --data scenes --tokenizer FOLDER --out runs/mini`

Several processes: `torchrun --nproc-per-node 2 -m training.train …`, with `--shard` each holds a
share of the model. On a CPU two processes of one thread each are steadier than one of two threads
(`OMP_WAIT_POLICY=passive`). The same command goes on where an interrupted run stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import shutil
import sys
from pathlib import Path

import torch

from fgclip.data.finehard import FineHardError
from fgclip.devices import DTYPES, DeviceError, choose_device
from fgclip.files import write_text
from fgclip.inputs.clip_tokenizer import TokenizerError
from fgclip.inputs.numbers import at_least
from fgclip.model.checkpoints.loading import CheckpointError
from fgclip.zoo import named_folder
from training.checkpoints import ResumeError, commit
from training.data import DataError
from training.data_sources import Inputs
from training.distributed import Ranks, joined_ranks
from training.init import starting_model
from training.optim import Budget
from training.recipe import Recipe, RecipeError
from training.recipes import RECIPES, recipe
from training.run import InterruptedRunError, Options, Run
from training.scenes.sprites import PackError
from training.scores import scores_on
from training.step import forget_activations
from training.tokens import AnyTokenizer, tokenizer_for

MISTAKES = (
    *(RecipeError, DataError, ResumeError, FloatingPointError, DeviceError, OSError),
    *(TokenizerError, CheckpointError, FineHardError, PackError),
)
INTERRUPTED = 130  # what shells report for a process that Ctrl-C ended


def main() -> None:
    """Run the command line."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        with joined_ranks() as ranks:
            _train(arguments, ranks)
    except MISTAKES as error:
        sys.exit(f"training.train: {error}")
    except InterruptedRunError as stop:
        logging.getLogger(__name__).info("%s", stop)
        sys.exit(INTERRUPTED)


def _train(arguments: argparse.Namespace, ranks: Ranks) -> None:
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    chosen = _recipe(arguments)
    inputs = Inputs.open(arguments, chosen)
    init = arguments.init and named_folder(arguments.init)
    folder = arguments.tokenizer or init
    if folder is None:
        raise RecipeError("A fresh model needs --tokenizer FOLDER (python -m training.tokenizer).")
    tokenizer = tokenizer_for(chosen, folder)
    torch.manual_seed(arguments.seed)
    model = starting_model(chosen, tokenizer, init, arguments.seed)
    chosen = dataclasses.replace(chosen, model=model.config)
    options = _options(arguments, chosen, ranks)
    run = Run(model, chosen, options, ranks)
    if arguments.recompute:
        forget_activations(run.model)
    batches = inputs.batches(
        chosen,
        tokenizer,
        ranks,
        position=run.state.pictures,
        accumulate=arguments.accumulate,
        workers=arguments.workers,
    )
    ranks.wait()  # nothing that lies in the folder is touched before every rank agrees to start
    if ranks.first:
        _prepare(options, chosen, tokenizer)
    run.train(batches)


def _recipe(arguments: argparse.Namespace) -> Recipe:
    chosen = recipe(arguments.recipe).replace(
        pictures=arguments.pictures,
        batch_size=arguments.batch_size,
        learning_rate=arguments.learning_rate,
    )
    if arguments.steps is not None:
        chosen = chosen.replace(pictures=arguments.steps * chosen.batch_size)
    return chosen


def _options(arguments: argparse.Namespace, chosen: Recipe, ranks: Ranks) -> Options:
    device, dtype = choose_device(ranks.device(arguments.device), arguments.dtype, chosen.model)
    dtype = DTYPES[int(ranks.agree(DTYPES.index(dtype)))]  # each rank has measured for itself
    if dtype == "float16":
        raise RecipeError("float16 overflows in this loss; use --dtype bfloat16 or float32.")
    evaluate = None
    if arguments.evaluate:
        evaluate = scores_on(arguments.evaluate, limit=arguments.evaluate_limit, device=device)
    return Options(
        out=arguments.out,
        budget=Budget(chosen.pictures, arguments.minutes),
        seed=arguments.seed,
        device=torch.device(device),
        dtype=getattr(torch, dtype),
        checkpoint_minutes=arguments.checkpoint_minutes,
        resume=arguments.resume == "auto",
        accumulate=arguments.accumulate,
        shard=arguments.shard,
        piece=arguments.piece,
        evaluate=evaluate,
        evaluate_every=arguments.evaluate_every,
    )


def _prepare(options: Options, chosen: Recipe, tokenizer: AnyTokenizer) -> None:
    """Say in the folder what is trained there; forget an earlier run that does not go on."""
    tokenizer.save(options.out / "model")
    about = {"recipe": chosen.to_dict(), "seed": options.seed, "commit": commit()}
    write_text(options.out / "run.json", json.dumps(about, indent=1) + "\n")
    if not options.resume:
        for old in ("checkpoints", "tensorboard"):
            shutil.rmtree(options.out / old, ignore_errors=True)
        (options.out / "log.jsonl").unlink(missing_ok=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.train", description="Train by a recipe.")
    add = parser.add_argument
    add("--recipe", required=True, help=f"one of {', '.join(RECIPES)}")
    add("--out", type=Path, required=True, help="folder for model, logs, checkpoints")
    add("--data", required=True, help="'scenes', FineHARD JSON (file, list, folder), or *.tar")
    add("--images", type=Path, help="folder that FineHARD's paths are relative to")
    add("--sprites", type=Path, default=Path(".cache/sprites/pack"))
    add("--init", help="model to go on from: name, folder or hub id; else a fresh one")
    add("--tokenizer", type=Path, help="folder; needed for a fresh model")
    add("--pictures", type=at_least(1), help="instead of the recipe's number")
    add("--steps", type=at_least(1), help="the same, counted in batches")
    add("--minutes", type=float, help="the same, as time of training")
    add("--batch-size", type=at_least(1), help="of all processes together")
    add("--learning-rate", type=float)
    add("--accumulate", type=at_least(1), default=1, help="parts of a batch, judged one by one")
    add("--piece", type=at_least(1), help="pictures in memory at a time; the batch is judged whole")
    add("--recompute", action="store_true", help="keep no activations inside blocks: less memory")
    add("--shard", action="store_true", help="spread the model over the processes (FSDP2)")
    add("--workers", type=at_least(0), default=1, help="per process")
    add("--threads", type=at_least(0), default=0, help="per process; 0: torch's choice")
    add("--device", default="auto")
    add("--dtype", default="auto", help="float32, bfloat16; else $FGCLIP_DTYPE, or the fastest")
    add("--seed", type=at_least(0), default=0)
    add("--evaluate", type=Path, help="folder of `training.scenes write` to ask questions about")
    add("--evaluate-every", type=at_least(1), default=0, help="pictures; else only at the end")
    add("--evaluate-limit", type=at_least(1), default=200, help="pictures that are asked about")
    add("--checkpoint-minutes", type=float, default=5)
    add("--resume", choices=("auto", "no"), default="auto")
    return parser.parse_args()


if __name__ == "__main__":
    main()
