"""What each loss buys: the recipes `ablation_…` from one start, each with several seeds.

`python -m training.ablation --out runs/ablation`

Goes on where it was interrupted; prints Markdown at the end, or at once with `--table`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fgclip.files import write_text
from fgclip.inputs.numbers import at_least
from fgclip.zoo import EMBEDDED
from training.recipes.ablation import METHODS
from training.scenes.composer import Composer
from training.scenes.splits import Split
from training.scenes.sprites import SpritePack
from training.scenes.write import write_scenes

SPLITS: Mapping[Split, str] = {
    "compositions": "held-out compositions",
    "style": "unseen artist",
    "concepts": "held-out kinds",
}
QUESTIONS = {
    "retrieval: short, text → picture, R@1": "short R@1",
    "retrieval: long, text → picture, R@1": "long R@1",
    "concept: natural objects, top-1": "kind top-1",
    "pointing: phrase of an object, into its box": "pointing",
    "hard negatives: 1 of 11": "1 of 11",
}
PAIRS = " (pairs)"
PICTURES, SIZE, OBJECTS = 500, 96, (2, 4)  # of each test
DONE = "done"  # a file in the folder of a finished run
Scores = dict[str, float]


def main() -> None:
    """Run the command line."""
    arguments = _arguments()
    if not arguments.table:
        _run_all(arguments)
    print(table(arguments.out, arguments.seeds), end="")


def _run_all(arguments: argparse.Namespace) -> None:
    """Train and ask what is not done yet; the log of each run lies beside it."""
    tests = {split: arguments.out / "tests" / split for split in SPLITS}
    for split, folder in tests.items():
        if not (folder / "scenes.json").exists():
            pack = SpritePack.load(arguments.sprites)
            composer = Composer(pack, size=SIZE, objects=OBJECTS, split=split, seed=1)
            write_scenes(composer, range(PICTURES), folder)
    start = arguments.out / "start"
    tokenizer = ("--tokenizer", str(EMBEDDED["fgclip-mini"]))
    _run("ablation_start", start, 0, arguments, tokenizer)
    for seed in arguments.seeds:
        for method in METHODS:
            run = arguments.out / f"{method.name}-{seed}"
            if (run / DONE).exists():
                continue
            _run(method.name, run, seed, arguments, ("--init", str(start / "model")))
            for folder in tests.values():
                _ask(run, folder)
            shutil.rmtree(run / "checkpoints")
            write_text(run / DONE, "")


def _run(
    recipe: str, out: Path, seed: int, arguments: argparse.Namespace, more: Sequence[str]
) -> None:
    if (out / DONE).exists():
        return
    flags = ["--recipe", recipe, "--data", "scenes", "--sprites", str(arguments.sprites)]
    flags += ["--out", str(out), "--seed", str(seed), "--threads", str(arguments.threads), *more]
    _python("training.train", flags, out.with_suffix(".log"))
    if recipe == "ablation_start":
        write_text(out / DONE, "")


def _ask(run: Path, scenes: Path) -> None:
    flags = ["scenes", "--model", str(run / "model"), "--data", str(scenes)]
    _python("fgclip.evaluation", [*flags, "--out", str(run / "eval")], run.with_suffix(".log"))


def _python(module: str, flags: Sequence[str], log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    print(f"python -m {module} {' '.join(flags)}", file=sys.stderr, flush=True)
    with log.open("a", encoding="utf-8") as stream:
        command = [sys.executable, "-m", module, *flags]
        done = subprocess.run(command, stdout=stream, stderr=stream, check=False)
    if done.returncode:
        sys.exit(f"training.ablation: {module} failed; its log is {log}")


def table(out: Path, seeds: Sequence[int]) -> str:
    """Markdown of all that is measured: one table a split, and one of hard negatives by attribute.

    A cell is the mean over seeds, ± their standard deviation where there are several, in per cent.
    """
    blocks = []
    found = {
        (method.name, split): _scores(out, method.name, split, seeds)
        for method in METHODS
        for split in SPLITS
    }
    for split, title in SPLITS.items():
        headings = ["recipe", *QUESTIONS.values(), "seeds"]
        rows = []
        for method in METHODS:
            runs = found[method.name, split]
            cells = [_cell([run[name] for run in runs]) for name in QUESTIONS]
            rows.append([f"`{method.name}`", *cells, str(len(runs))])
        blocks.append(f"**{title.capitalize()}**, %\n\n{_markdown(headings, rows)}")
    compositions = [found[method.name, "compositions"] for method in METHODS]
    kinds = sorted({name for runs in compositions for run in runs for name in run if PAIRS in name})
    headings = ["recipe", *(_attribute(name) for name in kinds)]
    rows = [
        [f"`{method.name}`", *(_cell([run[name] for run in runs]) for name in kinds)]
        for method, runs in zip(METHODS, compositions, strict=True)
    ]
    title = "True phrase above one near miss, held-out compositions"
    return "\n".join([*blocks, f"**{title}**, % (chance 50)\n\n{_markdown(headings, rows)}"])


def _scores(out: Path, recipe: str, split: str, seeds: Sequence[int]) -> list[Scores]:
    """The scores of each seed that is done."""
    runs = []
    for seed in seeds:
        path = out / f"{recipe}-{seed}" / "eval" / f"scenes-{split}.json"
        if path.exists():
            report = json.loads(path.read_text(encoding="utf-8"))
            runs.append({f"{s['group']}: {s['name']}": s["value"] for s in report["scores"]})
    return [{name: value for name, value in run.items() if value is not None} for run in runs]


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "–"
    mean = f"{100 * statistics.mean(values):.1f}"
    return mean if len(values) == 1 else f"{mean} ± {100 * statistics.stdev(values):.1f}"


def _attribute(name: str) -> str:
    return name.partition(": ")[2].removesuffix(PAIRS)


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---", *["--:"] * (len(headings) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.ablation", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for runs and tests")
    parser.add_argument("--sprites", type=Path, default=Path(".cache/sprites/pack"))
    parser.add_argument("--seeds", type=at_least(0), nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=at_least(0), default=0, help="0: torch's choice")
    parser.add_argument("--table", action="store_true", help="only print what is measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
