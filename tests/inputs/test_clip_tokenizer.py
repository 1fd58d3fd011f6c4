"""CLIP's tokenizer: equal to transformers', and no text is unknown to it."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import CLIPTokenizer

from fgclip.inputs.clip_tokenizer import Tokenizer, TokenizerError, build_backend, clip_vocabulary

MERGES = ["t h", "c a", "ca t</w>", "th e</w>", "i n", "1 2"]
VOCABULARY = clip_vocabulary(MERGES)
TOKENIZER = Tokenizer(build_backend(VOCABULARY, MERGES))


@pytest.fixture(scope="module")
def theirs() -> CLIPTokenizer:
    return CLIPTokenizer(vocab=VOCABULARY, merges=[tuple(m.split()) for m in MERGES])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the cat",
        "The  CAT's\n\thin cap!",
        "naïve café 1½",
        "猫 🐈 ok…",
        "don't we'll I'D",
        "12 123",
    ],
)
def test_ids_are_those_of_transformers(theirs: CLIPTokenizer, text: str) -> None:
    assert TOKENIZER.encode(text) == theirs(text)["input_ids"]


def test_vocabulary_is_numbered_as_clips() -> None:
    assert len(VOCABULARY) == 512 + len(MERGES) + 2
    assert VOCABULARY["!"] == 0
    assert VOCABULARY["!</w>"] == 256
    assert VOCABULARY["th"] == 512
    assert (TOKENIZER.bos_token_id, TOKENIZER.eos_token_id) == (518, 519)


@given(st.text(max_size=200))
def test_any_text_is_encoded_between_its_marks(text: str) -> None:
    ids = TOKENIZER.encode(text)
    assert ids[0] == TOKENIZER.bos_token_id
    assert ids.index(TOKENIZER.eos_token_id) == len(ids) - 1


@given(st.text(max_size=60), st.integers(2, 20))
def test_cut_text_is_a_beginning_that_fits(text: str, limit: int) -> None:
    kept = TOKENIZER.cut(text, limit)
    assert text.startswith(kept)
    if TOKENIZER.count(text) <= limit:
        assert kept == text


def test_half_a_surrogate_pair_is_a_character_like_others() -> None:
    text = "the \ud83d cat"
    ids = TOKENIZER.encode("the \ufffd cat")
    assert TOKENIZER.encode(text) == TOKENIZER.batch([text], 77).ids[0].tolist() == ids
    assert TOKENIZER.cut(text, 4) == "the \ufffd"
    assert TOKENIZER.cut(text, 77) == "the \ufffd cat"


def test_batch_is_padded_to_its_longest_and_says_what_it_cut() -> None:
    batch = TOKENIZER.batch(["the cat", "", "the cat in the cat"], context_length=5)
    assert batch.ids.shape == (3, 5)
    assert batch.lengths.tolist() == [4, 2, 5]
    assert batch.truncated.tolist() == [False, False, True]
    assert (batch.ids[:, -1] == TOKENIZER.eos_token_id).all()
    assert batch.ids[1].tolist() == [518, 519, 519, 519, 519]


def test_empty_batch_has_no_row() -> None:
    batch = TOKENIZER.batch([], context_length=77)
    assert batch.ids.shape == (0, 0)
    assert batch.ids.dtype == np.int64


def test_folder_in_clips_old_form_is_read(tmp_path: Path) -> None:
    import json

    (tmp_path / "vocab.json").write_text(json.dumps(VOCABULARY))
    (tmp_path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    assert Tokenizer.from_folder(tmp_path).encode("the cat's hat") == TOKENIZER.encode(
        "the cat's hat"
    )


def test_new_form_survives_its_file(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path)
    again = Tokenizer.from_folder(tmp_path)
    text = "the <|endoftext|> cat"
    assert again.encode(text) == TOKENIZER.encode(text)


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(TokenizerError, match="cannot be read"):
        Tokenizer.from_folder(tmp_path)


def test_a_copy_that_was_sent_to_another_process_reads_the_same() -> None:
    text = "the <|endoftext|> cat"
    assert pickle.loads(pickle.dumps(TOKENIZER)).encode(text) == TOKENIZER.encode(text)
