"""Draw every icon of every style once, at the size scenes are composed from."""

from __future__ import annotations

import io
import logging
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import resvg_py
from PIL import Image

from training.scenes.concepts import Concept, read_concepts
from training.scenes.icons import IconFinder
from training.scenes.sources import CACHE
from training.scenes.sprites import UNTONED, SpritePack

log = logging.getLogger(__name__)

LONGEST = 80  # pixels of a sprite's longest side
OVERSAMPLING = 2.0  # the canvas is drawn larger, trimmed, then reduced to LONGEST


def draw(svg: str, longest: int) -> Image.Image | None:
    """Rasterise an SVG, trim it to its visible part and scale its longest side to `longest`.

    Returns:
        RGBA picture; None where nothing is visible.
    """
    canvas = int(longest * OVERSAMPLING)
    png = resvg_py.svg_to_bytes(svg_string=svg, width=canvas, skip_system_fonts=True)
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    box = picture.getchannel("A").point(lambda alpha: 255 * (alpha > 16)).getbbox()
    if box is None:
        return None
    picture = picture.crop(box)
    scale = longest / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def rasterise(cache: Path = CACHE, *, longest: int = LONGEST, workers: int = 2) -> SpritePack:
    """Draw all concepts in all styles and tones, and save the pack under `cache`/pack."""
    concepts = read_concepts(cache)
    finder = IconFinder.read(cache)
    jobs = [
        (number, style, tone, icon)
        for style in finder.sets
        for number, concept in enumerate(concepts)
        for tone, icon in _drawings_of(finder, style, concept)
    ]
    svgs = [finder.sets[style].svg(icon) for _, style, _, icon in jobs]
    with ProcessPoolExecutor(workers) as pool:
        pictures = list(pool.map(draw, svgs, [longest] * len(svgs), chunksize=64))
    empty = [
        f"{style} {icon}" for (_, style, _, icon), p in zip(jobs, pictures, strict=True) if not p
    ]
    if empty:
        log.warning("%d icons show nothing and are left out: %s", len(empty), ", ".join(empty))
    drawings = [(*job, picture) for job, picture in zip(jobs, pictures, strict=True) if picture]
    pack = SpritePack.build(concepts, drawings)
    pack.save(cache / "pack")
    log.info("%d concepts, %d sprites", len(concepts), len(pack))
    return pack


def _drawings_of(finder: IconFinder, style: str, concept: Concept) -> list[tuple[str, str]]:
    """Return tone and icon name of each drawing the style has of a concept."""
    found = [(UNTONED, finder.find(style, concept))]
    found += [(tone, finder.find(style, concept, tone)) for tone in concept.tones]
    return [(tone, icon) for tone, icon in found if icon]
