"""The pictures the app opens with: sharp scenes of held-out compositions, and photographs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from fgclip.data import Record, read_finehard, write_finehard
from training.scenes.composer import BACKGROUND, Composer
from training.scenes.icons import IconFinder
from training.scenes.rasterise import draw
from training.scenes.sprites import SpritePack
from training.scenes.write import PICTURES, as_record

GALLERY = Path("assets/gallery")
PHOTOGRAPHS = "photographs.json"  # written by hand, beside the pictures it describes
SIDE = 512  # pixels of a scene
LONGEST = 360  # pixels of a sprite, so that none is enlarged
SEED = 7
# Chosen by eye among the first 144: varied, well spread, each with a held-out pair.
# fmt: off
NUMBERS = (
    0, 4, 6, 8, 11, 12, 13, 14, 16, 20, 26, 30, 33, 34, 36, 38, 40, 41, 42, 43, 45, 47, 49, 50,
    53, 54, 57, 58, 59, 62, 64, 66, 67, 73, 79, 80, 81, 83, 84, 86, 87, 92, 97, 108, 113, 115, 117,
    118, 122, 126, 127, 128, 129, 134, 135, 137, 140, 141, 142, 143,
)
# fmt: on
QUALITY = 84  # WebP; a scene takes about 30 KB


class SharpSprites(SpritePack):
    """The same drawings as a pack's, rasterised larger when they are asked for."""

    def __init__(self, pack: SpritePack, cache: Path) -> None:
        super().__init__(pack.concepts, pack.sprites, pack.pixels, pack.alike, pack.folder)
        self._sets = IconFinder.read(cache).sets

    def image(self, number: int) -> Image.Image:
        """Return a drawing as RGBA whose longest side is LONGEST."""
        sprite = self.sprites[number]
        picture = draw(self._sets[sprite.style].svg(sprite.icon), LONGEST)
        return super().image(number) if picture is None else picture


def build_gallery(cache: Path, out: Path = GALLERY) -> list[Record]:
    """Compose the gallery's scenes and write `gallery.json` of them and the photographs.

    Args:
        cache: fetched drawings and their sprite pack.
        out: folder with `photographs.json` and its pictures; scenes are added.
    """
    composer = gallery_composer(cache)
    (out / PICTURES).mkdir(parents=True, exist_ok=True)
    records = []
    for number in NUMBERS:
        scene = composer.scene(number)
        path = out / PICTURES / f"scene-{number:03}.webp"
        Image.fromarray(scene.pixels).save(path, "WEBP", quality=QUALITY, method=6)
        records.append(_titled(as_record(scene, path)))
    records += read_finehard(out / PHOTOGRAPHS)
    write_finehard(records, out / "gallery.json")
    return records


def gallery_composer(cache: Path) -> Composer:
    """Return the composer whose scenes the gallery is chosen from."""
    sprites = SharpSprites(SpritePack.load(cache / "pack"), cache)
    return Composer(sprites, size=SIDE, objects=(2, 5), split="compositions", seed=SEED)


def _titled(record: Record) -> Record:
    """Add a title of the objects' names and say that the picture is composed."""
    names = [region.category for region in record.regions if region.category != BACKGROUND]
    title = ", ".join(names)
    return replace(
        record, meta={"title": title[0].upper() + title[1:], "kind": "composed", **record.meta}
    )
