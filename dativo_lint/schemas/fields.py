"""The fields that a schema knows: what each should be in words, and which names are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from dativo_lint.schemas import resolved

Route = tuple[str | int, ...]
"""Keys of mappings and 0-based indices of lists, outermost first."""

_SLIP = 0.84
"""How much alike two names are of which one is a slip of the pen."""
_FEW = 8
_LONGEST_NAME = 80
_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
}


class Fields:
    """One place in a document as a schema knows it.

    `named` are its fields; `rest` stands for those of any other name, `items` for the items of a
    list. `is_closed`: other names are wrong. `knows_near_misses`: they are not, unless they look
    like a slip of the pen. A run makes a thousand of them, and sets little in most.
    """

    rest: Fields | None = None
    items: Fields | None = None
    is_closed = False
    knows_near_misses = False

    def __init__(self) -> None:
        self.named: dict[str, Fields] = {}
        self._said: list[Mapping[str, Any]] = []

    def add(self, schema: Mapping[str, Any]) -> None:
        """Take in what one part of a schema says of the place itself."""
        self._said.append(schema)
        if schema.get("additionalProperties") is False:
            self.is_closed = True
        if "x-near-misses" in schema and schema["x-near-misses"] is True:
            self.knows_near_misses = True

    @property
    def expected(self) -> str:
        """What should stand here, in the schema's own words; empty where it does not say."""
        told = (str(it.get("x-expected", "")) for it in self._said)
        return next(filter(None, told), "")

    @property
    def kind(self) -> str:
        """What the types and choices come to; empty where the schema does not say."""
        return next(filter(None, map(_kind, self._said)), "")

    @property
    def minds_names(self) -> bool:
        """Whether a name that it does not know may be wrong."""
        return self.is_closed or self.knows_near_misses

    @cached_property
    def minds(self) -> bool:
        """Whether a name that is not known may be wrong here or anywhere below."""
        others = (self.rest, self.items)
        return bool(
            self.minds_names
            or self.minding
            or any(place.minds for place in others if place is not None)
        )

    @cached_property
    def minding(self) -> Mapping[str, Fields]:
        """Those of its fields that mind a name: all that have to be looked at below."""
        return {name: below for name, below in self.named.items() if below.minds}

    def at(self, route: Route) -> Fields | None:
        """The place that a route from here leads to; None where the schema says nothing of it."""
        place: Fields | None = self
        for step in route:
            if place is None:
                return None
            place = place.items if isinstance(step, int) else place.named.get(step, place.rest)
        return place


def fields_of(schema: Mapping[str, Any]) -> Fields:
    """The fields that a schema knows, all branches of its conditions together.

    The schema is not one that refers to itself.
    """
    fields = Fields()
    _add(fields, schema, schema)
    return fields


def knows_all(data: Any, fields: Fields) -> bool:
    """Whether a schema knows every field of a document, or may at least not mind it."""
    if type(data) is dict:
        named, rest = fields.named, fields.rest
        if rest is None and fields.minds_names and not named.keys() >= data.keys():
            return False
        for name, below in fields.minding.items():
            value = data.get(name)
            if (type(value) is dict or type(value) is list) and not knows_all(value, below):
                return False
        if rest is not None and rest.minds:
            others = (value for name, value in data.items() if name not in named)
            return all(knows_all(value, rest) for value in others)
    elif fields.items is not None and type(data) is list and fields.items.minds:
        return all(knows_all(item, fields.items) for item in data)
    return True


def unknown_fields(data: Any, fields: Fields, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every field that a schema does not know: where it stands, and a sentence without subject.

    Keys that are no text are passed over with all that is below them.
    """
    if isinstance(data, list) and fields.items is not None:
        for number, item in enumerate(data):
            yield from unknown_fields(item, fields.items, (*route, number))
    elif isinstance(data, dict):
        for name, value in data.items():
            if not isinstance(name, str):
                continue
            below = fields.named.get(name, fields.rest)
            if below is not None:
                yield from unknown_fields(value, below, (*route, name))
            elif fields.is_closed or fields.knows_near_misses:
                hint = _hint(name, fields, data)
                if fields.is_closed or hint:
                    yield (*route, name), f"is not a known field{hint}"


def alternatives(words: Sequence[str]) -> str:
    """Words as a choice: `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _add(fields: Fields, schema: Any, root: Mapping[str, Any]) -> None:
    if type(schema) is not dict:
        return
    fields.add(schema)
    if not _STRUCTURE.isdisjoint(schema):
        _add_below(fields, schema, root)
    if "$ref" in schema:
        _add(fields, resolved(root, schema["$ref"]), root)


_STRUCTURE = frozenset(
    {"patternProperties", "properties", "additionalProperties", "items", "then", "else", "anyOf",
     "allOf"}
)  # fmt: skip


def _add_below(fields: Fields, schema: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    if "patternProperties" in schema:
        fields.rest = fields.rest or Fields()
    for name, part in schema.get("properties", {}).items():
        below = fields.named.get(name)
        if below is None:
            below = fields.named[name] = Fields()
        _add(below, part, root)
    if isinstance(schema.get("additionalProperties"), Mapping):
        fields.rest = fields.rest or Fields()
        _add(fields.rest, schema["additionalProperties"], root)
    if "items" in schema:
        fields.items = fields.items or Fields()
        _add(fields.items, schema["items"], root)
    for keyword in ("then", "else"):
        _add(fields, schema.get(keyword), root)
    for keyword in ("anyOf", "allOf"):
        for part in schema.get(keyword, ()):
            _add(fields, part, root)


def _kind(schema: Mapping[str, Any]) -> str:
    """What the types and choices of a schema come to."""
    if "enum" in schema or "const" in schema:
        return alternatives([str(it) for it in schema.get("enum", [schema.get("const")])])
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else names
    return alternatives([_WORDS[name] for name in names if name in _WORDS])


def _hint(name: str, fields: Fields, data: Mapping[Any, Any]) -> str:
    """The nearest known field; of a closed place with none near, all of them if they are few."""
    if len(name) > _LONGEST_NAME:
        return ""
    # Only a message about an unknown field needs it.
    from difflib import get_close_matches

    known = list(fields.named)
    if not fields.is_closed:
        near = get_close_matches(name, known, n=1, cutoff=_SLIP)
        return f"; nearest: {near[0]}" if near and near[0] not in data else ""
    near = get_close_matches(name, known, n=1) or get_close_matches(name.lower(), known, n=1)
    if near:
        return f"; nearest: {near[0]}"
    return f"; known: {', '.join(known)}" if len(known) <= _FEW else ""
