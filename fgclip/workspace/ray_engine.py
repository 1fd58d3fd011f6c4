"""Indexing and placing on a Ray cluster: pictures or vectors in, Parquet shards out.

Every worker loads the model once. A worker that dies is started anew and its part done again; what
a run has written a later run leaves alone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.dataset as pads

from fgclip.boxes import Boxes
from fgclip.data.pictures import SUFFIXES
from fgclip.inputs.images import PictureError, picture_size
from fgclip.types import Embeddings, Ids
from fgclip.workspace.placing import placed_among
from fgclip.workspace.shards import PICTURE, schema, write_card
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.maps import Coordinates

READERS = 4  # threads of a worker that read and resize
PICTURES = pa.schema(
    [
        ("path", pa.string()),
        ("boxes", pa.list_(pa.list_(pa.float64(), 4))),
        ("phrases", pa.list_(pa.string())),
        ("categories", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, kw_only=True)
class RayCluster:
    """What a run may use.

    Attributes:
        address: of a running cluster; "" for one on this machine.
        workers: processes that hold the model.
        gpus: of each worker, such as 1 or 0.5; 0 for the CPU.
        cpus: of each worker.
        batch_size: pictures a forward pass.
    """

    address: str = ""
    workers: int = 2
    gpus: float = 0.0
    cpus: float = 1.0
    batch_size: int = 32


@dataclass(frozen=True)
class Item:
    """A picture to be indexed."""

    path: str  # or URL
    boxes: Sequence[Sequence[float]] = ()
    phrases: Sequence[str] = ()
    categories: Sequence[str] = ()


def list_pictures(place: str) -> Iterator[Item]:
    """All pictures below a folder or an fsspec URL, in order of their paths.

    Raises:
        WorkspaceError: There is none.
    """
    files, _, (root,) = fsspec.get_fs_token_paths(place)
    found = sorted(each for each in files.find(root) if Path(each).suffix.lower() in SUFFIXES)
    if not found:
        raise WorkspaceError(f"There is no picture below {place}.")
    local = "file" in (files.protocol if isinstance(files.protocol, tuple) else [files.protocol])
    for each in found:
        yield Item(each if local else files.unstrip_protocol(each))


def index_on_ray(
    items: Iterable[Item],
    out: Path,
    *,
    model: str,
    card: Mapping[str, Any],
    cluster: RayCluster,
    device: str = "auto",
    dtype: str = "auto",
) -> int:
    """Encode pictures and their regions on many workers, into Parquet shards.

    Args:
        items: pictures; those whose rows lie in `out` already are left out.
        out: folder that all workers can write to.
        model: name, folder or hub id, found by every worker.
        card: facts of that model: name, sha256, dimensions.
        cluster: what to use.
        device: of the workers.
        dtype: of the workers.

    Returns:
        Pictures that were given to the workers.
    """
    done = _written(out)
    wanted = [item for item in items if item.path not in done]
    write_card(out, card)
    if not wanted:
        return 0
    data = _ray(cluster).from_arrow(_table(wanted))
    blocks = max(cluster.workers * 4, len(wanted) // (cluster.batch_size * 8))
    data = data.repartition(min(blocks, len(wanted)))
    _write(data, _Encode, (model, device, dtype, int(card["dimensions"])), out, cluster)
    return len(wanted)


def place_on_ray(
    vectors: Iterable[tuple[Ids, Embeddings]],
    fitted: Embeddings,
    coordinates: Coordinates,
    out: Path,
    *,
    cluster: RayCluster,
) -> Iterator[tuple[Ids, Coordinates]]:
    """Place vectors among those of a map on many workers; gives them back as they come to lie.

    Args:
        vectors: owners and unit vectors, some at a time.
        fitted: (M, D) unit vectors of points on the map.
        coordinates: (M, 2) where these lie.
        out: folder for the shards of places.
        cluster: what to use.
    """
    tables = [_vector_table(owners, rows) for owners, rows in vectors]
    if not tables:
        return
    data = _ray(cluster).from_arrow(pa.concat_tables(tables)).repartition(cluster.workers * 4)
    _write(data, _Place, (fitted, coordinates), out, cluster)
    for batch in pads.dataset(sorted(map(str, out.glob("*.parquet")))).to_batches():
        xy = [batch.column(axis).to_numpy() for axis in "xy"]
        yield batch.column("owner").to_numpy(), np.stack(xy, axis=1)


def _ray(cluster: RayCluster) -> Any:
    """Ray Data on a cluster; seconds, and only where it is asked for."""
    import ray
    import ray.data

    if not ray.is_initialized():
        here = {"num_cpus": max(2, int(cluster.workers * cluster.cpus) + 1)}
        ray.init(
            **({"address": cluster.address} if cluster.address else here),
            include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False,
        )  # fmt: skip
    ray.data.DataContext.get_current().enable_progress_bars = False
    return ray.data


def _write(data: Any, work: type, given: tuple[Any, ...], out: Path, cluster: RayCluster) -> None:
    import ray

    workers = ray.data.ActorPoolStrategy(size=cluster.workers)
    data.map_batches(
        work,
        fn_constructor_args=given,
        batch_size=cluster.batch_size * (1 if work is _Encode else 64),
        batch_format="pyarrow",
        compute=workers,
        num_cpus=cluster.cpus,
        num_gpus=cluster.gpus,
    ).write_parquet(str(out))


def _written(out: Path) -> set[str]:
    """Pictures whose rows are there."""
    files = sorted(map(str, out.glob("*.parquet")))
    if not files:
        return set()
    table = pads.dataset(files).to_table(
        columns=["path"], filter=(pads.field("place") == PICTURE) & (pads.field("fault") == "")
    )
    return set(table.column("path").to_pylist())


def _table(items: Sequence[Item]) -> pa.Table:
    rows = {
        "path": [item.path for item in items],
        "boxes": [[list(box) for box in item.boxes] for item in items],
        "phrases": [list(item.phrases) for item in items],
        "categories": [list(item.categories) for item in items],
    }
    return pa.table(rows, PICTURES)


def _vector_table(owners: Ids, rows: Embeddings) -> pa.Table:
    flat = pa.array(np.ascontiguousarray(rows).reshape(-1))
    vectors = pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    return pa.table({"owner": owners, "embedding": vectors})


class _Encode:
    """A worker that holds the model."""

    def __init__(self, model: str, device: str, dtype: str, dimensions: int) -> None:
        import fgclip

        self._encoder = fgclip.load(model, device=device, dtype=dtype)
        self._schema = schema(dimensions)
        self._readers = ThreadPoolExecutor(READERS)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Pictures and their regions with their vectors; one that cannot be read has its reason."""
        items = batch.to_pylist()
        opened = list(self._readers.map(self._open, items))
        rows = [row for row in opened if row["fault"]]
        good = [(item, row) for item, row in zip(items, opened, strict=True) if not row["fault"]]
        if good:
            pixels = [row.pop("pixels") for _, row in good]
            boxes: Boxes = np.array(
                [box for item, _ in good for box in item["boxes"]], np.float32
            ).reshape(-1, 4)
            owner = np.repeat(np.arange(len(good)), [len(item["boxes"]) for item, _ in good])
            images, regions = self._encoder.encode_prepared(pixels, boxes, owner)
            remaining = iter(regions)
            for (item, row), vector in zip(good, images, strict=True):
                rows.append({**row, "place": PICTURE, "embedding": vector})
                rows += _region_rows(item, row, remaining)
        return pa.Table.from_pylist(rows, self._schema)

    def _open(self, item: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {"path": item["path"], "place": PICTURE, "fault": ""}
        try:
            with fsspec.open(item["path"], "rb") as stream:
                content = stream.read()
            row["width"], row["height"] = picture_size(content)
            row["pixels"] = self._encoder.prepare(content)
        except (OSError, PictureError) as error:
            return {**row, "fault": str(error)}
        return {**row, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _region_rows(
    item: Mapping[str, Any], row: Mapping[str, Any], vectors: Iterator[Embeddings]
) -> Iterator[dict[str, Any]]:
    regions = zip(item["boxes"], item["phrases"], item["categories"], strict=True)
    for place, (box, phrase, category) in enumerate(regions):
        corners = dict(zip(("x0", "y0", "x1", "y1"), box, strict=True))
        yield {
            **row, **corners, "place": place, "phrase": phrase, "category": category,
            "embedding": next(vectors),
        }  # fmt: skip


class _Place:
    """A worker that holds the map."""

    def __init__(self, fitted: Embeddings, coordinates: Coordinates) -> None:
        self._fitted = fitted
        self._coordinates = coordinates

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Owners with their places."""
        column = batch.column("embedding").combine_chunks()
        vectors = column.flatten().to_numpy().reshape(batch.num_rows, -1)
        x, y = placed_among(vectors, self._fitted, self._coordinates).T
        return pa.table({"owner": batch.column("owner"), "x": x, "y": y})
