"""The page's types are those of the models."""

from __future__ import annotations

from fgclip.explore.api.functions import functions_of
from fgclip.explore.api.tabs import PARTS, TABS, addresses
from fgclip.explore.api.wire import FILE, declarations


def test_the_pages_types_are_what_the_models_say() -> None:
    remedy = "run python -m fgclip.explore.api.wire"
    assert FILE.read_text(encoding="utf-8") == declarations(), remedy


def test_every_function_is_declared_with_its_models() -> None:
    text = FILE.read_text(encoding="utf-8")
    for part in PARTS.values():
        for name, function in functions_of(part).items():
            question, answer = function.question.__name__, function.answer.__name__
            assert f"  {name}(question: {question}): Promise<{answer}>;" in text


def test_no_two_functions_of_a_tab_have_one_name() -> None:
    for tab, parts in TABS.items():
        assert len(addresses(tab)) == sum(
            len([name for name in vars(PARTS[part]) if name in addresses_of(part)])
            for part in parts
        )


def addresses_of(part: str) -> set[str]:
    return {name for name, each in vars(PARTS[part]).items() if callable(each) and name[0] != "_"}
