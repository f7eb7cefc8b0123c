"""The job view: a job, all that it refers to, and the questions a check may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.jobs.asset import Asset, Misfit
from dativo_lint.jobs.field_ref import FieldRef, Scalar, is_open, scalars_of
from dativo_lint.jobs.layers import Propagation, derive
from dativo_lint.jobs.platform_variables import (
    VariableValue,
    job_variables,
    platform_variables,
)
from dativo_lint.jobs.references import Reference, Resolution
from dativo_lint.jobs.selectors import Selector, Statement
from dativo_lint.jobs.sinks import SINKS
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.sinks.terraform import infrastructure_tags
from dativo_lint.jobs.tags import TagSet

if TYPE_CHECKING:
    from dativo_lint.jobs.module_inputs import CalledInput, ModuleInputs
    from dativo_lint.jobs.module_tags import ResourceTags, TaggableResource
    from dativo_lint.jobs.taggable import TagKeeping
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.declarations import Variable
    from dativo_lint.terraform.module import Module


class Job(Struct, frozen=True, eq=False, dict=True):
    """A job with everything that it refers to.

    `references` has, by field, the paths that the job names: `asset_path`, `source_connector_path`,
    `target_connector_path` and `infrastructure.terraform_module`, if set. `asset`, and
    `module_tree` (the module with those that it calls), are None if they cannot be read; `no_asset`
    is the target of `asset_path` if that is not an asset. `recipes` are those of the connectors, by
    field, if they can be read. `schedules` are the enabled entries of runner files that start the
    job; `taggable` returns where resources have their tags, and is called late.
    """

    config: Document
    references: Mapping[str, Reference]
    asset: Asset | None = None
    no_asset: Misfit | None = None
    recipes: Mapping[str, Document | Misfit] = {}
    module_tree: ModuleTree | None = None
    schedules: tuple[FieldRef, ...] = ()
    propagation: Propagation = Propagation()
    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple

    def field(self, *route: str | int) -> FieldRef:
        """A field of the job."""
        return FieldRef(self.config, route)

    def value(self, *route: str | int) -> Any:
        """The plain value of a field of the job, or `ABSENT`."""
        return self.config.value(route)

    @property
    def connector_type(self) -> FieldRef:
        """What Dagster calls the source connector: the type of its recipe, where that has one."""
        recipe = self.recipes.get("source_connector_path")
        if isinstance(recipe, Document) and isinstance(recipe.value(("type",)), str):
            return FieldRef(recipe, ("type",))
        return self.field("source_connector")

    def scalars(self, *blocks: tuple[str, ...]) -> list[Scalar]:
        """The scalar values inside some blocks of the job, in document order."""
        for block in blocks:
            if block not in self._scalars:
                self._scalars[block] = list(scalars_of(self.config, block))
        return [scalar for block in blocks for scalar in self._scalars[block]]

    @cached_property
    def _scalars(self) -> dict[tuple[str, ...], list[Scalar]]:
        return {}

    @cached_property
    def statements(self) -> dict[Selector, list[Statement]]:
        """What is stated, by each selector that a rule has asked for."""
        return {}

    @cached_property
    def tags(self) -> TagSet:
        """The effective tags with their trails; without the asset's where it cannot be read."""
        return derive(self.config, self.asset, merge_lists=self.propagation.merge_lists)

    @property
    def asset_is_unknown(self) -> bool:
        """Whether the job names an asset that cannot be read here."""
        return self.asset is None and "asset_path" in self.references

    @property
    def asset_is_open(self) -> bool:
        """Whether the asset's path is known only when the job runs."""
        reference = self.references.get("asset_path")
        return reference is not None and reference.resolution is Resolution.OPEN

    @property
    def is_whole(self) -> bool:
        """Whether all that the job refers to in this repository could be read."""
        if self.asset_is_unknown:
            return False
        if self.module_tree is not None:
            return all(chain[-1].module.complete for chain in self.module_tree.chains())
        module = self.references.get("infrastructure.terraform_module")
        return module is None or module.resolution is Resolution.REMOTE

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """What a sink receives; `name` is a key of `sinks.SINKS`."""
        if name not in self._sinks:
            self._sinks[name] = tuple(SINKS[name].receive(self))
        return self._sinks[name]

    @cached_property
    def _sinks(self) -> dict[str, tuple[SinkTag, ...]]:
        return {}

    @property
    def infrastructure_tags(self) -> tuple[SinkTag, ...]:
        """The infrastructure tags as a cloud would have them if all arrived."""
        return tuple(infrastructure_tags(self))

    @property
    def module(self) -> Module | None:
        """The module by itself."""
        return None if self.module_tree is None else self.module_tree.module

    @property
    def sensitive(self) -> tuple[Variable, ...]:
        """The variables that the module declares as sensitive."""
        variables = self.module.variables.values() if self.module is not None else ()
        return tuple(variable for variable in variables if variable.is_secret)

    @cached_property
    def platform_variables(self) -> dict[str, VariableValue]:
        """The Terraform variables that the platform supplies by itself."""
        return platform_variables(self.config, self.tags, self.propagation)

    @cached_property
    def own_variables(self) -> dict[str, VariableValue]:
        """The Terraform variables of `infrastructure.terraform_vars`."""
        return job_variables(self.config)

    @cached_property
    def module_inputs(self) -> ModuleInputs | None:
        """The inputs of the module; None where there is no module to read."""
        if self.module is None:
            return None
        # The evaluator is heavy, and needed only by jobs that name a module.
        from dativo_lint.jobs.module_inputs import module_inputs

        return module_inputs(
            self.module,
            self.own_variables,
            self.platform_variables,
            all_open=is_open(self.value("infrastructure", "terraform_vars")),
            asset_is_unknown=self.asset_is_unknown,
        )

    @cached_property
    def called_inputs(self) -> tuple[CalledInput, ...]:
        """The values that the module passes to modules which refuse them, or may."""
        if self.module_tree is None or self.module_inputs is None or not self.module_tree.called:
            return ()
        from dativo_lint.jobs.module_inputs import called_inputs

        return called_inputs(self.module_tree, self.module_inputs)

    @property
    def taggable_resources(self) -> tuple[TaggableResource, ...]:
        """The taggable resources of the module, and of those that it calls."""
        if self.module_tree is None:
            return ()
        from dativo_lint.jobs.module_tags import taggable_resources

        return taggable_resources(self.module_tree, self.taggable)

    @cached_property
    def possible_resources(self) -> tuple[ResourceTags, ...]:
        """Those that the job's values create, or may create, each with its tags."""
        if not self.taggable_resources or self.module_inputs is None:
            return ()
        from dativo_lint.jobs.module_tags import resource_tags

        return resource_tags(self.taggable_resources, self.module_inputs, self.tags, self.config)

    @cached_property
    def resources(self) -> tuple[ResourceTags, ...]:
        """Those that the job's values certainly create."""
        return tuple([each for each in self.possible_resources if each.is_certain])

    def resources_in(self, cloud: str) -> tuple[ResourceTags, ...]:
        """Those that the module may create in a cloud."""
        return tuple([each for each in self.possible_resources if each.sink == cloud])

    def module_tags(self, cloud: str) -> tuple[SinkTag, ...] | None:
        """All tags of the resources in a cloud, each once.

        None where there are no such resources; one with a doubt may have more.
        """
        if not any(each.sink == cloud for each in self.taggable_resources):
            return None
        from dativo_lint.jobs.module_tags import distinct_entries

        return distinct_entries(each for each in self.resources if each.sink == cloud)
