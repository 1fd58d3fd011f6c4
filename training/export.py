"""A trained model → the folder that ships: half precision, unknown words silent.

`python -m training.export --model runs/mini/model --recipe mini_stage1 --out assets/fgclip-mini`
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import torch

from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.inputs.families import check_tokenizer
from fgclip.inputs.numbers import at_least
from fgclip.model.checkpoints.loading import load_model, save_model
from fgclip.model.fgclip import FGCLIP
from fgclip.zoo import named_folder
from training.init import resized, starting_model
from training.recipe import Recipe, RecipeError
from training.recipes import recipe


def export(
    source: Path,
    target: Path,
    *,
    begun: Recipe,
    seed: int = 0,
    image_size: int | None = None,
    other: Path | None = None,
) -> int:
    """Write config, float16 weights and tokenizer.

    Args:
        source: model folder of a run.
        target: folder to fill.
        begun: recipe of the fresh model that the run, or the first run of several, began with.
        seed: of that fresh model.
        image_size: pixels per side, if not the run's; positions are interpolated.
        other: the model that the run went on from, to be met half way; None: not at all.

    Returns:
        How many tokens the model was trained on.

    Raises:
        RecipeError: The run did not begin with that recipe and seed.
        ValueError: The model or its tokenizer is unsound, or the image size does not fit.
    """
    tokenizer = Tokenizer.from_folder(source)
    model = load_model(source)
    if not isinstance(model, FGCLIP):
        raise RecipeError(f"{source} holds {type(model).__name__}; only FG-CLIP is exported.")
    check_tokenizer(tokenizer, model.config.text, source)
    if image_size is not None:
        model = resized(model, image_size)
    if other is not None:
        meet_half_way(model, other)
    fresh = starting_model(begun, tokenizer, None, seed)
    assert isinstance(fresh, FGCLIP)
    then, now = fresh.config.text, model.config.text
    if then != now:
        raise RecipeError(
            f"{source} has the text tower {now}, a fresh {begun.name} {then}. Give the --recipe "
            "that its first run began with."
        )
    known = silence_unknown(model, fresh)
    if known == tokenizer.vocab_size:
        raise RecipeError(
            f"{source} shares no token with a fresh {begun.name} of seed {seed}. Give the --recipe "
            "and the --seed that its first run began with."
        )
    save_model(model, target, dtype=torch.float16)
    shutil.copy(source / "tokenizer.json", target / "tokenizer.json")
    return known


@torch.no_grad()
def meet_half_way(model: FGCLIP, folder: Path) -> None:
    """Move a model's weights to the middle between it and the one that it was tuned from.

    Such a mean often keeps what both can do (WiSE-FT, Wortsman et al. 2022).

    Raises:
        ValueError: They differ in more than their picture size.
    """
    before = load_model(folder)
    if isinstance(before, FGCLIP):
        before = resized(before, model.config.vision.image_size)
    if before.config != model.config:
        raise ValueError(f"{folder} has the shape {before.config}, the run {model.config}")
    for parameter, start in zip(model.parameters(), before.parameters(), strict=True):
        parameter.lerp_(start, 0.5)


@torch.no_grad()
def silence_unknown(model: FGCLIP, fresh: FGCLIP) -> int:
    """Set the embeddings of tokens that training never met to zero; return how many it met.

    Such a row still holds its initial noise, which would count as a word of its own. Zero says
    nothing: the text then means what its other words mean. In a run that went on from an exported
    model such rows are zero already.
    """
    rows = model.text.token_embedding.weight
    untouched = ((rows == fresh.text.token_embedding.weight) | (rows == 0)).all(dim=1)
    rows[untouched] = 0
    return int((~untouched).sum())


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="training.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model folder of a run")
    parser.add_argument("--recipe", default="mini_stage1", help="recipe that the run began with")
    parser.add_argument("--seed", type=at_least(0), default=0, help="of the fresh model")
    parser.add_argument("--image-size", type=at_least(1), help="pixels per side, if not the run's")
    parser.add_argument("--half-way-to", help="model that the run went on from: name or folder")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        known = export(
            options.model,
            options.out,
            begun=recipe(options.recipe),
            seed=options.seed,
            image_size=options.image_size,
            other=options.half_way_to and named_folder(options.half_way_to),
        )
    except (ValueError, OSError) as error:
        sys.exit(f"training.export: {error}")
    print(f"wrote {options.out}; {known} tokens were met in training")


if __name__ == "__main__":
    main()
