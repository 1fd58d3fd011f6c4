"""The things a scene may show, read from emojibase: name, group, synonyms, skin tones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.scenes.names import DROPPED, clean_name
from training.scenes.sources import read_json, sources

GROUPS = (0, 1, 3, 4, 5, 6, 7)  # smileys, people, animals, food, travel, activities, objects
FAMILY_SUBGROUP = 30  # most sets share one drawing between all 26
TONES = {
    "light": 1,
    "medium": 3,
    "dark": 5,
}  # of emojibase's five, those a small picture tells apart
RARE_TAG = 3  # a tag on more concepts than this says too little
_WORD = re.compile(r"[a-z][a-z -]{2,20}$")


@dataclass(frozen=True)
class Concept:
    """One thing with a name.

    Attributes:
        name: noun phrase without article, unique.
        code: Unicode code points in hex joined by "-", without variation selectors.
        label: emojibase's own label.
        group: emojibase group, "animals-nature".
        subgroup: emojibase subgroup, "animal-mammal".
        tags: rare associated words.
        tones: code of each skin tone that exists, keyed by "light", "medium", "dark".
    """

    name: str
    code: str
    label: str
    group: str
    subgroup: str
    tags: tuple[str, ...]
    tones: dict[str, str]


def read_concepts(cache: Path) -> list[Concept]:
    """Read every usable concept from the fetched emojibase package, in emojibase's order."""
    (source,) = [source for source in sources() if source.use == "names"]
    groups = read_json(source, cache, "meta/groups.json")
    entries = [entry for entry in read_json(source, cache, "en/data.json") if _usable(entry)]
    counts = Counter(tag for entry in entries for tag in set(entry.get("tags", ())))
    concepts = [_concept(entry, groups, counts) for entry in entries]
    twice = [name for name, count in Counter(c.name for c in concepts).items() if count > 1]
    if twice:
        raise ValueError(f"names used for two concepts: {', '.join(twice)}; change names.json")
    return concepts


def normal_code(code: str) -> str:
    """Return a code point sequence in lower case without variation selectors (fe0f)."""
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def _usable(entry: dict[str, Any]) -> bool:
    label = entry["label"]
    return (
        entry.get("group") in GROUPS
        and entry["subgroup"] != FAMILY_SUBGROUP
        # Mirror images of other entries, and scenes are mirrored themselves.
        and not label.endswith("facing right")
        and not label.startswith("family:")
        and label not in DROPPED
    )


def _concept(entry: dict[str, Any], groups: dict[str, Any], counts: Counter[str]) -> Concept:
    label = entry["label"]
    toned = {skin["tone"]: skin["hexcode"] for skin in entry.get("skins", ()) if _one_tone(skin)}
    tags = tuple(
        tag
        for tag in entry.get("tags", ())
        if counts[tag] <= RARE_TAG and _WORD.match(tag) and tag not in label.lower()
    )
    return Concept(
        name=clean_name(label),
        code=normal_code(entry["hexcode"]),
        label=label,
        group=groups["groups"][str(entry["group"])],
        subgroup=groups["subgroups"][str(entry["subgroup"])],
        tags=tags,
        tones={
            name: normal_code(toned[number]) for name, number in TONES.items() if number in toned
        },
    )


def _one_tone(skin: dict[str, Any]) -> bool:
    return isinstance(skin["tone"], int)  # couples have a list of two
