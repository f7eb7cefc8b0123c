"""The subject of a judgement: a job, all that it refers to, and the questions a check may ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.derive import derive
from dativo_lint.subject.leaves import Leaf, leaf_texts, leaves_of
from dativo_lint.subject.platform_variables import (
    VariableValue,
    job_variables,
    platform_variables,
)
from dativo_lint.subject.propagation import CLOUDS, Propagation
from dativo_lint.subject.references import Lead, Reference
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.sinks import SINKS, sink_tags
from dativo_lint.subject.sinks.dagster import names_of_job, texts_apart
from dativo_lint.subject.sinks.flow import Entry, Flow, SinkTag
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.document import Document

if TYPE_CHECKING:
    from dativo_lint.subject.module_inputs import ModuleInputs
    from dativo_lint.subject.module_tags import GivenTags, ResourceTags, Tagging, TracedTags
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.declarations import Variable
    from dativo_lint.terraform.module import Module


@lru_cache(maxsize=256)
def _sensitive(module: Module) -> tuple[Variable, ...]:
    return tuple(it for it in module.variables.values() if it.sensitive)


class Subject(Struct, frozen=True, eq=False, dict=True):
    """A job and all that it refers to.

    `references` holds, by field, the paths that the job names: `asset_path`,
    `source_connector_path`, `target_connector_path` and `infrastructure.terraform_module`; a
    field that the job does not write is not among them. `asset`, and `module_tree` (the module with
    those that it calls), are None where the reference leads to nothing readable.
    `schedules` are the entries of runner files for this job; `tagging` knows which resources take
    tags.
    """

    job: Document
    references: Mapping[str, Reference]
    asset: Asset | None = None
    module_tree: ModuleTree | None = None
    schedules: tuple[Said, ...] = ()
    propagation: Propagation = Propagation()
    tagging: Tagging | None = None

    @property
    def module(self) -> Module | None:
        """The module by itself."""
        return None if self.module_tree is None else self.module_tree.module

    @property
    def sensitive(self) -> tuple[Variable, ...]:
        """The variables that the module declares as sensitive."""
        return () if self.module_tree is None else _sensitive(self.module_tree.module)

    def said(self, *route: str | int) -> Said:
        """What a field of the job says."""
        return Said(self.job, route)

    def value(self, *route: str | int) -> Any:
        """The plain value of a field of the job, or `ABSENT`."""
        return self.job.value(route)

    def leaves(self, *blocks: tuple[str, ...]) -> Iterator[Leaf]:
        """The single values inside some blocks of the job, in the order in which they stand."""
        for block in blocks:
            found = self._leaves.get(block)
            if found is None:
                found = self._leaves[block] = tuple(leaves_of(self.job, block))
            yield from found

    def leaves_holding(self, word: str) -> Iterator[Leaf]:
        """The texts anywhere in the job that hold a word."""
        if isinstance(self.job.data, dict) and word in self.job.text:
            for name in self.job.data:
                if isinstance(name, str):
                    yield from leaves_of(self.job, (name,), word)

    def leaf_texts(self, blocks: tuple[tuple[str, ...], ...]) -> list[tuple[str, str | None]]:
        """Name and text of each of these leaves, without where they stand."""
        found = self._leaf_texts.get(blocks)
        if found is None:
            found = [pair for block in blocks for pair in leaf_texts(self.job, block)]
            self._leaf_texts[blocks] = found
        return found

    @cached_property
    def _leaf_texts(self) -> dict[tuple[tuple[str, ...], ...], list[tuple[str, str | None]]]:
        return {}

    @cached_property
    def _leaves(self) -> dict[tuple[str, ...], tuple[Leaf, ...]]:
        return {}

    @cached_property
    def tags(self) -> TagSet:
        """The effective tags with their trails; without the asset's where it cannot be read."""
        return derive(self.job, self.asset, merge_lists=self.propagation.merge_lists)

    @property
    def asset_is_unknown(self) -> bool:
        """Whether the job names an asset of which nothing can be said here."""
        return self.asset is None and "asset_path" in self.references

    @property
    def is_whole(self) -> bool:
        """Whether all that the job refers to in this repository could be read."""
        module = self.references.get("infrastructure.terraform_module")
        module_is_known = module is None or module.lead is Lead.REMOTE or self.module is not None
        return module_is_known and not self.asset_is_unknown

    @property
    def asset_is_open(self) -> bool:
        """Whether the asset's path is known only when the job runs."""
        reference = self.references.get("asset_path")
        return reference is not None and reference.lead is Lead.OPEN

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self.job, self.tags, self.schedules, self.propagation)

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """What a sink receives; `name` is a key of `sinks.SINKS`.

        The resources of a cloud receive what the module gives them; where that is not known, they
        are taken to receive the tags of the infrastructure as they are.
        """
        return tuple(map(self.finished, self.entries(name)))

    def entries(self, name: str) -> Iterable[Entry]:
        """As `sink`, in the rough."""
        if name in CLOUDS and self.tagged_resources:
            from dativo_lint.subject.module_tags import all_entries

            given = all_entries(self.given_tags, name, self.tags, self.job)
            if given is not None:
                return given
        return SINKS[name](self._flow)

    def texts(self, name: str) -> Collection[tuple[str, Any]]:
        """Keys and texts of what a sink receives, as `entries`."""
        found = self._texts.get(name)
        if found is None:
            found = self._texts[name] = self._texts_of(name)
        return found

    @cached_property
    def _texts(self) -> dict[str, Collection[tuple[str, Any]]]:
        return {}

    def _texts_of(self, name: str) -> Collection[tuple[str, Any]]:
        if name in CLOUDS and self.tagged_resources:
            from dativo_lint.subject.module_tags import all_entries

            given = all_entries(self.given_tags, name, self.tags, self.job)
            if given is not None:
                return [(key, text) for key, text, _ in given]
        return [(key, text) for key, text, _ in SINKS[name](self._flow)]

    @property
    def texts_apart(self) -> Iterable[tuple[str, Any]]:
        """As `texts` of Dagster, without what comes from the infrastructure block."""
        if self.schedules or self.propagation.dagster_namespaces:
            return texts_apart(self._flow)
        return names_of_job(self.job)

    def finished(self, entry: Entry) -> SinkTag:
        """One of `entries` with its source."""
        return self._flow.finished(entry)

    @property
    def infrastructure_tags(self) -> tuple[SinkTag, ...]:
        """The tags of the infrastructure as they would be in a cloud that is given all of them."""
        return sink_tags("aws", self._flow)

    def resource_tags(self, cloud: str) -> tuple[ResourceTags, ...]:
        """The resources that the module makes in a cloud, each with the tags that it is given."""
        if not self.tagged_resources:
            return ()
        found = self._resource_tags.get(cloud)
        if found is None:
            from dativo_lint.subject.module_tags import resource_tags

            each = resource_tags(self.given_tags, cloud, self.tags, self.job)
            found = self._resource_tags[cloud] = tuple(each)
        return found

    @cached_property
    def _resource_tags(self) -> dict[str, tuple[ResourceTags, ...]]:
        return {}

    @cached_property
    def platform_supplies(self) -> dict[str, VariableValue]:
        """The Terraform variables that the platform supplies by itself."""
        return platform_variables(self.job, self.tags, self.propagation)

    @cached_property
    def own_supplies(self) -> dict[str, VariableValue]:
        """The Terraform variables of `infrastructure.terraform_vars`."""
        return job_variables(self.job)

    @cached_property
    def handover(self) -> ModuleInputs | None:
        """What the module's variables are given; None where there is no module to read."""
        if self.module is None:
            return None
        # The evaluator is heavy, and needed only by jobs that name a module.
        from dativo_lint.subject.module_inputs import module_inputs

        return module_inputs(
            self.module,
            self.own_supplies,
            self.platform_supplies,
            all_open=is_open(self.value("infrastructure", "terraform_vars")),
            asset_is_unknown=self.asset_is_unknown,
        )

    @cached_property
    def tagged_resources(self) -> tuple[TracedTags, ...]:
        """The resources of the module, and of those that it calls, that take tags."""
        if self.module_tree is None or self.tagging is None:
            return ()
        return self.tagging.resources(self.module_tree)

    @cached_property
    def given_tags(self) -> tuple[GivenTags, ...]:
        """The tags that these resources would be given with the job's values."""
        if self.module_tree is None or self.tagging is None or self.handover is None:
            return ()
        return self.tagging.given(self.module_tree, self.handover)
