"""Ten phrases that are each wrong about a region in one respect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from fgclip.data.records import Negative
from training.scenes.backgrounds import PATTERNS, Background, describe
from training.scenes.looks import Look, can_turn, paint_colours
from training.scenes.names import GENERIC, gender_family
from training.scenes.palette import COLOUR_NAMES
from training.scenes.phrases import Placed, Wording
from training.scenes.splits import Rules
from training.scenes.sprites import SpritePack

COUNT = 10
KIND_TRIES = 80  # a tiny pack may not have ten other kinds of thing
TONES = ("light", "medium", "dark")
# Colours whose border is a matter of taste: not called wrong about an unpainted drawing.
_NEIGHBOURS = {
    "red": ("orange", "pink", "brown"),
    "orange": ("red", "yellow", "brown"),
    "yellow": ("orange", "brown", "white"),
    "green": (),
    "blue": ("purple", "grey"),
    "purple": ("blue", "pink"),
    "pink": ("red", "purple"),
    "brown": ("orange", "red", "yellow", "black"),
    "black": ("grey", "brown"),
    "grey": ("black", "white", "blue"),
    "white": ("grey",),
}
_REMAINS = ("black", "white", "grey")  # painting by hue leaves these as they were


class Rewriter:
    """Writes hard negatives for one split of one pack."""

    def __init__(self, pack: SpritePack, rules: Rules) -> None:
        self._pack = pack
        self._rules = rules
        self._words = [frozenset(concept.name.lower().split()) for concept in pack.concepts]
        self._families = [gender_family(concept.name) for concept in pack.concepts]
        self._colours = [paint_colours(concept) for concept in pack.concepts]
        self._sayable = [i for i, c in enumerate(pack.concepts) if rules.says(c.name)]
        self._toned = [i for i in self._sayable if pack.concepts[i].tones]
        self._subgroups: dict[str, list[int]] = defaultdict(list)
        for number in self._sayable:
            self._subgroups[pack.concepts[number].subgroup].append(number)
        self._near: dict[int, list[int]] = {}
        self._other_gender = self._gender_pairs()

    def of_object(self, placed: Placed, wording: Wording, rng: Random) -> tuple[Negative, ...]:
        """Return ten negatives of a region's phrase, none equal to it and none twice."""
        found = {wording.phrase.lower(): Negative("")}
        for candidate, attribute in self._attributes(placed, wording, rng):
            text = candidate.phrase
            found.setdefault(text.lower(), Negative(text, attribute))
        for candidate, attribute in self._kinds(placed.look, wording, rng):
            if len(found) > COUNT:
                break
            text = candidate.phrase
            found.setdefault(text.lower(), Negative(text, attribute))
        return tuple(found.values())[1 : COUNT + 1]

    def of_background(self, background: Background, rng: Random) -> tuple[Negative, ...]:
        """Return ten negatives of a background's phrase: five colours, four patterns, one thing."""
        pattern, colour, second = background.pattern, background.colour, background.second
        colours = [other for other in COLOUR_NAMES if other not in (colour, second)]
        found = [
            Negative(describe(pattern, other, second), "colour") for other in rng.sample(colours, 5)
        ]
        found += [
            Negative(describe(other, colour, second), "pattern")
            for other in PATTERNS
            if other != pattern
        ]
        thing = self._pack.concepts[rng.choice(self._sayable)].name
        return (*found, Negative(Wording(thing).phrase, "kind far"))

    def _attributes(
        self, placed: Placed, wording: Wording, rng: Random
    ) -> Iterator[tuple[Wording, str]]:
        """Yield up to six rewrites of anything but the kind of thing."""
        look = placed.look
        # A wrong word is added where the phrase has none, but seldom: were it in every set of
        # negatives, the word alone would give the answer away.
        if wording.orientation or (look.turnable and rng.random() < 0.2):
            turned = "upright" if look.turned else "upside-down"
            yield wording._replace(orientation=turned), "orientation"
        if placed.size and (wording.size or rng.random() < 0.4):
            yield wording._replace(size="small" if placed.size == "large" else "large"), "size"
        for tone in self._wrong_tones(look, wording, rng):
            yield wording._replace(tone=tone), "tone"
        other = self._other_gender.get(look.concept)
        alike = self._pack.drawn_like(look.number)
        if other is not None and other not in alike and self._fits(other, wording):
            yield self._renamed(wording, other), "gender"
        for colour in self._wrong_colours(look, wording, rng):
            yield wording._replace(colour=colour), "colour"

    def _wrong_tones(self, look: Look, wording: Wording, rng: Random) -> list[str]:
        if not look.tone:
            return []
        others = [t for t in TONES if t != look.tone and self._rules.says(look.name, t)]
        if wording.tone:
            return others
        return [rng.choice(others)] if others and rng.random() < 0.5 else []

    def _wrong_colours(self, look: Look, wording: Wording, rng: Random) -> list[str]:
        colours = self._colours[look.concept]
        true = {look.tint} if look.tint else {wording.colour}
        if look.tint:
            true.update(colour for colour in look.natural if colour in _REMAINS)
        else:
            true.update(look.natural)
            for colour in look.natural[:2]:
                true.update(_NEIGHBOURS[colour])
        wrong = [c for c in colours if c not in true and self._rules.says(look.name, c)]
        return rng.sample(wrong, min(len(wrong), 3 if wording.colour else 2))

    def _kinds(self, look: Look, wording: Wording, rng: Random) -> Iterator[tuple[Wording, str]]:
        """Yield rewrites of the kind of thing: near and far by turns, then far ones."""
        alike = self._pack.drawn_like(look.number)
        near = [other for other in self._near_to(look.concept) if other not in alike]
        siblings = iter(rng.sample(near, min(COUNT, len(near))))
        for turn in range(KIND_TRIES):
            number = next(siblings, None) if turn % 2 == 0 else None
            attribute = "kind far" if number is None else "kind near"
            if number is None:
                number = self._far_from(look.concept, wording, rng)
            if number is not None and self._fits(number, wording):
                yield self._renamed(wording, number), attribute

    def _fits(self, number: int, wording: Wording) -> bool:
        """Whether the other words of a phrase can be said of another concept."""
        concept = self._pack.concepts[number]
        if wording.tone and wording.tone not in concept.tones:
            return False
        if wording.colour and wording.colour not in self._colours[number]:
            return False
        if wording.orientation and not can_turn(concept):
            return False
        words = (wording.colour, wording.tone)
        return all(self._rules.says(concept.name, word) for word in words if word)

    def _near_to(self, number: int) -> list[int]:
        if number not in self._near:
            subgroup = self._subgroups[self._pack.concepts[number].subgroup]
            self._near[number] = [other for other in subgroup if self._contradicts(number, other)]
        return self._near[number]

    def _far_from(self, number: int, wording: Wording, rng: Random) -> int | None:
        """Return a concept of another group; of another subgroup where the phrase names a tone."""
        concept = self._pack.concepts[number]
        pool = self._toned if wording.tone else self._sayable
        other = rng.choice(pool)
        candidate = self._pack.concepts[other]
        near = (
            candidate.subgroup == concept.subgroup
            if wording.tone
            else candidate.group == concept.group
        )
        return None if near or not self._contradicts(number, other) else other

    def _contradicts(self, number: int, other: int) -> bool:
        """Whether a drawing of one concept cannot also be called the other."""
        one, two = self._pack.concepts[number], self._pack.concepts[other]
        if number == other or two.name in GENERIC:
            return False
        if one.group == two.group and self._families[number][0] != self._families[other][0]:
            return False  # gender would be a second difference
        mine, others = self._words[number], self._words[other]
        return not (mine <= others or others <= mine)

    def _gender_pairs(self) -> dict[int, int]:
        """Return man X → woman X and back, where a phrase may say both."""
        numbers = {self._families[i]: i for i in self._sayable if self._families[i][0]}
        swap = {"man": "woman", "woman": "man"}
        pairs = {}
        for (gender, rest), number in numbers.items():
            other = numbers.get((swap[gender], rest))
            if other is not None:
                pairs[number] = other
        return pairs

    def _renamed(self, wording: Wording, number: int) -> Wording:
        return wording._replace(name=self._pack.concepts[number].name, noun="", bare=False)
