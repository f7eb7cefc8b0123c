"""Expressions in their files: where they stand, and what the names in them mean."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from dativo_lint.documents.place import Lines, Place
from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, Node, Reference

Kind: TypeAlias = Literal["var", "local", "module", "resource", "own"]

_OWN: Final = frozenset({"action", "count", "each", "path", "self", "terraform"})
"""Names with a meaning of their own; whatever begins with none of those is a resource."""
_TYPED: Final = frozenset({"data", "ephemeral", "resource"})
_DECLARED: Final[dict[str, Kind]] = {"var": "var", "local": "local", "module": "module"}
_NO_NAMES: Final[frozenset[str]] = frozenset()


class Source(Struct, frozen=True, eq=False, dict=True):
    """A file of configuration: its path, relative to the root, and its text as decoded."""

    path: str
    text: str

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @property
    def is_json(self) -> bool:
        """Whether it is written in JSON syntax."""
        return self.path.endswith(".json")

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return self._lines.place(self.path, node.start, node.end)

    def written(self, node: Node) -> str:
        """A node as it is written."""
        return self.text[node.start : node.end]


class Written(Struct, frozen=True, eq=False, dict=True):
    """An expression together with the file that it stands in."""

    expression: Expression
    source: Source

    @property
    def place(self) -> Place:
        """Where the expression stands."""
        return self.source.place(self.expression)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """What the expression refers to, but for the names of its own `for` expressions."""
        return tuple(references(self.expression))

    @cached_property
    def targets(self) -> tuple[tuple[Reference, Target], ...]:
        """Those references that lead somewhere, with what they mean."""
        pairs = ((reference, target(reference)) for reference in self.references)
        return tuple((reference, meaning) for reference, meaning in pairs if meaning)

    def names(self, root: str) -> bool:
        """Whether a reference begins with a name."""
        return any(reference.name == root for reference in self.references)

    def refers_to(self, kind: Kind, name: str) -> Iterator[Reference]:
        """The references to something."""
        for reference, meaning in self.targets:
            if (meaning.kind, meaning.name) == (kind, name):
                yield reference

    def __str__(self) -> str:
        return self.source.written(self.expression)


class Target(Struct, frozen=True):
    """What a reference means: something of a kind, its name (of a resource, its address), and the
    steps behind that; `own` are names that Terraform fills in, such as `each` and `path`."""

    kind: Kind
    name: str
    steps: tuple[syntax.Step, ...]


def target(reference: Reference) -> Target | None:
    """What a reference means, None where it is cut short or steps into a collection of names."""
    root = reference.name
    if root in _OWN:
        return Target("own", root, reference.steps)
    count = 2 if root in _TYPED else 1
    steps = reference.steps[:count]
    names = tuple(step.name for step in steps if isinstance(step, syntax.Attribute))
    if len(names) < count:
        return None
    steps = reference.steps[count:]
    if root in _DECLARED:
        return Target(_DECLARED[root], names[0], steps)
    return Target("resource", ".".join(names if root == "resource" else (root, *names)), steps)


def references(expression: Expression) -> Iterator[Reference]:
    """The references in an expression, but for those to the names of its `for` expressions."""
    pending: list[tuple[Node, frozenset[str]]] = [(expression, _NO_NAMES)]
    while pending:
        node, bound = pending.pop()
        if isinstance(node, Reference):
            if node.name not in bound:
                yield node
            pending += [(step, bound) for step in reversed(node.steps)]
        elif isinstance(node, (syntax.ForTuple, syntax.ForObject)):
            inner = bound | {node.value_name} | ({node.key_name} if node.key_name else _NO_NAMES)
            key = node.key if isinstance(node, syntax.ForObject) else None
            pending += [(part, inner) for part in (node.condition, node.value, key) if part]
            pending.append((node.collection, bound))
        else:
            pending += [(part, bound) for part in reversed(node.nodes)]


def calls(expression: Node) -> Iterator[syntax.Call]:
    """The function calls in an expression, outer ones first."""
    pending: list[Node] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Call):
            yield node
        pending += reversed(node.nodes)
