"""The syntax tree of Terraform's configuration language, of JSON and native syntax; the parser
bounds its depth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias
from unicodedata import normalize

from msgspec import Struct


def normal(text: str) -> str:
    """A text in Unicode's normal form C, in which Terraform keeps all texts."""
    return text if text.isascii() else normalize("NFC", text)


class Node(Struct, frozen=True):
    """A stretch of a text: 0-based offsets in code points, the end exclusive."""

    start: int
    end: int

    @property
    def nodes(self) -> list[Node]:
        """The nodes right inside this one, in the order of the text."""
        nodes: list[Node] = []
        for name in self.__struct_fields__[2:]:
            value = getattr(self, name)
            parts = value if value.__class__ is tuple else (value,)
            nodes += [part for part in parts if isinstance(part, Node)]
        return nodes


class Literal(Node, frozen=True):
    """A number (exact), a text without interpolation (in normal form C), true, false or null."""

    value: int | Decimal | str | bool | None


class Template(Node, frozen=True):
    """A text made of parts; each part is turned into text and all are joined."""

    parts: tuple[Expression, ...]


class Wrapped(Node, frozen=True):
    """`"${value}"` and nothing else: the value itself, not turned into text."""

    value: Expression


class Joined(Node, frozen=True):
    """`%{for}` inside a template: the texts that a `for` expression makes, in one."""

    each: ForTuple


class Parens(Node, frozen=True):
    """`(value)`."""

    value: Expression


class Attribute(Node, frozen=True):
    """`.name`, a step of a traversal."""

    name: str


class Index(Node, frozen=True):
    """`[key]`, or the old form `.0`, a step of a traversal."""

    key: Expression


class FullSplat(Node, frozen=True):
    """`[*]`, a step of a traversal: every step after it is taken on each element."""


class AttributeSplat(Node, frozen=True):
    """`.*` with the attributes after it: these are taken on each element, no step more."""

    steps: tuple[Attribute | Index, ...]


Step: TypeAlias = Attribute | Index | FullSplat | AttributeSplat


class Reference(Node, frozen=True):
    """A name in scope with the steps taken from it: `var.tags["team"]`."""

    name: str
    steps: tuple[Step, ...]


class Relative(Node, frozen=True):
    """Steps taken from the value of any other expression: `f(x).y`."""

    source: Expression
    steps: tuple[Step, ...]


class Call(Node, frozen=True):
    """A function call; the name holds its namespaces, `provider::assert::ip`. `expand`: the last
    argument is a list of arguments, `f(xs...)`."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class Unary(Node, frozen=True):
    """`-` or `!` before an operand."""

    operator: str
    operand: Expression


class Operation(Node, frozen=True):
    """Operators of one precedence in a row, from the left, one fewer than operands: `a - b + c`."""

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]


class Conditional(Node, frozen=True):
    """`condition ? chosen : otherwise`, and `%{if}` inside a template."""

    condition: Expression
    chosen: Expression
    otherwise: Expression


class TupleCons(Node, frozen=True):
    """`[a, b]`."""

    items: tuple[Expression, ...]


class ObjectItem(Node, frozen=True):
    """`key = value`; a bare name as the key is a literal text, one with steps a reference."""

    key: Expression
    value: Expression


class ObjectCons(Node, frozen=True):
    """`{ a = 1, (b) = 2 }`."""

    items: tuple[ObjectItem, ...]


class ForTuple(Node, frozen=True):
    """`[for key_name, value_name in collection : value if condition]`."""

    key_name: str | None
    value_name: str
    collection: Expression
    value: Expression
    condition: Expression | None


class ForObject(Node, frozen=True):
    """`{for key_name, value_name in collection : key => value... if condition}`."""

    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression
    value: Expression
    group: bool
    condition: Expression | None


Expression: TypeAlias = (
    Literal
    | Template
    | Wrapped
    | Joined
    | Parens
    | Reference
    | Relative
    | Call
    | Unary
    | Operation
    | Conditional
    | TupleCons
    | ObjectCons
    | ForTuple
    | ForObject
)


def unwrapped(node: Expression) -> Expression:
    """An expression without the parentheses or the `"${...}"` around it."""
    while isinstance(node, (Parens, Wrapped)):
        node = node.value
    return node


class Argument(Node, frozen=True):
    """`name = value` in a body; `start` is where the name stands, `end` where the value ends."""

    name: str
    value: Expression

    @property
    def header(self) -> Node:
        """The name."""
        return Node(self.start, self.start + len(self.name))


class Label(Node, frozen=True):
    """A label of a block, quotes included in its place but not in its text."""

    text: str


class Block(Node, frozen=True):
    """`type "label" { body }`; `header_end` is where the last label ends, or the type. It is not
    `whole` where a mistake in the text cut it short."""

    header_end: int
    type: str
    labels: tuple[Label, ...]
    body: Body
    whole: bool = True

    @property
    def header(self) -> Node:
        """The type and the labels."""
        return Node(self.start, self.header_end)


class Body(Node, frozen=True, dict=True):
    """The arguments and blocks of a file or of a block, in the order of the text."""

    items: tuple[Argument | Block, ...]
    errors: tuple[Diagnostic, ...] = ()
    """What is wrong with the text; only the body of a whole file holds any."""

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """The arguments by name; where one is written twice, the first."""
        arguments: dict[str, Argument] = {}
        for item in self.items:
            if isinstance(item, Argument):
                arguments.setdefault(item.name, item)
        return arguments

    def blocks(self, *types: str) -> Iterator[Block]:
        """The blocks of these types, or all of them."""
        blocks = (item for item in self.items if isinstance(item, Block))
        return (block for block in blocks if not types or block.type in types)


class Diagnostic(Node, frozen=True, order=True):
    """What Terraform would refuse, and where: its own name for it, and an explanation."""

    summary: str
    detail: str

    @property
    def message(self) -> str:
        """Both in one line, in the manner of this tool's own messages."""
        return f"{self.summary[:1].lower()}{self.summary[1:]}: {self.detail.rstrip('.')}"
