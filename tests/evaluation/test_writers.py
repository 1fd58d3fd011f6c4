from __future__ import annotations

from collections.abc import Sequence

from fgclip.evaluation.writers import report, spread, writer_table
from fgclip.language.chat_rewriting import TURNS, Message


class Parrot:
    """Says one good rewrite, and the caption."""

    name = identity = "parrot"

    def reply(self, messages: Sequence[Message], *, seed: int) -> str:
        caption = messages[-1]["content"].splitlines()[0].removeprefix("Caption: ")
        return f"1. {caption.replace('red', 'blue')}\n2. {caption}"


def test_what_passes_and_why_the_rest_does_not_is_counted() -> None:
    found = report(Parrot(), ["a red box", "a small red owl"], 3)

    assert (found.captions, found.asked, found.written) == (2, 6, 2)
    assert found.replies == 2 * TURNS
    assert found.refused == {"the caption itself": 2 * TURNS, "there already": 2 * (TURNS - 1)}
    assert found.passed == 2 / (2 + 4 * TURNS - 2)
    assert [each["negatives"][0]["text"] for each in found.examples] == [
        "a blue box", "a small blue owl",
    ]  # fmt: skip
    assert "| parrot | 2 | 6 | 2 |" in writer_table(found)


def test_captions_are_spread_over_different_phrases() -> None:
    assert spread(["a", "b", "a", "", "c", "d"], 2) == ["a", "c"]
    assert spread(["a"], 5) == ["a"]
