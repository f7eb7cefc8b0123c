"""a value is quoted where YAML would otherwise read it as another one"""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Literal

from dativo_lint.checks.params import RuleParams, about, non_empty, route
from dativo_lint.checks.spelling import ODDITIES, made_of, oddity, plain_spelling
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.asset import asset_of
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text

_MOST = 1000
"""Values below one field that are reported one by one."""

APPLIES_TO = ("text",)


class Watched(RuleParams, frozen=True):
    """Fields of one kind of document, and the spellings looked for there."""

    document: Annotated[Literal["job", "asset"], about("The kind of document.")]
    fields: Annotated[tuple[str, ...], non_empty("Fields, each with all fields under it.")]
    spellings: Annotated[tuple[str, ...], non_empty("Spellings that are reported.")]
    expected: Annotated[
        str, about("What to write instead; by default the value that YAML reads, or quotes.")
    ] = ""
    fix: Annotated[
        Literal["", "quotes", "unsafe-quotes", "decimal"], about("What a fix writes instead.")
    ] = ""


class Check(RuleParams, frozen=True):
    places: Annotated[
        tuple[Watched, ...], non_empty("Fields that are checked, and for which spellings.")
    ]

    def __post_init__(self) -> None:
        for name in (name for place in self.places for name in place.spellings):
            if name not in ODDITIES:
                known = ", ".join(ODDITIES)
                raise ValueError(f'unknown spelling "{name}"; expected one of: {known}')

    def judge(self, text: Text) -> Results:
        """Look for spellings that YAML reads as another value."""
        for place in self.places:
            for document in text.documents(Kind(place.document)):
                if not document.has_odd_scalars:
                    continue
                asset = asset_of(document) if place.document == "asset" else None
                base = asset.base if asset is not None else ()
                for field in ((*base, *route(name)) for name in place.fields):
                    value = document.value(field)
                    if value is not None and value is not ABSENT and type(value) is not str:
                        yield from _odd(document, field, value, place)


def _odd(document: Document, field: Field, value: Any, place: Watched) -> Iterator[Violation]:
    odd = (
        (FieldRef(document, below), spelled, made_of(scalar))
        for below, scalar in _scalars(field, value)
        if (spelled := plain_spelling(document, below)) is not None
        and oddity(spelled, scalar) in place.spellings
    )
    for at, spelled, reading in islice(odd, _MOST):
        plain = "" if reading == "a date" else f"{reading} or "
        expected = place.expected or f'{plain}"{spelled}"'
        message = f"{at.name} is {spelled}, which YAML reads as {reading}; expected {expected}"
        yield Violation(at, message, fixes=tuple(_fixes(at, spelled, place.fix)))
    if next(odd, None) is not None:
        whole = FieldRef(document, field)
        yield Violation(whole.key, f"{whole.name} has more than {_MOST} such values")


def _fixes(at: FieldRef, spelled: str, how: str) -> Iterator[Fix]:
    from dativo_lint.edits.fields import set_value  # only a violation needs it

    if how.endswith("quotes"):
        edit = set_value(at.document, at.route, spelled)
        yield fix("Write it in quotes", edit, is_safe=how == "quotes")
    elif how and spelled.isdecimal():
        yield fix("Write it without leading zeros", set_value(at.document, at.route, int(spelled)))


def _scalars(field: Field, value: Any) -> Iterator[tuple[Field, Any]]:
    """The scalars at and below a field that are not strings, each once however often aliased."""
    pending: list[tuple[Field, Any]] = [(field, value)]
    seen: set[int] = set()
    while pending:
        field, value = pending.pop()
        if not isinstance(value, (dict, list)):
            yield field, value
        elif id(value) not in seen:
            seen.add(id(value))
            items = value.items() if isinstance(value, dict) else enumerate(value)
            pending += [
                ((*field, step), below)
                for step, below in items
                if below is not None and type(below) is not str and type(step) in (str, int)
            ][::-1]
