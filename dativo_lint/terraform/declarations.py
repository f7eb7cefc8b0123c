"""What a module declares: variables, outputs, locals, module calls, resources and providers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.terraform import syntax
from dativo_lint.terraform.address import Address
from dativo_lint.terraform.source import Source, Written

Mode: TypeAlias = Literal["managed", "data", "ephemeral"]


class ModuleError(Struct, frozen=True):
    """Something that keeps Terraform from using the module, and where it stands."""

    message: str
    place: Place


class Content(Struct, frozen=True, eq=False):
    """The arguments and inner blocks of a block, with what override files make of them."""

    arguments: Mapping[str, Written]
    nested: tuple[Nested, ...]

    def blocks(self, type_: str) -> Iterator[Nested]:
        """The inner blocks of a type; `dynamic` ones are of the type `dynamic`.

        JSON syntax writes arguments and inner blocks alike: there the objects of an argument of
        that name are taken for blocks.
        """
        yield from (block for block in self.nested if block.type == type_)
        written = self.arguments.get(type_)
        if written is not None and written.source.is_json:
            yield from (
                Nested(block, written.source) for block in _blocks_in(written.expression, type_)
            )


class Nested(Struct, frozen=True, eq=False, dict=True):
    """A block, above all one inside another, with the file that it stands in."""

    block: syntax.Block
    source: Source

    @property
    def type(self) -> str:
        """The type as written; `dynamic` for a block that makes others."""
        return self.block.type

    @property
    def label(self) -> str:
        """The first label, of a `dynamic` block the type of those that it makes; empty for none."""
        return self.block.labels[0].text if self.block.labels else ""

    @property
    def place(self) -> Place:
        """Where its type and labels stand."""
        return self.source.place(self.block.header)

    @cached_property
    def content(self) -> Content:
        """What is in it."""
        body, source = self.block.body, self.source
        return Content(
            {name: Written(each.value, source) for name, each in body.arguments.items()},
            tuple(Nested(block, source) for block in body.blocks()),
        )

    @property
    def iterator(self) -> str:
        """The name that the blocks which a `dynamic` block makes have for their own element."""
        written = self.content.arguments.get("iterator")
        match written and written.expression:
            case syntax.Reference(name=name):
                return name
            case syntax.Literal(value=value):
                return str(value)
        return self.label


def _blocks_in(
    value: syntax.Expression, type_: str, *labels: syntax.Label
) -> Iterator[syntax.Block]:
    """The blocks that an object of JSON is, or a list of them; the label of a `dynamic` one is a
    key."""
    for item in value.items if isinstance(value, syntax.TupleCons) else (value,):
        if not isinstance(item, syntax.ObjectCons):
            continue
        arguments = {
            pair.key.value: syntax.Argument(pair.start, pair.end, pair.key.value, pair.value)
            for pair in item.items
            if isinstance(pair.key, syntax.Literal) and isinstance(pair.key.value, str)
        }
        if type_ == "dynamic" and not labels:
            for name, argument in arguments.items():
                label = syntax.Label(argument.start, argument.start, name)
                yield from _blocks_in(argument.value, type_, label)
        else:
            body = syntax.Body(item.start, item.end, tuple(arguments.values()))
            yield syntax.Block(item.start, item.end, item.end, type_, labels, body)


class Validation(Struct, frozen=True, eq=False):
    """A `validation` block of a variable; what it lacks is None, and an error of the module."""

    place: Place
    condition: Written | None
    error_message: Written | None

    @property
    def expressions(self) -> tuple[Written, ...]:
        """Those of the two that are there."""
        return tuple(written for written in (self.condition, self.error_message) if written)


class Variable(Struct, frozen=True, eq=False):
    """A variable; `place` is where its name stands. Where a mistake cut its block short it is not
    `whole`: what is not here may have been written."""

    name: str
    place: Place
    type_expr: Written | None = None
    default_expr: Written | None = None
    nullable: bool = True
    sensitive: bool = False
    ephemeral: bool = False
    deprecated: str | None = None
    description: str | None = None
    validations: tuple[Validation, ...] = ()
    whole: bool = True

    @property
    def required(self) -> bool:
        """Whether a caller has to set it; never for a variable that was not read completely."""
        return self.default_expr is None and self.whole

    @property
    def is_secret(self) -> bool:
        """Whether its value may not be shown."""
        return self.sensitive or self.ephemeral


class Output(Struct, frozen=True, eq=False):
    """An output; `place` is where its name stands. One that is ephemeral counts as `sensitive`."""

    name: str
    place: Place
    value: Written | None = None
    sensitive: bool = False
    description: str | None = None
    whole: bool = True
    conditions: tuple[Written, ...] = ()
    """What its `precondition` blocks say, and their messages."""


class Local(Struct, frozen=True, eq=False):
    """A local value; `place` is where its name stands."""

    name: str
    place: Place
    value: Written


def _repeating(arguments: Mapping[str, Written]) -> dict[str, Written]:
    """The names that are of each instance, `count` or `each`, and the arguments behind them."""
    names = {"count": arguments.get("count"), "each": arguments.get("for_each")}
    return {name: written for name, written in names.items() if written is not None}


class ModuleCall(Struct, frozen=True, eq=False, dict=True):
    """A call of another module; `meta` holds `count`, `for_each`, `providers` and the like."""

    name: str
    place: Place
    source: Written | None
    address: Address | None
    """None where the source cannot be read without evaluating it."""
    version: str | None
    arguments: Mapping[str, Written]
    meta: Mapping[str, Written]

    @cached_property
    def names(self) -> Mapping[str, Written]:
        """The names that it gives to the expressions in it, `count` or `each`."""
        return _repeating(self.meta)


class Resource(Struct, frozen=True, eq=False, dict=True):
    """A resource, a data source or an ephemeral one; `place` is where its name stands."""

    mode: Mode
    type: str
    name: str
    place: Place
    content: Content

    @property
    def address(self) -> str:
        """How expressions refer to it."""
        prefix = "" if self.mode == "managed" else f"{self.mode}."
        return f"{prefix}{self.type}.{self.name}"

    @cached_property
    def names(self) -> Mapping[str, Written]:
        """The names that it gives to the expressions in it, `count` or `each`."""
        return _repeating(self.content.arguments)


class Provider(Struct, frozen=True, eq=False):
    """The configuration of a provider; `place` is where its name stands."""

    name: str
    alias: str | None
    place: Place
    content: Content

    @property
    def address(self) -> str:
        """How resources refer to it."""
        return f"{self.name}.{self.alias}" if self.alias else self.name


class RequiredVersion(Struct, frozen=True, eq=False):
    """A `required_version` setting, as written; every one of them has to hold."""

    constraint: str
    place: Place
