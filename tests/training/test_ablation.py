"""The ablation's table from the reports that its runs leave."""

from __future__ import annotations

import json
from pathlib import Path

from training.ablation import METHODS, table

LONG = "long, text → picture, R@1"


def write_report(out: Path, run: str, split: str, value: float) -> None:
    folder = out / run / "eval"
    folder.mkdir(parents=True, exist_ok=True)
    names = [
        ("retrieval", "short, text → picture, R@1"),
        ("retrieval", LONG),
        ("concept", "natural objects, top-1"),
        ("pointing", "phrase of an object, into its box"),
        ("hard negatives", "1 of 11"),
        ("hard negatives", "colour (pairs)"),
    ]
    scores = [{"group": group, "name": name, "value": value} for group, name in names]
    (folder / f"scenes-{split}.json").write_text(json.dumps({"scores": scores}))


def test_cells_are_means_over_seeds_with_their_deviation(tmp_path: Path) -> None:
    for seed, value in ((1, 0.2), (2, 0.3), (3, 0.4)):
        write_report(tmp_path, f"ablation_clip-{seed}", "compositions", value)
    write_report(tmp_path, "ablation_long-1", "compositions", 0.5)
    lines = table(tmp_path, [1, 2, 3]).splitlines()
    cell = "30.0 ± 10.0"
    assert f"| `ablation_clip` | {' | '.join([cell] * 5)} | 3 |" in lines
    assert f"| `ablation_long` | {' | '.join(['50.0'] * 5)} | 1 |" in lines
    assert f"| `ablation_clip` | {cell} |" in lines  # colours
    missing = [line for line in lines if line.startswith("| `ablation_clipself` | –")]
    assert len(missing) == 4  # three splits, and attributes


def test_every_method_has_its_row(tmp_path: Path) -> None:
    write_report(tmp_path, "ablation_clip-1", "style", 0.1)
    text = table(tmp_path, [1])
    assert all(text.count(f"`{method.name}`") == 4 for method in METHODS)
