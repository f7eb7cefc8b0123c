"""a value that YAML makes into something else is spelled so that it reads as it looks"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Struct

from dativo_lint.checks.answers import Answers, Judge, Violation
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.spelling import made_of, oddity, plain_spelling
from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.jobs.asset import asset_of
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text

_MOST = 1000
"""Values below one field that are told one by one."""

APPLIES_TO = ("text",)


class Watched(RuleParams, frozen=True):
    """Fields of one kind of document, and the spellings looked for there."""

    document: Annotated[Literal["job", "asset"], about("The kind of document.")]
    fields: Annotated[tuple[str, ...], some("Fields, each with all below it.")]
    spellings: Annotated[
        tuple[
            Literal[
                "base-60",
                "binary",
                "boolean-word",
                "date",
                "hexadecimal",
                "octal",
                "plus-sign",
                "rewritten-number",
                "trailing-zero",
                "underscores",
            ],
            ...,
        ],
        some("Spellings that are reported."),
    ]
    expected: Annotated[str, about("What should be written instead.")]


class Params(RuleParams, frozen=True):
    places: Annotated[
        tuple[Watched, ...], some("Where values are looked at, and for which spellings.")
    ]


class _Watch(Struct, frozen=True, eq=False):
    """What is looked for at a field and below it."""

    field: Field
    spellings: frozenset[str]
    expected: str


def prepare(params: Params) -> Judge:
    """Look for spellings that read as something else than they look."""
    watches: dict[Kind, list[_Watch]] = {}
    for place in params.places:
        spellings: frozenset[str] = frozenset(place.spellings)
        watches.setdefault(Kind(place.document), []).extend(
            _Watch(tuple(dotted.split(".")), spellings, place.expected) for dotted in place.fields
        )

    def judge(text: Text) -> Answers:
        for kind, watched in watches.items():
            for document in text.documents(kind):
                asset = asset_of(document) if kind is Kind.ASSET else None
                base = asset.base if asset is not None else ()
                contract = _at(document.data, base)
                for watch in watched:
                    value = _at(contract, watch.field)
                    if value is not None and type(value) is not str:
                        yield from _odd(document, (*base, *watch.field), value, watch)

    return judge


def _at(data: Any, route: Field) -> Any:
    """What stands at a route of keys; None where nothing does."""
    for key in route:
        data = data.get(key) if type(data) is dict else None
    return data


def _odd(document: Document, route: Field, value: Any, watch: _Watch) -> Iterator[Violation]:
    told = 0
    for below, scalar in _scalars(route, value):
        spelled = plain_spelling(document, below)
        if spelled is None or oddity(spelled, scalar) not in watch.spellings:
            continue
        if told == _MOST:
            said = FieldRef(document, route)
            yield Violation(said.key, f"{said.name} holds more than {_MOST} such values")
            return
        told += 1
        said = FieldRef(document, below)
        read = f"{spelled}, which YAML reads as {made_of(scalar)}"
        yield Violation(said, f"{said.name} is {read}; expected {watch.expected}")


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
