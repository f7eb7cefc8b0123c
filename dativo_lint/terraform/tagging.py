"""Tagging: which expressions give the resources of a module their tags, and what they hang on.

Which arguments carry tags is a vendor's fact and comes from the caller, as `Cloud`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Provider, Resource
from dativo_lint.terraform.reach import Chain, Reach, Site, Tracer, names_in
from dativo_lint.terraform.resources import Setting, provider_for, settings_at
from dativo_lint.terraform.source import Written
from dativo_lint.texts.place import Place

Route = tuple[str, ...]
"""Types of blocks, outermost first, and the name of an argument."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where the resources of one vendor have their tags.

    `prefix` is how their types begin; `arguments` are the routes to their tags, `defaults` the
    routes in the provider's configuration to the tags that it adds to all of them, but for those
    of the types in `without_defaults`.
    """

    prefix: str
    arguments: tuple[Route, ...]
    defaults: tuple[Route, ...] = ()
    without_defaults: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """A resource of a cloud, and the expressions that give it tags, the weakest first.

    `own` are those of its arguments; `defaults` those of its provider, which the own ones override
    key by key. `reach` is what all of them together hang on. `is_whole` is false where what
    configures the provider, or the module itself, could not be read.
    """

    resource: Resource
    cloud: Cloud
    chain: Chain
    defaults: tuple[Site, ...]
    own: tuple[Site, ...]
    reach: Reach

    @property
    def address(self) -> str:
        """How Terraform names it in a plan of the outermost module."""
        calls = "".join(f"module.{tree.call.name}." for tree in self.chain if tree.call)
        return calls + self.resource.address

    @property
    def place(self) -> Place:
        """Where its tags stand, or the resource itself where it has none of its own."""
        return self.own[0].written.place if self.own else self.resource.place


@lru_cache(maxsize=64)
def tagged_resources(tree: ModuleTree, clouds: tuple[Cloud, ...]) -> tuple[Tagged, ...]:
    """The managed resources of these clouds in a module and in those that it calls."""
    tracer = Tracer()
    return tuple(_tagged(tree, clouds, tracer))


def _tagged(tree: ModuleTree, clouds: tuple[Cloud, ...], tracer: Tracer) -> Iterator[Tagged]:
    for chain in tree.chains():
        for resource in chain[-1].module.resources:
            cloud = next((it for it in clouds if resource.type.startswith(it.prefix)), None)
            if cloud is not None and resource.mode == "managed":
                own = tuple(_own(resource, cloud, chain))
                defaults = tuple(_defaults(resource, cloud, chain))
                reach = tracer.reach(*defaults, *own)
                yield Tagged(resource, cloud, chain, defaults, own, reach)


def _own(resource: Resource, cloud: Cloud, chain: Chain) -> Iterator[Site]:
    names = names_in(resource)
    for route in cloud.arguments:
        for setting in settings_at(resource.content, route):
            yield Site(setting.value, chain, {**names, **_iterators(setting)})


def _defaults(resource: Resource, cloud: Cloud, chain: Chain) -> Iterator[Site]:
    if resource.type in cloud.without_defaults or not cloud.defaults:
        return
    provider = provider_for(chain, resource)
    if provider is None:
        return
    configured_in = _level(provider, chain)
    for route in cloud.defaults:
        for setting in settings_at(provider.content, route):
            yield Site(setting.value, configured_in, _iterators(setting))


def _level(provider: Provider, chain: Chain) -> Chain:
    """The module that configures a provider, behind those that lead to it."""
    for level in range(len(chain), 0, -1):
        if provider in chain[level - 1].module.providers:
            return chain[:level]
    return chain


def _iterators(setting: Setting) -> dict[str, Written]:
    """The names that dynamic blocks around a setting give it."""
    return {it.iterator: it.for_each for it in setting.within if it.for_each is not None}
