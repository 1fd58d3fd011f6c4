"""The Compare tab's maps in a browser: one laid over the other, linked, and what is near."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from fgclip.analysis import map_alignment
from fgclip.encoder import Encoder
from fgclip.workspace.matrix import Matrix
from fgclip.workspace.workspace import Workspace
from tests.support.pages.compare import MapsPage

RING_ASIDE = """(plot) => {
    const { width, height, xaxis, yaxis } = plot.layout;
    const [[x0, x1], [y0, y1]] = [xaxis.range, yaxis.range];
    const { x: [x], y: [y] } = plot.data.find(({ name }) => name === 'chosen');
    const stage = plot.getBoundingClientRect();
    const ring = plot.querySelector('.scatterlayer path.point').getBoundingClientRect();
    return [
        ring.left + ring.width / 2 - stage.left - (x - x0) / (x1 - x0) * width,
        ring.top + ring.height / 2 - stage.top - (y1 - y) / (y1 - y0) * height,
    ];
}"""  # pixels from where it should lie
DIRECTIONS = {"Right": (1, 0), "Left": (-1, 0), "Up": (0, 1), "Down": (0, -1)}


@pytest.fixture(scope="module")
def laid(
    two: tuple[str, Workspace], page_encoder: Encoder, second: Encoder
) -> tuple[map_alignment.Aligned, list[Matrix]]:
    """Both maps as one, and the vectors behind each."""
    _, workspace = two
    workspace.index(second)
    models = [workspace.model_of(encoder) for encoder in (page_encoder, second)]
    first, other = [
        (
            workspace.search.matrix(model, "region"),
            next(run for run in workspace.maps if run.model_id == model.id),
        )
        for model in models
    ]
    return map_alignment.align(workspace, first, other), [first[0], other[0]]


@pytest.fixture
def aligned(laid: tuple[map_alignment.Aligned, list[Matrix]]) -> map_alignment.Aligned:
    return laid[0]


@pytest.fixture
def tab(page: Page, two: tuple[str, Workspace], aligned: map_alignment.Aligned) -> MapsPage:
    assert len(aligned.owners) == 6
    return MapsPage(page, two[0])


def test_two_maps_lie_over_each_other_and_share_what_is_chosen(
    tab: MapsPage, aligned: map_alignment.Aligned
) -> None:
    tab.open("tab=compare&cmpview=maps&cmppoint=3")

    expect(tab.maps.locator(".fx-compare-facts")).to_contain_text("6 regions on both maps")
    expect(tab.side).to_contain_text(f"drift {aligned.drift[2]:.2f} radii")
    kept = round(float(aligned.overlap[2]) * 5)
    expect(tab.side).to_contain_text(f"{kept} of 5 neighbours kept")
    np.testing.assert_allclose(tab.ringed(), [aligned.first[2], aligned.second[2]], atol=2e-3)


def test_neighbours_by_either_model_are_listed_ringed_and_chosen(
    tab: MapsPage,
    laid: tuple[map_alignment.Aligned, list[Matrix]],
    page_encoder: Encoder,
    second: Encoder,
) -> None:
    aligned, matrices = laid
    tab.open("tab=compare&cmpview=maps&cmppoint=3")

    near = [map_alignment.neighbours_of(matrix, aligned, 3) for matrix in matrices]
    for name, hits in zip((page_encoder.card.name, second.card.name), near, strict=True):
        figures = tab.side.get_by_label(f"Nearest by {name}").locator(".fx-item b")
        expect(figures).to_have_count(5)
        told = [float(each.replace("−", "-")) for each in figures.all_text_contents()]
        assert told == pytest.approx(hits.scores.tolist(), abs=6e-4)
    rows = np.searchsorted(aligned.owners, np.union1d(near[0].owners, near[1].owners))
    rings = tab.both("({data}) => [...data.find(({name}) => name === 'near').x]")
    for found, places in zip(rings, (aligned.first, aligned.second), strict=True):
        np.testing.assert_allclose(sorted(found), sorted(places[rows, 0]), atol=2e-3)

    nearest = int(near[0].owners[0])
    tab.items.first.focus()
    tab.page.keyboard.press("Enter")
    expect(tab.side).to_contain_text(f"drift {aligned.drift[nearest - 1]:.2f} radii")
    assert tab.query()["cmppoint"] == str(nearest)
    expect(tab.side.locator("h2")).to_be_focused()  # the keyboard goes on from here
    assert tab.faults == []


def test_steps_go_from_dot_to_dot_and_keep_the_zoom(
    tab: MapsPage, aligned: map_alignment.Aligned
) -> None:
    tab.open("tab=compare&cmpview=maps&cmppoint=3")
    expect(tab.side.locator("h2")).to_have_count(1)
    tab.leave_field()
    whole = tab.shown()
    tab.maps.locator(".fx-compare-map").first.hover()
    for _ in range(4):
        tab.page.mouse.wheel(0, -200)
    tab.page.wait_for_function(
        """(old) => document.querySelectorAll('.fx-compare-map')[1]
            .layout.xaxis.range[0] !== old""",
        arg=whole[1][0],
    )
    tab.page.wait_for_timeout(300)  # until the wheel has come to rest
    wide = tab.shown()[0][1] - tab.shown()[0][0]
    assert wide < 0.9 * (whole[0][1] - whole[0][0])

    others = np.delete(aligned.first, 2, axis=0) - aligned.first[2]
    ways = {key: np.array(direction) for key, direction in DIRECTIONS.items()}
    ahead = {key: others @ way for key, way in ways.items()}
    aside = {key: np.abs(others @ way[::-1]) for key, way in ways.items()}
    key = max(ways, key=lambda each: int((aside[each] <= ahead[each]).sum()))
    tab.page.keyboard.press(f"Shift+Arrow{key}")

    cost = np.hypot(ahead[key], 2 * aside[key])
    reached = int(np.where(aside[key] <= ahead[key], cost, np.inf).argmin())
    row = reached + (reached >= 2)
    expect(tab.side).to_contain_text(f"drift {aligned.drift[row]:.2f} radii")
    np.testing.assert_allclose(tab.ringed(), [aligned.first[row], aligned.second[row]], atol=2e-3)
    for low, high in tab.shown():
        assert high - low == pytest.approx(wide, rel=1e-3)

    tab.page.keyboard.press("Escape")
    expect(tab.side).to_contain_text("Point at a dot")
    for low, high in tab.shown():
        assert high - low == pytest.approx(wide, rel=1e-3)


def test_rings_lie_where_the_axes_say_whatever_the_size(tab: MapsPage) -> None:
    tab.open("tab=compare&cmpview=maps&cmppoint=3")
    expect(tab.side.locator("h2")).to_have_count(1)
    for width, height in ((1280, 720), (1000, 900), (1500, 600)):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.wait_for_timeout(500)  # until the maps have their new size
        np.testing.assert_allclose(tab.both(RING_ASIDE), 0, atol=0.75)
    tab.maps.locator(".fx-compare-map").first.hover()
    tab.page.mouse.wheel(0, -200)
    tab.page.wait_for_timeout(500)
    np.testing.assert_allclose(tab.both(RING_ASIDE), 0, atol=0.75)
    one, other = tab.shown()
    assert one == pytest.approx(other, rel=1e-6)
    assert tab.faults == []


def test_what_is_circled_has_words_and_keeps_them(
    tab: MapsPage, aligned: map_alignment.Aligned
) -> None:
    tab.open()
    tab.lasso_all()

    expect(tab.side).to_contain_text("6 circled")
    order = np.argsort(-aligned.drift, kind="stable")
    first = tab.items.first
    expect(first).to_have_attribute("data-owner", str(aligned.owners[order[0]]))
    words = f"the {'cat' if aligned.owners[order[0]] % 2 else 'dog'}"
    expect(first).to_have_attribute("title", f"{words} · drift {aligned.drift[order[0]]:.2f}")
    tab.page.keyboard.press("1")
    tab.page.keyboard.press("3")
    expect(first).to_have_attribute("title", f"{words} · drift {aligned.drift[order[0]]:.2f}")


def test_a_point_is_compared_on_its_picture_and_back_comes_to_the_maps(tab: MapsPage) -> None:
    tab.open("tab=compare&cmpview=maps&cmppoint=3")
    expect(tab.side.locator("h2")).to_have_count(1)
    tab.leave_field()
    written = "the cat bird dog"
    tab.page.keyboard.press("1")
    tab.root.locator(".fx-add").fill(written)
    tab.root.locator(".fx-add").press("Enter")
    expect(tab.rows.filter(has_text=written)).to_have_count(1)
    tab.root.locator(".fx-add").press("Escape")
    tab.page.keyboard.press("3")
    tab.side.get_by_role("button", name="Compare on its picture").click()
    expect(tab.rows.filter(has_text=written)).to_have_count(0)
    tab.page.go_back()  # to the maps, and what was written
    expect(tab.rows.filter(has_text=written)).to_have_count(1)

    tab.maps.get_by_label("Map of").select_option("image")
    expect(tab.maps.locator(".fx-compare-alone")).to_contain_text("No two maps of pictures yet")
    assert tab.query()["cmpkind"] == "image"
    assert tab.faults == []
