"""Reads the blocks of a configuration file into declarations, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.names import nearest
from dativo_lint.terraform import syntax
from dativo_lint.terraform.declarations import Content, ModuleError, Nested
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.source import Source, Written

LABELS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("import", "language", "locals", "moved", "removed", "terraform"), ()),
    **dict.fromkeys(("check", "module", "output", "provider", "variable"), ("name",)),
    **dict.fromkeys(("action", "data", "ephemeral", "resource"), ("type", "name")),
}
"""The blocks at the top of a file, with what their labels stand for
(https://developer.hashicorp.com/terraform/language)."""


class Reader(Struct):
    """One block, with the file that it stands in and the errors found in it so far."""

    block: syntax.Block
    source: Source
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
        block = self.block
        if block.labels:
            return self.source.place(block.labels[-1])
        return self.source.place(header(block))

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

    def nested(self, type_: str) -> Iterator[Reader]:
        """The inner blocks of a type."""
        for block in self.block.body.blocks(type_):
            yield Reader(block, self.source, self.errors)

    def expect(self, arguments: Collection[str], blocks: Collection[str]) -> None:
        """Report the arguments and inner blocks that are none of these."""
        for item in self.block.body.items:
            if isinstance(item, syntax.Block):
                if item.type not in blocks:
                    near = nearest(item.type, blocks)
                    self.report(f'unsupported block type: "{item.type}"{near}', header(item))
            elif item.name not in arguments:
                near = nearest(item.name, arguments)
                self.report(f'unsupported argument: "{item.name}"{near}', named(item))

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


def has_labels(block: syntax.Block, report: Callable[[str, syntax.Node], None]) -> bool:
    """Whether a block at the top of a file has the labels that belong to it."""
    wanted = LABELS[block.type]
    if len(block.labels) > len(wanted):
        count = f"{len(wanted)} label{'s' * (len(wanted) != 1)}"
        report(f"extraneous label: a {block.type} block has {count}", block.labels[len(wanted)])
    elif len(block.labels) < len(wanted) and block.whole:
        brace = syntax.Node(block.body.start, block.body.start + 1)
        report(f"missing {wanted[len(block.labels)]} for {block.type}", brace)
    return len(block.labels) == len(wanted)


def header(block: syntax.Block) -> syntax.Node:
    """The type and the labels of a block."""
    return syntax.Node(block.start, block.header_end)


def named(argument: syntax.Argument) -> syntax.Node:
    """The name of an argument."""
    return syntax.Node(argument.start, argument.start + len(argument.name))


def written_arguments(body: syntax.Body, source: Source) -> dict[str, Written]:
    """The values of the arguments in a block, by name."""
    arguments = body.arguments.items()
    return {name: Written(argument.value, source) for name, argument in arguments}


def content_of(body: syntax.Body, source: Source) -> Content:
    """The content of a block."""
    nested = tuple(
        Nested(
            block.type,
            tuple(label.text for label in block.labels),
            source.place(header(block)),
            content_of(block.body, source),
        )
        for block in body.blocks()
    )
    return Content(written_arguments(body, source), nested)
