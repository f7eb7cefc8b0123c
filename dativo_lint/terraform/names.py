"""Names: what the expressions of a module refer to, and which of it is declared nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dativo_lint.terraform.syntax import (
    Attribute,
    AttributeSplat,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Index,
    Joined,
    Literal,
    ObjectCons,
    Operation,
    Parens,
    Reference,
    Relative,
    Step,
    Template,
    TupleCons,
    Unary,
    Wrapped,
)

_NOTHING: Final[frozenset[str]] = frozenset()
_OWN: Final = frozenset({"action", "count", "each", "path", "self", "terraform"})
"""Names with a meaning of their own; whatever begins with none of those is a resource."""
_TYPED: Final = frozenset({"data", "ephemeral", "resource"})


class Target(NamedTuple):
    """What a reference means: of a `kind`, a `name`, and the steps behind that.

    Kinds are `var`, `local`, `module`, `resource` (whose name is its address, as that of data
    sources is), and `own` for the names that Terraform fills in, such as `each` and `path`.
    """

    kind: str
    name: str
    steps: tuple[Step, ...]


def target(reference: Reference) -> Target | None:
    """What a reference means, None where it is cut short or steps into a collection of names."""
    root = reference.name
    if root in _OWN:
        return Target("own", root, reference.steps)
    if root in ("var", "local", "module"):
        names, kind = _names(reference.steps, 1), root
    else:
        names, kind = _names(reference.steps, 2 if root in _TYPED else 1), "resource"
    if names is None:
        return None
    if kind == "resource" and root != "resource":
        return Target(kind, ".".join((root, *names)), reference.steps[len(names) :])
    return Target(kind, ".".join(names), reference.steps[len(names) :])


def _names(steps: tuple[Step, ...], count: int) -> tuple[str, ...] | None:
    names = tuple(step.name for step in steps[:count] if isinstance(step, Attribute))
    return names if len(names) == count else None


def references(expression: Expression, bound: frozenset[str] = _NOTHING) -> Iterator[Reference]:
    """The references in an expression, in the order of the text.

    Those to the names of a `for` in it, or to `bound` ones, are left out.
    """
    pending: list[tuple[Expression, frozenset[str]]] = [(expression, bound)]
    while pending:
        node, names = pending.pop()
        if isinstance(node, Reference) and node.name not in names:
            yield node
        pending += reversed(list(_inside(node, names)))


def _inside(node: Expression, names: frozenset[str]) -> Iterator[tuple[Expression, frozenset[str]]]:
    """The expressions right inside another, each with the names that are bound there."""
    if isinstance(node, Joined):
        node = node.each
    if isinstance(node, (ForTuple, ForObject)):
        yield node.collection, names
        own = {node.value_name} if node.key_name is None else {node.key_name, node.value_name}
        names |= own
        yield from ((it, names) for it in _made(node))
    else:
        yield from ((it, names) for it in _parts(node))


def _made(node: ForTuple | ForObject) -> Iterator[Expression]:
    if isinstance(node, ForObject):
        yield node.key
    yield node.value
    if node.condition is not None:
        yield node.condition


def _parts(node: Expression) -> Iterable[Expression]:
    if isinstance(node, Literal):
        return ()
    if isinstance(node, (Reference, Relative)):
        keys = _keys(node.steps)
        return keys if isinstance(node, Reference) else (node.source, *keys)
    if isinstance(node, ObjectCons):
        return [part for item in node.items for part in (item.key, item.value)]
    if isinstance(node, Conditional):
        return node.condition, node.chosen, node.otherwise
    if isinstance(node, Template):
        return node.parts
    if isinstance(node, (Parens, Wrapped)):
        return (node.value,)
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Operation):
        return node.operands
    return node.items if isinstance(node, TupleCons) else ()


def _keys(steps: Iterable[Step]) -> Iterator[Expression]:
    """The keys of indexes among some steps."""
    for step in steps:
        if isinstance(step, Index):
            yield step.key
        elif isinstance(step, AttributeSplat):
            yield from (inner.key for inner in step.steps if isinstance(inner, Index))
