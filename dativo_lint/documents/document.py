"""Documents: plain data, the place of every field beside it, and what kept it from being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.place import Field, Lines, Place, spell, start_of


class Node(Protocol):
    """A key, value or item as it is written: `text[start:end]`; of a YAML mapping or list, its
    opening bracket, or the mere beginning."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def is_alias(self) -> bool: ...
    @property
    def target(self) -> Node:
        """The node that an alias stands for; any other is its own."""

    @property
    def fields(self) -> Mapping[Any, tuple[Node | None, Node]]:
        """Key (of an item: None) and value of each field of a mapping or list."""

    def parts(self) -> Iterable[tuple[Any, Node | None, Node]]:
        """Step, key and value of each field as written: none of those that are merged, and twice
        the one whose key is written twice."""

    @property
    def merged(self) -> Sequence[Node]:
        """The mappings whose fields merge keys put in this one; a later one overrides."""

    @property
    def quoted(self) -> Iterable[tuple[int, int]]:
        """Where the quoted and folded scalars below begin and end, in which # is no comment."""


class Written(Struct, frozen=True, eq=False):
    """A node of a format whose places are all worked out at once."""

    start: int
    end: int
    fields: Mapping[Any, tuple[Node | None, Node]] = MappingProxyType({})
    is_alias: bool = False
    merged: Sequence[Node] = ()
    quoted: Iterable[tuple[int, int]] = ()

    @property
    def target(self) -> Node:
        return self

    def parts(self) -> Iterable[tuple[Any, Node | None, Node]]:
        return [(step, key, value) for step, (key, value) in self.fields.items()]


class Absent(Enum):
    """The value of a field that is not there; distinct from null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class FaultKind(str, Enum):
    """What can be wrong with a text before anything is known of its meaning."""

    SYNTAX = "syntax"
    ENCODING = "encoding"
    CHARACTER = "character"
    EMPTY = "empty"
    LIMIT = "limit"
    TAG = "tag"
    ALIAS = "alias"
    UNHASHABLE_KEY = "unhashable-key"
    VALUE = "value"
    NOT_A_FILE = "not-a-file"
    UNREADABLE = "unreadable"
    DUPLICATE_KEY = "duplicate-key"
    NON_STRING_KEY = "non-string-key"

    @property
    def is_fatal(self) -> bool:
        """Whether the platform's loader would reject the file."""
        return self not in (FaultKind.DUPLICATE_KEY, FaultKind.NON_STRING_KEY)


class Fault(Struct, frozen=True):
    """One thing wrong with a text, in a sentence; `other` is a second place that it is about."""

    kind: FaultKind
    message: str
    place: Place
    other: Place | None = None


class Document(Struct, frozen=True, eq=False, dict=True):
    """One document of a file.

    `data` is plain: dict, list and scalars, as `yaml.safe_load` or `json.loads` gives them, `root`
    the outermost value as written, `number` the 0-based position in the file, `text` all of that.
    `has_odd_scalars`: YAML may read a plain scalar in it as another value than it looks.
    """

    path: str
    text: str
    data: Any
    root: Node | None = None
    number: int = 0
    has_odd_scalars: bool = True

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def value(self, route: Field) -> Any:
        """The value at a route, or `ABSENT`."""
        value = self.data
        for step in route:
            if isinstance(value, dict):
                value = value.get(step, ABSENT)
            elif isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
                value = value[step]
            else:
                return ABSENT
        return value

    def place(self, route: Field) -> Place:
        """Where a field is written.

        A scalar is placed at its value, a mapping or list at its key, an absent field at its
        nearest ancestor but under its own name.
        """
        key, value, depth = self._written(route)
        name = spell(route)
        if value is None:
            return start_of(self.path, name)
        if depth == len(route) and not isinstance(self.value(route), (dict, list)):
            if key is None or value.end > value.start:
                return self._between(value, name)
        return self._between(key, name) if key is not None else self._first_line(value, name)

    def key_place(self, route: Field) -> Place:
        """Where the key of a field is written; for items and absent fields, as `place`."""
        key, _, depth = self._written(route)
        if key is not None and depth == len(route):
            return self._between(key, spell(route))
        return self.place(route)

    def raw(self, route: Field) -> str | None:
        """A scalar as written, quotes included, of an alias at its anchor, else None."""
        _, value, depth = self._written(route)
        if value is None or depth < len(route):
            return None
        value = value.target
        return self.text[value.start : value.end].rstrip()

    def block_lines(self, route: Field) -> tuple[int, int]:
        """First and last line (1-based, both included) of a field with its key and all below."""
        key, value, depth = self._written(route)
        if value is None:
            return (1, 1)
        first = self._lines.position((key or value).start)[0] + 1
        is_there = depth == len(route)
        last = self._blocks(value, first)[0][1] if is_there else self._end_of(value)[0]
        return first, max(first, last)

    def last_lines(self) -> dict[int, int]:
        """Of each line on which a field begins, the last line of all that begins there."""
        last_lines: dict[int, int] = {}
        if self.root is not None:
            for first, last in self._blocks(self.root, 0)[1:]:
                last_lines[first] = max(first, last, last_lines.get(first, 0))
        return last_lines

    def between(self, start: int, end: int, field: str = "") -> Place:
        """The place between two offsets of the text."""
        return self._lines.place(self.path, start, end, field)

    def _written(self, route: Field) -> tuple[Node | None, Node | None, int]:
        """Key and value at the longest existing beginning of a route, and how long that is."""
        key, value = None, self.root
        for depth, step in enumerate(route):
            field = value.fields.get(step) if value is not None else None
            if field is None:
                return key, value, depth
            key, value = field
        return key, value, len(route)

    def _blocks(self, value: Node, first: int) -> list[tuple[int, int]]:
        """First and last lines of a value and of everything below it, itself first, in one walk.

        The value of an alias is at its anchor, before it.
        """
        firsts: list[int] = []
        lasts: list[int] = []
        above: list[int] = []
        pending = [(value, first, 0)]
        while pending:
            value, first, parent = pending.pop()
            number = len(firsts)
            firsts.append(first)
            lasts.append(self._end_of(value)[0])
            above.append(parent)
            if not value.is_alias:
                pending += [
                    (below, self._lines.position((key or below).start)[0] + 1, number)
                    for key, below in value.fields.values()
                ]
        for number in range(len(lasts) - 1, 0, -1):
            lasts[above[number]] = max(lasts[above[number]], lasts[number])
        return list(zip(firsts, lasts, strict=True))

    def _between(self, node: Node, name: str) -> Place:
        line, column = self._lines.position(node.start)
        return Place(self.path, line + 1, column + 1, *self._end_of(node), name)

    def _end_of(self, node: Node) -> tuple[int, int]:
        """End of a value, 1-based; a block scalar ends with its text, not where the next begins."""
        line, column = self._lines.position(node.end)
        if not column and node.end > node.start:
            written = self.text[node.start : node.end].rstrip()
            line, column = self._lines.position(node.start + len(written))
        return line + 1, column + 1

    def _first_line(self, node: Node, name: str) -> Place:
        line, _ = self._lines.position(node.start)
        end = self._line_ends.get(line)
        if end is None:
            start, end = (self._lines.offset(line + number, 1) for number in (1, 2))
            while end > start and self.text[end - 1].isspace():
                end -= 1
            self._line_ends[line] = end
        return self._lines.place(self.path, node.start, end, name)

    @cached_property
    def _line_ends(self) -> dict[int, int]:
        """Where the text of a line ends, once it is known: a line may have very many fields."""
        return {}


class Reading(Struct, frozen=True):
    """The result of reading one file: its documents, and its faults in document order.

    A file with a fatal fault still has the documents before the one with the fault.
    """

    path: str
    text: str
    documents: tuple[Document, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the platform's loader would reject the file."""
        return bool(self.faults) and any(fault.kind.is_fatal for fault in self.faults)


class Limits(Struct, frozen=True):
    """The limits for one file; each is a setting under `limits`.

    `file_bytes` counts bytes; `nesting` levels of mappings and lists; `expanded_nodes` keys, values
    and items after every alias is resolved; `documents` documents in one file. `rendered_bytes`
    counts bytes of a rendered set, such as a plan, instead of `file_bytes`, and raises
    `expanded_nodes` in proportion.
    """

    file_bytes: int = 4 * 1024 * 1024
    nesting: int = 100
    expanded_nodes: int = 1_000_000
    documents: int = 1000
    rendered_bytes: int = 32 * 1024 * 1024

    @property
    def of_rendered(self) -> Limits:
        """The limits of a rendered set."""
        growth = max(1, -(-self.rendered_bytes // self.file_bytes))
        nodes = self.expanded_nodes * growth
        return replace(self, file_bytes=self.rendered_bytes, expanded_nodes=nodes)


def limit_message(limit: str, number: int, what: str) -> str:
    """What is said of a text that is more than the setting `limits.<limit>` allows."""
    return f"more than {number} {what}, the setting limits.{limit}"


def too_large(path: str, limits: Limits) -> Fault:
    """The fault of a file that holds more bytes than are read."""
    message = limit_message("file_bytes", limits.file_bytes, "bytes")
    return Fault(FaultKind.LIMIT, message, start_of(path))
