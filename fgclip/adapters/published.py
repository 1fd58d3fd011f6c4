"""Published models that load here: what they take, and what their papers measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fgclip.model.checkpoints.hub import REVISIONS
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FGCLIP2Config
from fgclip.model.meta import without_values

BYTES = 4  # of a number in float32, in which models are held


@dataclass(frozen=True)
class Published:
    """One model of the hub.

    Attributes:
        name: hub id, to be given as `--model`.
        link: its page.
        family: FG-CLIP, FG-CLIP 2, CLIP or SigLIP 2.
        licence: of its card.
        parameters: as it is held here, parts that it lacks and that are copies included.
        memory: bytes of them in float32; files are that large, or half where they are of 16 bits.
        disk: bytes of the weights' file where others have reported it, else None.
        revision: commit that the name stands for; None: the first that is downloaded here.
        image: what it sees.
        contexts: tokens that it reads, short and long.
        reported: figures of its papers, each group with its source.
    """

    name: str
    link: str
    family: str
    licence: str
    parameters: int
    memory: int
    disk: int | None
    revision: str | None
    image: str
    contexts: tuple[int, int]
    reported: dict[str, dict[str, Any]]


@cache
def published() -> tuple[Published, ...]:
    """All that are known to load, in the order of their families."""
    listed = json.loads(files(__package__).joinpath("zoo.json").read_text(encoding="utf-8"))
    return tuple(_of(model, listed) for model in listed["models"])


def _of(model: dict[str, Any], listed: dict[str, Any]) -> Published:
    naflex = model["family"] in ("FG-CLIP 2", "SigLIP 2")
    config = getattr(FGCLIP2Config if naflex else FGCLIPConfig, model["shape"])()
    parameters, contexts, image = _facts(config)
    return Published(
        name=model["name"],
        link=f"https://huggingface.co/{model['name']}",
        family=model["family"],
        licence=model["licence"],
        parameters=parameters,
        memory=BYTES * parameters,
        disk=model.get("bytes"),
        revision=REVISIONS.get(model["name"]),
        image=image,
        contexts=contexts,
        reported={
            group: {
                "source": source,
                **dict(zip(listed["columns"][group], model[group], strict=True)),
            }
            for group, source in listed["sources"].items()
        },
    )


@cache
def _facts(config: FGCLIPConfig | FGCLIP2Config) -> tuple[int, tuple[int, int], str]:
    with without_values():
        model = FGCLIP2(config) if isinstance(config, FGCLIP2Config) else FGCLIP(config)
    parameters = sum(each.numel() for each in model.parameters())
    contexts = (config.text.context_length, config.text.long_context_length)
    patch = config.vision.patch_size
    if isinstance(config, FGCLIP2Config):
        return parameters, contexts, f"up to 1024 patches of {patch} pixels, at the picture's shape"
    side = config.vision.image_size
    return parameters, contexts, f"{side} × {side} pixels in patches of {patch}"
