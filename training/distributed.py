"""Several processes as one: gathering with gradient, averaging, agreeing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.tensor import DTensor
from torch.nn import Parameter


@dataclass(frozen=True)
class Ranks:
    """Which process this is, of how many."""

    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes the files and prints."""
        return self.rank == 0

    def device(self, chosen: str) -> str:
        """A GPU of its own for every process of a machine; "cuda:1" and "cpu" stay as chosen."""
        shared = ("cuda", "auto") if torch.cuda.is_available() else ("cuda",)
        if self.count > 1 and chosen in shared:
            return f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        return chosen

    def gather(self, rows: Tensor, *, gradient: bool = True) -> tuple[Tensor, int]:
        """Join the rows of all ranks; ranks may hold different numbers of rows.

        Args:
            rows: (n, …) rows of this rank.
            gradient: whether the rows of other ranks are taught by this one.

        Returns:
            (Σn, …) rows of rank 0, then of rank 1 …, and the place of this rank's first row.
            The gradient of a row is the sum over ranks of what they ask of it; without `gradient`
            what its own rank asks.
        """
        if self.count == 1:
            return rows, 0
        lengths = [torch.zeros(1, dtype=torch.long, device=rows.device) for _ in range(self.count)]
        dist.all_gather(lengths, torch.tensor([len(rows)], device=rows.device))
        counts = [int(length) for length in lengths]
        first = sum(counts[: self.rank])
        if gradient:
            joined: Tensor = _Gather.apply(rows, counts, first)  # type: ignore[no-untyped-call]
            return joined, first
        others: Tensor = _Gather.apply(rows.detach(), counts, first)  # type: ignore[no-untyped-call]
        return torch.cat([others[:first], rows, others[first + len(rows) :]]), first

    def average_gradients(self, parameters: Iterable[Parameter]) -> None:
        """Replace each gradient by its mean over ranks; one that is missing counts as 0."""
        if self.count == 1:
            return
        # What is spread over ranks is averaged already.
        trained = [
            each for each in parameters if each.requires_grad and not isinstance(each, DTensor)
        ]
        gradients = [torch.zeros_like(each) if each.grad is None else each.grad for each in trained]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.count
        sizes = [gradient.numel() for gradient in gradients]
        for parameter, mean in zip(trained, torch.split(flat, sizes), strict=True):
            parameter.grad = mean.view_as(parameter)

    def mean(self, values: Tensor) -> Tensor:
        """Mean over ranks, without gradient."""
        if self.count == 1:
            return values.detach()
        total = values.detach().clone()
        dist.all_reduce(total)
        return total / self.count

    def mean_of_known(self, value: Tensor) -> float:
        """Mean over the ranks whose value is a number; NaN where none's is."""
        known = (~value.isnan()).to(value.dtype)
        both = self.mean(torch.stack([value.nan_to_num(), known])).tolist()
        return both[0] / both[1] if both[1] else float("nan")

    def agree(self, value: float) -> float:
        """The first rank's value, on every rank."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        dist.broadcast(shared, src=0)
        return float(shared)

    def wait(self) -> None:
        """Return when every rank has come here."""
        if self.count > 1:
            dist.barrier()


@contextmanager
def joined_ranks() -> Iterator[Ranks]:
    """Join the processes that `torchrun` started; without it there is one."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Ranks()
        return
    dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield Ranks(dist.get_rank(), count)
    finally:
        dist.destroy_process_group()


class _Gather(torch.autograd.Function):
    """All-gather of ragged rows whose backward sums over ranks."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, counts: list[int], first: int) -> Tensor:
        ctx.own = slice(first, first + len(rows))
        most = max(counts)
        padded = rows.new_zeros(most, *rows.shape[1:])
        padded[: len(rows)] = rows
        everyone = [torch.empty_like(padded) for _ in counts]
        dist.all_gather(everyone, padded)
        return torch.cat([part[:count] for part, count in zip(everyone, counts, strict=True)])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        total = gradients[0].contiguous().clone()
        dist.all_reduce(total)
        return total[ctx.own], None, None
