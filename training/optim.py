"""Optimisers, the learning-rate schedule, and the running mean of the weights."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import Parameter
from torch.optim import AdamW, Optimizer

from training.distributed import Ranks
from training.features import TrainedModel
from training.recipe import Recipe, RecipeError
from training.sharding import spread_like

# Quintic of Newton-Schulz whose slope at 0 is largest (Muon, K. Jordan 2024): singular values of a
# matrix of length 1 end between about 0.7 and 1.2 after five rounds.
QUINTIC = (3.4445, -4.7750, 2.0315)
ADAM_LIKE = 0.2  # root mean square of AdamW's updates, so that both share one rate (Moonlight 2025)


class Muon(Optimizer):
    """Momentum whose update of each matrix is replaced by the nearest orthogonal one.

    The rule of `torch.optim.Muon` (adjust_lr_fn="match_rms_adamw"). That one rounds to bfloat16,
    takes one matrix at a time and repeats all of it on every rank; on a CPU without bfloat16 it
    took 18 times as long for the mini's matrices. Here those of one shape are orthogonalised
    together, in the precision that is fast where the run is, each on one rank.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        lr: float,
        weight_decay: float,
        momentum: float = 0.95,
        rounds: int = 5,
        ranks: Ranks | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """Take (rows, columns) parameters; `rounds` of Newton-Schulz per step, shared by ranks.

        The rounds are taken in `dtype`; momenta and weights keep their own.
        """
        defaults = {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "rounds": rounds}
        super().__init__(parameters, defaults)
        self._ranks = ranks or Ranks()
        self._dtype = dtype

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Parameter]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    by_shape.setdefault(matrix.shape, []).append(matrix)
            for shape, matrices in by_shape.items():
                means = torch.stack([self._momentum(each, group) for each in matrices])
                updates = self._shared(means, group["rounds"])
                step = group["lr"] * ADAM_LIKE * math.sqrt(max(shape))
                for matrix, update in zip(matrices, updates, strict=True):
                    matrix.mul_(1 - group["lr"] * group["weight_decay"]).sub_(update, alpha=step)

    def _shared(self, means: Tensor, rounds: int) -> Tensor:
        """Orthogonalise this rank's share of the matrices, and take the others' from them."""
        share = means.tensor_split(self._ranks.count)[self._ranks.rank]
        update = orthogonal(share.to(self._dtype), rounds=rounds).to(means.dtype)
        updates, _ = self._ranks.gather(update)
        return updates

    def _momentum(self, matrix: Parameter, group: dict[str, Any]) -> Tensor:
        gradient = matrix.grad
        assert gradient is not None
        state = self.state[matrix]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(matrix)
        mean: Tensor = state["momentum"].lerp_(gradient, 1 - group["momentum"])
        ahead: Tensor = gradient.lerp(mean, group["momentum"])  # Nesterov's
        return ahead


def orthogonal(matrices: Tensor, *, rounds: int = 5) -> Tensor:
    """Push the singular values of each of (n, rows, columns) matrices towards 1."""
    tall = matrices.shape[1] > matrices.shape[2]
    wide = matrices.transpose(1, 2) if tall else matrices
    found: Tensor = wide / wide.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    a, b, c = QUINTIC
    for _ in range(rounds):
        gram = found @ found.transpose(1, 2)
        found = a * found + (b * gram + c * gram @ gram) @ found
    return found.transpose(1, 2) if tall else found


class Optimisers:
    """The optimisers of a recipe, stepped together."""

    def __init__(
        self,
        model: TrainedModel,
        recipe: Recipe,
        ranks: Ranks | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        matrices: list[tuple[str, Parameter]] = []
        others: list[tuple[str, Parameter]] = []
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            inside = recipe.optimiser == "muon" and ".blocks." in name and parameter.ndim == 2
            (matrices if inside else others).append((name, parameter))
        groups = parameter_groups(others, model, recipe)
        betas, epsilon = recipe.betas, recipe.epsilon
        self.members: list[Optimizer] = [AdamW(groups, betas=betas, eps=epsilon, fused=True)]
        if matrices:
            inner = [value for _, value in matrices]
            rate, decay = recipe.learning_rate, recipe.weight_decay
            muon = Muon(inner, lr=rate, weight_decay=decay, ranks=ranks, dtype=dtype)
            self.members.append(muon)
        for group in self._groups():
            group["peak"] = group["lr"]

    def set_rates(self, factor: float) -> None:
        """Make every learning rate this fraction of its peak."""
        for group in self._groups():
            group["lr"] = factor * group["peak"]

    def step(self) -> None:
        """Update the weights and forget the gradients."""
        for member in self.members:
            member.step()
            member.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict[str, Any]]:
        """For checkpoints."""
        return [member.state_dict() for member in self.members]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        """Momenta from checkpoints; rates and decays stay the recipe's."""
        for member, state in zip(self.members, states, strict=True):
            chosen = [
                {name: value for name, value in group.items() if name != "params"}
                for group in member.param_groups
            ]
            member.load_state_dict(state)
            for group, own in zip(member.param_groups, chosen, strict=True):
                group.update(own)
            for parameter, kept in member.state.items():
                for name, value in kept.items():
                    if value.shape == parameter.shape:
                        kept[name] = spread_like(value, parameter)

    def _groups(self) -> list[dict[str, Any]]:
        return [group for member in self.members for group in member.param_groups]


def parameter_groups(
    named: Iterable[tuple[str, Parameter]], model: TrainedModel, recipe: Recipe
) -> list[dict[str, Any]]:
    """Split parameters by weight decay and by learning rate.

    "upstream" decays all but biases and layer norms, so temperatures, embeddings and positions too;
    "tables" all but what has one dimension or none (CLIP's rule), so embeddings and positions too;
    "matrices" only the matrices of linear layers and the patch convolution.
    """
    norms = {id(p) for m in model.modules() if isinstance(m, nn.LayerNorm) for p in m.parameters()}
    layers = (nn.Linear, nn.Conv2d)
    linear = {id(module.weight) for module in model.modules() if isinstance(module, layers)}
    groups: dict[tuple[float, float], list[Parameter]] = {}
    for name, parameter in named:
        if recipe.decayed == "upstream":
            decays = "bias" not in name and id(parameter) not in norms
        elif recipe.decayed == "tables":
            decays = parameter.ndim > 1
        else:
            decays = id(parameter) in linear
        text_rate = recipe.text_learning_rate if name.startswith("text.") else None
        rate = recipe.learning_rate if text_rate is None else text_rate
        groups.setdefault((rate, recipe.weight_decay if decays else 0.0), []).append(parameter)
    return [
        {"params": members, "lr": rate, "weight_decay": decay}
        for (rate, decay), members in groups.items()
    ]


@dataclass(frozen=True)
class Budget:
    """How long a run goes on: until so many pictures, or until so many minutes of training."""

    pictures: int
    minutes: float | None = None  # takes the place of `pictures`, whose number is then estimated

    def __post_init__(self) -> None:
        if self.minutes is not None and not self.minutes > 0:
            raise RecipeError(f"a run of {self.minutes:g} minutes trains nothing; give more than 0")

    def progress(self, pictures: int, seconds: float) -> float:
        """Fraction of the run that is over."""
        if self.minutes is not None:
            return min(1.0, seconds / 60 / self.minutes)
        return min(1.0, pictures / self.pictures)


def learning_rate_factor(progress: float, pictures: int, warmup_pictures: int) -> float:
    """Linear warm-up times cosine to zero."""
    warmup = min(1.0, pictures / warmup_pictures) if warmup_pictures else 1.0
    return warmup * (1 + math.cos(math.pi * progress)) / 2


class RunningMean:
    """Exponential running mean of the weights; short at first, so that it forgets the start."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._live = list(model.parameters())
        self.values = [parameter.detach().clone() for parameter in self._live]

    @torch.no_grad()
    def update(self) -> None:
        """Move towards the present weights."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        torch._foreach_lerp_(self.values, self._live, 1 - decay)  # type: ignore[arg-type]

    def state_dict(self) -> dict[str, Any]:
        """For checkpoints."""
        return {"steps": self._steps, "values": self.values}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From checkpoints."""
        self._steps = int(state["steps"])
        for value, saved in zip(self.values, state["values"], strict=True):
            value.copy_(spread_like(saved, value))


@torch.no_grad()
def clamp_scales(model: TrainedModel, least: float | None, most: float | None) -> None:
    """Keep the exp of the three temperatures within bounds; None: there is none."""
    if least is None and most is None:
        return
    low, high = (None if bound is None else math.log(bound) for bound in (least, most))
    for scale in (model.logit_scale, model.region_logit_scale, model.hard_negative_logit_scale):
        scale.clamp_(low, high)
