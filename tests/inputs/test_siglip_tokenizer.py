"""SigLIP 2's use of Gemma's tokenizer: lower-cased, one end mark, padding on the right."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.inputs.clip_tokenizer import TokenizerError
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from tests.support.training import tiny_siglip_tokenizer, tiny_tokenizer

TOKENIZER = tiny_siglip_tokenizer()  # 0 pad, 1 end, 3 a, 4 red, 5 green, 6 blue, 7 square


def test_texts_end_with_a_mark_and_padding_and_case_does_not_matter() -> None:
    found = TOKENIZER.batch(["A RED square", "blue", ""], 64)
    assert found.ids.tolist() == [[3, 4, 7, 1], [6, 1, 0, 0], [1, 0, 0, 0]]
    assert found.lengths.tolist() == [4, 2, 1]
    assert found.padding == 0
    assert not found.truncated.any()


def test_what_does_not_fit_is_cut_before_the_mark() -> None:
    found = TOKENIZER.batch(["a red square", "a red"], 3)
    assert found.ids.tolist() == [[3, 4, 1], [3, 4, 1]]
    assert found.truncated.tolist() == [True, False]


def test_no_text_has_no_row() -> None:
    assert TOKENIZER.batch([], 64).ids.shape == (0, 0)


def test_its_file_gives_the_same_tokens(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path)
    again = SiglipTokenizer.from_folder(tmp_path)
    assert again.vocab_size == TOKENIZER.vocab_size == 9
    assert again.batch(["a red square"], 64).ids.tolist() == [[3, 4, 7, 1]]


def test_clips_tokenizer_is_refused(tmp_path: Path) -> None:
    tiny_tokenizer().save(tmp_path)
    with pytest.raises(TokenizerError, match="lacks <pad> or <eos>; it is not SigLIP 2's"):
        SiglipTokenizer.from_folder(tmp_path)


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenizerError, match="has no tokenizer.json"):
        SiglipTokenizer.from_folder(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(TokenizerError, match="cannot be read"):
        SiglipTokenizer.from_folder(tmp_path)
