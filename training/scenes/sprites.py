"""A folder of rasterised drawings with what is known about each; memory-mapped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.scenes.alike import looks_alike_pairs, upside_down_looks_same
from training.scenes.concepts import Concept
from training.scenes.palette import COLOUR_NAMES, colour_shares

FORMAT = 1
UNTONED = ""


class PackError(ValueError):
    """A sprite pack that is missing or damaged, with the remedy."""


@dataclass(frozen=True)
class Sprite:
    """One drawing.

    Attributes:
        concept: index into the pack's concepts.
        style: art style, "noto".
        tone: "light", "medium", "dark", or "" for the untoned drawing.
        icon: its name in the style's icon set.
        width: pixels.
        height: pixels.
        offset: first byte of its RGBA pixels in the pack.
        natural: colour words that are true of much of it, largest share first.
        main_colour: the one word that is true of most of it, or "".
        reversible: whether turning it upside down can be seen.
    """

    concept: int
    style: str
    tone: str
    icon: str
    width: int
    height: int
    offset: int
    natural: tuple[str, ...]
    main_colour: str
    reversible: bool


class SpritePack:
    """Drawings by number. Cheap to load and to send to worker processes."""

    def __init__(
        self,
        concepts: Sequence[Concept],
        sprites: Sequence[Sprite],
        pixels: NDArray[np.uint8],
        alike: dict[str, dict[int, frozenset[int]]],
        folder: Path | None = None,
    ) -> None:
        self.concepts = tuple(concepts)
        self.sprites = tuple(sprites)
        self.alike = alike  # style → concept → concepts drawn the same there
        self.folder = folder
        self.pixels = pixels

    def __len__(self) -> int:
        return len(self.sprites)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.folder is None:
            parts = (self.concepts, self.sprites, np.asarray(self.pixels), self.alike)
            return SpritePack, parts
        return SpritePack.load, (self.folder,)

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """Art styles in the pack, in order of first appearance."""
        return tuple(dict.fromkeys(sprite.style for sprite in self.sprites))

    def image(self, number: int) -> Image.Image:
        """Return a drawing as RGBA, trimmed to what is not transparent."""
        sprite = self.sprites[number]
        size = sprite.width * sprite.height * 4
        pixels = self.pixels[sprite.offset : sprite.offset + size].tobytes()
        return Image.frombuffer("RGBA", (sprite.width, sprite.height), pixels, "raw", "RGBA", 0, 1)

    def drawn_like(self, number: int) -> frozenset[int]:
        """Return the concepts that this drawing's style draws the same way."""
        sprite = self.sprites[number]
        return self.alike.get(sprite.style, {}).get(sprite.concept, frozenset())

    @classmethod
    def build(
        cls, concepts: Sequence[Concept], drawings: Sequence[tuple[int, str, str, str, Image.Image]]
    ) -> SpritePack:
        """Make a pack in memory.

        Args:
            concepts: what may be drawn.
            drawings: concept number, style, tone, icon name and RGBA picture, trimmed.
        """
        sprites, chunks, offset = [], [], 0
        for concept, style, tone, icon, picture in drawings:
            shares = colour_shares(picture)
            sprites.append(
                Sprite(
                    concept=concept,
                    style=style,
                    tone=tone,
                    icon=icon,
                    width=picture.width,
                    height=picture.height,
                    offset=offset,
                    natural=_natural(shares),
                    main_colour=_main_colour(shares),
                    reversible=not upside_down_looks_same(picture),
                )
            )
            chunks.append(np.asarray(picture).reshape(-1))
            offset += chunks[-1].size
        untoned = [
            (style, concept, picture) for concept, style, tone, _, picture in drawings if not tone
        ]
        return cls(concepts, sprites, np.concatenate(chunks), looks_alike_pairs(untoned))

    def save(self, folder: Path) -> None:
        """Write the pack as `pixels.npy` and `pack.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "pixels.npy", self.pixels)
        alike = {
            style: {str(number): sorted(others) for number, others in table.items()}
            for style, table in self.alike.items()
        }
        content = {
            "format": FORMAT,
            "concepts": [asdict(concept) for concept in self.concepts],
            "alike": alike,
            "sprites": [list(asdict(sprite).values()) for sprite in self.sprites],
        }
        (folder / "pack.json").write_text(json.dumps(content))

    @classmethod
    def load(cls, folder: Path | str) -> SpritePack:
        """Open a pack; pixels are read from disk when they are drawn.

        Raises:
            PackError: There is no pack, or it cannot be read.
        """
        folder = Path(folder)
        try:
            return cls._read(folder)
        except FileNotFoundError:
            raise PackError(
                f"{folder} holds no sprite pack. Make one with "
                f"`python -m training.scenes fetch` and `python -m training.scenes rasterise`."
            ) from None
        except (ValueError, LookupError, TypeError, AttributeError, EOFError) as error:
            raise PackError(
                f"The sprite pack in {folder} cannot be read ({error!r}). Make it again with "
                "`python -m training.scenes rasterise`."
            ) from error

    @classmethod
    def _read(cls, folder: Path) -> SpritePack:
        content = json.loads((folder / "pack.json").read_text())
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}, not {FORMAT}")
        return cls(
            [_concept(entry) for entry in content["concepts"]],
            [_sprite(row) for row in content["sprites"]],
            np.load(folder / "pixels.npy", mmap_mode="r"),
            {
                style: {int(number): frozenset(others) for number, others in table.items()}
                for style, table in content["alike"].items()
            },
            folder,
        )


def _natural(shares: NDArray[np.float32]) -> tuple[str, ...]:
    order = np.argsort(-shares, kind="stable")
    return tuple(COLOUR_NAMES[i] for i in order if shares[i] >= 0.1)


def _main_colour(shares: NDArray[np.float32]) -> str:
    best = int(np.argmax(shares))
    return COLOUR_NAMES[best] if shares[best] >= 0.6 else ""


def _concept(entry: dict[str, Any]) -> Concept:
    return Concept(**{**entry, "tags": tuple(entry["tags"])})


def _sprite(row: list[Any]) -> Sprite:
    concept, style, tone, icon, width, height, offset, natural, main_colour, reversible = row
    return Sprite(
        concept, style, tone, icon, width, height, offset, tuple(natural), main_colour, reversible
    )
