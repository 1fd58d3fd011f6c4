"""What the page calls rank, margin and fooled is what Python does; a tie is shown as fooled."""

from __future__ import annotations

import math

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from fgclip import ranking
from tests.support.pages.compare import ComparePage
from tests.support.pages.negatives import NegativesPage

RANK = """async (cases) => {
    const {isFooled, leadOf, marginOf, rankOf, ranksOf, TIE} =
        await import('/web/scoring/ranking.js');
    return cases.map(([first, ...others]) => {
        const margin = marginOf(first, others);
        const {place, margin: lead} = leadOf([first, ...others]);
        return {
            rank: rankOf(first, others), margin, fooled: isFooled(margin),
            ranks: ranksOf([first, ...others]), place, first: !isFooled(lead), tie: TIE,
        };
    });
}"""
STEPS = np.array((0, 0.5, -0.5, 1, -1, 1.1, -1.1, 3)) * ranking.TIE


def lists() -> list[np.ndarray]:
    """Cosines, some of them near or equal to the first, some NaN."""
    rng = np.random.default_rng(0)
    found = []
    for count in rng.integers(1, 9, 400).tolist():
        values = rng.uniform(-1, 1, count)
        near = rng.random(count) < 0.4
        values[near] = (values[0] + rng.choice(STEPS, count))[near]
        values[rng.random(count) < 0.05] = math.nan
        found.append(values.astype(np.float32))
    return [*found, np.full(5, 0.25, np.float32)]


def test_the_page_ranks_as_python_does(page: Page, address: str) -> None:
    page.goto(address + "web/scoring/ranking.js")
    cases = lists()
    told = page.evaluate(RANK, [each.astype(float).tolist() for each in cases])
    for values, found in zip(cases, told, strict=True):
        true, others = float(values[0]), values[1:]
        margin = ranking.margin(true, others)
        assert found["tie"] == ranking.TIE
        assert found["rank"] == ranking.rank(true, others)
        assert found["fooled"] == ranking.is_fooled(margin)
        assert found["margin"] == (margin if margin is None else pytest.approx(margin, nan_ok=True))
        assert found["ranks"] == [int(ranking.rivals(each, values).sum()) for each in values]
        if found["first"] and not np.isnan(values).any():
            assert found["ranks"][found["place"]] == 1
        if not found["first"]:
            assert 1 not in found["ranks"]


def test_a_rewrite_that_ties_fools_the_model_and_its_margin_is_nothing(
    page: Page, address: str
) -> None:
    negatives = NegativesPage(page, address).open()
    negatives.root.get_by_label("Add a negative").fill(
        "THE CAT"
    )  # to the model, the caption itself
    negatives.root.get_by_label("Add a negative").press("Enter")
    negatives.wait()

    row = negatives.rows.filter(has=page.get_by_text("THE CAT", exact=True))
    expect(row.locator(".fx-neg-margin")).to_have_text("flip .000")
    expect(row.locator(".fx-neg-sign")).to_have_text("!")
    for route in ("short", "long", "box"):
        expect(negatives.route(route)).to_contain_text("fooled: rank ")
    assert negatives.faults == []


def test_of_texts_that_tie_none_is_first(page: Page, address: str, two: tuple) -> None:
    tab = ComparePage(page, two[0]).open("tab=compare&cmptexts=the+cat%0ATHE+CAT")

    expect(tab.root.locator(".fx-compare-rank", has_text="2")).to_have_count(4)
    expect(tab.root.locator(".fx-compare-rank.fx-first")).to_have_count(0)
    expect(tab.verdict).to_contain_text("A tie: ")
    assert tab.faults == []


def test_of_prompts_that_tie_none_leads(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=probe&prompts=the+cat%0ATHE+CAT")

    expect(page.locator(".fx-probe .fx-summary")).to_contain_text("margin over next .000")
    expect(page.locator(".fx-probe .fx-row.fx-best")).to_have_count(0)
