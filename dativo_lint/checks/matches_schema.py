"""a document has the shape that its JSON Schema describes"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import part, schema
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text",)


class Params(RuleParams, frozen=True):
    document: Annotated[
        Literal["job", "asset"], about("The kind of document, and the name of its schema.")
    ]
    within: Annotated[
        str, about("The field below which everything is judged, and nothing else.")
    ] = ""
    but_not_within: Annotated[tuple[str, ...], about("Fields below which nothing is judged.")] = ()


def prepare(params: Params) -> Judge:
    """Hold the documents of one kind, or a part of them, against their schema.

    Unknown fields are not told here.
    """
    kind = Kind(params.document)
    base = _route(params.within)
    left_out = tuple(map(_route, params.but_not_within))
    try:
        shape = Shape(part(schema(kind.value), base))
    except KeyError as error:
        raise ValueError(f"within: the schema knows no field {error.args[0]}") from error

    def is_sound(document: Document) -> bool:
        value = document.value(base)
        return value is ABSENT or shape.accepts(value)

    def judge(text: Text) -> Iterable[Violation | Unresolved]:
        odd = [it for it in text.documents(kind) if not is_sound(it)]
        return tell(odd) if odd else ()

    def tell(odd: Iterable[Document]) -> Answers:
        for document in odd:
            for route, message in _misshapen(document, base, shape):
                if not any(_is_below(route, field) for field in left_out):
                    subject = f"{spell(route)} " if route else ""
                    yield Violation(FieldRef(document, route), f"{subject}{message}")

    return judge


def _misshapen(document: Document, base: Field, shape: Shape) -> Iterator[tuple[Field, str]]:
    """What is wrong in a document below a field, by routes from the document's top."""
    value = document.value(base)
    spelled = Spelling(document, base)
    for route, message in shape.misshapen(value, spelled):
        if route or not base:
            yield (*base, *route), message


class Spelling:
    """How the scalars below a field are spelled in the file."""

    def __init__(self, document: Document, base: Field) -> None:
        self._document = document
        self._base = base

    def __call__(self, route: Field) -> str | None:
        from dativo_lint.checks.spelling import plain_spelling  # for what is misshapen

        return plain_spelling(self._document, (*self._base, *route))


def _route(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split(".")) if dotted else ()


def _is_below(route: Field, field: Field) -> bool:
    return len(route) > len(field) and route[: len(field)] == field
