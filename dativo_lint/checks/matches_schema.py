"""a document has the shape that its JSON Schema describes"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from dativo_lint.checks.answers import Judge, Mention, Unresolved, Violation
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import part, schema
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text", "job")


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule gives this check."""

    document: Annotated[
        Literal["job", "asset"],
        Meta(description="The kind of document, and the name of the schema that it is held to."),
    ]
    within: Annotated[
        str,
        Meta(description="The dotted field below which everything is judged, and nothing else."),
    ] = ""
    but_not_within: Annotated[
        tuple[str, ...], Meta(description="Dotted fields below which nothing is judged.")
    ] = ()


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

    def judge(target: Text | Job) -> Iterable[Violation | Unresolved]:
        if isinstance(target, Job):
            return _no_asset(target) if kind is Kind.ASSET and target.no_asset is not None else ()
        return judge_text(target)

    def judge_text(text: Text) -> Iterable[Violation | Unresolved]:
        odd = [it for it in text.documents(kind) if not is_sound(it)]
        return tell(odd) if odd else ()

    def tell(odd: Iterable[Document]) -> Iterator[Violation | Unresolved]:
        for document in odd:
            for route, message in _misshapen(document, base, shape):
                if not any(_is_below(route, field) for field in left_out):
                    subject = f"{spell(route)} " if route else ""
                    yield Violation(FieldRef(document, route), f"{subject}{message}")

    return judge


def _no_asset(job: Job) -> Iterator[Violation]:
    """What stands where the asset of a job should; what has no shape at all is told of its text."""
    path, no_asset = job.references["asset_path"].path, job.no_asset
    if no_asset is not None:
        said = job.said("asset_path")
        at = said if no_asset.second is None else FieldRef(no_asset.second, ())
        message = f"{path} holds {no_asset.holds}; expected one asset definition"
        yield Violation(at, message, () if at is said else (Mention(said, "named here"),))


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
