"""The fields of a schema: what each should be, as messages write it, and which are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from dativo_lint.names import close_names, nearest
from dativo_lint.schemas import resolved

Route = tuple[str | int, ...]
"""Keys of mappings and 0-based indices of lists, outermost first."""

_SLIP = 0.84
"""How much alike two names are of which one is a typo."""
_FEW = 8
_MOST = 1000
"""Names of one mapping that are compared with a missing one."""
_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
}


class Fields:
    """One place in a document as a schema, which does not refer to itself, knows it.

    It has what all schemas say that may apply there: `parts` of the schema `root`, with their
    branches. A job has few of the fields that its schema knows, so each place is made on request.
    """

    def __init__(self, *parts: Any, root: Mapping[str, Any]) -> None:
        self._parts = parts
        self._root = root

    @cached_property
    def _schemas(self) -> list[Mapping[str, Any]]:
        return [schema for part in self._parts for schema in _branches(part, self._root)]

    @cached_property
    def named(self) -> Mapping[str, Fields]:
        """The fields here, by their names."""
        parts: dict[str, list[Any]] = {}
        for schema in self._schemas:
            for name, part in schema.get("properties", {}).items():
                parts.setdefault(name, []).append(part)
        return {name: Fields(*tables, root=self._root) for name, tables in parts.items()}

    @cached_property
    def rest(self) -> Fields | None:
        """Stands for fields of any other name."""
        parts = [schema.get("additionalProperties") for schema in self._schemas]
        parts = [part for part in parts if isinstance(part, Mapping)]
        is_open = parts or any("patternProperties" in schema for schema in self._schemas)
        return Fields(*parts, root=self._root) if is_open else None

    @cached_property
    def items(self) -> Fields | None:
        """Stands for the items of a list."""
        parts = [schema["items"] for schema in self._schemas if "items" in schema]
        return Fields(*parts, root=self._root) if parts else None

    @cached_property
    def is_closed(self) -> bool:
        """Whether other names are wrong."""
        return any(schema.get("additionalProperties") is False for schema in self._schemas)

    @cached_property
    def knows_near_misses(self) -> bool:
        """Whether other names are right, unless they look like a typo."""
        return any(schema.get("x-near-misses") is True for schema in self._schemas)

    @property
    def expected(self) -> str:
        """What is expected here, as the schema writes it; empty where it does not."""
        schemas = (schema for schema in self._schemas if "not" not in schema)
        return next(filter(None, (schema.get("x-expected", "") for schema in schemas)), "")

    @property
    def kind(self) -> str:
        """The types or choices, as messages write them; empty where the schema has none."""
        return next(filter(None, map(_kind, self._schemas)), "")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that the schema lists."""
        return next(filter(None, map(_choices, self._schemas)), ())

    def at(self, route: Route) -> Fields | None:
        """The place at a route from here; None where the schema does not describe it."""
        place: Fields | None = self
        for step in route:
            if place is None:
                return None
            place = place.items if isinstance(step, int) else place.named.get(step, place.rest)
        return place

    def knows(self, names: Sequence[str]) -> bool:
        """Whether a field may be here, given by the names of the fields on the way to it."""
        place: Fields | None = self
        for name in names:
            if place is None:
                return True
            below = place.named.get(name, place.rest)
            if below is None and (place.is_closed or place.knows_near_misses):
                return False
            place = below
        return True

    def names(self, above: str = "") -> Iterator[str]:
        """The dotted names of all fields from here on; a schema has few levels of them."""
        for name, below in self.named.items():
            yield f"{above}{name}"
            yield from below.names(f"{above}{name}.")


def fields_of(schema: Mapping[str, Any]) -> Fields:
    """The fields that a schema, which does not refer to itself, knows in all its branches."""
    return Fields(schema, root=schema)


def unknown_fields(data: Any, fields: Fields, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every field that a schema does not know, and a sentence; only keys that are strings count."""
    if isinstance(data, list) and fields.items is not None:
        for number, item in enumerate(data):
            if isinstance(item, (dict, list)):
                yield from unknown_fields(item, fields.items, (*route, number))
    elif isinstance(data, dict):
        for name, value in data.items():
            if not isinstance(name, str):
                continue
            below = fields.named.get(name, fields.rest)
            if below is not None:
                if isinstance(value, (dict, list)):
                    yield from unknown_fields(value, below, (*route, name))
            elif fields.is_closed or fields.knows_near_misses:
                hint = _hint(name, fields, data)
                if fields.is_closed or hint:
                    yield (*route, name), f"is not a known field{hint}"


def misspelt(missing: str | int, fields: Fields | None, data: Any) -> str | None:
    """The unknown name in a mapping that was plainly meant to be that of a missing field."""
    if fields is None or not isinstance(data, dict) or missing in data:
        return None
    hint = f'; did you mean "{missing}"?'
    names = (name for name in islice(data, _MOST) if isinstance(name, str))
    unknown = (name for name in names if name not in fields.named)
    return next((name for name in unknown if _hint(name, fields, data) == hint), None)


def alternatives(words: Sequence[str]) -> str:
    """Words as a choice: `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _branches(schema: Any, root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and all that may apply with it; one that forbids a field says nothing of it."""
    if not isinstance(schema, Mapping) or schema.get("not") == {}:
        return
    yield schema
    parts = [schema[keyword] for keyword in ("then", "else") if keyword in schema]
    parts += [part for keyword in ("anyOf", "allOf") for part in schema.get(keyword, ())]
    parts += [resolved(root, schema["$ref"])] if "$ref" in schema else []
    for part in parts:
        yield from _branches(part, root)


def _kind(schema: Mapping[str, Any]) -> str:
    """The types or choices of a schema, as messages write them."""
    if choices := _choices(schema):
        return f"one of: {', '.join(choices)}" if len(choices) > 1 else choices[0]
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else names
    return alternatives([_WORDS[name] for name in names if name in _WORDS])


def _choices(schema: Mapping[str, Any]) -> tuple[str, ...]:
    choices = schema.get("enum", [schema["const"]] if "const" in schema else ())
    return tuple(map(str, choices))


def _hint(name: str, fields: Fields, data: Mapping[Any, Any]) -> str:
    """The nearest known field; of a closed place with none near, all of them if they are few."""
    if not fields.is_closed:
        near = close_names(name, fields.named, likeness=_SLIP)
        return f'; did you mean "{near[0]}"?' if near and near[0] not in data else ""
    is_choice = len(fields.named) <= _FEW
    choice = f"; expected one of: {', '.join(fields.named)}" if is_choice else ""
    return nearest(name, fields.named) or choice
