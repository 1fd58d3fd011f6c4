from __future__ import annotations

import math

import pytest
import torch

from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, tiny_recipe
from training.optim import (
    Budget,
    Muon,
    Optimisers,
    RunningMean,
    clamp_scales,
    learning_rate_factor,
    orthogonal,
    parameter_groups,
)
from training.recipe import RecipeError


def tiny_model() -> FGCLIP:
    return initialise(FGCLIP(TINY), seed=0)


def decayed(rule: str) -> set[str]:
    model = tiny_model()
    groups = parameter_groups(model.named_parameters(), model, tiny_recipe(decayed=rule))
    kept = {id(p) for group in groups if group["weight_decay"] for p in group["params"]}
    return {name for name, parameter in model.named_parameters() if id(parameter) in kept}


def test_upstream_decays_all_but_biases_and_norms() -> None:
    names = decayed("upstream")
    assert {"logit_scale", "vision.position_embedding", "text.token_embedding.weight"} <= names
    assert not any("norm" in name or "bias" in name for name in names)


def test_decay_can_be_kept_to_matrices() -> None:
    names = decayed("matrices")
    assert "vision_projection.weight" in names
    assert "vision.patch_embedding.weight" in names
    assert not names & {"logit_scale", "vision.position_embedding", "text.token_embedding.weight"}


def test_the_text_tower_may_have_a_rate_of_its_own() -> None:
    model = tiny_model()
    recipe = tiny_recipe(text_learning_rate=1e-5)
    for group in parameter_groups(model.named_parameters(), model, recipe):
        ids = {id(parameter) for parameter in group["params"]}
        text = {id(p) for n, p in model.named_parameters() if n.startswith("text.")}
        assert ids <= text if group["lr"] == 1e-5 else not ids & text


def test_the_rate_warms_up_and_falls_to_zero() -> None:
    assert learning_rate_factor(0.0, 50, 100) == 0.5
    assert learning_rate_factor(0.5, 5000, 100) == pytest.approx(0.5)
    assert learning_rate_factor(1.0, 5000, 100) == 0


def test_a_run_ends_by_pictures_or_by_minutes() -> None:
    assert Budget(200).progress(50, 1e9) == 0.25
    assert Budget(200, minutes=2).progress(10**9, 30) == 0.25


@pytest.mark.parametrize("minutes", [0.0, -1.0, math.nan])
def test_a_run_of_no_time_is_refused(minutes: float) -> None:
    with pytest.raises(RecipeError, match="trains nothing"):
        Budget(200, minutes=minutes)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_muon_is_torchs_up_to_rounding(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    begun = [torch.randn(shape, generator=generator) for shape in ((8, 16), (16, 8), (8, 8))]
    ours, theirs = ([torch.nn.Parameter(matrix.clone()) for matrix in begun] for _ in range(2))
    rates = {"lr": 0.01, "weight_decay": 0.1}
    optimisers = (
        Muon(ours, **rates, dtype=dtype),
        torch.optim.Muon(theirs, **rates, adjust_lr_fn="match_rms_adamw"),
    )
    for _ in range(3):
        for one, other in zip(ours, theirs, strict=True):
            one.grad = torch.randn(one.shape, generator=generator)
            other.grad = one.grad.clone()
        for optimiser in optimisers:
            optimiser.step()
    for before, one, other in zip(begun, ours, theirs, strict=True):
        assert one.dtype == torch.float32
        assert (one - other).norm() < 0.05 * (one - before).norm()


@pytest.mark.parametrize("optimiser", ["adamw", "muon"])
def test_a_resumed_run_takes_its_rate_from_the_recipe(optimiser: str) -> None:
    model = tiny_model()
    first = Optimisers(model, tiny_recipe(optimiser=optimiser))
    first.set_rates(0.5)
    second = Optimisers(model, tiny_recipe(optimiser=optimiser, learning_rate=1e-5))
    second.load_state_dict(first.state_dict())
    second.set_rates(0.5)
    groups = [group for member in second.members for group in member.param_groups]
    assert {group["lr"] for group in groups} == {0.5e-5}


@pytest.mark.parametrize("shape", [(3, 8, 16), (3, 16, 8), (1, 8, 8)])
def test_orthogonal_brings_singular_values_near_one(shape: tuple[int, int, int]) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonal(matrices))
    assert ((values > 0.3) & (values < 1.3)).all()


@pytest.mark.parametrize("optimiser", ["adamw", "muon"])
def test_every_parameter_moves(optimiser: str) -> None:
    model = tiny_model()
    before = {name: value.clone() for name, value in model.named_parameters()}
    optimisers = Optimisers(model, tiny_recipe(optimiser=optimiser))
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter)
    optimisers.step()
    unmoved = [name for name, value in model.named_parameters() if torch.equal(value, before[name])]
    assert not unmoved


def test_the_running_mean_follows_the_weights() -> None:
    layer = torch.nn.Linear(1, 1, bias=False)
    layer.weight.data.fill_(0.0)
    mean = RunningMean(layer, 0.5)
    layer.weight.data.fill_(1.0)
    mean.update()  # decay 2 / 11 in the first step
    assert mean.values[0].item() == pytest.approx(1 - 2 / 11)
    assert layer.weight.item() == 1


def test_temperatures_are_kept_below_their_bound() -> None:
    model = tiny_model()
    model.region_logit_scale.data.fill_(9.0)
    clamp_scales(model, None, 100.0)
    assert model.region_logit_scale.item() == pytest.approx(math.log(100))
    assert model.logit_scale.item() == pytest.approx(math.log(1 / 0.07))
