"""Write scenes to a folder: pictures, FineHARD annotations and the list of class names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from fgclip.data import Record, write_finehard
from training.scenes.composer import Composer, Scene
from training.scenes.concepts import Concept
from training.scenes.names import with_article
from training.scenes.splits import concept_held_out

PICTURES = "pictures"


def write_scenes(composer: Composer, numbers: Iterable[int], out: Path) -> Path:
    """Write `scenes.json`, `concepts.json` and one PNG for each scene; return the first's path."""
    (out / PICTURES).mkdir(parents=True, exist_ok=True)
    records = []
    for number in numbers:
        scene = composer.scene(number)
        path = out / PICTURES / f"{number:06}.png"
        Image.fromarray(scene.pixels).save(path)
        records.append(as_record(scene, path))
    write_concepts(composer.sprites.concepts, out / "concepts.json")
    write_finehard(records, out / "scenes.json")
    return out / "scenes.json"


def as_record(scene: Scene, path: Path) -> Record:
    """Return a scene as a record of the picture at `path`."""
    return Record(path, scene.short_caption, scene.long_caption, scene.regions, meta=scene.meta)


def write_concepts(concepts: Sequence[Concept], path: Path) -> None:
    """Write every class name with its prompt, group and whether training never saw it."""
    rows = [
        {
            "name": concept.name,
            "prompt": with_article(concept.name),
            "group": concept.group,
            "subgroup": concept.subgroup,
            "held_out": concept_held_out(concept.name),
        }
        for concept in concepts
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
