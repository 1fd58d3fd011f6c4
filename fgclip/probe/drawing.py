"""Found boxes drawn into their picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from fgclip.boxes import Boxes, to_pixels

READABLE = 1024  # pixels of the longer side; a picture is enlarged as long as it stays below
RIM = 2  # pixels of black on either side of a line: any colour is seen on any picture
TEXT = 0.75  # of supervision's size of letters
# Okabe and Ito's colours, which stay apart for colour-blind eyes, and wine: as on the page.
HUES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#882255")


def drawn(
    image: Image.Image, boxes: Boxes, labels: Sequence[str], colours: Sequence[int]
) -> Image.Image:
    """A copy of the picture with boxes and labels, by supervision.

    Small pictures are enlarged, so that labels can be read and leave the things to be seen.

    Args:
        image: RGB.
        boxes: (N, 4) fractions.
        labels: one a box.
        colours: one number a box; equal ones share a colour.
    """
    import supervision as sv  # takes seconds, and only drawings need it

    image = _enlarged(image)
    corners = to_pixels(np.asarray(boxes, np.float32).reshape(-1, 4), *image.size)
    found = sv.Detections(xyxy=corners, class_id=np.array(colours, int))
    palette = sv.ColorPalette.from_hex(list(HUES))
    thickness = 2 * sv.calculate_optimal_line_thickness(image.size)
    scale = TEXT * sv.calculate_optimal_text_scale(image.size)
    rim = sv.BoxAnnotator(sv.Color.BLACK, thickness=thickness + 2 * RIM).annotate(image, found)
    painted = sv.BoxAnnotator(palette, thickness=thickness).annotate(rim, found)
    labelled = sv.LabelAnnotator(
        palette, text_color=sv.Color.BLACK, text_scale=scale, smart_position=True
    )
    return labelled.annotate(painted, found, list(labels))


def _enlarged(image: Image.Image) -> Image.Image:
    """A copy, as many times as large as `READABLE` has room for."""
    times = max(1, READABLE // max(image.size))
    width, height = image.size
    return image.resize((width * times, height * times), Image.Resampling.LANCZOS)
