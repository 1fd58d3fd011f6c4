"""Captions: one clause on a scene, or several sentences with places and relations."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from training.scenes.backgrounds import Background
from training.scenes.names import is_plural
from training.scenes.phrases import Placed, Wording

ON_BACKGROUND = 0.5  # share of captions that mention the background
COUNTS = ("No", "One", "Two", "Three", "Four", "Five")


def short_caption(
    objects: Sequence[Placed], wordings: Sequence[Wording], background: Background, rng: Random
) -> str:
    """Return one clause on up to the three biggest objects, half of the time on its background."""
    order = sorted(range(len(objects)), key=lambda i: -objects[i].area)[:3]
    if len(order) >= 2 and rng.random() < 0.2:
        first, second = order[:2]
        side = relation(objects[first], objects[second])
        if side:
            text = f"{wordings[first].phrase} {side} {wordings[second].phrase}"
            return _on_background(text, background, rng)
    return _on_background(_joined([wordings[i].phrase for i in order]), background, rng)


def long_caption(
    objects: Sequence[Placed], wordings: Sequence[Wording], background: Background, rng: Random
) -> tuple[str, str]:
    """Return several sentences, and the same with one relation turned round ("" without one)."""
    count = COUNTS[len(objects)] + (" object" if len(objects) == 1 else " objects")
    sentences = []
    if rng.random() < ON_BACKGROUND:
        sentences.append(f"{count} on {background.phrase}.")
    elif rng.random() < 0.5:
        sentences.append(f"{count}.")
    for placed, wording in zip(objects, wordings, strict=True):
        whole = wording._replace(size=placed.size if rng.random() < 0.5 else "")
        verb = "are" if is_plural(wording.name) else "is"
        sentences.append(f"{_capital(whole.phrase)} {verb} {place_of(placed.centre)}.")
    related = _relations(objects, wordings, rng)
    wrong = ""
    if related:
        first, side, second = related[0]
        swapped = [_sentence(second, side, first), *(_sentence(*other) for other in related[1:])]
        wrong = " ".join([*sentences, *swapped])
    return " ".join([*sentences, *(_sentence(*parts) for parts in related)]), wrong


def place_of(centre: tuple[float, float]) -> str:
    """Return where a point is, in thirds of the picture: "at the top left"."""
    across = ("left", "", "right")[min(2, int(centre[0] * 3))]
    down = ("top", "", "bottom")[min(2, int(centre[1] * 3))]
    if down and across:
        return f"at the {down} {across}"
    if down:
        return f"at the {down}"
    return f"on the {across}" if across else "in the middle"


def relation(first: Placed, second: Placed) -> str:
    """Return how the first object lies to the second; "" where no word is clearly right."""
    (x0, y0), (x1, y1) = first.centre, second.centre
    across, down = x1 - x0, y1 - y0
    if max(abs(across), abs(down)) < 0.25 or 0.6 < abs(across) / (abs(down) + 1e-6) < 1.6:
        return ""
    if abs(across) > abs(down):
        return "to the left of" if across > 0 else "to the right of"
    return "above" if down > 0 else "below"


def _relations(
    objects: Sequence[Placed], wordings: Sequence[Wording], rng: Random
) -> list[tuple[Wording, str, Wording]]:
    """Return up to two relations between neighbours in the list, each holding for its pair."""
    found = []
    for i in range(len(objects) - 1):
        side = relation(objects[i], objects[i + 1])
        if side:
            found.append((wordings[i], side, wordings[i + 1]))
    return rng.sample(found, min(2, len(found)))


def _sentence(first: Wording, side: str, second: Wording) -> str:
    verb = "are" if is_plural(first.name) else "is"
    return f"{_capital(_definite(first))} {verb} {side} {_definite(second)}."


def _definite(wording: Wording) -> str:
    phrase = wording.phrase
    for article in ("a ", "an ", "the "):
        if phrase.startswith(article):
            return "the " + phrase.removeprefix(article)
    return phrase if phrase[0].isupper() else f"the {phrase}"


def _joined(phrases: Sequence[str]) -> str:
    if len(phrases) == 1:
        return phrases[0]
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _on_background(text: str, background: Background, rng: Random) -> str:
    return f"{text} on {background.phrase}" if rng.random() < ON_BACKGROUND else text


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
