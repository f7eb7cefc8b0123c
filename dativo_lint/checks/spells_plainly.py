"""a value that YAML makes into something else is spelled so that it reads as it looks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.checks.breach import Breach, Judge, Open
from dativo_lint.checks.spelling import ODDITIES, made_of, oddity, plain_spelling
from dativo_lint.subject.asset import asset_of
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.said import Said
from dativo_lint.subject.text import Text
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field

_MOST = 1000
"""Values below one field that are told one by one."""

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["places"],
    "properties": {
        "places": {
            "type": "array",
            "minItems": 1,
            "description": "Where values are looked at, and what is looked for there.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["document", "fields", "spellings", "expected"],
                "properties": {
                    "document": {
                        "enum": ["job", "asset"],
                        "description": "Which documents; fields of an asset are its contract's.",
                    },
                    "fields": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string"},
                        "description": "Dotted fields, each with all that is below it.",
                    },
                    "spellings": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"enum": sorted(ODDITIES)},
                        "description": "; ".join(f"{it}: {ODDITIES[it]}" for it in ODDITIES),
                    },
                    "expected": {
                        "type": "string",
                        "description": "What should be written instead, in words.",
                    },
                },
            },
        }
    },
}


class _Watch(Struct, frozen=True, eq=False):
    """What is looked for at a field and below it."""

    field: Field
    spellings: frozenset[str]
    expected: str


def prepare(params: Mapping[str, Any]) -> Judge:
    """Look for spellings that read as something else than they look."""
    watches: dict[Kind, list[_Watch]] = {}
    for place in params["places"]:
        spellings = frozenset(place["spellings"])
        watches.setdefault(Kind(place["document"]), []).extend(
            _Watch(tuple(dotted.split(".")), spellings, place["expected"])
            for dotted in place["fields"]
        )

    def judge(text: Text) -> Iterator[Breach | Open]:
        for kind, some in watches.items():
            for document in text.documents(kind):
                if document.is_literal:
                    continue
                asset = asset_of(document) if kind is Kind.ASSET else None
                base = asset.base if asset is not None else ()
                contract = _at(document.data, base)
                for watch in some:
                    value = _at(contract, watch.field)
                    if value is not None and type(value) is not str:
                        yield from _odd(document, (*base, *watch.field), value, watch)

    return judge


def _at(data: Any, route: Field) -> Any:
    """What stands at a route of keys; None where nothing does."""
    for key in route:
        data = data.get(key) if type(data) is dict else None
    return data


def _odd(document: Document, route: Field, value: Any, watch: _Watch) -> Iterator[Breach]:
    told = 0
    for below, scalar in _scalars(route, value):
        spelled = plain_spelling(document, below)
        if spelled is None or oddity(spelled, scalar) not in watch.spellings:
            continue
        if told == _MOST:
            said = Said(document, route)
            yield Breach(said.key, f"{said.name} holds more than {_MOST} such values")
            return
        told += 1
        said = Said(document, below)
        read = f"{spelled}, which YAML reads as {made_of(scalar)}"
        yield Breach(said, f"{said.name} is {read}; expected {watch.expected}")


def _scalars(route: Field, value: Any) -> Iterator[tuple[Field, Any]]:
    """The scalars at a field and below it that are no text, each once however often aliased."""
    pending: list[tuple[Field, Any]] = [(route, value)]
    seen: set[int] = set()
    while pending:
        route, value = pending.pop()
        if not isinstance(value, (dict, list)):
            yield route, value
        elif id(value) not in seen:
            seen.add(id(value))
            items = value.items() if isinstance(value, dict) else enumerate(value)
            pending += [
                ((*route, step), below)
                for step, below in items
                if below is not None and type(below) is not str and type(step) in (str, int)
            ][::-1]
