"""Writes `assets/web/core/wire.d.ts`: the models of questions and answers as TypeScript.

`python -m fgclip.explore.api.wire` writes it anew; a test fails where it is not what they say. A
generator of our own and not json-schema-to-typescript: the file is made, and proved fresh, without
node, and the models use few of JSON schema's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from fgclip.explore.api.functions import Function, functions_of
from fgclip.explore.api.schemas.fields import Refusal
from fgclip.explore.api.tabs import OTHER, PARTS, TABS

FILE = Path(__file__).parents[3] / "assets" / "web" / "core" / "wire.d.ts"
HEAD = """\
// Made of fgclip/explore/api/schemas by `python -m fgclip.explore.api.wire`; do not edit.
//
// A tab's functions are a type, so that questions and answers are checked:
//
//   /** @import {ProbeTab} from "../../core/wire.js" */
//   /** @param {ProbeTab} server */
//   const {prompts} = await ask(server, "read", {token, prompts: [{text: "a cat"}]});
"""
OTHERS = f"""\
/** The first model's functions, asked of the second. */
export type OtherFunctions = {{
  [Name in keyof ProbeFunctions as `{OTHER}_${{Name}}`]: ProbeFunctions[Name];
}};
"""
Declared = tuple[type[BaseModel], Literal["validation", "serialization"]]
WIDTH = 120  # of a line, as prettier breaks them
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def declarations() -> str:
    """The whole file."""
    parts = {name: functions_of(part) for name, part in PARTS.items() if name != OTHER}
    functions = [each for part in parts.values() for each in part.values()]
    blocks = [
        *_models(functions),
        *(_part(name, part) for name, part in parts.items()),
        OTHERS,
        *(_tab(name, used) for name, used in TABS.items() if used),
    ]
    return "\n".join([HEAD, *blocks])


def _models(functions: Iterable[Function]) -> Iterable[str]:
    """Every model that a function names, by its name."""
    given: dict[Declared, None] = {(Refusal, "serialization"): None}
    for each in functions:
        given[(each.question, "validation")] = None
        given[(each.answer, "serialization")] = None
    _, schema = models_json_schema(list(given), ref_template="{model}")
    for name, model in sorted(schema["$defs"].items()):
        yield _model(name, model)


def _model(name: str, model: Mapping[str, Any]) -> str:
    about = _comment(str(model.get("description", "")), "")
    if "properties" not in model and model.get("type") != "object":
        return f"{about}{_alias(name, _type(model))}\n"
    required = model.get("required", ())
    lines = [
        f"  {field}{'' if field in required else '?'}: {_type(each)};"
        for field, each in model.get("properties", {}).items()
    ]
    body = "\n".join(["{", *lines, "}"]) if lines else "Record<string, never>"
    return f"{about}export type {name} = {body};\n"


def _alias(name: str, meaning: str) -> str:
    line = f"export type {name} = {meaning};"
    if len(line) <= WIDTH:
        return line
    kinds = "\n  | ".join(meaning.split(" | "))
    return f"export type {name} =\n  | {kinds};"


def _type(schema: Mapping[str, Any]) -> str:
    """A schema as TypeScript says it."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(map(_literal, schema["enum"]))
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[name])))
    return _by_kind(schema)


def _by_kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object":
        return f"Record<string, {_type(schema.get('additionalProperties') or {})}>"
    if kind == "null":
        return "null"
    return SCALARS.get(str(kind), "unknown")


def _array(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(map(_type, schema['prefixItems']))}]"
    item = _type(schema.get("items", {}))
    least, most = schema.get("minItems"), schema.get("maxItems")
    if least is not None and least == most:
        return f"[{', '.join([item] * least)}]"
    return f"({item})[]" if " | " in item else f"{item}[]"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _part(name: str, functions: Mapping[str, Function]) -> str:
    """An interface with a method a function."""
    lines = [
        line
        for each in functions.values()
        for line in (
            f"  /** {each.about} */",
            f"  {each.name}(question: {each.question.__name__}): Promise<{each.answer.__name__}>;",
        )
    ]
    body = "\n".join(["{", *lines, "}"]) if lines else "{}"
    return f"export interface {_functions(name)} {body}\n"


def _tab(name: str, used: Iterable[str]) -> str:
    return f"export type {name.title()}Tab = {' & '.join(map(_functions, used))};\n"


def _functions(part: str) -> str:
    return f"{part.title()}Functions"


def _comment(text: str, indent: str) -> str:
    lines = text.splitlines()
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {text} */\n"
    body = "\n".join(f"{indent} * {line}".rstrip() for line in lines)
    return f"{indent}/**\n{body}\n{indent} */\n"


if __name__ == "__main__":
    FILE.write_text(declarations(), encoding="utf-8")
