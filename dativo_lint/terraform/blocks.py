"""Reads the blocks of a configuration file into declarations, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dativo_lint.documents.place import Place
from dativo_lint.names import nearest
from dativo_lint.terraform import syntax
from dativo_lint.terraform.declarations import ModuleError, Nested
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.source import Written

LABELS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("import", "language", "locals", "moved", "removed", "terraform"), ()),
    **dict.fromkeys(("check", "module", "output", "provider", "variable"), ("name",)),
    **dict.fromkeys(("action", "data", "ephemeral", "resource"), ("type", "name")),
}
"""The blocks at the top of a file, with what their labels stand for
(https://developer.hashicorp.com/terraform/language)."""


class Reader(Nested, frozen=True, eq=False):
    """A block that is being read, with the errors found so far."""

    errors: list[ModuleError]
    override: bool = False

    def report(self, message: str, at: syntax.Node) -> None:
        """Take note of an error."""
        self.errors.append(ModuleError(message, self.source.place(at)))

    @property
    def name(self) -> str:
        """The last label."""
        return self.block.labels[-1].text

    @property
    def name_place(self) -> Place:
        """Where the last label stands, or the type of a block without labels."""
        labels = self.block.labels
        return self.source.place(labels[-1] if labels else self.block.header)

    @property
    def arguments(self) -> dict[str, syntax.Argument]:
        """The arguments by name."""
        return self.block.body.arguments

    def written(self, name: str) -> Written | None:
        """The value of an argument as it is written."""
        argument = self.arguments.get(name)
        return None if argument is None else Written(argument.value, self.source)

    def text(self, name: str) -> str | None:
        """The value of an argument that must be a literal string."""
        value = self._constant(name)
        if value is UNREAD:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if value is None or isinstance(value, (list, dict)):
            self.report(f"{name}: expected a text", self.arguments[name].value)
            return None
        return str(value)

    def flag(self, name: str, default: bool) -> bool:
        """The value of an argument that must be the literal true or false."""
        value = self._constant(name)
        if value is UNREAD:
            return default
        if isinstance(value, str):
            value = {"true": True, "1": True, "false": False, "0": False}.get(value)
        if not isinstance(value, bool):
            self.report(f"{name}: expected true or false", self.arguments[name].value)
            return default
        return value

    def _constant(self, name: str) -> object:
        """The value of an argument that must be a literal; `UNREAD` where it is none or not set."""
        argument = self.arguments.get(name)
        value = literal(argument.value) if argument else UNREAD
        if argument and value is UNREAD:
            self.report(f"{name}: no variables and no functions may be used here", argument.value)
        return value

    def has_labels(self) -> bool:
        """Whether it has the labels of a block at the top of a file; reports where it does not."""
        block, wanted = self.block, LABELS[self.type]
        if len(block.labels) > len(wanted):
            count = f"{len(wanted)} label{'s' * (len(wanted) != 1)}"
            message = f"extraneous label: a {block.type} block has {count}"
            self.report(message, block.labels[len(wanted)])
        elif len(block.labels) < len(wanted) and block.whole:
            brace = syntax.Node(block.body.start, block.body.start + 1)
            self.report(f"missing {wanted[len(block.labels)]} for {block.type}", brace)
        return len(block.labels) == len(wanted)

    def nested(self, type_: str) -> Iterator[Reader]:
        """The inner blocks of a type."""
        for block in self.block.body.blocks(type_):
            yield Reader(block, self.source, self.errors)

    def expect(self, arguments: Iterable[str], blocks: Iterable[str]) -> None:
        """Report the arguments and inner blocks that are none of these."""
        names, types = {*arguments}, {*blocks}
        for item in self.block.body.items:
            if isinstance(item, syntax.Block):
                what, name, known = "block type", item.type, types
            else:
                what, name, known = "argument", item.name, names
            if name not in known:
                self.report(f'unsupported {what}: "{name}"{nearest(name, known)}', item.header)

    def require(self, *names: str) -> None:
        """Report each of these arguments that is missing, unless the block was cut short."""
        for name in names if self.block.whole else ():
            if name not in self.arguments:
                self.report(f'missing required argument: "{name}"', self._where_missing())

    def _where_missing(self) -> syntax.Node:
        """Where Terraform puts what is missing: at the opening brace, in JSON the closing one."""
        body = self.block.body
        at = body.end - 1 if self.source.is_json else body.start
        return syntax.Node(at, at + 1)
