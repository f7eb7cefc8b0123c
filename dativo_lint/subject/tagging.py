"""Tagging: which resources of a Terraform module take tags; each module is looked into once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dativo_lint.records import dataclass, field

if TYPE_CHECKING:
    from dativo_lint.subject.taggable import Route, TagKeeping
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.reach import Reach
    from dativo_lint.terraform.tagging import Tagged


@dataclass(frozen=True, slots=True, eq=False)
class TracedTags:
    """A resource that takes tags, and what the expressions that give it some hang on."""

    tagged: Tagged
    reach: Reach


@dataclass(frozen=True, slots=True, eq=False)
class Tagging:
    """What modules say of tags; `taggable` tells where resources have them, and is asked late."""

    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple
    _found: dict[str, tuple[ModuleTree, tuple[TracedTags, ...]]] = field(default_factory=dict)

    def resources(self, tree: ModuleTree) -> tuple[TracedTags, ...]:
        """The resources that take tags in a module and in those that it calls."""
        path = tree.module.path
        found = self._found.get(path)
        if found is None or found[0] is not tree:
            # Only jobs that name a module need it.
            from dativo_lint.terraform.reach import Tracer
            from dativo_lint.terraform.tagging import tagged_resources

            tracer = Tracer()
            traced = (
                TracedTags(it, tracer.reach(*it.sites))
                for it in tagged_resources(tree, _Routes(self.taggable()))
            )
            found = self._found[path] = (tree, tuple(traced))
        return found[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Routes:
    """Where tags are written in a configuration, by type of resource."""

    taggable: tuple[TagKeeping, ...]

    def arguments(self, type_: str) -> tuple[Route, ...]:
        """The arguments for tags of resources of a type; none where it takes no tags."""
        keeping = self._of(type_)
        return keeping.routes(type_) if keeping is not None else ()

    def defaults(self, type_: str) -> tuple[Route, ...]:
        """The arguments of the provider for tags that it adds to resources of a type."""
        keeping = self._of(type_)
        return () if keeping is None or type_ in keeping.without_defaults else keeping.defaults

    def _of(self, type_: str) -> TagKeeping | None:
        for keeping in self.taggable:
            if type_.startswith(keeping.prefix) and keeping.is_known(type_):
                return keeping
        return None
