"""Tagging: which expressions give the resources of a module their tags, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.terraform import syntax
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, Provider, Resource
from dativo_lint.terraform.planning import MOST_INSTANCES, Bound, Planner, Spot, Way, index, pair
from dativo_lint.terraform.reach import Chain, Site
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.values import Value

Route: TypeAlias = tuple[str, ...]
"""Types of blocks, outermost first, and the name of an argument."""


class InnerBlock(NamedTuple):
    """A block inside a block, written out or made by `dynamic`: then `names` holds the iterator,
    by which `content` refers to an element as in `tag.value`, and its `for_each`."""

    place: Place
    content: Content
    names: Mapping[str, Written]


def inner_blocks_of(
    content: Content, type_: str, names: Mapping[str, Written] = {}
) -> Iterator[InnerBlock]:
    """The blocks of a type, those that `dynamic` makes included."""
    for block in content.blocks(type_):
        yield InnerBlock(block.place, block.content, names)
    for block in content.blocks("dynamic"):
        if block.label == type_:
            for_each = block.content.arguments.get("for_each")
            own = {} if for_each is None else {block.iterator: for_each}
            for inner in block.content.blocks("content"):
                yield InnerBlock(block.place, inner.content, {**names, **own})


def sites_at(
    content: Content, route: Route, chain: Chain, names: Mapping[str, Written] = {}
) -> Iterator[Site]:
    """The values at a route such as `("settings", "user_labels")`, through any inner blocks, of a
    block in the last module of a chain that gives them names."""
    if len(route) > 1:
        for block in inner_blocks_of(content, route[0], names):
            yield from sites_at(block.content, route[1:], chain, block.names)
    elif route[0] in content.arguments:
        yield Site(content.arguments[route[0]], chain, names)


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
    items = written.expression.items
    handed = (item.value for item in items if _provider_reference(item.key) == named)
    return next(map(_provider_reference, handed), None)


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


class Tagged(Struct, frozen=True, eq=False, dict=True):
    """A resource that takes tags, and the expressions that give it some: its `own` ones, and those
    in `blocks`, override the `defaults` of its provider key by key."""

    resource: Resource
    chain: Chain
    defaults: tuple[Site, ...]
    own: tuple[Site, ...]
    blocks: tuple[TagBlock, ...]

    @cached_property
    def address(self) -> str:
        """How Terraform names it in a plan, from the outermost module on."""
        return _address(self.resource, self.chain)

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All expressions that have a part in its tags."""
        blocks = (site for block in self.blocks for site in (block.key, block.value) if site)
        return (*self.defaults, *self.own, *blocks)

    @property
    def place(self) -> Place:
        """Where its tags stand, or the resource itself where it has none of its own."""
        place = self.resource.place
        if self.own or self.blocks:
            place = self.own[0].written.place if self.own else self.blocks[0].place
        return replace(place, field=self.resource.address)


def _address(resource: Resource, chain: Chain) -> str:
    calls = [f"module.{tree.call.name}{tree.instance}." for tree in chain if tree.call]
    return "".join(calls) + resource.address


def tagged_resources(tree: ModuleTree, routes: TagRoutes) -> Iterator[Tagged]:
    """The managed resources that take tags, in a module and in those of the repository it calls."""
    for chain in tree.chains():
        resources = () if chain[-1].is_installed else chain[-1].module.resources.values()
        for resource in resources:
            arguments = routes.arguments(resource.type) if resource.mode == "managed" else ()
            if arguments:
                own = [
                    site
                    for route in arguments
                    for site in sites_at(resource.content, route, chain, resource.names)
                ]
                blocks = tuple(_blocks(resource, arguments, chain))
                defaults = tuple(_defaults(resource, routes.defaults(resource.type), chain))
                yield Tagged(resource, chain, defaults, tuple(own), blocks)


def _blocks(resource: Resource, arguments: tuple[Route, ...], chain: Chain) -> Iterator[TagBlock]:
    for route in arguments:
        if len(route) == 1:
            for block in inner_blocks_of(resource.content, route[0]):
                names = {**resource.names, **block.names}
                written = (block.content.arguments.get(name) for name in ("key", "value"))
                key, value = (
                    each if each is None else Site(each, chain, names) for each in written
                )
                yield TagBlock(block.place, key, value, block.names)


def _defaults(resource: Resource, arguments: tuple[Route, ...], chain: Chain) -> Iterator[Site]:
    configured = provider_for(chain, resource) if arguments else None
    if configured is not None:
        provider, configuring = configured
        for route in arguments:
            yield from sites_at(provider.content, route, configuring)


class PlannedTags(Struct, frozen=True, eq=False):
    """The tags of a resource, or of one instance of it, with unknown values.

    `doubt` says why there may be others. All are secret where a mapping of them `is_secret`, or a
    key. One that is not `certain` may not be made at all. `ways` are the expressions behind them.
    """

    address: str
    entries: Mapping[str, Value]
    doubt: str = ""
    is_secret: bool = False
    certain: bool = True
    ways: Mapping[str, Way] = {}


def planned_tags(tagged: Tagged, planner: Planner) -> tuple[PlannedTags, ...]:
    """The tags of a resource, evaluated, of each instance where they differ; none where it would
    not be made at all."""
    instances = [*_instances(tagged.resource, planner, planner.expanded(tagged.chain))]
    if len(instances) > MOST_INSTANCES:
        instances = [*_instances(tagged.resource, planner, [tagged.chain])]
    planned = [_planned(tagged, planner, instance) for instance in instances]
    results = [(tags.doubt, tags.certain, tags.entries) for tags in planned]
    if planned and all(result == results[0] for result in results[1:]):
        return (replace(planned[0], address=tagged.address),)
    return tuple(planned)


class _Instance(NamedTuple):
    """Where an instance of a resource is made, its key in brackets, the names that it has, and
    whether it is made for certain."""

    chain: Chain
    key: str
    bound: Mapping[str, Bound]
    is_made: bool | None


def _instances(
    resource: Resource, planner: Planner, chains: Iterable[Chain]
) -> Iterator[_Instance]:
    for chain in chains:
        is_made = planner.is_made(resource.names, chain)
        rounds = [
            _Instance(chain, index(key), {name: bound}, is_made)
            for name, written in (resource.names if is_made else {}).items()
            for key, bound in (planner.instances(name, Spot(written, chain)) or {}).items()
        ]
        if is_made is not False:
            yield from rounds or [_Instance(chain, "", {}, is_made)]


def _planned(tagged: Tagged, planner: Planner, instance: _Instance) -> PlannedTags:
    chain, bound = instance.chain, instance.bound
    entries: dict[str, Value] = {}
    ways: dict[str, Way] = {}
    doubt, is_secret = "", False
    spots = [Spot(site.written, chain[: len(site.chain)]) for site in tagged.defaults]
    spots += [Spot(site.written, chain, bound) for site in tagged.own]
    for spot in spots:
        value = planner.at(spot)
        if value.secret:
            is_secret = True
        elif isinstance(value.data, dict):
            entries |= value.data
            ways |= {key: (spot, (key,)) for key in value.data}
        elif value.data is not None:
            doubt = doubt or value.reason or "it is no map"
    for block in tagged.blocks:
        rounds = _rounds(block, chain, planner, bound)
        for names in rounds or ():
            if block.key is not None and block.value is not None:
                key = planner.at(Spot(block.key.written, chain, names))
                if key.secret:
                    is_secret = True
                elif isinstance(key.data, str):
                    spot = Spot(block.value.written, chain, names)
                    entries[key.data], ways[key.data] = planner.at(spot), (spot, ())
                else:
                    rounds = None
        doubt = doubt or ("its blocks are repeated" if rounds is None else "")
    # A tag that is null is none.
    entries = {key: value for key, value in entries.items() if value.data is not None}
    doubt = doubt or ("they are sensitive" if is_secret else "")
    certain = instance.is_made is True
    doubt = doubt or ("" if certain else "whether it is made at all is not known")
    address = tagged.address if chain == tagged.chain else _address(tagged.resource, chain)
    return PlannedTags(address + instance.key, entries, doubt, is_secret, certain, ways)


def _rounds(
    block: TagBlock, chain: Chain, planner: Planner, bound: Mapping[str, Bound]
) -> list[Mapping[str, Bound]] | None:
    """The names in each block that a dynamic one makes; None where they are not known."""
    rounds: list[Mapping[str, Bound]] = [bound]
    for name, written in block.iterators.items():
        inner: list[Mapping[str, Bound]] = []
        for names in rounds:
            spot = Spot(written, chain, names)
            elements = planner.rounds(spot)
            if elements is None:
                return None
            inner += [{**names, name: pair(spot, *element)} for element in elements]
        rounds = inner
    return rounds
