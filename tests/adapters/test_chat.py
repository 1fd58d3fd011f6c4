"""A chat model of transformers, made here, tiny and random."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from fgclip.adapters.chat import LocalChat, open_chat
from fgclip.language import LanguageError
from fgclip.language.chat_rewriting import prompt, written_negatives

WORDS = ["<s>", "</s>", "<unk>", "1", ".", "a", "red", "blue", "box", "Caption", "small", "wooden"]
TEMPLATE = "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }} {% endfor %}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("tiny-chat")
    words = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(place)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=2048,
        bos_token_id=0, eos_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(place)
    return place


def test_a_folder_with_a_chat_model_answers_by_its_seed(folder: Path) -> None:
    chat = open_chat(str(folder))
    asked = prompt("a red box", 2, 1)
    state = torch.get_rng_state()

    first, same, other = (chat.reply(asked, seed=seed) for seed in (1, 1, 2))

    assert first == same != other
    assert set(first.split()) <= set(WORDS)
    assert torch.equal(torch.get_rng_state(), state)  # nobody else's draws change
    assert chat.name == folder.name


def test_nonsense_is_refused_and_counted(folder: Path) -> None:
    found = written_negatives(open_chat(str(folder)), "a small red wooden box", 2)

    assert found.negatives == ()
    assert found.replies == 5


def test_what_is_no_folder_with_one_model_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="is no folder"):
        open_chat(str(tmp_path / "gone"))
    with pytest.raises(LanguageError, match="no chat model that can be read"):
        LocalChat.load(tmp_path)
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).write_bytes(b"GGUF")
    with pytest.raises(LanguageError, match="holds 2 GGUF files"):
        LocalChat.load(tmp_path)
    (tmp_path / "b.gguf").unlink()
    with pytest.raises(LanguageError, match="no chat model that can be read"):
        LocalChat.load(tmp_path)


def test_a_model_without_a_template_is_no_chat_model(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        if "template" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(LanguageError, match="no chat template"):
        LocalChat.load(tmp_path)


def test_a_template_that_takes_no_such_chat_is_told(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "chat_template.jinja").write_text("{{ raise_exception('Only one turn, please') }}")

    with pytest.raises(LanguageError, match="cannot answer .Only one turn, please"):
        LocalChat.load(tmp_path).reply(prompt("a red box", 2, 1), seed=0)


def test_pickled_weights_are_not_read(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    model = LlamaForCausalLM.from_pretrained(folder)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")

    with pytest.raises(LanguageError, match="no chat model that can be read"):
        LocalChat.load(tmp_path)
