"""FG-CLIP Explorer: look at what a fine-grained image-text model sees."""

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fgclip.dense import Dense
    from fgclip.encoder import Card, Encoder
    from fgclip.zoo import load, load_model

__version__ = "0.1.0"
__all__ = ["Card", "Dense", "Encoder", "load", "load_model"]

# supervision says it when imported; what we take of it needs no OpenCV.
warnings.filterwarnings("ignore", r"OpenCV \(`opencv-python`\) is not installed", UserWarning)

_HOMES = {
    "Card": "fgclip.encoder",
    "Dense": "fgclip.encoder",
    "Encoder": "fgclip.encoder",
    "load": "fgclip.zoo",
    "load_model": "fgclip.zoo",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that the leaves (boxes, data) never pay for torch."""
    if name not in _HOMES:
        raise AttributeError(f"module 'fgclip' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
