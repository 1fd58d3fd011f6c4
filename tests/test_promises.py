"""What others script against stays: Python names, commands and flags of the version before."""

from __future__ import annotations

import argparse
import importlib
from importlib.util import find_spec

import pytest

import app
from fgclip.cli.main import build_parser

NAMES = {
    "fgclip": "load load_model Card Dense Encoder",
    "fgclip.encoder": "Encoder Card TokenReport TruncatedTextWarning RouteChoice ROUTE_CHOICES",
    "fgclip.zoo": "load load_model named_folder EMBEDDED",
    "fgclip.boxes": "Boxes BoxError check_boxes check_pixel_boxes from_pixels to_pixels",
    "fgclip.upstream": "FGCLIPModel FG_CLIP2_Model Fgclip2Model register",
    "fgclip.preprocess": "MAX_PIXELS MEAN STD Picture PictureError Pixels fitted normalised "
    "open_picture picture_size pixel_values squashed",
    "fgclip.tokenizer": "SavedTokenizer TokenBatch Tokenizer TokenizerError build_backend "
    "clip_vocabulary readable",
}
METHODS = "encode_image encode_text encode_regions encode_dense token_report"
LOADING = "--model --image-size --most-patches --pad --text-from --trust-pickle --device --dtype "
MODEL = LOADING + "--compiled "
RAY = "--engine --shards --address --workers --gpus --cpus "
COMMANDS = {
    "info": MODEL + "--zoo --download --workspace --check --out",
    "probe": MODEL + "picture --box --pixels --prompt --prompts --route --out",
    "heatmap": MODEL + "picture --prompt --route --out --json --opacity --range",
    "negatives": MODEL + "caption --count --changes --kind --seed --writer --writer-model --cache "
    "--add --picture --box --out",
    "failures": MODEL + "data --format --images --limit --out",
    "detect": MODEL + "pictures --phrase --phrases --route --reference --share --weight --crops "
    "--detector --coco --draw --out",
    "compare": MODEL + "--with --with-image-size --with-most-patches --with-pad --with-text-from "
    "--kind --out --workspace",
    "import": "path --format --images --name --workspace",
    "index": MODEL + RAY + "--batch-size --pictures --workspace",
    "search": MODEL + "text --picture --box --region --kind --route --limit --category --source "
    "--split --attribute --min-area --max-area --where --out --workspace",
    "map": MODEL + RAY + "--kind --name --neighbours --min-dist --seed --fitted --save --list "
    "--remove --place --workspace",
    "export": "path --format --where --workspace",
    "duplicates": MODEL + "--near --kind --workspace",
}
APP = MODEL + (
    "--compare --compare-image-size --compare-most-patches --compare-pad --compare-text-from "
    "--detector --writer --writer-model --host --port --gallery --workspace --data"
)
MODULES = (  # run with python -m
    "fgclip.__main__", "fgclip.evaluation.__main__", "training.train", "training.export",
    "training.tokenizer", "training.ablation", "training.scenes.__main__", "benchmarks.__main__",
)  # fmt: skip


@pytest.mark.parametrize("module", NAMES)
def test_promised_names_are_where_they_were(module: str) -> None:
    found = importlib.import_module(module)
    assert [name for name in NAMES[module].split() if not hasattr(found, name)] == []


def test_the_encoder_has_its_promised_methods() -> None:
    from fgclip import Encoder

    assert [name for name in METHODS.split() if not callable(getattr(Encoder, name, None))] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_its_flags(command: str) -> None:
    parsers = subcommands(build_parser())
    assert set(COMMANDS[command].split()) <= flags_of(parsers[command])


def test_the_app_takes_its_flags() -> None:
    assert set(APP.split()) <= flags_of(app.build_parser())


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_still_there_to_be_run(module: str) -> None:
    assert find_spec(module) is not None


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (group,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return dict(group.choices)


def flags_of(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in (action.option_strings or [action.dest])}
