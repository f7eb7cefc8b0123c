"""Violations of a schema, as messages for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, reduce
from math import isfinite
from operator import getitem
from typing import TYPE_CHECKING, Any, Protocol

from dativo_lint.names import nearest
from dativo_lint.schemas.fields import Fields, Route, fields_of, misspelt, unknown_fields

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

FieldError = tuple[Route, str]
"""Where something is wrong, and a sentence without its subject: `is -5; expected a number`."""
Spelled = Callable[[Route], str | None]
"""From a route to the spelling of the scalar there in the file; None where that is not known."""

MOST = 1000
"""Violations of one document that are reported."""
_MORE = f"more than {MOST} problems of this kind; the others are not reported"
_LONGEST = 80
_IN_WORDS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "a string of at least {} characters",
    "maxLength": "a string of at most {} characters",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
    "minProperties": "a mapping of at least {}",
    "maxProperties": "a mapping of at most {}",
    "uniqueItems": "each item once",
    "dependentRequired": "other fields",
    "pattern": "a string that matches {}",
}
_OPEN = r"\$\{.*\}"
"""The pattern of a field that has to be no string, unless it is filled in when the job runs."""
_DEEPEST = 30
_MOST_BITS = 4096
_HUGE = 1 << _MOST_BITS


class _Error(Protocol):
    """What is used of an error of jsonschema."""

    absolute_path: Sequence[str | int]
    relative_path: Sequence[str | int]
    context: Sequence[_Error]
    validator: str
    validator_value: Any
    instance: Any
    schema: Mapping[str, Any]


class Shape:
    """A compiled schema: whether a document is valid, and if not, what is wrong.

    Only `unknown` reports unknown fields.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    # Who asks for unknown fields needs no validator, and most documents need nothing else.
    @cached_property
    def _open_schema(self) -> Any:
        return _without_closed_objects(self._schema)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        from jsonschema_rs import Draft202012Validator  # with email and socket, which takes long

        return Draft202012Validator(self._open_schema)

    @cached_property
    def fields(self) -> Fields:
        """The fields that the schema knows."""
        return fields_of(self._schema)

    def accepts(self, data: Any) -> bool:
        """Whether a document is certainly valid.

        jsonschema-rs refuses what JSON does not have, such as dates, keys that are not strings and
        lone surrogates; those are left to jsonschema, as is everything that it does not accept.
        """
        try:
            return self._validator.is_valid(data)
        except ValueError:
            return False

    def misshapen(self, data: Any, spelled: Spelled | None = None) -> Iterator[FieldError]:
        """Every violation of a document but unknown fields; only keys that are strings count."""
        if self.accepts(data):
            return iter(())
        errors = validator_class()(self._open_schema).iter_errors(_tame(data))
        return _first_ones(
            violation
            for error in errors
            for violation in _violations_in(error, self.fields, spelled or _unknown_spelling)
        )

    def unknown(self, data: Any) -> Iterator[FieldError]:
        """Every field of a document that the schema does not know, with the nearest known one."""
        return _first_ones(unknown_fields(data, self.fields))

    def misspelt(self, data: Any, route: Route) -> Route | None:
        """Of a field that is missing, the unknown one that was plainly meant to be it."""
        if not route:
            return None
        block, around = reduce(getitem, route[:-1], data), self.fields.at(route[:-1])
        name = misspelt(route[-1], around, block)
        return None if name is None else (*route[:-1], name)


def violations(data: Any, schema: Mapping[str, Any]) -> Iterator[FieldError]:
    """Every violation of a schema, unknown fields first."""
    shape = Shape(schema)
    yield from shape.unknown(data)
    yield from shape.misshapen(data)


@cache
def validator_class() -> Any:
    """The validator of Draft 2020-12, for which `.inf` and `.nan` of YAML are no numbers."""
    # It takes longer to import than a small run lasts, and only violations need it.
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    numbers = Draft202012Validator.TYPE_CHECKER.redefine("number", lambda _, it: _is_number(it))
    return extend(Draft202012Validator, type_checker=numbers)  # type: ignore[no-untyped-call]


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and isfinite(value))


def _without_closed_objects(schema: Any) -> Any:
    """A schema that allows unknown fields."""
    if isinstance(schema, list):
        return [_without_closed_objects(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_closed_objects(part)
        for name, part in schema.items()
        if not (name == "additionalProperties" and part is False)
    }


def _first_ones(violations: Iterable[FieldError]) -> Iterator[FieldError]:
    """Each violation once, up to a limit."""
    seen: set[FieldError] = set()
    for violation in violations:
        if violation in seen:
            continue
        if len(seen) == MOST:
            yield (), _MORE
            return
        seen.add(violation)
        yield violation


def _tame(data: Any, levels: int = _DEEPEST) -> Any:
    """A copy of a document that jsonschema can write into its messages.

    Python refuses to write very large integers in decimal digits, and values that are nested very
    deep; whatever is deeper than any schema looks is emptied. JSON has no keys but strings.
    """
    if isinstance(data, dict):
        pairs = data.items() if levels else ()
        return {name: _tame(it, levels - 1) for name, it in pairs if isinstance(name, str)}
    if isinstance(data, list):
        return [_tame(item, levels - 1) for item in data] if levels else []
    if isinstance(data, int) and data.bit_length() > _MOST_BITS:
        return _HUGE if data > 0 else -_HUGE
    return data


def _violations_in(error: _Error, fields: Fields, spelled: Spelled) -> Iterator[FieldError]:
    """The violations in one error of jsonschema; of alternatives, those of the nearest."""
    route = tuple(error.absolute_path)
    deeper = [it for it in error.context if it.relative_path]
    if error.validator == "anyOf" and deeper:
        for inner in deeper:
            yield from _violations_in(inner, fields, spelled)
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield (*route, name), f"is missing; expected {_expected(error, fields, name)}"
    else:
        subject = "" if route else "the document "
        spelling = spelled(route)
        message = f"{subject}is {_found(error, spelling)}; expected {_expected(error, fields)}"
        if error.validator == "type" and isinstance(error.instance, (int, float)):
            if {"string"} <= set(_types(error)) <= {"string", "null"}:
                message = message.rpartition("; expected")[0] + "; expected a string"
                message += f': "{_clipped(spelling or _plain(error.instance))}"'
        is_word = isinstance(error.instance, str)
        yield route, message + (nearest(error.instance, _choices(error)) if is_word else "")


def _expected(error: _Error, fields: Fields, *below: str) -> str:
    """What was expected where an error is, or in a field below."""
    if error.validator == "not" and "x-expected" in error.schema:
        return str(error.schema["x-expected"])
    place = fields.at((*error.absolute_path, *below))
    expected, kind = (place.expected, place.kind) if place else ("", "")
    if expected or (below and kind):
        return expected or kind
    words = _IN_WORDS.get(error.validator, "") if not below else "a value"
    return words.format(error.validator_value) or kind or "not a regular file"


def _choices(error: _Error) -> list[str]:
    """The allowed strings, where there are only so many."""
    branches = [error.schema, *error.schema.get("anyOf", ())]
    words = (it.get("enum", [it["const"]] if "const" in it else []) for it in branches)
    return [word for some in words for word in some if isinstance(word, str)]


def _found(error: _Error, spelling: str | None) -> str:
    """A value as messages show it, and how YAML reads it where that is another value."""
    value = error.instance
    if isinstance(value, (dict, list)):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if isinstance(value, str):
        is_wrong_kind = error.validator == "pattern" and error.validator_value == _OPEN
        kind = " (a string)" if is_wrong_kind else ""
        return f'"{_clipped(value)}"{kind}' if value else "empty"
    if value is None:
        return spelling or "empty"
    plain = _plain(value)
    kind, accepted = _kind(value)
    if spelling is not None and spelling != plain:
        return f"{_clipped(spelling)}, which YAML reads as {kind if _is_date(value) else plain}"
    is_wrong_kind = error.validator == "type" and accepted.isdisjoint(_types(error))
    return f"{plain} ({kind})" if is_wrong_kind else plain


def _types(error: _Error) -> Sequence[str]:
    names = error.validator_value
    return [names] if isinstance(names, str) else list(names)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _clipped(hex(value) if value == _HUGE or value == -_HUGE else str(value))


def _kind(value: Any) -> tuple[str, frozenset[str]]:
    """The kind of a value, and the types of JSON Schema that it has."""
    if isinstance(value, bool):
        return "a boolean", frozenset({"boolean"})
    if isinstance(value, (int, float)):
        return "a number", frozenset({"integer", "number"})
    return ("a date" if _is_date(value) else type(value).__name__), frozenset()


def _is_date(value: Any) -> bool:
    return hasattr(value, "year")


def _clipped(text: str) -> str:
    return f"{text[:_LONGEST]}..." if len(text) > _LONGEST else text


def _unknown_spelling(_: Route) -> None:
    return None
