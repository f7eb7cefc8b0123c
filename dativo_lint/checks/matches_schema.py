"""a document has the shape that its JSON Schema describes"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.spelling import plain_spelling
from dativo_lint.checks.violation import Related, Results, Violation
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.asset import Misfit
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text
from dativo_lint.schemas import part, schema
from dativo_lint.schemas.fields import Fields
from dativo_lint.schemas.violations import Shape

APPLIES_TO = ("text", "job")


class Check(RuleParams, frozen=True):
    document: Annotated[
        Literal["job", "asset", "connector", "runner"],
        about("The kind of document, and the name of its schema."),
    ]
    within: Annotated[str, about("Only fields under this one are checked.")] = ""
    but_not_within: Annotated[tuple[str, ...], about("Fields under these are not checked.")] = ()

    @cached_property
    def _shape(self) -> Shape:
        try:
            return Shape(part(schema(self.document), route(self.within)))
        except KeyError as error:
            raise ValueError(f"within: the schema has no field {error.args[0]}") from error

    def judge(self, target: Text | Job) -> Results:
        """Hold the documents of one kind, or a part of them, against their schema."""
        kind = Kind(self.document)
        if isinstance(target, Text):
            for document in target.documents(kind):
                yield from self._judge_document(document)
            return
        if kind is Kind.ASSET and target.no_asset is not None:
            yield _misfit(target, "asset_path", target.no_asset, "asset definition")
        for name, recipe in target.recipes.items() if kind is Kind.CONNECTOR else ():
            if isinstance(recipe, Misfit):
                yield _misfit(target, name, recipe, "connector recipe")
            else:
                yield from self._judge_document(recipe)

    def _judge_document(self, document: Document) -> Iterator[Violation]:
        base, shape = route(self.within), self._shape
        value = document.value(base)
        if value is ABSENT or shape.accepts(value):
            return

        def spelled(below: Field) -> str | None:
            return plain_spelling(document, (*base, *below))

        for below, message in shape.misshapen(value, spelled):
            field = (*base, *below)
            is_left_out = any(_is_below(field, route(above)) for above in self.but_not_within)
            if (below or not base) and not is_left_out:
                name = f"{spell(field)} " if field else ""
                known = shape.fields.at(below)
                fixes = () if known is None else _fixes(document, field, known)
                misspelt = shape.misspelt(value, below)
                keys = [FieldRef(document, (*base, *misspelt)).key] if misspelt else []
                mentions = tuple(Related(key, "perhaps misspelt here") for key in keys)
                yield Violation(FieldRef(document, field), f"{name}{message}", mentions, fixes)


def _fixes(document: Document, field: Field, known: Fields) -> tuple[Fix, ...]:
    """The fix that writes a value in quotes or without them, or the choice that was meant."""
    from dativo_lint.edits.fields import set_value  # only a violation needs it

    value, raw = document.value(field), document.raw(field)
    if raw is None or value is None or isinstance(value, (dict, list)):
        return ()
    if not isinstance(value, str):
        is_string = "a string" in (known.kind, known.expected)
        return (fix("Write it in quotes", set_value(document, field, raw)),) if is_string else ()
    if known.choices:
        from dativo_lint.edits.names import respelled  # only a violation needs it

        return respelled(document, field, known.choices)
    plain: bool | int | float | None = None
    if known.kind.startswith("true or false"):
        plain = _BOOLEANS.get(value.lower())
    elif known.kind.startswith(("a whole number", "a number")) and re.fullmatch(_WHOLE, value):
        plain = int(value)
    elif known.kind.startswith("a number") and re.fullmatch(rf"(?:{_WHOLE})\.[0-9]{{1,9}}", value):
        plain = float(value)
    if plain is None:
        return ()
    return (fix("Write it without quotes", set_value(document, field, plain)),)


_WHOLE = "0|[1-9][0-9]{0,9}"
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _misfit(job: Job, field: str, misfit: Misfit, wanted: str) -> Violation:
    """What a field leads to is not the one thing that is wanted."""
    named = job.field(field)
    at = named if misfit.second is None else FieldRef(misfit.second, ())
    message = f"{job.references[field].path} holds {misfit.holds}; expected one {wanted}"
    return Violation(at, message, () if at is named else (Related(named, "named here"),))


def _is_below(field: Field, above: Field) -> bool:
    return len(field) > len(above) and field[: len(above)] == above
