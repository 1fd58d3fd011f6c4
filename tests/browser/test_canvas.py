"""Boxes are drawn, moved, resized, removed and brought back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.pages.probe import ProbePage
from tests.support.waiting import eventually

NEAR = 0.012  # of the picture: a few pixels of outline


@pytest.fixture
def empty(probe: ProbePage) -> ProbePage:
    """The first picture without its boxes."""
    for _ in range(2):
        probe.page.keyboard.press("n")
        probe.page.keyboard.press("Delete")
    assert probe.boxes() == []
    return probe


def test_dragging_draws_a_box_where_the_mouse_was(empty: ProbePage) -> None:
    empty.drag((0.2, 0.3), (0.6, 0.8))
    assert empty.boxes() == [pytest.approx([0.2, 0.3, 0.6, 0.8], abs=NEAR)]


def test_dragging_backwards_and_out_of_the_picture_gives_a_sound_box(empty: ProbePage) -> None:
    empty.drag((0.5, 0.5), (-0.2, -0.01))
    assert empty.boxes() == [pytest.approx([0, 0, 0.5, 0.5], abs=NEAR)]


def test_a_box_moves_with_the_mouse_and_stops_at_the_edge(empty: ProbePage) -> None:
    empty.drag((0.2, 0.3), (0.5, 0.6))
    empty.drag((0.35, 0.45), (0.45, 0.55))
    assert empty.boxes() == [pytest.approx([0.3, 0.4, 0.6, 0.7], abs=NEAR)]
    empty.drag((0.45, 0.55), (1.2, 0.55))
    assert empty.boxes() == [pytest.approx([0.7, 0.4, 1.0, 0.7], abs=NEAR)]


@pytest.mark.parametrize(
    ("handle", "end", "expected"),
    [
        ((0.3, 0.3), (0.1, 0.2), [0.1, 0.2, 0.6, 0.7]),
        ((0.6, 0.5), (0.8, 0.9), [0.3, 0.3, 0.8, 0.7]),
        ((0.45, 0.7), (0.9, 0.9), [0.3, 0.3, 0.6, 0.9]),
        ((0.6, 0.7), (0.1, 0.1), [0.1, 0.1, 0.3, 0.3]),
    ],
)
def test_handles_resize(
    empty: ProbePage,
    handle: tuple[float, float],
    end: tuple[float, float],
    expected: list[float],
) -> None:
    empty.drag((0.3, 0.3), (0.6, 0.7))
    empty.drag(handle, end)
    assert empty.boxes() == [pytest.approx(expected, abs=NEAR)]


def test_undo_and_redo_walk_through_every_change(empty: ProbePage) -> None:
    empty.drag((0.2, 0.2), (0.5, 0.5))
    empty.drag((0.35, 0.35), (0.55, 0.55))
    empty.page.keyboard.press("Delete")
    assert empty.boxes() == []
    empty.page.keyboard.press("Control+z")
    assert empty.boxes() == [pytest.approx([0.4, 0.4, 0.7, 0.7], abs=NEAR)]
    empty.page.keyboard.press("Control+z")
    assert empty.boxes() == [pytest.approx([0.2, 0.2, 0.5, 0.5], abs=NEAR)]
    empty.page.keyboard.press("Control+Shift+Z")
    assert empty.boxes() == [pytest.approx([0.4, 0.4, 0.7, 0.7], abs=NEAR)]
    for _ in range(9):
        empty.page.keyboard.press("Control+z")
    assert len(empty.boxes()) == 2  # the boxes of the picture are back as well


def test_undo_during_a_drag_gives_it_up(empty: ProbePage) -> None:
    empty.drag((0.2, 0.2), (0.5, 0.5))
    empty.press(0.35, 0.35)
    empty.page.mouse.move(*empty.at(0.7, 0.7), steps=3)
    empty.page.keyboard.press("Control+z")
    empty.page.mouse.up()
    assert empty.boxes() == [pytest.approx([0.2, 0.2, 0.5, 0.5], abs=NEAR)]
    empty.page.keyboard.press("Control+z")
    assert empty.boxes() == []


def test_undo_right_after_an_arrow_key_takes_back_the_nudge(empty: ProbePage) -> None:
    empty.drag((0.3, 0.3), (0.6, 0.6))
    before = empty.boxes()
    empty.page.keyboard.press("Shift+ArrowRight")
    empty.page.keyboard.press("Control+z")
    assert empty.boxes() == before


def test_a_duplicate_right_after_an_arrow_key_is_one_step_of_its_own(empty: ProbePage) -> None:
    empty.drag((0.3, 0.3), (0.5, 0.5))
    empty.page.keyboard.press("ArrowRight")
    empty.page.keyboard.press("d")
    assert len(empty.boxes()) == 2
    empty.page.wait_for_timeout(400)
    empty.page.keyboard.press("Control+z")
    assert len(empty.boxes()) == 1


def test_clicking_again_reaches_the_box_around(empty: ProbePage) -> None:
    empty.drag((0.1, 0.1), (0.9, 0.9))
    empty.page.keyboard.press("Escape")
    empty.page.keyboard.down("Alt")
    empty.drag((0.3, 0.3), (0.7, 0.7))
    empty.page.keyboard.up("Alt")
    empty.page.keyboard.press("Escape")
    chosen = empty.page.locator(".fx-box.fx-chosen")
    for expected in (0.4, 0.8, 0.4):
        empty.page.mouse.click(*empty.at(0.5, 0.5))
        width = (
            chosen.bounding_box()["width"] / empty.page.locator(".fx-world").bounding_box()["width"]
        )
        assert width == pytest.approx(expected, abs=2 * NEAR)


def test_escape_gives_up_a_drag(empty: ProbePage) -> None:
    empty.press(0.2, 0.2)
    empty.page.mouse.move(*empty.at(0.6, 0.6), steps=3)
    assert len(empty.boxes()) == 1
    empty.page.keyboard.press("Escape")
    empty.page.mouse.up()
    assert empty.boxes() == []


def test_arrow_keys_nudge_and_shift_makes_it_ten(empty: ProbePage) -> None:
    empty.drag((0.3, 0.3), (0.6, 0.6))
    before = empty.page.locator(".fx-box").bounding_box()
    empty.page.keyboard.press("ArrowRight")
    empty.page.keyboard.press("Shift+ArrowRight")
    after = empty.page.locator(".fx-box").bounding_box()
    assert after["x"] == pytest.approx(before["x"] + 11, abs=0.6)
    assert after["y"] == pytest.approx(before["y"], abs=0.1)


def test_duplicate_takes_the_next_number_and_a_freed_number_is_used_again(empty: ProbePage) -> None:
    empty.drag((0.3, 0.3), (0.5, 0.5))
    empty.page.keyboard.press("d")
    numbers = empty.page.locator(".fx-box-number")
    expect(numbers).to_have_text(["1", "2"])
    empty.page.keyboard.press("1")
    empty.page.keyboard.press("Delete")
    empty.page.keyboard.press("B")
    expect(numbers).to_have_text(["2", "1"])


def test_a_slip_of_the_hand_is_no_box(empty: ProbePage) -> None:
    x, y = empty.at(0.5, 0.5)
    empty.page.mouse.move(x, y)
    empty.page.mouse.down()
    empty.page.mouse.move(x + 5, y + 2, steps=3)
    empty.page.mouse.up()
    assert empty.boxes() == []
    expect(empty.picture_fault).to_contain_text("too small")


def test_the_wheel_zooms_at_the_pointer_and_zero_fits_again(probe: ProbePage) -> None:
    before = probe.boxes()
    x, y = probe.at(0.25, 0.75)
    probe.page.mouse.move(x, y)
    probe.page.mouse.wheel(0, -600)

    def grown() -> None:
        assert probe.page.locator(".fx-world").bounding_box()["width"] > 900

    eventually(probe.page, grown)
    assert probe.at(0.25, 0.75) == pytest.approx((x, y), abs=1.5)
    assert probe.boxes()[0] == pytest.approx(before[0], abs=NEAR)
    probe.page.keyboard.press("0")
    assert probe.boxes() == [pytest.approx(box, abs=1e-3) for box in before]


def test_panning_while_an_answer_is_awaited_loses_nothing(probe: ProbePage) -> None:
    held = probe.hold_answers("score")
    probe.drag((0.6, 0.05), (0.9, 0.4))
    probe.page.keyboard.press("v")
    probe.press(0.5, 0.5)
    probe.page.mouse.move(*probe.at(0.6, 0.6), steps=3)
    held.release()
    probe.page.wait_for_timeout(100)
    probe.page.mouse.up()
    probe.wait_for_scores()
    assert len(probe.boxes()) == 3


def test_space_moves_the_picture(probe: ProbePage) -> None:
    probe.stage.focus()
    probe.page.mouse.move(*probe.at(0.5, 0.5))
    probe.page.mouse.wheel(0, -600)
    before, boxes = probe.at(0, 0), probe.boxes()
    x, y = 400.0, 300.0
    probe.page.keyboard.down(" ")
    probe.page.mouse.move(x, y)
    probe.page.mouse.down()
    probe.page.mouse.move(x + 60, y - 40, steps=4)
    probe.page.mouse.up()
    probe.page.keyboard.up(" ")
    assert probe.at(0, 0) == pytest.approx((before[0] + 60, before[1] - 40), abs=1.5)
    assert probe.boxes() == [pytest.approx(box, abs=1e-3) for box in boxes]


def test_two_fingers_zoom(probe: ProbePage) -> None:
    width = probe.page.locator(".fx-world").bounding_box()["width"]
    probe.page.evaluate(
        """() => {
            const stage = document.querySelector('.fx-stage');
            stage.setPointerCapture = () => {};
            const touch = (type, pointerId, clientX, clientY) => stage.dispatchEvent(
                new PointerEvent(type, {pointerId, clientX, clientY, pointerType: 'touch',
                    bubbles: true, button: type === 'pointermove' ? -1 : 0}));
            touch('pointerdown', 11, 300, 300);
            touch('pointerdown', 12, 400, 300);
            for (let step = 1; step <= 10; step++) touch('pointermove', 12, 400 + 10 * step, 300);
            touch('pointerup', 11, 300, 300);
            touch('pointerup', 12, 500, 300);
        }"""
    )
    assert probe.page.locator(".fx-world").bounding_box()["width"] == pytest.approx(
        2 * width, rel=0.05
    )
    assert len(probe.boxes()) == 2
