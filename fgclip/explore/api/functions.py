"""What may be asked: each function with the models of its question and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar, get_type_hints

from pydantic import BaseModel, ValidationError

from fgclip.explore.api.errors import REFUSALS, RequestError, refusal_of, sentence
from fgclip.explore.api.schemas.fields import Answer, OneOf, Question

T = TypeVar("T")


@dataclass(frozen=True)
class Function:
    """One of the functions of a part.

    Attributes:
        name: as the page asks for it.
        question: what it takes.
        answer: what it gives.
        about: one line.
        call: of an instance of the part, and a question.
    """

    name: str
    question: type[BaseModel]
    answer: type[Answer]
    about: str
    call: Callable[[Any, Any], Answer]


def functions_of(part: type[Any]) -> dict[str, Function]:
    """All public methods of a class that take a question and give an answer."""
    return {each.name: each for each in _functions(part)}


def asked(part: object, function: Function, given: Any) -> Answer:
    """The answer to a question that nobody has checked yet; a refusal is one, too.

    Args:
        part: what is asked.
        function: one of its.
        given: the question as it came over the wire.
    """
    try:
        return function.call(part, checked(function.question, given))
    except REFUSALS as error:
        return refusal_of(error)


def checked(model: type[BaseModel], given: Any) -> BaseModel:
    """A question as its model.

    Raises:
        RequestError: It is none of that kind; the words say why.
    """
    if not isinstance(given, dict):
        raise RequestError(f"A question is an object with fields, not {type(given).__name__}")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestError(sentence(error, model)) from error


def _functions(part: type[Any]) -> Iterator[Function]:
    for name, method in vars(part).items():
        if name.startswith("_") or not callable(method) or isinstance(method, type):
            continue
        hints = get_type_hints(method)
        answer = hints.pop("return", object)
        question = next(iter(hints.values()), object)
        if (_is(question, Question) or _is(question, OneOf)) and _is(answer, Answer):
            about = (method.__doc__ or "").strip().partition("\n")[0]
            yield Function(name, question, answer, about, method)


def _is(found: Any, base: type[T]) -> TypeGuard[type[T]]:
    return isinstance(found, type) and issubclass(found, base)
