"""Tagging: what is asked of modules about tags, with the evaluator imported when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from dativo_lint.jobs.taggable import TagKeeping

if TYPE_CHECKING:
    from dativo_lint.jobs.module_inputs import ModuleInputs
    from dativo_lint.jobs.module_tags import GivenTags, TracedTags
    from dativo_lint.terraform.calls import ModuleTree


class Tagging(Struct, frozen=True, eq=False):
    """What modules set of tags; `taggable` tells where resources have them, and is asked late.

    What evaluates modules is heavy, and needed only by jobs that name one.
    """

    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple

    def resources(self, tree: ModuleTree) -> tuple[TracedTags, ...]:
        """The resources that take tags in a module and in those that it calls."""
        from dativo_lint.jobs.module_tags import traced_tags

        return traced_tags(tree, self.taggable)

    def given(self, tree: ModuleTree, inputs: ModuleInputs) -> tuple[GivenTags, ...]:
        """The tags of those resources that would be made."""
        from dativo_lint.jobs.module_tags import given_tags

        return given_tags(self.resources(tree), inputs)


class KnownModule(Struct, frozen=True, eq=False):
    """A module with those that it calls, and what knows which of their resources take tags."""

    tree: ModuleTree
    tagging: Tagging
