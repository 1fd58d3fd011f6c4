"""The model card that a run writes beside its model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fgclip.files import write_text
from training.checkpoints import commit
from training.logs import duration
from training.state import State


def write_card(state: State, scores: Mapping[str, float], folder: Path) -> None:
    """Write `MODEL_CARD.md`: how the model was made and what was measured."""
    recipe = state.recipe
    weights = {name: value for name, value in recipe.to_dict()["weights"].items() if value}
    rows = {
        "recipe": f"`{recipe.name}`: {recipe.summary}",
        "losses": ", ".join(f"{name} × {value:g}" for name, value in weights.items()),
        "pictures": f"{state.pictures:,} in {state.step:,} steps of {recipe.batch_size}",
        "skipped": f"{state.skipped:,} pictures that could not be read",
        "time": f"{duration(state.seconds)} of training",
        "optimiser": f"{recipe.optimiser}, {recipe.learning_rate:g}, decay {recipe.weight_decay:g}",
        "seed": str(state.seed),
        "parameters": f"{sum(each.numel() for each in state.model.parameters()):,}",
        "code": f"commit {commit() or 'unknown'}",
    }
    lines = ["---", f"recipe: {recipe.name}", f"pictures: {state.pictures}", "---", ""]
    lines += [f"# A model trained by `{recipe.name}`", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows.items()]
    if scores:
        lines += ["", "| measured at the end | % |", "|---|--:|"]
        lines += [f"| {name} | {100 * value:.1f} |" for name, value in scores.items()]
    else:
        lines += ["", "Nothing was measured; `python -m fgclip.evaluation` does it."]
    write_text(folder / "MODEL_CARD.md", "\n".join(lines) + "\n")
