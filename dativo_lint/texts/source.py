"""A source: one text on its way to documents, and how it is refused."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.texts.document import Fault, FaultKind, Limits, Marked
from dativo_lint.texts.place import Field, Place, spell
from dativo_lint.texts.positions import Lines, between, shown

MOST_DIGITS: Final = 4300
"""Python refuses to write or read longer whole numbers, for that takes quadratic time:
https://docs.python.org/3/library/stdtypes.html#int-max-str-digits."""

_ODD_KEYS = 1000
"""So many keys that are duplicates or no strings are told of one file; more are not read."""


class Refused(Exception):
    """The text is refused; the documents before the fault stand."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Source(Struct, frozen=True):
    """A text, where it is from, and how much of it may be read."""

    path: str
    text: str
    limits: Limits

    def written(self, marked: Marked) -> str:
        """The spelling of something in the text."""
        return self.text[marked.start_mark.index : marked.end_mark.index].rstrip()

    def place(self, marked: Marked, field: str = "") -> Place:
        """The place of something in the text; libyaml's own end of a text may lie after it."""
        if marked.end_mark.index >= len(self.text):
            start, end = marked.start_mark.index, marked.end_mark.index
            return Lines(self.text).place(self.path, start, end, field)
        return between(self.path, marked.start_mark, marked.end_mark, field)

    def refuse(self, kind: FaultKind, message: str, marked: Marked) -> Refused:
        """The refusal of something in the text."""
        return Refused(Fault(kind, message, self.place(marked)))

    def not_a_value(self, reason: str, marked: Marked) -> Refused:
        """The refusal of a scalar that cannot be read as what it looks like."""
        message = f"value {shown(self.written(marked))} cannot be read: {reason}"
        return self.refuse(FaultKind.VALUE, message, marked)

    def over(self, limit: str, what: str, marked: Marked) -> Refused:
        """The refusal of a text that is more than a limit allows; `what` there is more of."""
        number = getattr(self.limits, limit)
        return self.refuse(FaultKind.LIMIT, limit_message(limit, number, what), marked)


def limit_message(limit: str, number: int, what: str) -> str:
    """What is said of a text that is more than the setting `limits.<limit>` allows."""
    return f"more than {number} {what}, the setting limits.{limit}"


class OddKey(Struct, frozen=True, eq=False):
    """A key of a mapping that is no string, or that repeats the one written at `first`."""

    mapping: dict[Any, Any]
    key: Any
    written: Marked
    first: Marked | None = None


class OddKeys:
    """The odd keys of a text, collected document by document."""

    __slots__ = ("_count", "_firsts", "_found", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: list[OddKey] = []
        self._firsts: dict[tuple[int, Any], Marked] = {}
        self._count = 0

    def add(self, odd: OddKey) -> None:
        """Remember one more; raises Refused where there are too many to be told."""
        self._count += 1
        if self._count > _ODD_KEYS:
            message = f"more than {_ODD_KEYS} keys are duplicates or no strings"
            raise self._source.refuse(FaultKind.LIMIT, message, odd.written)
        if odd.first is not None:
            first = self._firsts.setdefault((id(odd.mapping), odd.key), odd.first)
            odd = replace(odd, first=first)
        self._found.append(odd)

    def told(self, data: Any) -> list[Fault]:
        """What is wrong with those met since last asked, at their routes in a document's data."""
        found, self._found = self._found, []
        self._firsts.clear()
        if not found:
            return []
        routes = _routes(data, {id(odd.mapping) for odd in found})
        return [self._fault(odd, routes.get(id(odd.mapping), ())) for odd in found]

    def _fault(self, odd: OddKey, route: Field) -> Fault:
        spelled = self._source.written(odd.written)
        field = spell((*route, odd.key if isinstance(odd.key, str) else spelled))
        place = self._source.place(odd.written, field)
        if odd.first is None:
            message = f"key {shown(spelled)} is read as {_kind_of(odd.key)}, expected a string"
            return Fault(FaultKind.NON_STRING_KEY, message, place)
        message = f"key {shown(spelled)} is written twice, and only the last one counts"
        other = self._source.place(odd.first, field)
        return Fault(FaultKind.DUPLICATE_KEY, message, place, other)


def _kind_of(key: Any) -> str:
    """What a key has become, in words."""
    if key is None:
        return "null"
    if isinstance(key, bool):
        return f"the boolean {str(key).lower()}"
    if isinstance(key, (int, float)):
        return f"the number {shown(str(key))}"
    from datetime import date

    if isinstance(key, date):
        return f"the date {key}"
    return f"a value of type {type(key).__name__}"


def _routes(data: Any, wanted: set[int]) -> dict[int, Field]:
    """A route to each of some mappings, by their identities."""
    routes: dict[int, Field] = {}
    pending: list[tuple[Any, Field]] = [(data, ())]
    seen: set[int] = set()
    while pending and wanted:
        value, route = pending.pop()
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        if id(value) in wanted:
            routes[id(value)] = route
            wanted.discard(id(value))
        items = value.items() if isinstance(value, dict) else enumerate(value)
        pending += [
            (below, (*route, step if isinstance(step, (str, int)) else str(step)))
            for step, below in items
        ]
    return routes
