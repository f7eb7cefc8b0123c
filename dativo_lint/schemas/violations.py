"""Violations of a schema, as messages for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from math import isfinite
from operator import getitem
from typing import TYPE_CHECKING, Any, NamedTuple

from dativo_lint.names import nearest
from dativo_lint.schemas.fields import Fields, Route, fields_of, misspelt, unknown_fields

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

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
_MARK = "\ue000"
"""The beginning of names that paths in errors would not show as they are."""
_OTHER = f"{_MARK} a value that JSON does not have"
"""What stands for a date and the like: a string that no schema of strings allows."""


class Shape:
    """A compiled schema: whether a document is valid, and if not, what is wrong.

    Only `unknown` reports unknown fields.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    # Who asks for unknown fields needs no validator, and most documents need nothing else.
    @cached_property
    def _open_schema(self) -> Any:
        return _open(self._schema)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        from jsonschema_rs import Draft202012Validator  # with email and socket, which takes long

        return Draft202012Validator(self._open_schema)

    @cached_property
    def fields(self) -> Fields:
        """The fields that the schema knows."""
        return fields_of(self._schema)

    def accepts(self, data: Any) -> bool:
        """Whether a document is certainly valid; the validator refuses what JSON does not have,
        such as dates, keys that are not strings and lone surrogates."""
        try:
            return self._validator.is_valid(data)
        except ValueError:
            return False

    def misshapen(self, data: Any, spelled: Spelled | None = None) -> Iterator[FieldError]:
        """Every violation of a document but unknown fields; only keys that are strings count."""
        if self.accepts(data):
            return iter(())
        errors = self._validator.iter_errors(_tame(data))
        return _first_ones(
            violation
            for error in errors
            for violation in self._violations_in(error, data, spelled or _unknown_spelling)
        )

    def _violations_in(
        self, error: ValidationError, data: Any, spelled: Spelled
    ) -> Iterator[FieldError]:
        """The violations in one error; of alternatives, those of the nearest."""
        route = tuple(map(_wild_key, error.instance_path))
        fault = _Fault.of(error, self._open_schema, reduce(getitem, route, data))
        branches = getattr(error.kind, "context", ()) if fault.keyword == "anyOf" else ()
        deeper = [it for branch in branches for it in branch if len(it.instance_path) > len(route)]
        if deeper:
            for inner in deeper:
                yield from self._violations_in(inner, data, spelled)
        elif fault.keyword == "required":
            for name in fault.schema["required"]:
                if name not in fault.value:
                    below = (*route, name)
                    yield below, f"is missing; expected {self._expected(fault, below)}"
        else:
            spelling = spelled(route)
            subject = "" if route else "the document "
            expected = self._expected(fault, route)
            message = f"{subject}is {_found(fault, spelling)}; expected {expected}"
            if fault.keyword == "type" and isinstance(fault.value, (int, float)):
                if {"string"} <= fault.types <= {"string", "null"}:
                    message = message.rpartition("; expected")[0] + "; expected a string"
                    message += f': "{_clipped(spelling or _plain(fault.value))}"'
            is_word = isinstance(fault.value, str)
            yield route, message + (nearest(fault.value, fault.choices) if is_word else "")

    def _expected(self, fault: _Fault, route: Route) -> str:
        """What was expected at a route: where a fault is, or in a field below that is missing."""
        if fault.keyword == "not" and "x-expected" in fault.schema:
            return str(fault.schema["x-expected"])
        place = self.fields.at(route) or Fields()
        is_missing = fault.keyword == "required"
        if place.expected or (is_missing and place.kind):
            return place.expected or place.kind
        words = "a value" if is_missing else _IN_WORDS.get(fault.keyword, "")
        return words.format(fault.schema[fault.keyword]) or place.kind or "not a regular file"

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


def _open(schema: Any) -> Any:
    """A schema that allows unknown fields, and nowhere what stands for other values."""
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {
        name: _open(part)
        for name, part in schema.items()
        if not (name == "additionalProperties" and part is False)
    }
    if "string" in _types(schema):
        others = [parts["not"]] if "not" in parts else []
        parts["not"] = {"anyOf": [{"const": _OTHER}, *others]}
    return parts


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
    """A copy of a document that is JSON: without keys that are not strings, and without what is
    deeper than any schema looks; very large integers are cut, and other values stood for."""
    if isinstance(data, dict):
        pairs = data.items() if levels else ()
        return {_tame_key(name): _tame(it, levels - 1) for name, it in pairs if type(name) is str}
    if isinstance(data, list):
        return [_tame(item, levels - 1) for item in data] if levels else []
    if isinstance(data, int):
        return max(-_HUGE, min(data, _HUGE)) if data.bit_length() > _MOST_BITS else data
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode()
    is_json = data is None or (isinstance(data, float) and isfinite(data))
    return data if is_json else _OTHER


def _tame_key(name: str) -> str:
    """A name as the validator shows it in the paths of its errors: it leaves out the empty name,
    takes digits for the index of a list, and half of a surrogate pair for an error."""
    is_plain = name.isascii() and name.strip("+0123456789")
    return name if is_plain else _MARK + name.encode("utf-8", "surrogatepass").hex()


def _wild_key(step: str | int) -> str | int:
    """The name or index that a path shows."""
    if isinstance(step, int) or not step.startswith(_MARK):
        return step
    return bytes.fromhex(step[1:]).decode("utf-8", "surrogatepass")


class _Fault(NamedTuple):
    """An error of the validator: the keyword of a schema that a value does not satisfy."""

    keyword: str
    schema: Mapping[str, Any]
    value: Any

    @classmethod
    def of(cls, error: ValidationError, root: Any, value: Any) -> _Fault:
        """What an error says of a value, given as it is in the document."""
        *route, keyword = map(str, error.schema_path)
        schema = root
        for step in route:
            schema = schema[int(step) if isinstance(schema, list) else step]
        if keyword not in ("anyOf", "enum", "const", "required") and _tame(value, 0) == _OTHER:
            keyword = "type" if "type" in schema else keyword
        return cls(keyword, schema, value)

    @property
    def types(self) -> set[str]:
        """The types that the schema allows."""
        return {*_types(self.schema)}

    @property
    def choices(self) -> list[str]:
        """The allowed strings, where there are only so many."""
        branches = [self.schema, *self.schema.get("anyOf", ())]
        words = (it.get("enum", [it["const"]] if "const" in it else []) for it in branches)
        return [word for some in words for word in some if isinstance(word, str)]


def _types(schema: Mapping[str, Any]) -> Sequence[str]:
    names = schema.get("type", ())
    return [names] if isinstance(names, str) else names if isinstance(names, list) else ()


def _found(fault: _Fault, spelling: str | None) -> str:
    """A value as messages show it, and how YAML reads it where that is another value."""
    value = fault.value
    if isinstance(value, (dict, list)):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if isinstance(value, str):
        is_wrong_kind = fault.keyword == "pattern" and fault.schema["pattern"] == _OPEN
        kind = " (a string)" if is_wrong_kind else ""
        return f'"{_clipped(value)}"{kind}' if value else "empty"
    if value is None:
        return spelling or "empty"
    plain = _plain(value)
    kind, accepted = _kind(value)
    if spelling is not None and spelling != plain:
        return f"{_clipped(spelling)}, which YAML reads as {kind if _is_date(value) else plain}"
    is_wrong_kind = fault.keyword == "type" and accepted.isdisjoint(fault.types)
    return f"{plain} ({kind})" if is_wrong_kind else plain


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # Python refuses to write very large integers in decimal digits.
    is_huge = isinstance(value, int) and value.bit_length() > _MOST_BITS
    return _clipped(hex(value) if is_huge else str(value))


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
