"""The command line of the benchmarks: `python -m fgclip.evaluation BENCHMARK --data DIR`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import fgclip
from fgclip.adapters.chat import open_chat
from fgclip.data.formats import read_records
from fgclip.evaluation.attributes import agreement_table, attribute_agreement
from fgclip.evaluation.report import table
from fgclip.evaluation.scenes import evaluate_scenes, read_scenes
from fgclip.evaluation.writers import report, spread, writer_table
from fgclip.files import write_text
from fgclip.inputs.numbers import at_least


def main() -> None:
    """Run one benchmark; print a Markdown table, write it and JSON beside it."""
    options = _options()
    try:
        options.run(options)
    except (ValueError, OSError) as error:
        sys.exit(f"fgclip.evaluation: {error}")


def _attributes(options: argparse.Namespace) -> None:
    found = attribute_agreement(options.data)
    text = agreement_table(found)
    _report(text, [asdict(each) for each in found], options.out, "attributes")


def _writers(options: argparse.Namespace) -> None:
    records = read_records(options.data, "auto")
    phrases = [region.phrase for record in records for region in record.regions]
    captions = spread(phrases, options.captions)
    found = report(open_chat(options.writer, options.writer_model), captions, options.count)
    _report(writer_table(found), asdict(found), options.out, "writers")


def _scenes(options: argparse.Namespace) -> None:
    records, concepts = read_scenes(options.data)
    encoder = fgclip.load(options.model, dtype="float32", image_size=options.image_size)
    routes = encoder.card.trained_routes
    found = evaluate_scenes(encoder, records[: options.limit], concepts, routes=routes)
    figures = {
        "model": encoder.card.name,
        "sha256": encoder.card.sha256,
        "data": options.data.name,
        "pictures": len(records[: options.limit]),
        "concepts": len(concepts),
        "scores": [score.to_dict() for score in found.scores],
        "cosines": [asdict(spread) for spread in found.cosines],
    }
    text = table(found, f"{encoder.card.name} on {options.data.name}")
    _report(text, figures, options.out, f"scenes-{options.data.name}")


def _report(text: str, values: object, folder: Path | None, name: str) -> None:
    print(text, end="")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / f"{name}.json", json.dumps(values, indent=1) + "\n")
        write_text(folder / f"{name}.md", text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fgclip.evaluation", description=__doc__)
    benchmarks = parser.add_subparsers(dest="benchmark", required=True)
    scenes = benchmarks.add_parser("scenes", help="composed scenes with known contents")
    scenes.add_argument("--model", default="fgclip-mini", help="name, folder or hub id")
    scenes.add_argument(
        "--data", type=Path, required=True, help="folder of `training.scenes write`"
    )
    scenes.add_argument("--out", type=Path, help="folder for the report")
    scenes.add_argument(
        "--image-size", type=at_least(1), help="pixels per side, if not the model's own"
    )
    scenes.add_argument("--limit", type=at_least(1), help="use only the first so many pictures")
    scenes.set_defaults(run=_scenes)
    attributes = benchmarks.add_parser(
        "attributes", help="whether our attributes are those that FG-OVD changed; needs no model"
    )
    attributes.add_argument("--data", type=Path, required=True, help="folder with FG-OVD's files")
    attributes.add_argument("--out", type=Path, help="folder for the report")
    attributes.set_defaults(run=_attributes)
    writers = benchmarks.add_parser(
        "writers", help="how much of what a chat model writes are hard negatives"
    )
    writers.add_argument("--data", type=Path, required=True, help="a data set with phrases")
    writers.add_argument("--writer", required=True, help="address of a server, or a folder")
    writers.add_argument("--writer-model", default="", help="as the server calls it")
    writers.add_argument("--captions", type=at_least(1), default=20)
    writers.add_argument("--count", type=at_least(1), default=5, help="negatives of each")
    writers.add_argument("--out", type=Path, help="folder for the report")
    writers.set_defaults(run=_writers)
    return parser.parse_args()
