"""The card tells which routes were trained, and "auto" takes no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import fgclip
from fgclip.card import family_notes, trained_routes
from fgclip.encoder import Encoder, TruncatedTextWarning
from fgclip.inputs.batching import SquareInputs
from fgclip.inputs.images import MEAN, STD
from fgclip.types import ROUTES
from tests.support.checkpoints import WIDTH, openai_names, random_clip, write
from tests.support.models import small_tokenizer

ON_CPU: Mapping[str, Any] = {"device": "cpu", "dtype": "float32"}
LONG = "a " * 100  # 102 tokens


def written(folder: Path, tensors: Mapping[str, Tensor] | None = None, **sizes: Any) -> Encoder:
    """CLIP or Long-CLIP, in Hugging Face's layout or as given."""
    small_tokenizer().save(folder)
    if tensors is not None:
        return fgclip.load(write(tensors, folder / "model.safetensors"), **ON_CPU)
    random_clip(**sizes).save_pretrained(folder)
    return fgclip.load(folder, **ON_CPU)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return written(tmp_path_factory.mktemp("clip"))


def test_plain_clip_says_that_its_other_routes_are_copies(clip: Encoder) -> None:
    card = clip.card
    assert (card.family, card.routes, card.trained_routes) == ("CLIP", ROUTES, ("short",))
    assert "long is a copy of it with stretched positions" in card.notes["text_routes"]
    assert "trained on centre crops" in card.notes["pictures"]


def test_auto_on_plain_clip_stays_short_and_warns(clip: Encoder) -> None:
    report = clip.token_report(LONG, "auto")
    assert (report.route, report.tokens, report.truncated) == ("short", 102, True)
    with pytest.warns(TruncatedTextWarning, match="77 tokens of the short route"):
        clip.encode_text(LONG, "auto")


def test_a_route_that_is_a_copy_can_still_be_asked_for(clip: Encoder) -> None:
    assert clip.token_report(LONG, "long").truncated is False
    assert clip.resolve_route("cab", "box") == "box"


@pytest.mark.parametrize("own_layout", [False, True])
def test_long_clip_is_told_and_its_long_route_is_trained(tmp_path: Path, own_layout: bool) -> None:
    if own_layout:
        tables = {"positional_embedding": torch.randn(248, WIDTH)}
        tables |= {"positional_embedding_res": torch.randn(248, WIDTH)}
        found = written(tmp_path, openai_names(random_clip().state_dict()) | tables)
    else:
        found = written(tmp_path, positions=248)
    assert found.card.family == "Long-CLIP"
    assert (found.card.short_context, found.card.long_context) == (77, 248)
    assert found.card.trained_routes == ("short", "long")
    assert found.card.notes["text_routes"].startswith("one, which is long")
    assert found.resolve_route(LONG, "auto") == "long"
    assert found.resolve_route("cab", "auto") == "short"


@pytest.mark.parametrize("family", ["FG-CLIP", "FG-CLIP 2"])
def test_families_whose_routes_are_all_trained_need_no_note(family: str) -> None:
    assert trained_routes(family) == ROUTES
    assert family_notes(family, SquareInputs(small_tokenizer(), 64, MEAN, STD)) == {}


@pytest.mark.parametrize("family", ["CLIP", "SigLIP", "SigLIP 2", "EVA-02-CLIP", "a new one"])
def test_other_families_are_trusted_with_short_texts_alone(family: str) -> None:
    assert trained_routes(family) == ("short",)


def test_the_model_cards_notes_stand_beside_the_familys(tmp_path: Path) -> None:
    (tmp_path / "MODEL_CARD.md").write_text("---\nlicense: mit\npictures: of cats\n---\n")
    notes = written(tmp_path).card.notes
    assert notes["license"] == "mit"
    assert notes["pictures"] == "of cats"  # who made the model knows best
    assert "text_routes" in notes
