"""The quick test: whether a document has the shape of a schema, without importing jsonschema.

A schema becomes a chain of plain functions once a run. What is asked is only yes or no; the few
documents that are not accepted are then held against the schema by jsonschema, which is slow to
import but knows what is wrong.

Of most fields only the type is asked: so the names and types of a mapping, which are those of many,
are looked up together, and only what they do not settle is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from dativo_lint.schemas import resolved
from dativo_lint.schemas.keywords import (
    CONCERNS,
    PLAIN,
    SIMPLE,
    Test,
    UnknownKeyword,
    of_exactly,
    types_of,
)

Schema = Mapping[str, Any] | bool

_Asked = tuple[tuple[str, Test], ...]
_MOST_FORMS = 256
"""Forms of one mapping, names with types, of which it is remembered what to ask."""
_LONGEST_FORM = 64
"""Names, and characters of each."""

_SAYS_NOTHING = frozenset(
    {"$schema", "$defs", "$comment", "title", "description", "default", "examples", "deprecated",
     "x-expected", "x-near-misses"}
)  # fmt: skip


def quick_test(schema: Schema) -> Test | None:
    """The quick test of a schema; None where it uses keywords that only jsonschema knows.

    The data is plain: what a YAML or JSON reader makes. A number is finite, as it is in JSON.
    """
    try:
        return _Compiler(schema).test(schema) or _always
    except UnknownKeyword:
        return None


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
            if keyword in SIMPLE:
                yield SIMPLE[keyword](said)
            elif keyword == "$ref":
                yield self._refer(said)
            elif keyword == "anyOf":
                yield _any([self.test(part) or _always for part in said])
            elif keyword == "allOf":
                yield _joined([self.test(part) or _always for part in said])
            elif keyword == "not":
                yield _negated(self.test(said) or _always)
            elif keyword == "items":
                yield self._items(said)
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
        parts = schema.get("properties", {})
        named = {name: self.test(part) for name, part in parts.items()}
        each = self._each(schema.get("additionalProperties", True))
        by_type: dict[tuple[str, type], Test | None] = {}
        known: dict[tuple[Any, ...], _Asked] = {}

        def test_of(name: str, kind: type) -> Test | None:
            if kind not in PLAIN:
                return named[name]
            if (name, kind) not in by_type:
                by_type[name, kind] = self._of_type(parts[name], kind)
            return by_type[name, kind]

        def asked_of(value: dict[Any, Any], form: tuple[Any, ...]) -> _Asked:
            found = [(name, test_of(name, type(value[name]))) for name in named if name in value]
            asked = tuple((name, test) for name, test in found if test is not None)
            if (len(found) == len(value) or each is _always) and _is_short(value):
                if len(known) >= _MOST_FORMS:
                    known.clear()
                known[form] = asked
            return asked

        def fields(value: Any) -> bool:
            if type(value) is not dict:
                return True
            form = (*value, *map(type, value.values()))
            asked = known.get(form)
            if asked is None:
                asked = asked_of(value, form)
                if not each([it for name, it in value.items() if name not in named]):
                    return False
            for name, test in asked:  # noqa: SIM110 - as below
                if not test(value[name]):
                    return False
            return True

        return fields if named else lambda value: type(value) is not dict or each(value.values())

    def _items(self, schema: Schema) -> Test:
        each = self._each(schema)
        return lambda value: type(value) is not list or each(value)

    def _each(self, schema: Schema) -> Callable[[Collection[Any]], bool]:
        """Whether several values pass one schema."""
        whole = self.test(schema)
        by_type: dict[type, Test | None] = {}
        free: set[type] = set()

        def each(values: Collection[Any]) -> bool:
            for kind in set(map(type, values)).difference(free):
                if kind not in by_type and kind in PLAIN:
                    by_type[kind] = self._of_type(schema, kind)
                    if by_type[kind] is None:
                        free.add(kind)
                test = by_type.get(kind, whole)
                if test is not None and not all(test(it) for it in values if type(it) is kind):
                    return False
            return True

        return each if whole is not None else _always

    def _of_type(self, schema: Schema, kind: type) -> Test | None:
        """The test of values of one type; None where the type alone is enough."""
        if isinstance(schema, bool) or isinstance(self._root, bool):
            return self.test(schema)
        left: dict[str, Any] = {}
        tests: list[Test | None] = []
        for keyword, said in schema.items():
            if keyword == "$ref":
                self._refer(said)
                tests.append(self._of_type(resolved(self._root, said), kind))
            elif keyword == "anyOf":
                parts = [self._of_type(part, kind) for part in said]
                tests.append(None if None in parts else _any([it or _always for it in parts]))
            elif keyword == "type":
                left |= {} if kind in types_of(said) else {keyword: said}
            elif (test := of_exactly(kind, keyword, said)) is not None:
                tests.append(test)
            elif kind in CONCERNS.get(keyword, PLAIN):
                left[keyword] = said
        demanding = [test for test in (*tests, self.test(left)) if test is not None]
        if len(demanding) < 2:
            return demanding[0] if demanding else None
        return _joined(demanding)

    def _conditional(self, schema: Mapping[str, Any]) -> Test:
        holds = self.test(schema["if"]) or _always
        then = self.test(schema.get("then", True)) or _always
        otherwise = self.test(schema.get("else", True)) or _always
        return lambda value: then(value) if holds(value) else otherwise(value)


_TAKEN_TOGETHER = frozenset({"properties", "additionalProperties", "if", "then", "else"})


def _is_short(value: Mapping[Any, Any]) -> bool:
    """Whether the form of a mapping is worth to be remembered."""
    if len(value) > _LONGEST_FORM:
        return False
    return all(type(name) is str and len(name) <= _LONGEST_FORM for name in value)


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


def _negated(test: Test) -> Test:
    return lambda value: not test(value)


def _any(tests: Sequence[Test]) -> Test:
    return lambda value: any(test(value) for test in tests)


def _joined(tests: Sequence[Test]) -> Test:
    def joined(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs as much again as the tests
            if not test(value):
                return False
        return True

    return joined
