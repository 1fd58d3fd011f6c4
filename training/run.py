"""One training run: its steps, its log, and its going on after an interruption."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from fgclip.model.checkpoint import save_model
from fgclip.model.fgclip import FGCLIP
from training.batch import Batch
from training.checkpoints import ResumeError, checkpoints, load_checkpoint, save_checkpoint
from training.distributed import Ranks
from training.objective import objective
from training.optim import Budget, Optimisers, RunningMean, clamp_scales, learning_rate_factor
from training.recipes import Recipe

log = logging.getLogger(__name__)
LOG_SECONDS = 15.0
# Of a recipe, once it is begun: what the tensors of a checkpoint and their grouping depend on.
FIXED = ("name", "optimiser", "average", "text_learning_rate", "weight_decay", "decayed")
SCALES = ("logit_scale", "region_logit_scale", "hard_negative_logit_scale")


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


def attention_for_training(device: torch.device) -> AbstractContextManager[None]:
    """The kernel of attention whose backward pass is fastest on a device.

    On a CPU that is plain products and a softmax: they took a backward pass of `mini_stage2` from
    504 to 327 ms, and need more memory only where sequences are long.
    """
    if device.type == "cpu":
        return sdpa_kernel(SDPBackend.MATH)
    return nullcontext()


class Run:
    """A model in training, with all that must survive an interruption."""

    def __init__(self, model: FGCLIP, recipe: Recipe, options: Options, ranks: Ranks) -> None:
        self.model = model.to(options.device)
        self.recipe = recipe
        self.options = options
        self.ranks = ranks
        self.optimisers = Optimisers(model, recipe, ranks, options.dtype)
        self.mean = RunningMean(model, recipe.average) if recipe.average else None
        self.step = 0
        self.pictures = 0  # seen by all ranks, and so the position in the data
        self.seconds = 0.0  # of training, in all sittings
        if options.resume:
            self._resume()

    @property
    def progress(self) -> float:
        """Fraction of the run that is over; the same on every rank."""
        return self.options.budget.progress(self.pictures, self.ranks.agree(self.seconds))

    def train(self, batches: Iterator[Batch]) -> None:
        """Go on until the budget is spent; write logs, checkpoints and the final model."""
        logged = saved = time.monotonic()
        pictures_then = self.pictures
        seen: list[dict[str, float]] = []
        before = time.monotonic()
        while (progress := self.progress) < 1:
            seen.append(self.update(next(batches), progress))
            now = time.monotonic()
            self.seconds += now - before
            before = now
            if self.ranks.agree(now - logged) >= LOG_SECONDS or self.step == 1:
                speed = (self.pictures - pictures_then) / (now - logged)
                self._log(seen, speed)
                logged, pictures_then, seen = now, self.pictures, []
            if self.ranks.agree(now - saved) >= 60 * self.options.checkpoint_minutes:
                self.save()
                saved = now
        if seen:
            self._log(seen, (self.pictures - pictures_then) / max(1e-9, before - logged))
        self.save()

    def update(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step: losses, gradients, new weights. Returns the losses' means over ranks."""
        recipe = self.recipe
        seen = self.pictures + recipe.batch_size  # so that the first step already moves
        factor = learning_rate_factor(progress, seen, recipe.warmup_pictures)
        self.optimisers.set_rates(factor)
        device, dtype = self.options.device, self.options.dtype
        low = torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)
        with low, attention_for_training(device):
            losses = objective(self.model, batch.to(device), recipe, self.ranks)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        parameters = list(self.model.parameters())
        self.ranks.average_gradients(parameters)
        norm = float(torch.nn.utils.clip_grad_norm_(parameters, recipe.max_gradient_norm))
        found = dict(zip(losses, self._means(losses), strict=True)) | {"gradient_norm": norm}
        # Before the weights take it up: a checkpoint of them would be lost for good.
        if not all(math.isfinite(value) for value in found.values()):
            raise FloatingPointError(
                f"NaN or infinity at step {self.step + 1}: {found}. Lower the learning rate."
            )
        self.optimisers.step()
        if recipe.max_scale is not None:
            clamp_scales(self.model, recipe.max_scale)
        if self.mean:
            self.mean.update()
        self.step += 1
        self.pictures += recipe.batch_size
        return found | {"rate": factor * recipe.learning_rate}

    def save(self) -> None:
        """Write a checkpoint and the model as it is, by the first rank."""
        if self.ranks.first:
            out = self.options.out
            path = save_checkpoint(out / "checkpoints", self.step, self._state())
            if self.mean:
                self.mean.swap()
            save_model(self.model, out / "model")
            if self.mean:
                self.mean.swap()
            log.info("saved %s and %s", path, out / "model")
        self.ranks.wait()

    def _state(self) -> dict[str, Any]:
        return {
            "recipe": self.recipe.to_dict(),
            "fixed": self._fixed(),
            "model": self.model.state_dict(),
            "optimisers": self.optimisers.state_dict(),
            "mean": self.mean.state_dict() if self.mean else None,
            "step": self.step,
            "pictures": self.pictures,
            "seconds": self.seconds,
            "random": torch.get_rng_state(),
        }

    def _fixed(self) -> dict[str, Any]:
        """What all sittings of a run must share."""
        recipe, config = self.recipe.to_dict(), self.model.config
        towers = {"vision": config.vision, "text": config.text}
        return {
            **{name: recipe[name] for name in FIXED},
            "seed": self.options.seed,
            "projection_dim": config.projection_dim,
            **{
                f"{tower} {name}": value
                for tower, shape in towers.items()
                for name, value in asdict(shape).items()
            },
        }

    def _resume(self) -> None:
        found = checkpoints(self.options.out / "checkpoints")
        if not found:
            return
        state = load_checkpoint(found[-1])
        then = state["fixed"]
        for name, now in self._fixed().items():
            if then[name] != now:
                raise ResumeError(
                    f"{found[-1]} was made with {name} {then[name]!r}, this run has {now!r}. "
                    "Use another --out, or --resume no to begin anew."
                )
        self.model.load_state_dict(state["model"])
        self.optimisers.load_state_dict(state["optimisers"])
        if self.mean:
            self.mean.load_state_dict(state["mean"])
        self.step, self.pictures = int(state["step"]), int(state["pictures"])
        self.seconds = float(state["seconds"])
        torch.set_rng_state(state["random"])
        log.info("resumed %s: %d pictures seen", found[-1], self.pictures)

    def _means(self, losses: dict[str, Tensor]) -> list[float]:
        stacked = torch.stack([loss.detach() for loss in losses.values()])
        return [float(value) for value in self.ranks.mean(stacked)]

    def _log(self, seen: Sequence[dict[str, float]], speed: float) -> None:
        if not self.ranks.first:
            return
        means = {name: sum(each[name] for each in seen) / len(seen) for name in seen[0]}
        scales = {name: float(getattr(self.model, name).detach().exp()) for name in SCALES}
        progress = self.options.budget.progress(self.pictures, self.seconds)
        eta = self.seconds / progress * (1 - progress) if progress else float("nan")
        row = {
            "step": self.step,
            "pictures": self.pictures,
            "seconds": round(self.seconds, 1),
            "progress": progress,
            "pictures_per_second": speed,
            **means,
            **scales,
        }
        with (self.options.out / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        terms = " ".join(
            f"{name} {means[name]:.3f}"
            for name in ("total", "long", "short", "region", "hard")
            if name in means
        )
        log.info(
            "%5.1f %%  %d pictures  %.1f/s  ETA %d:%02d  %s  scale %.1f",
            100 * progress,
            self.pictures,
            speed,
            eta // 60,
            eta % 60,
            terms,
            scales["region_logit_scale"],
        )
