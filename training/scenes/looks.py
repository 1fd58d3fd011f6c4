"""Cast a scene: which drawings, altered how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from training.scenes.concepts import Concept
from training.scenes.palette import COLOUR_NAMES
from training.scenes.splits import OUTLINED_STYLES, TRAIN_STYLES, Rules, pair_held_out
from training.scenes.sprites import SpritePack

NEAR = 0.3  # share of objects from the previous one's subgroup, so that scenes hold siblings
REPEATED = 0.08  # share of objects of the previous one's concept, in another colour or tone
TINTED = 0.25
TURNED = 0.07
HELD = 0.75  # share of objects in a test of compositions that show a held-out pair, if they can
TONED = 0.55
SMALL, LARGE = 0.32, 0.50  # longest side as a share of the picture's; between them no word is used
_UNTURNABLE = ("hand-", "hands", "time")  # thumbs up turned is thumbs down; a clock is unreadable
_ONE_SIDED = frozenset(
    "left right leftwards rightwards clock o'clock moon chart hand page calendar scroll memo "
    "newspaper book sign button medal keyboard score note notes".lower().split()
)


@dataclass(frozen=True)
class Look:
    """One object as the viewer sees it.

    Attributes:
        number: sprite in the pack.
        name: its concept.
        concept: the concept's number.
        tone: skin tone word or "".
        tint: colour it was painted in, or "".
        natural: colour words true of the drawing before painting.
        main_colour: the word true of most of it, when it was not painted; else "".
        turnable: whether upside down can be told from upright.
        turned: whether it is upside down.
        mirrored: whether left and right are swapped.
        held_out: whether it shows a (concept, colour) or (concept, tone) pair never trained on.
        lines: whether the drawing is nothing but black lines.
        told_apart: whether its colour or tone must be said, because the scene repeats the concept.
    """

    number: int
    name: str
    concept: int
    tone: str = ""
    tint: str = ""
    natural: tuple[str, ...] = ()
    main_colour: str = ""
    turnable: bool = False
    turned: bool = False
    mirrored: bool = False
    held_out: bool = False
    lines: bool = False
    told_apart: bool = False

    @property
    def altered(self) -> bool:
        """Whether it differs from the drawing itself."""
        return bool(self.tint or self.turned)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells two objects of a scene apart."""
        return self.name, self.tint, self.tone


def size_word(share: float) -> str:
    """Return "small", "large" or "" for a longest side given as a share of the picture's side."""
    return "small" if share <= SMALL else "large" if share >= LARGE else ""


class Casting:
    """Draw objects for scenes of one split."""

    def __init__(self, pack: SpritePack, rules: Rules) -> None:
        self._pack = pack
        self._rules = rules
        self._colours = [paint_colours(concept) for concept in pack.concepts]
        self._drawings = _drawings(pack, rules)
        if not self._drawings:
            raise ValueError(f"the sprite pack has nothing for the split {rules.split!r}")
        self._concepts = sorted(self._drawings)
        self._siblings: dict[str, list[int]] = defaultdict(list)
        self._with_held_pair = [number for number in self._concepts if self._has_held_pair(number)]
        for number in self._concepts:
            self._siblings[pack.concepts[number].subgroup].append(number)

    def choose(self, count: int, rng: Random) -> list[Look]:
        """Return up to `count` objects, no two the same to a reader."""
        looks: list[Look] = []
        for _ in range(count):
            again = bool(looks) and rng.random() < REPEATED
            held = self._rules.split == "compositions" and rng.random() < HELD
            concept = looks[-1].concept if again else self._next_concept(looks, rng, held=held)
            look = self._look(concept, rng, altered=again or held)
            if any(look.key == other.key for other in looks):
                continue
            looks.append(look)
        return _tell_apart(looks)

    def _next_concept(self, looks: Sequence[Look], rng: Random, *, held: bool) -> int:
        if held and self._with_held_pair:
            return rng.choice(self._with_held_pair)
        if looks and rng.random() < NEAR:
            subgroup = self._pack.concepts[looks[-1].concept].subgroup
            return rng.choice(self._siblings[subgroup])
        return rng.choice(self._concepts)

    def _look(self, number: int, rng: Random, *, altered: bool) -> Look:
        concept = self._pack.concepts[number]
        drawing = self._drawing(number, rng, altered=altered)
        sprite = self._pack.sprites[drawing]
        tint = ""
        lines = sprite.style in OUTLINED_STYLES and sprite.main_colour == "black"
        if (altered or rng.random() < TINTED) and not lines:
            tint = self._tint(number, sprite.natural, rng)
        turnable = sprite.reversible and can_turn(concept)
        nameable = not tint and sprite.main_colour in self._colours[number]
        return Look(
            number=drawing,
            name=concept.name,
            concept=number,
            tone=sprite.tone,
            tint=tint,
            natural=sprite.natural,
            main_colour=sprite.main_colour if nameable else "",
            turnable=turnable,
            turned=turnable and rng.random() < TURNED,
            mirrored=can_mirror(concept) and rng.random() < 0.4,
            held_out=any(
                word and pair_held_out(concept.name, word) for word in (tint, sprite.tone)
            ),
            lines=lines,
        )

    def _drawing(self, number: int, rng: Random, *, altered: bool) -> int:
        by_tone = self._drawings[number]
        tones = sorted(tone for tone in by_tone if tone)
        toned = altered if self._rules.split == "compositions" else rng.random() < TONED
        tone = rng.choice(tones) if tones and (toned or "" not in by_tone) else ""
        return rng.choice(by_tone[tone])

    def _has_held_pair(self, number: int) -> bool:
        """Whether some drawing of the concept can show a pair that training never does."""
        name = self._pack.concepts[number].name
        words = [*self._colours[number], *filter(None, self._drawings[number])]
        return any(pair_held_out(name, word) for word in words)

    def _tint(self, number: int, natural: Sequence[str], rng: Random) -> str:
        name = self._pack.concepts[number].name
        colours = [
            colour
            for colour in self._colours[number]
            if colour not in natural and self._rules.shows(name, colour)
        ]
        return rng.choice(colours) if colours else ""


def paint_colours(concept: Concept) -> tuple[str, ...]:
    """Return the colours a concept may be painted and called.

    None where there is skin or a colour in the name already; no skin colours for faces.
    """
    person = concept.tones or concept.subgroup.startswith("person")
    if person or set(concept.name.split()) & set(COLOUR_NAMES):
        return ()
    if concept.subgroup.startswith("face-"):
        return tuple(colour for colour in COLOUR_NAMES if colour not in ("black", "brown"))
    return COLOUR_NAMES


def can_turn(concept: Concept) -> bool:
    """Whether "upside-down" makes sense of it."""
    return not concept.subgroup.startswith(_UNTURNABLE) and "upside-down" not in concept.name


def can_mirror(concept: Concept) -> bool:
    """Whether its mirror image still deserves the name and holds no visible writing."""
    words = set(concept.name.lower().split())
    return not words & _ONE_SIDED and not concept.subgroup.startswith("hand-single")


def _drawings(pack: SpritePack, rules: Rules) -> dict[int, dict[str, list[int]]]:
    """Return concept → tone → sprite numbers that the split shows."""
    styles: dict[int, set[str]] = defaultdict(set)
    for sprite in pack.sprites:
        if sprite.style in TRAIN_STYLES:
            styles[sprite.concept].add(sprite.style)
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, sprite in enumerate(pack.sprites):
        name = pack.concepts[sprite.concept].name
        if not rules.draws(name, sprite.style, len(styles[sprite.concept])):
            continue
        if sprite.tone and not rules.shows(name, sprite.tone):
            continue
        found[sprite.concept][sprite.tone].append(number)
    return {concept: dict(tones) for concept, tones in found.items()}


def _tell_apart(looks: list[Look]) -> list[Look]:
    """Mark the objects whose concept the scene shows twice, if words can separate them."""
    names = [look.name for look in looks]
    return [
        look if names.count(look.name) == 1 else replace(look, told_apart=True) for look in looks
    ]
