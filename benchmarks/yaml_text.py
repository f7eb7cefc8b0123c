"""YAML as text, written by hand so that comments, quoting and key order are what people write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Union

Node = Union[str, "Block", "Sequence[Block]", Sequence[str]]
"""A scalar in its own spelling, a mapping, or a list of either."""

Block = dict[str, Node]
"""A mapping.

A key that starts with # is a comment line, an empty key an empty line, and one that starts with &
the anchor of the mapping itself.
"""


class Text(str):
    """A scalar that is text; how it is quoted is up to whoever writes it."""

    __slots__ = ()


def yaml_text(block: Block) -> str:
    """The text of a whole document."""
    return "\n".join(_lines(block, "")) + "\n"


def _lines(block: Block, indent: str) -> Iterator[str]:
    for key, value in block.items():
        if key.startswith("#"):
            yield f"{indent}{key}"
        elif not key.strip():
            yield ""
        elif isinstance(value, str):
            yield f"{indent}{key}: {value}".rstrip()
        else:
            yield f"{indent}{key}:"
            yield from _nested(value, indent + "  ")


def _nested(value: Block | Sequence[Block] | Sequence[str], indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _lines(value, indent)
        return
    for item in value:
        if isinstance(item, str):
            yield f"{indent}- {item}"
        else:
            first, *rest = _lines(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest


def put(block: Block, route: str, value: Node) -> None:
    """Set a field by its dotted route; blocks on the way are made where there are none."""
    *way, last = route.split("/")
    for step in way:
        inner = block.setdefault(step, {})
        if not isinstance(inner, dict):
            raise TypeError(f"{route}: {step} is no mapping")
        block = inner
    block[last] = value


def get(block: Block, route: str) -> Node | None:
    """The value at a route, None where there is none."""
    value: Node | None = block
    for step in route.split("/"):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def drop(block: Block, *routes: str) -> None:
    """Take fields away, where they are there."""
    for route in routes:
        way, _, last = route.rpartition("/")
        inner = get(block, way) if way else block
        if isinstance(inner, dict):
            inner.pop(last, None)
