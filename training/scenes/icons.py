"""Find the drawing of a concept in an iconify set and return it as SVG."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.scenes.concepts import Concept, normal_code
from training.scenes.sources import Source, read_json, sources

# Sets without chars.json are searched by the names that these sets give the same character.
NAMING_STYLES = ("noto", "twemoji", "openmoji")
_TONE_WORDS = {"light": "light-skin-tone", "medium": "medium-skin-tone", "dark": "dark-skin-tone"}


def slug(label: str) -> str:
    """Return a label as iconify writes it: "person: blond hair" → "person-blond-hair"."""
    label = label.lower().replace("’", "").replace("'", "").replace("ñ", "n")
    return re.sub(r"[^a-z0-9]+", "-", label).strip("-")


@dataclass
class IconSet:
    """One art style: icons by name, and by character where the set says."""

    style: str
    icons: dict[str, dict[str, Any]]
    aliases: dict[str, dict[str, Any]]
    characters: dict[str, str]
    width: float
    height: float

    @classmethod
    def read(cls, source: Source, cache: Path) -> IconSet:
        """Read the set of a fetched package."""
        data = read_json(source, cache, "icons.json")
        characters = read_json(source, cache, "chars.json")
        return cls(
            style=source.name,
            icons=data["icons"],
            aliases=data.get("aliases", {}),
            characters={normal_code(code): name for code, name in characters.items()},
            width=data.get("width", 16),
            height=data.get("height", 16),
        )

    def root(self, name: str) -> str:
        """Follow aliases to the icon that holds the drawing."""
        while name in self.aliases:
            name = self.aliases[name]["parent"]
        return name

    def has(self, name: str) -> bool:
        """Whether the set draws this name."""
        return self.root(name) in self.icons

    def svg(self, name: str) -> str:
        """Return the drawing as an SVG document.

        Raises:
            KeyError: The set has no such name.
            ValueError: The alias asks for a transformation this reader does not know.
        """
        mirrored = False
        while name in self.aliases:
            alias = self.aliases[name]
            unknown = set(alias) - {"parent", "hFlip", "hidden"}
            if unknown:
                raise ValueError(f"{self.style} alias {name} uses {sorted(unknown)}")
            mirrored ^= bool(alias.get("hFlip"))
            name = alias["parent"]
        icon = self.icons[name]
        width, height = icon.get("width", self.width), icon.get("height", self.height)
        left, top = icon.get("left", 0), icon.get("top", 0)
        body = icon["body"]
        if mirrored:
            body = f'<g transform="translate({2 * left + width} 0) scale(-1 1)">{body}</g>'
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}">'
            f"{body}</svg>"
        )


class IconFinder:
    """Match concepts to icons in every style."""

    def __init__(self, sets: dict[str, IconSet]) -> None:
        self.sets = sets
        self._names: dict[str, set[str]] = defaultdict(set)  # character → names given to it
        self._owners: dict[str, set[str]] = defaultdict(set)  # name → characters it is given to
        for style in NAMING_STYLES:
            if style not in sets:
                continue
            for code, name in sets[style].characters.items():
                self._names[code].add(name)
                self._owners[name].add(code)

    @classmethod
    def read(cls, cache: Path) -> IconFinder:
        """Read every fetched art style."""
        art = [source for source in sources() if source.use != "names"]
        return cls({source.name: IconSet.read(source, cache) for source in art})

    def find(self, style: str, concept: Concept, tone: str | None = None) -> str | None:
        """Return the icon of a concept in a style, or None where the style lacks it.

        Args:
            style: name of the set.
            concept: what to draw.
            tone: "light", "medium", "dark", or None for the untoned drawing.
        """
        icons = self.sets[style]
        code = concept.tones[tone] if tone else concept.code
        if icons.characters:
            return icons.characters.get(code)
        base = {slug(concept.label), *self._names[concept.code]}
        names = {f"{name}-{_TONE_WORDS[tone]}" for name in base} if tone else base
        return self._first(icons, [*sorted(names), *sorted(self._names[code])], code)

    def _first(self, icons: IconSet, names: Iterable[str], code: str) -> str | None:
        joined = icons.style == "fxemoji"  # writes "electricplug"
        numbered = icons.style == "streamline"  # draws some twice: "astronaut-1", "astronaut-2"
        tried = [each for own in names for each in (own, f"{own}-1")[: 1 + numbered]]
        for name in tried:
            written = name.replace("-", "") if joined else name
            if icons.has(written) and self._means(icons.root(written), code, joined):
                return written
        return None

    def _means(self, root: str, code: str, joined: bool) -> bool:
        """Refuse an alias that leads to another character ("cricket" → the game)."""
        owners = self._owners.get(root, set())
        return joined or not owners or code in owners
