"""Tagging: the tags of modules, with the evaluator imported on first use."""

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
    """The tags that modules set; `taggable` returns where resources have them, and is called late.

    The evaluator of modules is heavy, and only jobs with a module need it.
    """

    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple

    def resources(self, tree: ModuleTree) -> tuple[TracedTags, ...]:
        """The taggable resources in a module and in those that it calls."""
        from dativo_lint.jobs.module_tags import traced_tags

        return traced_tags(tree, self.taggable)

    def given(self, tree: ModuleTree, inputs: ModuleInputs) -> tuple[GivenTags, ...]:
        """The tags of those resources that would be made."""
        from dativo_lint.jobs.module_tags import given_tags

        return given_tags(self.resources(tree), inputs)


class KnownModule(Struct, frozen=True, eq=False):
    """A module with those that it calls, and their taggable resources."""

    tree: ModuleTree
    tagging: Tagging
