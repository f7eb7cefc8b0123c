"""a value that YAML makes into something else is spelled so that it reads as it looks"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.checks.spelling import ODDITIES, made_of, oddity, plain_spelling
from dativo_lint.subject.asset import asset_of
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.said import Said
from dativo_lint.subject.subject import Text
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field

GRAIN = "text"

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


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """What is looked for in some fields of one kind of document."""

    kind: Kind
    fields: tuple[Field, ...]
    spellings: frozenset[str]
    expected: str


def prepare(params: Mapping[str, Any]) -> Callable[[Text], Iterator[Breach | Open]]:
    """Look for spellings that read as something else than they look."""
    watches = [
        _Watch(
            Kind(place["document"]),
            tuple(tuple(dotted.split(".")) for dotted in place["fields"]),
            frozenset(place["spellings"]),
            place["expected"],
        )
        for place in params["places"]
    ]

    def judge(text: Text) -> Iterator[Breach | Open]:
        for watch in watches:
            for document in text.documents(watch.kind):
                yield from _odd(document, watch)

    return judge


def _odd(document: Document, watch: _Watch) -> Iterator[Breach]:
    asset = asset_of(document) if watch.kind is Kind.ASSET else None
    base = asset.base if asset is not None else ()
    for field in watch.fields:
        for route, value in _scalars(document, (*base, *field)):
            spelled = plain_spelling(document, route)
            if spelled is None or oddity(spelled, value) not in watch.spellings:
                continue
            said = Said(document, route)
            read = f"{spelled}, which YAML reads as {made_of(value)}"
            yield Breach(said, f"{said.name} is {read}; expected {watch.expected}")


def _scalars(document: Document, route: Field) -> Iterator[tuple[Field, Any]]:
    """The scalars at a field and below it that are no text, each once however often aliased."""
    pending: list[tuple[Field, Any]] = [(route, document.value(route))]
    seen: set[int] = set()
    while pending:
        route, value = pending.pop()
        if isinstance(value, (dict, list)):
            if id(value) not in seen:
                seen.add(id(value))
                items = value.items() if isinstance(value, dict) else enumerate(value)
                below = [((*route, step), it) for step, it in items if isinstance(step, (str, int))]
                pending += reversed(below)
        elif not isinstance(value, str) and value is not None:
            yield route, value
