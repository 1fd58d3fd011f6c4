"""How well a chat model writes hard negatives: how much of what it answers passes the rules."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from fgclip.language import hard_negatives
from fgclip.language.chat_rewriting import Chat, written_negatives


@dataclass(frozen=True)
class WriterReport:
    """Of some captions, each asked for so many negatives."""

    writer: str
    captions: int
    asked: int  # negatives
    written: int  # that passed
    by_rule: int  # that the rules alone make of the same captions
    replies: int
    refused: dict[str, int]
    seconds: float  # a caption
    examples: list[dict[str, Any]]

    @property
    def passed(self) -> float:
        """Share of the lines that are hard negatives."""
        return self.written / max(1, self.written + sum(self.refused.values()))


def report(chat: Chat, captions: Sequence[str], count: int) -> WriterReport:
    """Have captions rewritten, each so many times with one attribute wrong."""
    refused: Counter[str] = Counter()
    examples, replies, by_rule = [], 0, 0
    begun = time.perf_counter()
    for caption in tqdm(captions, unit=" captions"):
        made = written_negatives(chat, caption, count)
        refused.update(made.refused)
        replies += made.replies
        by_rule += len(hard_negatives(caption, count))
        examples.append({"caption": caption, "negatives": [vars(each) for each in made.negatives]})
    seconds = (time.perf_counter() - begun) / max(1, len(captions))
    written = sum(len(each["negatives"]) for each in examples)
    return WriterReport(
        chat.name, len(captions), len(captions) * count, written, by_rule, replies, dict(refused),
        round(seconds, 1), examples,
    )  # fmt: skip


def spread(phrases: Sequence[str], count: int) -> list[str]:
    """Some of the different phrases, evenly spread."""
    different = list(dict.fromkeys(phrase for phrase in phrases if phrase))
    return different[:: max(1, len(different) // count)][:count]


def writer_table(found: WriterReport) -> str:
    """One line of figures, and why lines were refused, as Markdown."""
    reasons = sorted(found.refused.items(), key=lambda each: -each[1])
    return (
        "| writer | captions | asked | passed | lines that pass (%) | by rule | s a caption |\n"
        "| --- | --: | --: | --: | --: | --: | --: |\n"
        f"| {found.writer} | {found.captions} | {found.asked} | {found.written} "
        f"| {100 * found.passed:.1f} | {found.by_rule} | {found.seconds:.1f} |\n\n"
        f"refused: {', '.join(f'{reason} {number}' for reason, number in reasons) or 'none'}\n"
    )
