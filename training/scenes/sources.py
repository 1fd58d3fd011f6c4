"""The npm packages that hold the drawings and their names: pinned, verified, unpacked once."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MANIFEST = Path(__file__).with_name("sources.json")
CACHE = Path(".cache/sprites")
# Only these files of a package are read.
WANTED = ("icons.json", "chars.json", "info.json", "en/data.json", "meta/groups.json")


class FetchError(OSError):
    """A package that cannot be downloaded, with the reason."""


@dataclass(frozen=True)
class Source:
    """One npm package.

    Attributes:
        name: what the project calls it; also the name of the art style.
        package: npm name.
        version: exact version.
        licence: SPDX identifier.
        author: whom to name.
        url: where the art comes from.
        use: "train", "outlined" (trained on, never tested on), "held out" or "names".
        integrity: "sha512-" and the base64 digest of the tarball, as npm writes it.
    """

    name: str
    package: str
    version: str
    licence: str
    author: str
    url: str
    use: str
    integrity: str


def sources() -> list[Source]:
    """Return the packages of the committed manifest, in its order."""
    return [Source(**entry) for entry in json.loads(MANIFEST.read_text())["packages"]]


def styles(use: str) -> tuple[str, ...]:
    """Return the names of the art styles with this use: "train", "outlined" or "held out"."""
    return tuple(source.name for source in sources() if source.use == use)


def fetch(cache: Path = CACHE) -> None:
    """Download, verify and unpack every package that `cache` lacks."""
    for source in sources():
        folder = package_folder(source, cache)
        if folder.is_dir():
            continue
        log.info("fetching %s %s", source.package, source.version)
        with tempfile.TemporaryDirectory() as temporary:
            tarball = _npm_pack(source, Path(temporary))
            check_integrity(tarball, source)
            _unpack(tarball, folder)


def package_folder(source: Source, cache: Path) -> Path:
    """Return where `fetch` unpacks this package."""
    return cache / "packages" / f"{source.name}-{source.version}"


def read_json(source: Source, cache: Path, name: str) -> Any:
    """Read one JSON file of a fetched package; an absent `chars.json` is an empty mapping."""
    path = package_folder(source, cache) / name
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path} is missing. Run `python -m training.scenes fetch` first.")
    return json.loads(path.read_text()) if path.is_file() else {}


def check_integrity(tarball: Path, source: Source) -> None:
    """Raise ValueError unless the tarball has the sha512 of the manifest."""
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != source.integrity:
        raise ValueError(
            f"{source.package} {source.version} has sha512-{digest}, but sources.json says "
            f"{source.integrity}. Do not use it; download again."
        )


def _npm_pack(source: Source, folder: Path) -> Path:
    command = ["npm", "pack", "--loglevel", "error", f"{source.package}@{source.version}"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise FetchError("npm is needed to fetch the drawings: install Node.js.") from None
    except subprocess.CalledProcessError as failure:
        first, *_ = failure.stderr.strip().splitlines() or [str(failure)]
        raise FetchError(
            f"{source.package} {source.version} cannot be downloaded ({first}). Is there a network?"
        ) from failure
    (tarball,) = folder.glob("*.tgz")
    return tarball


def _unpack(tarball: Path, folder: Path) -> None:
    partial = folder.with_name(folder.name + ".partial")
    with tarfile.open(tarball) as archive:
        for name in WANTED:
            try:
                member = archive.extractfile(f"package/{name}")
            except KeyError:
                continue
            if member is not None:
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                (partial / name).write_bytes(member.read())
    partial.rename(folder)
