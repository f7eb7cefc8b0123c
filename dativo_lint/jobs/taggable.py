"""Taggable resources: in which attributes the resources of a provider keep their tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

Route = tuple[str, ...]
"""Attributes from a resource inwards; lists of blocks on the way have no step of their own."""


class TagKeeping(Struct, frozen=True):
    """The attributes in which one provider's resources have the tags that a sink receives.

    `prefix` begins the names of its types. `keeps` are the attributes of most types, the merged
    ones of the provider first, and `elsewhere` those of others; `never` are types whose attribute
    of such a name has no tags. `types` are known taggable types; a newer one is recognised by the
    first of `keeps`. `defaults` are the arguments of the provider whose tags it adds to its
    resources, except for the types in `without_defaults`.
    """

    sink: str
    prefix: str
    keeps: tuple[Route, ...]
    elsewhere: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    defaults: tuple[Route, ...] = ()
    without_defaults: frozenset[str] = frozenset()

    def routes(self, type_: str) -> tuple[Route, ...]:
        """The attributes in which resources of a type may have tags; none if not taggable."""
        if type_ in self.never:
            return ()
        if type_ in self.elsewhere:
            return self.elsewhere[type_]
        return self.keeps if type_ in self.types else self.keeps[:1]

    def is_known(self, type_: str) -> bool:
        """Whether resources of a type are certainly taggable, even without tags."""
        return type_ in self.types or type_ in self.elsewhere


def tag_keeping(sink: str, written: Mapping[str, Any]) -> TagKeeping:
    """From plain data, with dots between the attributes of a route."""
    prefix = written["prefix"]
    return TagKeeping(
        sink=sink,
        prefix=prefix,
        keeps=_routes(written["keeps"]),
        elsewhere={type_: _routes(them) for type_, them in written.get("elsewhere", {}).items()},
        never=frozenset(written.get("never", ())),
        types=frozenset(prefix + name for name in written.get("taggable", ())),
        defaults=_routes(written.get("defaults", [])),
        without_defaults=frozenset(written.get("without_defaults", ())),
    )


def _routes(written: list[str]) -> tuple[Route, ...]:
    return tuple(tuple(route.split(".")) for route in written)


class Routes(Struct, frozen=True, eq=False):
    """Where tags are written in a configuration, by type of resource."""

    taggable: tuple[TagKeeping, ...]

    def arguments(self, type_: str) -> tuple[Route, ...]:
        """The arguments for tags of resources of a type; none if it is not taggable."""
        keeping = self._of(type_)
        return keeping.routes(type_) if keeping is not None else ()

    def defaults(self, type_: str) -> tuple[Route, ...]:
        """The arguments of the provider for tags that it adds to resources of a type."""
        keeping = self._of(type_)
        return () if keeping is None or type_ in keeping.without_defaults else keeping.defaults

    def sink(self, type_: str) -> str:
        """Who receives the tags of resources of a type."""
        keeping = self._of(type_)
        return "" if keeping is None else keeping.sink

    def _of(self, type_: str) -> TagKeeping | None:
        for keeping in self.taggable:
            if type_.startswith(keeping.prefix) and keeping.is_known(type_):
                return keeping
        return None
