"""Any chat model of transformers from a local folder. Torch stops here."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from jinja2 import TemplateError  # of chat templates; transformers needs it for them

from fgclip.adapters.chat_endpoint import Endpoint
from fgclip.language.chat_rewriting import Chat, Message
from fgclip.language.rewriting import LanguageError

LONGEST = 640  # tokens of a reply: ten captions, long ones too
TEMPERATURE = 0.6
UNSOUND = (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError, struct.error)


def open_chat(where: str, model: str = "") -> Chat:
    """A chat model by its address, or from a folder.

    Args:
        where: http://HOST:PORT of a server that speaks OpenAI's way, or a folder.
        model: as a server calls it; its first one by default.

    Raises:
        LanguageError: There is none, with the remedy.
    """
    return Endpoint(where, model) if "://" in where else LocalChat.load(Path(where))


class LocalChat:
    """A causal language model with its chat template. Threads may share it."""

    def __init__(self, folder: Path, model: Any, tokenizer: Any) -> None:
        self.name = folder.resolve().name
        files = sorted((each.name, each.stat().st_size) for each in folder.iterdir())
        self.identity = f"{folder.resolve()} {files}"
        self._model = model
        self._tokenizer = tokenizer
        self._lock = Lock()

    @classmethod
    def load(cls, folder: Path) -> LocalChat:
        """Load weights as safetensors, or one GGUF file; no code in the folder is run.

        Raises:
            LanguageError: The folder holds no chat model that can be read, with the remedy.
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        gguf = [each.name for each in sorted(folder.glob("*.gguf"))] if folder.is_dir() else []
        if not folder.is_dir() or len(gguf) > 1:
            held = f"holds {len(gguf)} GGUF files" if gguf else "is no folder"
            raise LanguageError(
                f"{folder} {held}. Name a folder with a chat model of transformers, or with one "
                "GGUF file; or the address of a server, such as http://127.0.0.1:8000."
            )
        source: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        if gguf:
            source["gguf_file"] = gguf[0]
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **source)
            model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.float32, use_safetensors=None if gguf else True, **source
            )
        except UNSOUND as error:
            more = (
                " GGUF files need two more packages: pip install gguf accelerate." if gguf else ""
            )
            raise LanguageError(
                f"{folder} holds no chat model that can be read ({_first_line(error)}).{more}"
            ) from error
        if tokenizer.chat_template is None:
            raise LanguageError(
                f"{folder} has no chat template: it is no chat model. Use an instruction-tuned one."
            )
        model.train(False)
        return cls(folder, model, tokenizer)

    def reply(self, messages: Sequence[Message], *, seed: int) -> str:
        """Its answer, drawn with a seed.

        Raises:
            LanguageError: It cannot take the messages, or not so many.
        """
        try:
            return self._reply(messages, seed)
        except (*UNSOUND, IndexError, TemplateError) as error:
            raise LanguageError(
                f"{self.name} cannot answer ({_first_line(error)}). Try another chat model."
            ) from error

    def _reply(self, messages: Sequence[Message], seed: int) -> str:
        ids = self._tokenizer.apply_chat_template(
            list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True,
            enable_thinking=False,  # of templates that know it; others pass it over
        )  # fmt: skip
        with self._lock, torch.inference_mode(), torch.random.fork_rng():
            torch.manual_seed(seed)
            found = self._model.generate(
                **ids, max_new_tokens=LONGEST, do_sample=True, temperature=TEMPERATURE,
                pad_token_id=self._tokenizer.eos_token_id,
            )  # fmt: skip
        new = found[0, ids["input_ids"].shape[1] :]
        text: str = self._tokenizer.decode(new, skip_special_tokens=True)
        return text


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else repr(error)
