"""A model of which training gave one text route a meaning: the others are not offered as more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect
from transformers import CLIPConfig, CLIPModel

from fgclip.analysis.hard_negatives import RUN, metric, read_metric
from fgclip.encoder import Encoder
from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.types import Route, RouteChoice
from fgclip.workspace.workspace import Workspace
from fgclip.zoo import load
from tests.support.app import running
from tests.support.maps import ROWS, keep_map
from tests.support.models import MERGES
from tests.support.pages.compare import ComparePage
from tests.support.pages.negatives import NegativesPage


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Transformers' own CLIP, tiny, with random weights."""
    folder = tmp_path_factory.mktemp("clip")
    vocabulary = clip_vocabulary(MERGES)
    tokenizer = Tokenizer(build_backend(vocabulary, MERGES))
    tokenizer.save(folder)
    tower = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }  # fmt: skip
    marks = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    config = CLIPConfig(
        text_config=tower | marks | {"vocab_size": len(vocabulary), "max_position_embeddings": 77},
        vision_config=tower | {"image_size": 64, "patch_size": 8},
        projection_dim=24,
    )
    torch.manual_seed(0)
    CLIPModel(config).save_pretrained(folder)
    return load(folder, device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def opened(
    clip: Encoder, page_encoder: Encoder, gallery: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    with Workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        workspace.import_from(gallery / "gallery.json", name="gallery")
        for encoder in (clip, page_encoder):
            workspace.index(encoder)
            keep_map(workspace, encoder, "two rows", ROWS)
        yield workspace


@pytest.fixture(scope="module")
def address(
    clip: Encoder, page_encoder: Encoder, gallery: Path, opened: Workspace
) -> Iterator[str]:
    with running(clip, gallery, opened, gallery, other=page_encoder) as place:
        yield place


def spied(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Routes that it is asked by from now on."""
    asked: set[str] = set()
    resolve = encoder.resolve_route

    def note(text: str, route: RouteChoice) -> Route:
        asked.add(route)
        return resolve(text, route)

    monkeypatch.setattr(encoder, "resolve_route", note)
    return asked


def test_negatives_shows_the_one_route(page: Page, address: str) -> None:
    negatives = NegativesPage(page, address).open()

    expect(page.locator(".fx-neg-route")).to_have_count(1)
    expect(page.locator(".fx-neg-route")).to_contain_text("short")
    expect(page.locator(".fx-neg-warning")).to_be_hidden()
    assert negatives.query()["n.route"] == "short"
    page.locator("body").click(position={"x": 5, "y": 400})
    page.keyboard.press("2")  # which is another route elsewhere
    page.keyboard.press("1")
    assert negatives.query()["n.route"] == "short"
    assert negatives.faults == []


def test_texts_may_take_every_route_that_either_of_two_models_knows(
    page: Page, address: str
) -> None:
    tab = ComparePage(page, address).open().scored()

    route = tab.root.locator(".fx-prompt select").first.locator("option")
    assert route.evaluate_all("options => options.map(each => each.value)") == [
        "auto", "short", "long", "box",
    ]  # fmt: skip
    assert tab.faults == []


def test_a_model_is_not_asked_by_a_route_that_is_a_copy_in_it(
    page: Page, address: str, clip: Encoder, page_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {encoder: spied(encoder, monkeypatch) for encoder in (clip, page_encoder)}
    texts = "cmptexts=the+cat%0Aa+dog%0Acat&cmproutes=box,long,auto"
    tab = ComparePage(page, address).open(f"tab=compare&{texts}").scored()

    assert {"box", "long"} <= asked[page_encoder]
    assert asked[clip] == {"auto"}
    assert tab.faults == []


def test_a_data_set_is_asked_by_routes_that_both_models_know(
    page: Page, address: str, clip: Encoder, page_encoder: Encoder, opened: Workspace
) -> None:
    tab = ComparePage(page, address).open("tab=compare&cmpview=data")
    data = tab.root.locator(".fx-compare-data")
    expect(data).to_contain_text("6 regions have hard negatives, which the models have not faced")
    data.get_by_role("button", name="Compare", exact=True).click()
    expect(data.get_by_role("button", name="Compare again")).to_be_enabled()
    models = [opened.model_of(each) for each in (clip, page_encoder)]
    kept = [
        {read_metric(each.metric)[1] for each in opened.results.failures(RUN, model)}
        for model in models
    ]
    assert kept == [{"short"}, {"short", "long", "box"}]

    for model in models:  # as an older version kept copies
        opened.results.add(RUN, model, [(1, metric("shape", "box"), -0.1)])
    tab.open("tab=compare&cmpview=data")
    options = data.get_by_label("Text route").locator("option")
    expect(options).to_have_text(["short"])
    expect(data.get_by_label("Text route")).to_have_value("short")
    expect(data.locator("tbody th", has_text="(unknown)")).to_have_count(1)
    expect(data.locator("tbody th", has_text="shape")).to_have_count(0)
    negatives = NegativesPage(page, address).open()
    negatives.root.locator(".fx-neg-failures summary").click()
    table = negatives.root.locator(".fx-neg-table")
    expect(table.locator("thead th")).to_have_text(["attribute", "regions", "short"])
    expect(table.locator("tbody th")).to_have_text(["(unknown)"])
    assert tab.faults == negatives.faults == []


def test_no_picker_offers_a_copy(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=probe&prompts=the+cat&routes=long")

    options = page.locator(".fx-probe .fx-prompt select").first.locator("option")
    expect(options).to_have_text(["auto: short"])
