from __future__ import annotations

import numpy as np
import pytest

from fgclip.encoder import Encoder
from fgclip.workspace.search import Search, Term, terms_of, text_query
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.filters import Filter, matching
from fgclip.workspace.store.vectors import VectorBatch, append, fetch, load
from fgclip.workspace.workspace import Workspace


def test_a_region_is_nearest_to_itself(indexed: Workspace, encoder: Encoder) -> None:
    model = indexed.model_of(encoder)
    query = fetch(indexed.database, model, "region", 7)

    hits = indexed.search.nearest(model, "region", query, limit=3)

    assert hits.owners[0] == 7
    assert hits.scores[0] == pytest.approx(1, abs=1e-5)


def test_a_filter_is_applied_before_the_best_are_chosen(
    indexed: Workspace, encoder: Encoder
) -> None:
    model = indexed.model_of(encoder)
    query = fetch(indexed.database, model, "region", 7)

    among = matching(indexed.database, "region", Filter(category="dog", split="val"))
    hits = indexed.search.nearest(model, "region", query, limit=50, among=among)

    regions = indexed.database.ids(
        "SELECT id FROM region_rows WHERE category = 'dog' AND split = 'val'"
    )
    assert sorted(hits.owners.tolist()) == regions.tolist()
    assert hits.searched == len(regions) > 0


def test_what_is_indexed_later_is_found_too(
    indexed: Workspace, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.search.PATIENCE", 0)
    model = indexed.model_of(encoder)
    search = Search(indexed.database)
    vector = fetch(indexed.database, model, "image", 1)
    search.nearest(model, "image", vector, limit=1)
    ((_, some),) = load(indexed.database, model, "image")
    append(indexed.database, model, [VectorBatch("image", [99], -some[:1])])

    assert search.matrix(model, "image").owners.tolist() == [*range(1, 11), 99]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a cat", [("a cat", 1)]),
        ("a cat + snow - people", [("a cat", 1), ("snow", 1), ("people", -1)]),
        ("- people + a cat", [("people", -1), ("a cat", 1)]),
        ("a black-and-white cat − snow", [("a black-and-white cat", 1), ("snow", -1)]),
        ("at -5 degrees", [("at -5 degrees", 1)]),
    ],
)
def test_signs_between_spaces_add_and_subtract(text: str, terms: list[tuple[str, float]]) -> None:
    assert terms_of(text) == [Term(*term) for term in terms]


@pytest.mark.parametrize("text", ["", "  ", "- people"])
def test_a_search_that_wants_nothing_is_refused(text: str) -> None:
    with pytest.raises(WorkspaceError, match="asks for nothing"):
        terms_of(text)


def test_prompts_are_added_as_vectors(encoder: Encoder) -> None:
    cat, bird = encoder.encode_text(["a cat", "a bird"], "box")

    query = text_query(encoder, "a cat - a bird", "box")

    expected = (cat - bird) / np.linalg.norm(cat - bird)
    np.testing.assert_allclose(query, expected, atol=1e-6)


def test_prompts_that_cancel_each_other_are_refused(encoder: Encoder) -> None:
    with pytest.raises(WorkspaceError, match="cancel each other"):
        text_query(encoder, "a cat - a cat", "box")


def test_a_query_of_another_model_is_refused(indexed: Workspace, encoder: Encoder) -> None:
    model = indexed.model_of(encoder)
    with pytest.raises(WorkspaceError, match=r"have 24 numbers"):
        indexed.search.nearest(model, "image", np.ones(5, np.float32), limit=1)
