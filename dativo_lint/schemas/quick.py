"""The quick test: whether a document has the shape of a schema, without importing jsonschema.

A schema becomes a chain of plain functions once a run. What is asked is only yes or no; the few
documents that are not accepted are then held against the schema by jsonschema, which is slow to
import but knows what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from math import isfinite
from typing import Any

from dativo_lint.schemas import resolved

Test = Callable[[Any], bool]
"""Whether a value is as it should be."""

Schema = Mapping[str, Any] | bool

_SAYS_NOTHING = frozenset(
    {"$schema", "$defs", "$comment", "title", "description", "default", "examples", "deprecated",
     "x-expected", "x-near-misses"}
)  # fmt: skip
_TYPES: Mapping[str, type] = {
    "string": str, "integer": int, "number": int, "boolean": bool, "null": type(None),
    "object": dict, "array": list,
}  # fmt: skip


class UnknownKeyword(ValueError):
    """A keyword of JSON Schema that the quick test does not know."""


def quick_test(schema: Schema) -> Test | None:
    """The quick test of a schema; None where it uses keywords that only jsonschema knows.

    The data is plain: what a YAML or JSON reader makes. A number is finite, as it is in JSON.
    """
    try:
        return _Compiler(schema).test(schema) or _always
    except UnknownKeyword:
        return None


def is_number(value: Any) -> bool:
    """Whether a value is a number as JSON knows it: finite, and not true or false."""
    return type(value) is int or (type(value) is float and isfinite(value))


class _Compiler:
    """Turns the parts of one schema into tests; a part that demands nothing becomes None."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._referred: dict[str, Test] = {}
        self._under_way: set[str] = set()

    def test(self, schema: Schema) -> Test | None:
        if isinstance(schema, bool):
            return None if schema else _never
        tests = tuple(self._tests(schema))
        if len(tests) < 2:
            return tests[0] if tests else None
        return _joined(tests)

    def _tests(self, schema: Mapping[str, Any]) -> Iterator[Test]:
        for keyword, said in schema.items():
            if keyword in _SIMPLE:
                yield _SIMPLE[keyword](said)
            elif keyword == "$ref":
                yield self._refer(said)
            elif keyword == "anyOf":
                yield _any([self.test(part) or _always for part in said])
            elif keyword == "allOf":
                yield _joined([self.test(part) or _always for part in said])
            elif keyword == "not":
                yield _negated(self.test(said) or _always)
            elif keyword == "items":
                yield _items(self.test(said) or _always)
            elif keyword not in _SAYS_NOTHING and keyword not in _TAKEN_TOGETHER:
                raise UnknownKeyword(keyword)
        if "properties" in schema or "additionalProperties" in schema:
            yield self._fields(schema)
        if "if" in schema:
            yield self._conditional(schema)

    def _refer(self, reference: str) -> Test:
        if not isinstance(self._root, Mapping) or not reference.startswith("#/"):
            raise UnknownKeyword("$ref")
        if reference in self._under_way:
            # It would have to be looked up anew for every value; none of ours refers to itself.
            raise UnknownKeyword("$ref")
        if reference not in self._referred:
            self._under_way.add(reference)
            self._referred[reference] = self.test(resolved(self._root, reference)) or _always
            self._under_way.remove(reference)
        return self._referred[reference]

    def _fields(self, schema: Mapping[str, Any]) -> Test:
        named = {name: self.test(part) for name, part in schema.get("properties", {}).items()}
        rest = self.test(schema.get("additionalProperties", True))

        def fields(value: Any) -> bool:
            if type(value) is not dict:
                return True
            for name, below in value.items():
                test = named.get(name, rest)
                if test is not None and not test(below):
                    return False
            return True

        return fields

    def _conditional(self, schema: Mapping[str, Any]) -> Test:
        holds = self.test(schema["if"]) or _always
        then = self.test(schema.get("then", True)) or _always
        otherwise = self.test(schema.get("else", True)) or _always
        return lambda value: then(value) if holds(value) else otherwise(value)


_TAKEN_TOGETHER = frozenset({"properties", "additionalProperties", "if", "then", "else"})


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


def _type(said: str | Sequence[str]) -> Test:
    names = [said] if isinstance(said, str) else said
    plain = frozenset(_TYPES[name] for name in names)
    if "number" in names:
        return lambda value: type(value) in plain or is_number(value)
    if "integer" in names:
        return lambda value: type(value) in plain or (type(value) is float and value.is_integer())
    return lambda value: type(value) in plain


def _one_of(said: Sequence[Any]) -> Test:
    if not all(isinstance(it, (str, bool)) or it is None for it in said):
        raise UnknownKeyword("enum")
    words = frozenset(it for it in said if isinstance(it, str))
    others = tuple(it for it in said if not isinstance(it, str))
    return lambda value: value in words if type(value) is str else any(value is it for it in others)


def _required(said: Sequence[str]) -> Test:
    return lambda value: type(value) is not dict or all(name in value for name in said)


def _pattern(said: str) -> Test:
    # Most patterns of a schema are never asked; `re` compiles and remembers those that are.
    return lambda value: type(value) is not str or re.search(said, value) is not None


def _size(kind: type[Sized], least: int = 0, most: float = float("inf")) -> Test:
    return lambda value: type(value) is not kind or least <= len(value) <= most


def _number(holds: Callable[[Any], bool]) -> Test:
    return lambda value: not is_number(value) or holds(value)


def _negated(test: Test) -> Test:
    return lambda value: not test(value)


def _items(test: Test) -> Test:
    return lambda value: type(value) is not list or all(test(item) for item in value)


def _any(tests: Sequence[Test]) -> Test:
    return lambda value: any(test(value) for test in tests)


def _joined(tests: Sequence[Test]) -> Test:
    def joined(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs as much again as the tests
            if not test(value):
                return False
        return True

    return joined


_SIMPLE: Mapping[str, Callable[[Any], Test]] = {
    "type": _type,
    "enum": _one_of,
    "const": lambda said: _one_of([said]),
    "required": _required,
    "pattern": _pattern,
    "minLength": lambda said: _size(str, said),
    "maxLength": lambda said: _size(str, most=said),
    "minItems": lambda said: _size(list, said),
    "maxItems": lambda said: _size(list, most=said),
    "minProperties": lambda said: _size(dict, said),
    "maxProperties": lambda said: _size(dict, most=said),
    "minimum": lambda said: _number(lambda value: value >= said),
    "maximum": lambda said: _number(lambda value: value <= said),
    "exclusiveMinimum": lambda said: _number(lambda value: value > said),
    "exclusiveMaximum": lambda said: _number(lambda value: value < said),
}
