"""a document has the shape that its JSON Schema describes"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Mention, Violation
from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.spelling import plain_spelling
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import part, schema
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text", "job")


class Params(RuleParams, frozen=True):
    document: Annotated[
        Literal["job", "asset", "runner"],
        about("The kind of document, and the name of its schema."),
    ]
    within: Annotated[str, about("Only fields under this one are checked.")] = ""
    but_not_within: Annotated[tuple[str, ...], about("Fields under these are not checked.")] = ()


def prepare(params: Params) -> Judge:
    """Hold the documents of one kind, or a part of them, against their schema."""
    kind = Kind(params.document)
    base = route(params.within)
    left_out = tuple(map(route, params.but_not_within))
    try:
        shape = Shape(part(schema(kind.value), base))
    except KeyError as error:
        raise ValueError(f"within: the schema has no field {error.args[0]}") from error

    def is_sound(document: Document) -> bool:
        value = document.value(base)
        return value is ABSENT or shape.accepts(value)

    def judge(target: Text | Job) -> Answers:
        if isinstance(target, Job):
            if kind is Kind.ASSET:
                yield from _no_asset(target)
            return
        for document in target.documents(kind):
            if is_sound(document):
                continue
            for field, message in _misshapen(document, base, shape):
                if not any(_is_below(field, above) for above in left_out):
                    subject = f"{spell(field)} " if field else ""
                    yield Violation(FieldRef(document, field), f"{subject}{message}")

    return judge


def _no_asset(job: Job) -> Iterator[Violation]:
    """A target of asset_path that is not one asset; other rules report one that cannot be read."""
    no_asset = job.no_asset
    if no_asset is not None:
        said = job.said("asset_path")
        at = said if no_asset.second is None else FieldRef(no_asset.second, ())
        holds = f"{job.references['asset_path'].path} holds {no_asset.holds}"
        message = f"{holds}; expected one asset definition"
        yield Violation(at, message, () if at is said else (Mention(said, "named here"),))


def _misshapen(document: Document, base: Field, shape: Shape) -> Iterator[tuple[Field, str]]:
    """What is wrong in a document below a field, by routes from the document's top."""

    def spelled(below: Field) -> str | None:
        return plain_spelling(document, (*base, *below))

    for below, message in shape.misshapen(document.value(base), spelled):
        if below or not base:
            yield (*base, *below), message


def _is_below(field: Field, above: Field) -> bool:
    return len(field) > len(above) and field[: len(above)] == above
