"""Hard negatives by a chat model: asked for, checked by rule, asked for again.

FG-CLIP had its ten million negatives written so (ICML 2025, section 3.2): a language model keeps
the thing of a phrase and changes its attributes. What it answers is taken as a proposal: a line
that is no rewrite with just so many known attributes wrong is refused, with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypedDict

from fgclip.language.checking import Fault, checked
from fgclip.language.rewriting import Rewrite, check_numbers

VERSION = 4  # of the prompt and the rules: what an older one wrote is not taken from a cache
TURNS = 5  # replies that are asked for, at most
LINE = re.compile(r"\s*\d{1,3}[.)]\s+(.*\S)\s*")

TASK = (
    "You rewrite captions of pictures so that they become wrong. Keep the thing and every other "
    "word; replace only attributes: colour, material, size, pattern, number, position. Answer "
    "with a numbered list and nothing else."
)
EXAMPLES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    (
        "a small red wooden chair",
        1,
        ("a small blue wooden chair", "a small red metal chair", "a large red wooden chair"),
    ),
    (
        "A dark blue ceramic mug with a white handle and two stripes.",
        1,
        (
            "A dark green ceramic mug with a white handle and two stripes.",
            "A dark blue glass mug with a white handle and two stripes.",
            "A dark blue ceramic mug with a brown handle and two stripes.",
            "A dark blue ceramic mug with a white handle and three stripes.",
        ),
    ),
    (
        "two striped white cups on a table",
        2,
        ("three striped black cups on a table", "two dotted green cups on a table"),
    ),
)
"""Caption, attributes to change, rewrites: shown to the model as earlier turns."""


class Message(TypedDict):
    """A turn of a chat."""

    role: Literal["user", "assistant"]
    content: str


class Chat(Protocol):
    """A language model that answers."""

    @property
    def name(self) -> str:
        """As people call it."""

    @property
    def identity(self) -> str:
        """Which one exactly, so that answers of another are not taken for its own."""

    def reply(self, messages: Sequence[Message], *, seed: int) -> str:
        """Its answer; another seed, another answer.

        Raises:
            LanguageError: It cannot be asked, with the remedy.
        """


@dataclass(frozen=True)
class Written:
    """What a chat model wrote.

    Attributes:
        negatives: rewrites that passed; fewer than asked for where its replies gave no more.
        replies: how often it was asked.
        refused: lines that did not pass, by reason.
        ended: whether somebody had enough before all was tried.
    """

    negatives: tuple[Rewrite, ...]
    replies: int
    refused: Mapping[Fault, int] = field(default_factory=dict)
    ended: bool = False


class Enough(Exception):  # noqa: N818 — no error: the one who watches has enough
    """Raised by a `Watch` to end the writing with what is there."""


WriteProgress = Callable[[int, int], None]
"""Told (rewrites so far, wanted) before each reply; may raise `Enough`."""


def written_negatives(
    chat: Chat,
    caption: str,
    count: int = 10,
    *,
    changes: int = 1,
    seed: int = 0,
    watch: WriteProgress = lambda done, wanted: None,
) -> Written:
    """Have a caption rewritten, no two alike, each checked; none is made up where too few come.

    Args:
        chat: the model.
        caption: the true one.
        count: rewrites at most.
        changes: attributes that each gets wrong, 1 to 3.
        seed: of the replies.
        watch: is told of progress, and may have enough.

    Raises:
        LanguageError: A number is out of its range, or the model cannot be asked.
    """
    check_numbers(count, changes)
    made: dict[str, Rewrite] = {}
    refused: Counter[Fault] = Counter()
    replies = 0
    while len(made) < count and replies < TURNS and caption.strip():
        try:
            watch(len(made), count)
        except Enough:
            return Written(tuple(made.values()), replies, dict(refused), ended=True)
        known = [each.text for each in made.values()]
        messages = prompt(caption, count - len(made), changes, known)
        replies += 1
        for line in lines_of(chat.reply(messages, seed=seed * TURNS + replies)):
            found = checked(caption, line, changes)
            if isinstance(found, Rewrite) and line.casefold() in made:
                refused["there already"] += 1
            elif not isinstance(found, Rewrite):
                refused[found] += 1
            elif len(made) < count:
                made[line.casefold()] = found
    return Written(tuple(made.values()), replies, dict(refused))


def prompt(caption: str, count: int, changes: int, known: Sequence[str] = ()) -> list[Message]:
    """The chat that asks for rewrites.

    Args:
        caption: the true one.
        count: rewrites wanted.
        changes: attributes to change in each.
        known: rewrites that are there already.
    """
    messages: list[Message] = []
    for example, wrong, rewrites in sorted(EXAMPLES, key=lambda each: each[1] == changes):
        messages.append({"role": "user", "content": _asked(example, len(rewrites), wrong, ())})
        messages.append({"role": "assistant", "content": _numbered(rewrites)})
    messages.append({"role": "user", "content": _asked(caption, count, changes, known)})
    # Not as a system's: chat templates such as Gemma's refuse that role.
    messages[0]["content"] = f"{TASK}\n\n{messages[0]['content']}"
    return messages


def lines_of(reply: str) -> list[str]:
    """The items of a numbered list; whatever else was said, or thought, is passed over."""
    answer = reply.rpartition("</think>")[2].partition("<think>")[0]
    found = (LINE.fullmatch(line) for line in answer.splitlines())
    return [match[1].strip().strip("\"“”'") for match in found if match]


def _asked(caption: str, count: int, changes: int, known: Sequence[str]) -> str:
    attributes = "one attribute" if changes == 1 else f"{changes} attributes"
    text = (
        f"Caption: {' '.join(caption.split())}\n"
        f"Write {count} rewrites, each with {attributes} changed."
    )
    return text + (f"\nOther ones than:\n{_numbered(known)}" if known else "")


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
