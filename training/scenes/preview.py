"""A contact sheet of scenes with boxes and phrases, to look at."""

from __future__ import annotations

from PIL import Image, ImageDraw

from training.scenes.composer import Composer, Scene

CELL = 320  # pixels a scene is shown at
TEXT = 150  # pixels of text below it
BOX_COLOURS = ("red", "blue", "green", "purple", "black")


def contact_sheet(composer: Composer, *, first: int, count: int, columns: int) -> Image.Image:
    """Return scenes `first` to `first + count - 1` in rows, each with its words below."""
    rows = -(-count // columns)
    sheet = Image.new("RGB", (columns * CELL, rows * (CELL + TEXT)), "white")
    for i in range(count):
        corner = (i % columns * CELL, i // columns * (CELL + TEXT))
        sheet.paste(_cell(composer.scene(first + i)), corner)
    return sheet


def _cell(scene: Scene) -> Image.Image:
    cell = Image.new("RGB", (CELL, CELL + TEXT), "white")
    cell.paste(Image.fromarray(scene.pixels).resize((CELL - 4, CELL - 4)), (0, 0))
    draw = ImageDraw.Draw(cell)
    lines = [("black", scene.short_caption)]
    for region, colour in zip(scene.regions, BOX_COLOURS * 2, strict=False):
        draw.rectangle([edge * (CELL - 4) for edge in region.box], outline=colour)
        wrong = " / ".join(negative.text for negative in region.negatives[:3])
        lines += [(colour, region.phrase), ("grey", f"not {wrong}")]
    for row, (colour, line) in enumerate(lines):
        draw.text((2, CELL + 11 * row), line[:64], fill=colour)
    return cell
