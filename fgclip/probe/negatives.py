"""A true caption against hard negatives: who wins, by how much, and for which words.

Slot 0 is the true caption, as in FG-CLIP's loss over hard negatives (Xie et al., ICML 2025) and in
FG-OVD's protocol: the model is right where slot 0 has the largest cosine, and it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgclip import ranking
from fgclip.language.words import words_of
from fgclip.probe.prompts import PictureEncoder, Prompt, embed_prompts
from fgclip.probe.regions import softmax
from fgclip.types import Embeddings, RouteChoice

MOST_WORDS = 80  # whose weight is asked for; each is a text of its own


@dataclass(frozen=True)
class Standing:
    """How the true caption stands against K negatives by one route.

    Attributes:
        route: by which the texts were read.
        cosines: (1 + K,) with the region or the picture; slot 0 is the true caption's.
        shares: (1 + K,) softmax at the model's own scale.
        margin: the true caption's cosine minus the best negative's; None without negatives.
        rank: of the true caption, from 1; negatives that tie come before it.
    """

    route: RouteChoice
    cosines: NDArray[np.float32]
    shares: NDArray[np.float32]
    margin: float | None
    rank: int

    @property
    def fooled(self) -> bool:
        """Whether a negative scores as high as the true caption, or higher."""
        return ranking.is_fooled(self.margin)


def standing(
    encoder: PictureEncoder,
    seen: Embeddings,
    texts: Sequence[str],
    route: RouteChoice,
    scale: float,
) -> Standing:
    """Read texts by a route and hold them against what is seen.

    Args:
        encoder: the model.
        seen: (D,) unit vector of a region or a picture.
        texts: the true caption, then its negatives.
        route: how to read them.
        scale: of the softmax, the model's own.
    """
    cosines = embed_prompts(encoder, [Prompt(text, route) for text in texts]) @ seen
    return standing_of(cosines, route, scale)


def standing_of(cosines: NDArray[np.float32], route: RouteChoice, scale: float) -> Standing:
    """The same of (1 + K,) cosines that are known."""
    true, others = float(cosines[0]), cosines[1:]
    return Standing(
        route=route,
        cosines=cosines,
        shares=softmax(cosines, scale),
        margin=ranking.margin(true, others),
        rank=ranking.rank(true, others),
    )


@dataclass(frozen=True)
class Weight:
    """What a word of a caption is worth.

    Attributes:
        start: first character of the word.
        end: after the last one.
        delta: cosine of the caption minus that of the caption without the word.
    """

    start: int
    end: int
    delta: float


def word_weights(
    encoder: PictureEncoder, seen: Embeddings, caption: str, route: RouteChoice
) -> tuple[Weight, ...]:
    """What the cosine loses when a word is left out, for each word; at most `MOST_WORDS` of them.

    Args:
        encoder: the model.
        seen: (D,) unit vector of a region or a picture.
        caption: with two words at least; one alone cannot be left out.
        route: how to read it.
    """
    words = words_of(caption)[:MOST_WORDS]
    if len(words) < 2:
        return ()
    without = [" ".join((caption[: word.start] + caption[word.end :]).split()) for word in words]
    cosines = embed_prompts(encoder, [Prompt(text, route) for text in (caption, *without)]) @ seen
    deltas = (cosines[0] - cosines[1:]).tolist()
    return tuple(
        Weight(word.start, word.end, delta) for word, delta in zip(words, deltas, strict=True)
    )
