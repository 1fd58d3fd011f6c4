"""Several processes compute what one computes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor

from fgclip.model.checkpoints.loading import load_model
from fgclip.model.fgclip import FGCLIP, initialise
from tests.support.training import TINY, SquareComposer, tiny_options, tiny_recipe, tiny_tokenizer
from training.batch import Batch
from training.collate import Collate
from training.distributed import Ranks
from training.objective import objective
from training.optim import Muon
from training.recipe import RecipeError, Weights
from training.run import Run
from training.sharding import is_sharded

GLOBAL = tiny_recipe(weights=Weights(long=1, short=1))
WITH_REGIONS = tiny_recipe(weights=Weights(long=1, short=1, region=1), gather_regions=True)


def batch_of(numbers: range) -> Batch:
    collate = Collate(WITH_REGIONS, tiny_tokenizer(), seed=0)
    return collate([(number, SquareComposer().scene(number)) for number in numbers])


def step(recipe_name: str, batch: Batch, ranks: Ranks) -> dict[str, Tensor]:
    """The loss and all gradients, averaged over ranks."""
    model = initialise(FGCLIP(TINY), seed=0)
    recipe = GLOBAL if recipe_name == "global" else WITH_REGIONS
    total = objective(model, batch, recipe, ranks)["total"]
    total.backward()
    ranks.average_gradients(model.parameters())
    found = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return {"loss": ranks.mean(total), **found}


def one_of_many(rank: int, count: int, recipe_name: str, folder: str) -> None:
    torch.set_num_threads(1)
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=count)
    share = 12 // count
    found = step(recipe_name, batch_of(range(rank * share, (rank + 1) * share)), Ranks(rank, count))
    if rank == 0:
        torch.save(found, f"{folder}/found.pt")
    dist.destroy_process_group()


@pytest.mark.parametrize("recipe_name", ["global", "with regions"])
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_loss_and_gradients_do_not_depend_on_the_number_of_processes(
    count: int, recipe_name: str, tmp_path: Path
) -> None:
    mp.spawn(one_of_many, args=(count, recipe_name, str(tmp_path)), nprocs=count)
    found = torch.load(tmp_path / "found.pt", weights_only=True)
    expected = step(recipe_name, batch_of(range(12)), Ranks())
    torch.testing.assert_close(found["loss"], expected["loss"], rtol=1e-5, atol=1e-6)
    for name, gradient in expected.items():
        atol = 1e-6 * max(1.0, float(gradient.abs().max()))
        torch.testing.assert_close(found[name], gradient, rtol=1e-4, atol=atol, msg=name)


def test_every_process_takes_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert Ranks(rank=5, count=8).device("cuda") == "cuda:1"
    assert Ranks(rank=5, count=8).device("cpu") == "cpu"
    assert Ranks().device("cuda") == "cuda"


@pytest.mark.parametrize(("present", "device"), [(True, "cuda:1"), (False, "auto")])
def test_auto_is_a_gpu_of_its_own_where_there_are_gpus(
    present: bool, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setattr("torch.cuda.is_available", lambda: present)
    assert Ranks(rank=5, count=8).device("auto") == device
    assert Ranks().device("auto") == "auto"


def ragged(rank: int, count: int, folder: str) -> None:
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=count)
    rows = torch.full((2 * rank, 3), float(rank), requires_grad=True)  # rank 0 has none
    joined, first = Ranks(rank, count).gather(rows)
    (joined * (rank + 1)).sum().backward()
    if rank == 1:
        torch.save({"joined": joined.detach(), "grad": rows.grad}, f"{folder}/found.pt")
        assert first == 0
    dist.destroy_process_group()


def test_ranks_may_hold_different_numbers_of_rows(tmp_path: Path) -> None:
    mp.spawn(ragged, args=(2, str(tmp_path)), nprocs=2)
    found = torch.load(tmp_path / "found.pt", weights_only=True)
    assert torch.equal(found["joined"], torch.ones(2, 3))
    assert torch.equal(found["grad"], torch.full((2, 3), 3.0))  # 1 asked by rank 0, 2 by rank 1


def share_muon(rank: int, count: int, folder: str) -> None:
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=count)
    found = muon_step(Ranks(rank, count))
    if rank == 1:
        torch.save(found, f"{folder}/found.pt")
    dist.destroy_process_group()


def muon_step(ranks: Ranks) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    matrices = [
        torch.nn.Parameter(torch.randn(4, 6, generator=generator)) for _ in range(3)
    ]  # an odd number: ranks get unequal shares
    for matrix in matrices:
        matrix.grad = torch.randn(4, 6, generator=generator)
    Muon(matrices, lr=0.1, weight_decay=0.1, ranks=ranks).step()
    return [matrix.detach() for matrix in matrices]


def test_ranks_share_the_work_of_muon(tmp_path: Path) -> None:
    mp.spawn(share_muon, args=(2, str(tmp_path)), nprocs=2)
    found = torch.load(tmp_path / "found.pt", weights_only=True)
    torch.testing.assert_close(found, muon_step(Ranks()))


def train_shards(rank: int, count: int, folder: str, shard: bool) -> None:
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(count))
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29533")
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=count)
    for sitting in (2, 3):  # the second goes on from the first's checkpoint
        recipe = WITH_REGIONS.replace(pictures=12 * sitting, batch_size=12)  # with a running mean
        options = tiny_options(Path(folder), recipe.pictures, shard=shard)
        run = Run(initialise(FGCLIP(TINY), seed=0), recipe, options, Ranks(rank, count))
        assert is_sharded(run.model) == shard
        share = 12 // count
        while run.progress < 1:
            run.update([batch_of(range(rank * share, (rank + 1) * share))], run.progress)
        run.save()
    dist.destroy_process_group()


def test_a_sharded_model_learns_what_a_whole_one_learns(tmp_path: Path) -> None:
    for name, shard in (("sharded", True), ("whole", False)):
        (tmp_path / name).mkdir()
        mp.spawn(train_shards, args=(2, str(tmp_path / name), shard), nprocs=2)
    sharded, whole = (load_model(tmp_path / name / "model") for name in ("sharded", "whole"))
    start = initialise(FGCLIP(TINY), seed=0).state_dict()
    for name, value in whole.state_dict().items():
        if name.endswith("key.bias"):
            continue  # a softmax does not see it: its gradient is rounding, and Adam steps by it
        torch.testing.assert_close(
            sharded.state_dict()[name], value, rtol=1e-4, atol=1e-5, msg=name
        )
    weight = "vision.blocks.0.mlp.expand.weight"
    assert not torch.equal(whole.state_dict()[weight], start[weight])


def test_one_process_has_nobody_to_share_a_model_with(tmp_path: Path) -> None:
    options = tiny_options(tmp_path, 8, shard=True)
    with pytest.raises(RecipeError, match="sharded among several processes; start it by torchrun"):
        Run(initialise(FGCLIP(TINY), seed=0), WITH_REGIONS, options, Ranks())


def without_others_gradient(rank: int, count: int, folder: str) -> None:
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=count)
    rows = torch.full((2, 3), float(rank), requires_grad=True)
    joined, first = Ranks(rank, count).gather(rows, gradient=False)
    (joined * (rank + 1)).sum().backward()
    if rank == 1:
        torch.save({"joined": joined.detach(), "grad": rows.grad}, f"{folder}/found.pt")
        assert first == 2
    dist.destroy_process_group()


def test_rows_of_other_ranks_may_be_left_untaught(tmp_path: Path) -> None:
    mp.spawn(without_others_gradient, args=(2, str(tmp_path)), nprocs=2)
    found = torch.load(tmp_path / "found.pt", weights_only=True)
    assert found["joined"][:, 0].tolist() == [0, 0, 1, 1]
    assert torch.equal(found["grad"], torch.full((2, 3), 2.0))  # what rank 1 asks, not rank 0's 1
