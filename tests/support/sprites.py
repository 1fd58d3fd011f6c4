"""A sprite pack of polygons: real names, so that the real splits apply to it."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from training.scenes.concepts import Concept
from training.scenes.sources import styles
from training.scenes.sprites import SpritePack

SIDE = 40
KINDS = {
    "animal-mammal": ("animals-nature", "dog cat fox wolf pig lion bear"),
    "food-fruit": ("food-drink", "tomato banana lemon pear strawberry melon"),
    "musical-instrument": ("objects", "guitar violin drum trumpet microphone harp"),
    "tool": ("objects", "hammer axe wrench screwdriver"),
    "transport-ground": ("travel-places", "car bus taxi tractor bicycle"),
}
PEOPLE = {
    "person-role": "artist pilot judge singer teacher scientist guard",
    "person-sport": "surfing climbing biking juggling",
}
TONES = {"light": (250, 220, 190), "medium": (190, 140, 100), "dark": (90, 60, 40)}
SAME_DRAWING = ("man pilot", "woman pilot")  # in the style noto
ROUND = "drum"  # looks the same upside down


def concepts() -> list[Concept]:
    found = [
        Concept(name, name, name, group, subgroup, (f"{name}-like",), {})
        for subgroup, (group, names) in KINDS.items()
        for name in names.split()
    ]
    people = [
        Concept(name, name, name, "people-body", subgroup, (), {tone: tone for tone in TONES})
        for subgroup, roles in PEOPLE.items()
        for role in roles.split()
        for name in (f"man {role}", f"woman {role}")
    ]
    return found + people


def tiny_pack() -> SpritePack:
    drawings = []
    for style in (*styles("train"), *styles("held out")):
        for number, concept in enumerate(concepts()):
            name = concept.name
            if style == "noto" and name in SAME_DRAWING:
                name = SAME_DRAWING[0]
            for tone in ("", *concept.tones):
                drawings += [(number, style, tone, name, drawing(name, style, tone))]
    return SpritePack.build(concepts(), drawings)


def drawing(name: str, style: str, tone: str = "") -> Image.Image:
    rng = Random(f"{name} {style}")
    colour = TONES[tone] if tone else tuple(rng.randint(0, 255) for _ in range(3))
    picture = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if name == ROUND:
        pen.ellipse((0, 0, SIDE - 1, SIDE - 1), fill=colour)
        return picture
    corners = [(rng.randint(0, SIDE), rng.randint(0, SIDE)) for _ in range(4)]
    pen.polygon([(0, 0), *corners, (SIDE - 1, SIDE - 1)], fill=colour)
    pen.rectangle((0, 0, 12, 12), fill=(255, 255, 255))
    pen.rectangle((30, 34, SIDE - 1, SIDE - 1), fill=(20, 20, 20))
    return picture.crop(picture.getbbox())
