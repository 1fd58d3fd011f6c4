"""One training run: step after step until its budget is spent, with logs and checkpoints."""

from __future__ import annotations

import logging
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from fgclip.model.checkpoints.loading import save_model
from training.batch import Batch
from training.card import write_card
from training.checkpoints import save_checkpoint
from training.distributed import Ranks
from training.features import TrainedModel
from training.logs import RunLog, duration
from training.losses import next_threshold
from training.objective import GAP
from training.optim import Budget, clamp_scales, learning_rate_factor
from training.recipe import Recipe, RecipeError
from training.sharding import clip_gradients, is_sharded, shard
from training.state import State
from training.step import add_gradients

log = logging.getLogger(__name__)
LOG_SECONDS = 15.0
SCALES = ("logit_scale", "region_logit_scale", "hard_negative_logit_scale")
STOPPING = (signal.SIGINT, signal.SIGTERM)


class InterruptedRunError(Exception):
    """The run was asked to stop, and has written all that it needs to go on."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run is told besides its recipe."""

    out: Path
    budget: Budget
    seed: int
    device: torch.device
    dtype: torch.dtype
    checkpoint_minutes: float
    resume: bool
    accumulate: int = 1  # batches a step: each is judged alone, their gradients are averaged
    shard: bool = False  # spread the model over ranks
    piece: int | None = None  # pictures whose activations are in memory at a time; None: all
    evaluate: Callable[[Path], dict[str, float]] | None = None  # a model's folder → scores
    evaluate_every: int = 0  # pictures; 0: at the end


class Run:
    """A model in training."""

    def __init__(self, model: TrainedModel, recipe: Recipe, options: Options, ranks: Ranks) -> None:
        self.model = model.to(options.device)
        self.recipe = recipe
        self.options = options
        self.ranks = ranks
        if options.shard:
            self._shard()
        self.state = State(self.model, recipe, seed=options.seed, ranks=ranks, dtype=options.dtype)
        if options.resume:
            self.state.resume(options.out / "checkpoints")
        self.teacher = self.state.teacher()
        self.scores: dict[str, float] = {}  # of the last evaluation
        self._stop = False
        self._named: set[str] = set()  # skipped pictures

    @property
    def progress(self) -> float:
        """Fraction of the run that is over; the same on every rank."""
        seconds = self.ranks.agree(self.state.seconds)
        return self.options.budget.progress(self.state.pictures, seconds)

    def train(self, batches: Iterator[Batch]) -> None:
        """Go on until the budget is spent; write logs, checkpoints and the final model.

        Raises:
            InterruptedRunError: The process was told to stop; everything is saved.
            FloatingPointError: A loss or a gradient is not a number.
        """
        known = None if self.options.budget.minutes else self.options.budget.pictures
        kept = {each: signal.signal(each, self._ask_to_stop) for each in STOPPING}
        logs = RunLog(
            self.options.out, pictures=known, seen=self.state.pictures, speaks=self.ranks.first
        )
        try:
            self._train(batches, logs)
        finally:
            logs.close()
            for each, handler in kept.items():
                signal.signal(each, handler)

    def _train(self, batches: Iterator[Batch], logs: RunLog) -> None:
        state, options = self.state, self.options
        saved = time.monotonic()
        window = _Window(state.pictures)
        before = time.monotonic()
        while (progress := self.progress) < 1 and not self.ranks.agree(self._stop):
            window.add(self.update(list(islice(batches, options.accumulate)), progress))
            now = time.monotonic()
            state.seconds += now - before
            before = now
            logs.seen(self.recipe.batch_size)
            if self.ranks.agree(now - window.begun) >= LOG_SECONDS or state.step == 1:
                self._log(window, logs)
                window = _Window(state.pictures)
            due = options.evaluate_every and self._passed(options.evaluate_every)
            if due or self.ranks.agree(now - saved) >= 60 * options.checkpoint_minutes:
                self.save()
                saved = time.monotonic()
            if due:
                self._evaluate(logs)
            before = time.monotonic()
        if window.rows:
            self._log(window, logs)
        self.save()
        if self.progress < 1:
            raise InterruptedRunError(
                f"stopped at {state.pictures} pictures; the same command goes on"
            )
        self._evaluate(logs)
        if self.ranks.first:
            write_card(self.state, self.scores, options.out / "model")

    def update(self, batches: Sequence[Batch], progress: float) -> dict[str, float]:
        """One step: losses, gradients, new weights. Returns the losses' means over ranks."""
        recipe, state, options = self.recipe, self.state, self.options
        seen = state.pictures + recipe.batch_size  # so that the first step already moves
        factor = learning_rate_factor(progress, seen, recipe.warmup_pictures)
        state.optimisers.set_rates(factor)
        losses = add_gradients(
            *(self.model, batches, recipe, self.ranks),
            device=options.device,
            dtype=options.dtype,
            piece=options.piece,
            teacher=self.teacher,
            threshold=state.threshold,
        )
        gap = losses.pop(GAP, None)
        parameters = [each for each in self.model.parameters() if each.requires_grad]
        self.ranks.average_gradients(parameters)
        most = math.inf if recipe.max_gradient_norm is None else recipe.max_gradient_norm
        norm = clip_gradients(parameters, most)
        means = self.ranks.mean(torch.stack(list(losses.values()))).tolist()
        found = dict(zip(losses, means, strict=True)) | {"gradient_norm": norm}
        # Before the weights take it up: a checkpoint of them would be lost for good.
        if not all(math.isfinite(value) for value in found.values()):
            raise FloatingPointError(
                f"NaN or infinity at step {state.step + 1}: {found}. Lower the learning rate."
            )
        state.optimisers.step()
        clamp_scales(self.model, recipe.min_scale, recipe.max_scale)
        if state.mean:
            state.mean.update()
        if gap is not None:
            state.threshold = next_threshold(self.ranks.mean_of_known(gap), state.threshold)
            found["threshold"] = state.threshold
        self._count_skipped(batches)
        state.step += 1
        state.pictures += recipe.batch_size
        return found | {"rate": factor * recipe.learning_rate}

    def save(self) -> None:
        """Write a checkpoint and the model as it is, by the first rank."""
        if self.ranks.first or is_sharded(self.model):  # whose parts all ranks give
            state, model = self.state.to_dict(), self.state.finished_model()
        if self.ranks.first:
            out = self.options.out
            path = save_checkpoint(out / "checkpoints", self.state.step, state)
            save_model(model, out / "model")
            log.info("saved %s and %s", path, out / "model")
        self.ranks.wait()

    def _evaluate(self, logs: RunLog) -> None:
        """Ask the model that was just saved; the time is not training's."""
        if self.options.evaluate is not None and self.ranks.first:
            self.scores = self.options.evaluate(self.options.out / "model")
            row = {"pictures": self.state.pictures, "evaluation": self.scores}
            line = "  ".join(f"{name} {100 * value:.1f} %" for name, value in self.scores.items())
            logs.write(row, "evaluation", line)
        self.ranks.wait()

    def _shard(self) -> None:
        if self.ranks.count == 1:
            raise RecipeError("A model is sharded among several processes; start it by torchrun.")
        if self.recipe.optimiser != "adamw":
            raise RecipeError(
                f"{self.recipe.name} uses {self.recipe.optimiser}: it is not sharded."
            )
        shard(self.model, self.options.device)

    def _passed(self, every: int) -> bool:
        """Whether the last step passed a multiple of so many pictures."""
        now = self.state.pictures
        return now // every > (now - self.recipe.batch_size) // every

    def _count_skipped(self, batches: Sequence[Batch]) -> None:
        skipped = [fault for batch in batches for fault in batch.skipped]
        self.state.skipped += len(skipped)
        for fault in {*skipped} - self._named:
            self._named.add(fault)
            log.warning("skipped %s", fault)

    def _ask_to_stop(self, *_: Any) -> None:
        self._stop = True

    def _log(self, window: _Window, logs: RunLog) -> None:
        state = self.state
        means = window.means()
        scales = {name: float(getattr(self.model, name).detach().exp()) for name in SCALES}
        progress = self.options.budget.progress(state.pictures, state.seconds)
        left = state.seconds / progress * (1 - progress) if progress else math.nan
        speed = window.speed(state.pictures)
        row = {
            "step": state.step,
            "pictures": state.pictures,
            "seconds": round(state.seconds, 1),
            "progress": progress,
            "pictures_per_second": speed,
            "skipped": state.skipped,
            **means,
            **scales,
        }
        shown = "  ".join(
            f"{name} {value:.3f}"
            for name, value in means.items()
            if name not in ("rate", "gradient_norm")
        )
        start = f"{100 * progress:5.1f} %  {state.pictures} pictures  {speed:.1f}/s"
        logs.write(row, f"{start}  {duration(left)} left", shown)


class _Window:
    """Figures since the last line of the log."""

    def __init__(self, pictures: int) -> None:
        self.begun = time.monotonic()
        self.rows: list[dict[str, float]] = []
        self._pictures = pictures

    def add(self, row: dict[str, float]) -> None:
        self.rows.append(row)

    def means(self) -> dict[str, float]:
        return {name: sum(row[name] for row in self.rows) / len(self.rows) for name in self.rows[0]}

    def speed(self, pictures: int) -> float:
        return (pictures - self._pictures) / max(1e-9, time.monotonic() - self.begun)
