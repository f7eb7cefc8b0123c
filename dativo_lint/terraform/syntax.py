"""The syntax tree of Terraform's configuration language; JSON and native syntax both end here.

Every node begins with `start` and `end`: 0-based offsets in code points, end exclusive. They
become lines and columns only when something is reported.

The parser bounds how deep brackets, conditionals and templates nest, and rows of operators and of
steps are flat: a tree is a few hundred nodes high at the most, whatever the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias


class Literal(NamedTuple):
    """A number (exact), a text without interpolation (in normal form C), true, false or null."""

    start: int
    end: int
    value: int | Decimal | str | bool | None


class Template(NamedTuple):
    """A text made of parts; each part is turned into text and all are joined."""

    start: int
    end: int
    parts: tuple[Expression, ...]


class Wrapped(NamedTuple):
    """`"${value}"` and nothing else: the value itself, not turned into text."""

    start: int
    end: int
    value: Expression


class Joined(NamedTuple):
    """`%{for}` inside a template: the texts that a `for` expression makes, in one."""

    start: int
    end: int
    each: ForTuple


class Parens(NamedTuple):
    """`(value)`."""

    start: int
    end: int
    value: Expression


class Attribute(NamedTuple):
    """`.name`, a step of a traversal."""

    start: int
    end: int
    name: str


class Index(NamedTuple):
    """`[key]`, or the old form `.0`, a step of a traversal."""

    start: int
    end: int
    key: Expression


class FullSplat(NamedTuple):
    """`[*]`, a step of a traversal: every step after it is taken on each element."""

    start: int
    end: int


class AttributeSplat(NamedTuple):
    """`.*` with the attributes after it: these are taken on each element, no step more."""

    start: int
    end: int
    steps: tuple[Attribute | Index, ...]


Step: TypeAlias = Attribute | Index | FullSplat | AttributeSplat


class Reference(NamedTuple):
    """A name in scope with the steps taken from it: `var.tags["team"]`."""

    start: int
    end: int
    name: str
    steps: tuple[Step, ...]


class Relative(NamedTuple):
    """Steps taken from the value of any other expression: `f(x).y`."""

    start: int
    end: int
    source: Expression
    steps: tuple[Step, ...]


class Call(NamedTuple):
    """A function call; the name holds its namespaces, `provider::assert::ip`.

    `expand` says that the last argument is a list of arguments, `f(xs...)`.
    """

    start: int
    end: int
    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class Unary(NamedTuple):
    """`-` or `!` before an operand."""

    start: int
    end: int
    operator: str
    operand: Expression


class Operation(NamedTuple):
    """Operators of one precedence in a row, applied from the left: `a - b + c`.

    There is one operator fewer than operands.
    """

    start: int
    end: int
    operands: tuple[Expression, ...]
    operators: tuple[str, ...]


class Conditional(NamedTuple):
    """`condition ? chosen : otherwise`, and `%{if}` inside a template."""

    start: int
    end: int
    condition: Expression
    chosen: Expression
    otherwise: Expression


class TupleCons(NamedTuple):
    """`[a, b]`."""

    start: int
    end: int
    items: tuple[Expression, ...]


class ObjectItem(NamedTuple):
    """`key = value`; a bare name as the key is a literal text.

    A key with steps, `a.b = 1`, stays a reference; to evaluate one is an error in Terraform.
    """

    key: Expression
    value: Expression


class ObjectCons(NamedTuple):
    """`{ a = 1, (b) = 2 }`."""

    start: int
    end: int
    items: tuple[ObjectItem, ...]


class ForTuple(NamedTuple):
    """`[for key_name, value_name in collection : value if condition]`."""

    start: int
    end: int
    key_name: str | None
    value_name: str
    collection: Expression
    value: Expression
    condition: Expression | None


class ForObject(NamedTuple):
    """`{for key_name, value_name in collection : key => value... if condition}`."""

    start: int
    end: int
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


class Argument(NamedTuple):
    """`name = value` in a body; `start` is where the name stands, `end` where the value ends."""

    start: int
    end: int
    name: str
    value: Expression


class Label(NamedTuple):
    """A label of a block, quotes included in its place but not in its text."""

    start: int
    end: int
    text: str


class Block(NamedTuple):
    """`type "label" { body }`; `header_end` is where the last label ends, or the type.

    `whole` is false where a mistake in the text cut the block short: what stands in the body was
    written, but more may have been.
    """

    start: int
    end: int
    header_end: int
    type: str
    labels: tuple[Label, ...]
    body: Body
    whole: bool = True


class Body(NamedTuple):
    """The arguments and blocks of a file or of a block, in the order of the text."""

    start: int
    end: int
    items: tuple[Argument | Block, ...]
    errors: tuple[SyntaxFault, ...] = ()
    """What is wrong with the text; only the body of a whole file holds any."""

    @property
    def arguments(self) -> dict[str, Argument]:
        """The arguments by name; where one is written twice, the first."""
        found: dict[str, Argument] = {}
        for item in self.items:
            if isinstance(item, Argument):
                found.setdefault(item.name, item)
        return found

    def argument(self, name: str) -> Argument | None:
        """The argument of that name; where it is written twice, the first."""
        for item in self.items:
            if item.__class__ is Argument and item[2] == name:
                return item
        return None

    def blocks(self, *types: str) -> Iterator[Block]:
        """The blocks of these types, or all of them."""
        for item in self.items:
            if isinstance(item, Block) and (not types or item.type in types):
                yield item


class SyntaxFault(NamedTuple):
    """One mistake in a text: Terraform's own name for it, and a sentence of explanation."""

    start: int
    end: int
    summary: str
    detail: str

    @property
    def message(self) -> str:
        """Summary and explanation in one line."""
        return f"{self.summary[:1].lower()}{self.summary[1:]}: {self.detail}"
