"""The former name of `fgclip.inputs.images`; it goes with the next release."""

from fgclip.inputs.images import (
    MAX_PIXELS,
    MEAN,
    STD,
    Picture,
    PictureError,
    Pixels,
    fitted,
    normalised,
    open_picture,
    picture_size,
    pixel_values,
    squashed,
)

__all__ = [
    "MAX_PIXELS",
    "MEAN",
    "STD",
    "Picture",
    "PictureError",
    "Pixels",
    "fitted",
    "normalised",
    "open_picture",
    "picture_size",
    "pixel_values",
    "squashed",
]
