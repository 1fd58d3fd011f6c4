from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.model.prefixes import prefix_trees
from fgclip.types import ROUTES, Route

EOS = 9
TEXTS = st.lists(st.lists(st.integers(1, 4), max_size=7), min_size=1, max_size=30)


def batch(texts: list[list[int]]) -> torch.Tensor:
    """Begin mark 0, the text, end mark; padded with end marks."""
    length = 2 + max(map(len, texts))
    return torch.tensor([[0, *text] + [EOS] * (length - 1 - len(text)) for text in texts])


@given(TEXTS, st.integers(1, 40))
def test_every_text_is_a_path_of_one_tree_and_no_beginning_is_there_twice(
    texts: list[list[int]], nodes: int
) -> None:
    held = []
    for tree in prefix_trees(batch(texts), EOS, nodes=nodes):
        held += tree.texts
        paths = set()
        for row in range(len(tree.ids)):
            path = tree.seen[row].nonzero().flatten()
            assert tree.places[path].tolist() == list(range(len(path)))
            paths.add(tuple(tree.ids[path].tolist()))
        assert len(paths) == len(tree.ids)
        for text, end in zip(tree.texts, tree.ends, strict=True):
            path = tree.seen[end].nonzero().flatten()
            assert tree.ids[path].tolist() == [0, *texts[text], EOS]
        longest = max(len(texts[text]) for text in tree.texts) + 2
        assert len(tree.ids) < nodes + longest
    assert sorted(held) == list(range(len(texts)))


@pytest.fixture(scope="module")
def model() -> FGCLIP:
    tower = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 64}
    config = FGCLIPConfig(
        vision=VisionConfig(image_size=32, patch_size=16, **tower),
        text=TextConfig(vocab_size=EOS + 1, **tower),
        projection_dim=16,
    )
    return initialise(FGCLIP(config), seed=0).eval()


@pytest.mark.parametrize("route", ROUTES)
def test_texts_read_once_are_those_read_alone(model: FGCLIP, route: Route) -> None:
    texts = torch.randint(1, 5, (700, 12), generator=torch.Generator().manual_seed(0)).tolist()
    ids = batch([text[: 1 + row % 12] for row, text in enumerate(texts)])

    with torch.inference_mode():
        together, alone = model.encode_text_once(ids, route), model.encode_text(ids, route)

    torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-6)


def test_too_long_and_unknown_are_refused_as_elsewhere(model: FGCLIP) -> None:
    with pytest.raises(ValueError, match="78 tokens do not fit the 77 positions"):
        model.encode_text_once(batch([[1] * 76]))
    with pytest.raises(ValueError, match="route 'tall' is not one of"):
        model.encode_text_once(batch([[1]]), "tall")  # type: ignore[arg-type]
