"""Rewrites of a caption and how they score on a picture; where a data set fools a model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from fgclip.analysis.hard_negatives import (
    FailureTable,
    Held,
    failure_table,
    held_against_negatives,
    keep_failures,
    kept_table,
)  # fmt: skip
from fgclip.boxes import check_boxes
from fgclip.cli.flags import add_model, corners_of
from fgclip.cli.terminal import Watching, add_workspace_instead, encoder_of, write_json
from fgclip.data.formats import READABLE, read_records
from fgclip.data.reading import Reading
from fgclip.encoder import Encoder
from fgclip.inputs.images import open_picture
from fgclip.inputs.numbers import at_least
from fgclip.language import MOST_CHANGES, Rewrite, hard_negatives
from fgclip.language.cache import Writer
from fgclip.language.lexicon import ATTRIBUTE_KINDS
from fgclip.probe.negatives import standing, word_weights
from fgclip.types import DECIMALS
from fgclip.workspace import Workspace

OF_FILES = {"format": "auto", "images": None, "limit": None}  # flags that a workspace lacks


def add_negatives(commands: Any) -> None:
    """`negatives` and `failures`."""
    command = commands.add_parser(
        "negatives", help="rewrite a caption so that just one attribute is wrong, and score it"
    )
    command.add_argument("caption", help="the true one")
    command.add_argument("--count", type=at_least(0), default=10, help="rewrites at most")
    command.add_argument(
        "--changes",
        type=int,
        default=1,
        help=f"attributes that each gets wrong, 1 to {MOST_CHANGES}",
    )
    command.add_argument(
        "--kind",
        action="append",
        choices=ATTRIBUTE_KINDS,
        help="attribute that may change; may be repeated",
    )
    command.add_argument("--seed", type=int, default=0)
    command.add_argument(
        "--writer", metavar="URL|DIR",
        help="have a chat model write them: http://HOST:PORT of an OpenAI-compatible server (a key "
        "is taken from FGCLIP_API_KEY), or a folder of transformers",
    )  # fmt: skip
    command.add_argument("--writer-model", default="", help="as the server calls it")
    command.add_argument("--cache", type=Path, metavar="DIR", help="keeps what the model wrote")
    command.add_argument("--add", action="append", default=[], help="a negative of your own")
    command.add_argument("--picture", type=Path, help="score them on this picture")
    command.add_argument("--box", metavar="X0,Y0,X1,Y1", help="… or on this box of it, fractions")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_model(command)
    command.set_defaults(run=_negatives)
    failures = commands.add_parser(
        "failures", help="hold the regions of a data set or a workspace against their negatives"
    )
    failures.add_argument(
        "data", nargs="?", help="file, folder or hub id with phrases and negatives"
    )
    add_workspace_instead(failures, "a data set; the margins are kept there")
    failures.add_argument("--format", choices=("auto", *READABLE), default="auto")
    failures.add_argument("--images", type=Path, help="folder of the pictures, if elsewhere")
    failures.add_argument("--limit", type=at_least(1), help="use only the first so many pictures")
    failures.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_model(failures)
    failures.set_defaults(run=_failures)


def _negatives(flags: argparse.Namespace) -> None:
    answer: dict[str, Any] = {"caption": flags.caption}
    if not flags.writer and (flags.writer_model or flags.cache):
        unused = "--writer-model" if flags.writer_model else "--cache"
        raise ValueError(f"{unused} is for a chat model; name it with --writer")
    made = _written(flags, answer) if flags.writer else _by_rule(flags)
    answer["negatives"] = [_as_json(each) for each in made]
    answer["negatives"] += [{"text": text, "kinds": [], "spans": []} for text in flags.add]
    if flags.picture is None:
        if flags.box:
            raise ValueError(f"--box {flags.box} is of no picture; name it with --picture")
        write_json(answer, flags.out)
        return
    picture = open_picture(flags.picture)
    encoder = encoder_of(flags)
    dense = encoder.encode_dense(picture)
    seen = dense.image_embedding
    if flags.box:
        (seen,) = dense.regions(check_boxes([corners_of(flags.box)]))
    texts = [flags.caption, *(each.text for each in made), *flags.add]
    answer["model"] = encoder.card.name
    answer["scale"] = encoder.card.scale
    for route in encoder.card.trained_routes:
        found = standing(encoder, seen, texts, route, encoder.card.scale)
        answer[route] = {
            "cosines": [round(float(each), DECIMALS) for each in found.cosines],
            "softmax": [round(float(each), DECIMALS) for each in found.shares],
            "margin": None if found.margin is None else round(found.margin, DECIMALS),
            "rank": found.rank,
            "fooled": found.fooled,
            "words": [
                {
                    "word": flags.caption[each.start : each.end],
                    "delta": round(each.delta, DECIMALS),
                }
                for each in word_weights(encoder, seen, flags.caption, route)
            ],
        }
    write_json(answer, flags.out)


def _by_rule(flags: argparse.Namespace) -> Sequence[Rewrite]:
    return hard_negatives(
        flags.caption,
        flags.count,
        changes=flags.changes,
        kinds=flags.kind or ATTRIBUTE_KINDS,
        seed=flags.seed,
    )


def _written(flags: argparse.Namespace, answer: dict[str, Any]) -> Sequence[Rewrite]:
    if flags.kind:
        raise ValueError(f"--kind {flags.kind[0]} is for rewrites by rule; leave out --writer")
    from fgclip.adapters.chat import open_chat  # takes transformers where the model is in a folder

    writer = Writer(open_chat(flags.writer, flags.writer_model), flags.cache)
    found = writer.write(flags.caption, flags.count, changes=flags.changes, seed=flags.seed)
    answer |= {"writer": writer.name, "replies": found.replies, "refused": dict(found.refused)}
    return found.negatives


def _failures(flags: argparse.Namespace) -> None:
    if (flags.data is None) == (flags.workspace is None):
        raise ValueError("give a data set with negatives, or --workspace DIR")
    if flags.workspace is None:
        _failures_of_file(flags)
    else:
        _failures_of_workspace(flags)


def _failures_of_file(flags: argparse.Namespace) -> None:
    faults: list[str] = []
    reading = Reading(images=flags.images, on_fault=faults.append)
    encoder = encoder_of(flags)
    records = islice(read_records(flags.data, flags.format, reading), flags.limit)
    records = tqdm(records, unit=" pictures")
    found = list(held_against_negatives(encoder, records, faults.append))
    table = failure_table(outcome for held in found for outcome in held.outcomes)
    fooled = [each for held in found for each in _fooled(held)]
    write_json(_reported(encoder, flags.data, table, fooled, faults), flags.out)


def _failures_of_workspace(flags: argparse.Namespace) -> None:
    for name, unset in OF_FILES.items():
        if getattr(flags, name) != unset:
            raise ValueError(f"--{name} is of files; `import` takes it, a workspace has no use")
    encoder = encoder_of(flags)
    fooled: list[dict[str, Any]] = []
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        done = keep_failures(
            workspace, encoder, watch=watch, seen=lambda held: fooled.extend(_fooled(held))
        )
        table = kept_table(workspace, workspace.model_of(encoder), encoder.card.trained_routes)
    write_json(_reported(encoder, str(flags.workspace), table, fooled, done.faults), flags.out)


def _reported(
    encoder: Encoder,
    data: str,
    table: FailureTable,
    fooled: Sequence[dict[str, Any]],
    faults: Sequence[str],
) -> dict[str, Any]:
    if not table:
        raise ValueError(f"{data} holds no region with a phrase and negatives")
    return {
        "model": encoder.card.name,
        "sha256": encoder.card.sha256,
        "data": data,
        "faults": faults,
        "table": {
            attribute: {
                route: {
                    "asked": cell.asked,
                    "fooled": cell.fooled,
                    "rate": round(cell.rate, DECIMALS),
                }
                for route, cell in cells.items()
            }
            for attribute, cells in table.items()
        },
        "fooled": fooled,
    }


def _fooled(held: Held) -> list[dict[str, Any]]:
    """Regions of a picture that fool the model."""
    return [
        {"picture": str(held.path), **vars(each), "margin": round(each.margin, DECIMALS)}
        for each in held.outcomes
        if each.fooled
    ]


def _as_json(rewrite: Rewrite) -> dict[str, Any]:
    return {"text": rewrite.text, "kinds": rewrite.kinds, "spans": rewrite.spans}
