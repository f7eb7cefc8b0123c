"""Tagging: which expressions give the resources of a module their tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.terraform import syntax
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, Provider, Resource
from dativo_lint.terraform.reach import Chain, Site, names_of
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Expression


class InnerBlock(Struct, frozen=True, eq=False):
    """A block inside a block, written out or made by `dynamic`: then `names` holds the iterator,
    by which `content` refers to an element as in `tag.value`, and its `for_each`."""

    place: Place
    content: Content
    names: Mapping[str, Written]


class Setting(Struct, frozen=True, eq=False):
    """The value of an argument, and the names that dynamic blocks around it give it."""

    value: Written
    names: Mapping[str, Written]


def inner_blocks_of(
    content: Content, type_: str, names: Mapping[str, Written] = {}
) -> Iterator[InnerBlock]:
    """The blocks of a type, those that `dynamic` makes included."""
    for block in content.blocks(type_):
        yield InnerBlock(block.place, block.content, names)
    for block in content.blocks("dynamic"):
        if block.labels == (type_,):
            for_each = block.content.arguments.get("for_each")
            own = {} if for_each is None else {block.iterator: for_each}
            for inner in block.content.blocks("content"):
                yield InnerBlock(block.place, inner.content, {**names, **own})


def settings_at(content: Content, route: tuple[str, ...]) -> Iterator[Setting]:
    """The values at a route such as `("settings", "user_labels")`, through any inner blocks."""
    *blocks, argument = route
    reached: list[tuple[Content, Mapping[str, Written]]] = [(content, {})]
    for type_ in blocks:
        reached = [
            (block.content, block.names)
            for outer, names in reached
            for block in inner_blocks_of(outer, type_, names)
        ]
    for inner, names in reached:
        if argument in inner.arguments:
            yield Setting(inner.arguments[argument], names)


def provider_for(chain: Chain, resource: Resource) -> tuple[Provider, Chain] | None:
    """The configuration of the provider that serves a resource in the last module of a chain, and
    the chain to the module in which it stands.

    A module without one has that which its call hands over, or else the default one of its caller
    (https://developer.hashicorp.com/terraform/language/modules/develop/providers).
    """
    written = resource.content.arguments.get("provider")
    named = _provider_reference(written.expression) if written else None
    named = named or (resource.type.partition("_")[0], None)
    for level in range(len(chain) - 1, -1, -1):
        for provider in chain[level].module.providers:
            if (provider.name, provider.alias) == named:
                return provider, chain[: level + 1]
        handed = _handed_over(chain[level], named)
        if handed is None and named[1] is not None:
            return None
        named = handed or named
    return None


def _handed_over(tree: ModuleTree, named: tuple[str, str | None]) -> tuple[str, str | None] | None:
    """What the call of a module hands over under the name of a provider."""
    written = tree.call.meta.get("providers") if tree.call else None
    if written is None or not isinstance(written.expression, syntax.ObjectCons):
        return None
    items = (it for it in written.expression.items if _provider_reference(it.key) == named)
    return next((_provider_reference(item.value) for item in items), None)


def _provider_reference(expression: Expression) -> tuple[str, str | None] | None:
    """Name and alias as in `aws` or `aws.east`; in JSON syntax both stand in a text."""
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        name, _, alias = expression.value.partition(".")
        return name, alias or None
    if not isinstance(expression, syntax.Reference):
        return None
    if not expression.steps:
        return expression.name, None
    step = expression.steps[0]
    return (expression.name, step.name) if isinstance(step, syntax.Attribute) else None


Route: TypeAlias = tuple[str, ...]
"""Types of blocks, outermost first, and the name of an argument."""


class TagRoutes(Protocol):
    """Where resources have their tags, as their vendor documents it."""

    def arguments(self, type_: str) -> tuple[Route, ...]:
        """The arguments for tags of resources of a type; none where it takes no tags."""

    def defaults(self, type_: str) -> tuple[Route, ...]:
        """The arguments of the provider for tags that it adds to resources of a type."""


class TagBlock(Struct, frozen=True, eq=False):
    """A tag that is written as a block of its own, as in `tag { key = ... value = ... }`."""

    place: Place
    key: Site | None
    value: Site | None
    iterators: Mapping[str, Written]


class Tagged(Struct, frozen=True, eq=False):
    """A resource that takes tags, and the expressions that give it some: its `own` ones, and those
    in `blocks`, override the `defaults` of its provider key by key."""

    resource: Resource
    chain: Chain
    defaults: tuple[Site, ...]
    own: tuple[Site, ...]
    blocks: tuple[TagBlock, ...]

    @property
    def address(self) -> str:
        """How Terraform names it in a plan, from the outermost module on."""
        pairs = ((tree.call, tree.instance) for tree in self.chain)
        return "".join(f"module.{it.name}{at}." for it, at in pairs if it) + self.resource.address

    @property
    def sites(self) -> tuple[Site, ...]:
        """All expressions that have a part in its tags."""
        blocks = (it for block in self.blocks for it in (block.key, block.value) if it)
        return (*self.defaults, *self.own, *blocks)

    @property
    def place(self) -> Place:
        """Where its tags stand, or the resource itself where it has none of its own."""
        place = self.resource.place
        if self.own or self.blocks:
            place = self.own[0].written.place if self.own else self.blocks[0].place
        return replace(place, field=self.resource.address)


def tagged_resources(tree: ModuleTree, routes: TagRoutes) -> Iterator[Tagged]:
    """The managed resources that take tags, in a module and in those of the repository it calls."""
    for chain in tree.chains():
        resources = () if chain[-1].is_installed else chain[-1].module.resources.values()
        for resource in resources:
            arguments = routes.arguments(resource.type) if resource.mode == "managed" else ()
            if arguments:
                own = tuple(_own(resource, arguments, chain))
                blocks = tuple(_blocks(resource, arguments, chain))
                defaults = tuple(_defaults(resource, routes.defaults(resource.type), chain))
                yield Tagged(resource, chain, defaults, own, blocks)


def _own(resource: Resource, arguments: tuple[Route, ...], chain: Chain) -> Iterator[Site]:
    names = names_of(resource.content.arguments)
    for route in arguments:
        for setting in settings_at(resource.content, route):
            yield Site(setting.value, chain, {**names, **setting.names})


def _blocks(resource: Resource, arguments: tuple[Route, ...], chain: Chain) -> Iterator[TagBlock]:
    for route in arguments:
        if len(route) == 1:
            for block in inner_blocks_of(resource.content, route[0]):
                names = {**names_of(resource.content.arguments), **block.names}
                written = (block.content.arguments.get(name) for name in ("key", "value"))
                key, value = (None if it is None else Site(it, chain, names) for it in written)
                yield TagBlock(block.place, key, value, block.names)


def _defaults(resource: Resource, arguments: tuple[Route, ...], chain: Chain) -> Iterator[Site]:
    configured = provider_for(chain, resource) if arguments else None
    if configured is not None:
        provider, configuring = configured
        for route in arguments:
            for setting in settings_at(provider.content, route):
                yield Site(setting.value, configuring, setting.names)
