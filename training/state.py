"""All of a run that must survive an interruption, and the model that comes out of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FGCLIP2Config
from training.checkpoints import ResumeError, checkpoints, load_checkpoint
from training.distributed import Ranks
from training.features import TrainedModel
from training.optim import Optimisers, RunningMean
from training.recipe import Recipe
from training.sharding import fill, whole

log = logging.getLogger(__name__)
# Of a recipe, once it is begun: what the tensors of a checkpoint and their grouping depend on.
FIXED = (
    *("name", "optimiser", "average", "text_learning_rate", "weight_decay", "decayed"),
    *("blend", "trained", "frozen", "distillation"),
)


class State:
    """Model, momenta, running mean, and where the run is.

    Args:
        model: on its device; its parameters that the recipe does not train are frozen here.
        recipe: what is trained.
        seed: of the data and of a fresh model.
        ranks: who shares the optimiser's work.
        dtype: that the optimiser may compute in.
    """

    def __init__(
        self, model: TrainedModel, recipe: Recipe, *, seed: int, ranks: Ranks, dtype: torch.dtype
    ) -> None:
        self.model = model
        self.recipe = recipe
        self.seed = seed
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(recipe.learns(name))
        self.optimisers = Optimisers(model, recipe, ranks, dtype)
        self.mean = RunningMean(model, recipe.average) if recipe.average else None
        self.start: dict[str, Tensor] | None = None  # the weights that the run began with
        if recipe.needs_start:
            self.start = {name: value.clone() for name, value in self._weights().items()}
        self.step = 0
        self.pictures = 0  # seen by all ranks, and so the position in the data
        self.seconds = 0.0  # of training, in all sittings
        self.threshold = 0.0  # of the rank margin
        self.skipped = 0  # pictures that could not be read

    def to_dict(self) -> dict[str, Any]:
        """For a checkpoint; all ranks must ask."""
        return {
            "recipe": self.recipe.to_dict(),
            "fixed": self._fixed(),
            "model": self._weights(),
            "optimisers": whole(self.optimisers.state_dict()),
            "mean": whole(self.mean.state_dict()) if self.mean else None,
            "start": self.start,
            "step": self.step,
            "pictures": self.pictures,
            "seconds": self.seconds,
            "threshold": self.threshold,
            "skipped": self.skipped,
            "random": torch.get_rng_state(),
        }

    def resume(self, folder: Path) -> None:
        """Go on from the newest checkpoint of a folder, if there is one.

        Raises:
            ResumeError: It is damaged, or another run's.
        """
        found = checkpoints(folder)
        if not found:
            return
        state = load_checkpoint(found[-1])
        _refuse_another(state["fixed"], self._fixed(), found[-1])
        fill(self.model.state_dict(), state["model"])
        self.optimisers.load_state_dict(state["optimisers"])
        if self.mean:
            self.mean.load_state_dict(state["mean"])
        if self.start is not None:
            self.start = {
                name: value.to(self.start[name].device) for name, value in state["start"].items()
            }
        self.step, self.pictures = int(state["step"]), int(state["pictures"])
        self.seconds, self.threshold = float(state["seconds"]), float(state["threshold"])
        self.skipped = int(state["skipped"])
        torch.set_rng_state(state["random"])
        log.info("resumed %s: %d pictures seen", found[-1], self.pictures)

    def teacher(self) -> TrainedModel | None:
        """The model as the run began, frozen, where the recipe learns from it."""
        frozen = self.recipe.weights.distil and self.recipe.distillation.teacher == "frozen"
        if not frozen or self.start is None:
            return None
        return self._model_of(self.start).requires_grad_(False).eval()

    @torch.no_grad()
    def finished_model(self) -> TrainedModel:
        """The model to be saved: the running mean or the blend of weights, with its routes.

        All ranks must ask.
        """
        weights = self._weights()
        if self.mean:
            names = [name for name, _ in self.model.named_parameters()]
            weights |= dict(zip(names, whole(self.mean.values), strict=True))
        elif self.recipe.blend is not None and self.start is not None:
            for name, value in weights.items():
                weights[name] = value.lerp(self.start[name], 1 - self.recipe.blend)
        shown = self._model_of({name: value.clone() for name, value in weights.items()})
        if self.recipe.one_route:
            shown.copy_long_to_short()
        elif self.recipe.copy_short_to_long and not self.recipe.weights.long:
            shown.copy_short_to_long()
        return shown

    def _weights(self) -> dict[str, Tensor]:
        return whole(dict(self.model.state_dict()))

    def _model_of(self, weights: dict[str, Tensor]) -> TrainedModel:
        """A model of the same shape that holds these weights, spread over no ranks."""
        config = self.model.config
        with torch.device("meta"):
            other = FGCLIP2(config) if isinstance(config, FGCLIP2Config) else FGCLIP(config)
        other.load_state_dict(weights, assign=True)
        return other

    def _fixed(self) -> dict[str, Any]:
        """What all sittings of a run must share."""
        recipe, config = self.recipe.to_dict(), self.model.config
        towers = {"vision": config.vision, "text": config.text}
        return {
            **{name: recipe[name] for name in FIXED},
            "seed": self.seed,
            "projection_dim": config.projection_dim,
            **{
                f"{tower} {name}": value
                for tower, shape in towers.items()
                for name, value in asdict(shape).items()
            },
        }


def _refuse_another(then: Mapping[str, Any], now: Mapping[str, Any], path: Path) -> None:
    for name, value in now.items():
        if then.get(name) != value:
            raise ResumeError(
                f"{path} was made with {name} {then.get(name)!r}, this run has {value!r}. "
                "Use another --out, or --resume no to begin anew."
            )
