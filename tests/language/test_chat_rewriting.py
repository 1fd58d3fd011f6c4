from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.language import LanguageError
from fgclip.language.cache import Writer
from fgclip.language.chat_rewriting import (
    TURNS,
    Enough,
    Message,
    lines_of,
    prompt,
    written_negatives,
)

CAPTION = "a small red wooden box"
BLUE, METAL, LARGE = "a small blue wooden box", "a small red metal box", "a large red wooden box"


class Script:
    """Replies that were written before."""

    name = identity = "script"

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, int]] = []

    def reply(self, messages: Sequence[Message], *, seed: int) -> str:
        self.asked.append((messages[-1]["content"], seed))
        return self.replies.pop(0) if self.replies else ""


def texts(*lines: str) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def test_lines_that_pass_are_negatives_and_the_rest_is_counted() -> None:
    reply = texts(BLUE, CAPTION, METAL, BLUE.upper(), "a small red wooden cup")
    found = written_negatives(Script(f"Sure! Here they are:\n{reply}\nEnjoy."), CAPTION, 2)

    assert [each.text for each in found.negatives] == [BLUE, METAL]
    assert [each.kinds for each in found.negatives] == [("colour",), ("material",)]
    assert found.replies == 1
    assert found.refused == {
        "the caption itself": 1, "there already": 1, "changes the thing": 1,
    }  # fmt: skip


def test_it_is_asked_again_for_what_is_missing() -> None:
    script = Script(texts(BLUE), "I cannot.", texts(BLUE, METAL, LARGE))
    found = written_negatives(script, CAPTION, 3, seed=2)

    assert [each.text for each in found.negatives] == [BLUE, METAL, LARGE]
    assert found.replies == 3
    (first, seed), (second, other), _ = script.asked
    assert "Write 3 rewrites" in first
    assert "Write 2 rewrites" in second
    assert BLUE in second
    assert seed != other


def test_too_few_are_given_rather_than_made_up() -> None:
    found = written_negatives(Script(texts(BLUE)), CAPTION, 10)

    assert [each.text for each in found.negatives] == [BLUE]
    assert found.replies == TURNS


@pytest.mark.parametrize(
    ("caption", "reply"),
    [
        ("", BLUE), ("   ", BLUE), ("zzz qqq", "zzz www"), ("🐈", "🐕"),
        ("红色的盒子", "蓝色的盒子"),
        ("<b>a red box</b>", "<b>a blue box</b>"),
    ],
)  # fmt: skip
def test_captions_that_cannot_be_checked_have_no_negatives(caption: str, reply: str) -> None:
    assert written_negatives(Script(texts(reply)), caption, 3).negatives == ()


def test_a_long_caption_has_negatives_like_any_other() -> None:
    caption = "a red car " * 100 + "and a small dog"
    wrong = "a red car " * 100 + "and a large dog"

    (found,) = written_negatives(Script(texts(wrong)), caption, 1).negatives
    assert found.kinds == ("size",)


def test_none_wanted_is_none_asked() -> None:
    script = Script()
    assert written_negatives(script, CAPTION, 0).negatives == ()
    assert script.asked == []
    with pytest.raises(LanguageError, match="0 or more"):
        written_negatives(script, CAPTION, -1)
    with pytest.raises(LanguageError, match="1 to 3"):
        written_negatives(script, CAPTION, 5, changes=4)


def test_who_watches_may_have_enough() -> None:
    told: list[tuple[int, int]] = []

    def watch(done: int, wanted: int) -> None:
        told.append((done, wanted))
        if done:
            raise Enough

    found = written_negatives(Script(texts(BLUE), texts(METAL)), CAPTION, 3, watch=watch)
    assert [each.text for each in found.negatives] == [BLUE]
    assert found.ended
    assert told == [(0, 3), (1, 3)]


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_the_prompt_ends_with_the_caption(changes: int) -> None:
    *before, last = prompt("a red\nbox", 4, changes)

    assert [each["role"] for each in before] == ["user", "assistant"] * (len(before) // 2)
    assert "numbered list" in before[0]["content"]
    assert last["role"] == "user"
    assert "Caption: a red box\n" in last["content"]
    assert ("one attribute" if changes == 1 else f"{changes} attributes") in last["content"]


LINES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)


@given(st.lists(LINES.filter(lambda line: "think>" not in line), max_size=8))
def test_a_numbered_list_is_read_whole(lines: list[str]) -> None:
    kept = [line.strip().strip("\"“”'") for line in lines]
    assert lines_of(texts(*lines)) == kept


def test_what_a_model_thinks_first_is_no_answer() -> None:
    thought = "<think>\n1. a red cup\n</think>\n1. a blue cup"
    assert lines_of(thought) == lines_of(thought.removeprefix("<think>")) == ["a blue cup"]
    assert lines_of("<think>\n1. a red cup, or perhaps") == []


@given(st.text())
def test_any_reply_is_read(reply: str) -> None:
    assert all("\n" not in line for line in lines_of(reply))


def test_the_same_question_is_not_asked_twice(tmp_path: Path) -> None:
    script = Script(texts(BLUE, CAPTION), *[""] * (TURNS - 1))
    first = Writer(script, tmp_path).write(CAPTION, 2)
    asked = len(script.asked)

    assert Writer(script, tmp_path).write(CAPTION, 2) == first
    assert len(script.asked) == asked
    Writer(script, tmp_path).write(CAPTION, 2, seed=1)
    assert len(script.asked) > asked


def test_what_cannot_be_kept_is_given_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    found = Writer(Script(texts(BLUE)), tmp_path / "file").write(CAPTION, 1)

    assert [each.text for each in found.negatives] == [BLUE]
    assert "cannot be written" in caplog.text


def test_what_was_cut_short_or_is_broken_is_asked_again(tmp_path: Path) -> None:
    def enough(done: int, wanted: int) -> None:
        raise Enough

    writer = Writer(Script(texts(BLUE)), tmp_path)
    assert writer.write(CAPTION, 1, watch=enough).negatives == ()
    assert len(writer.write(CAPTION, 1).negatives) == 1
    (file,) = tmp_path.iterdir()
    file.write_text("{}")
    assert writer.write(CAPTION, 1).negatives == ()  # the script has nothing more to say
    assert Writer(Script(texts(BLUE))).write(CAPTION, 1).replies == 1  # no folder, no memory
