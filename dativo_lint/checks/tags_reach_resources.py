"""every cloud tag of the job reaches a resource of its module"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace

from dativo_lint.checks.messages import trail_mentions
from dativo_lint.checks.params import Carriers, RuleParams, about, is_named
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.place import Place
from dativo_lint.documents.quoting import shown
from dativo_lint.edits.fix import Fix
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import infrastructure_key
from dativo_lint.jobs.selectors import folded_word
from dativo_lint.jobs.sinks import CLOUDS
from dativo_lint.jobs.tags import Tag, folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import ResourceTags

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    variables: Carriers
    tags: Annotated[
        tuple[str, ...], about("Tags in addition to those of infrastructure.tags.")
    ] = ()

    def judge(self, job: Job) -> Results:
        """Look for tags that no resource has."""
        # untagged-resource reports what has no tags, job-tags-not-applied what uses none of a job.
        tagged = [resource for resource in job.possible_resources if not resource.is_untagged]
        is_carrier = partial(is_named, self.variables)
        takers = [resource for resource in tagged if resource.uses_job_tags(is_carrier)]
        able = takers or [resource for resource in tagged if resource.unset_variables]
        lost = list(_lost(job, self.tags)) if able else []
        doubt = _doubt(job, tagged) if lost else ""
        for tag in lost:
            if not doubt:
                place, hint, fixes = _remedy(job, tag, able)
                message = f"{tag.name} reaches no resource of the module{hint}"
                yield Violation(place, message, trail_mentions(tag.trail), fixes)
            else:
                yield Unresolved(tag.at, f"{tag.name} may reach {doubt}, which is not known")


_MOST_CARRIERS = 3


def _doubt(job: Job, tagged: "list[ResourceTags]") -> str:
    """The first part of the module whose tags are not all known; empty where all are."""
    for *_, tree in job.module_tree.chains() if job.module_tree is not None else ():
        if tree.absent:
            return f"module.{shown(tree.absent[0].name)}"
        if tree.is_installed or not tree.module.complete:
            return tree.module.path
    return next((shown(resource.address) for resource in tagged if resource.doubt), "")


def _lost(job: Job, others: tuple[str, ...]) -> Iterator[Tag]:
    """The tags of the job that no resource has, under any key, in any spelling."""
    resources = [resource for resource in job.possible_resources if resource.sink in CLOUDS]
    texts = {pair for resource in resources for pair in resource.texts}
    names = {folded_key(key) for key, _ in texts}
    block = job.value("infrastructure", "tags")
    keys = (*map(infrastructure_key, block if isinstance(block, dict) else ()), *others)
    lacking = [
        (name, tag)
        for key in keys
        if (name := folded_key(key.partition(".")[2])) not in names
        and (tag := job.tags.get(key))
        and tag.text
    ]
    if not lacking:
        return
    words = {folded_word(text) for _, text in texts if isinstance(text, str)}
    used = {id(entry.tag) for each in resources for entry in each.entries}
    for name, tag in lacking:
        # Of two spellings of one key, the first is reported.
        if name not in names and folded_word(tag.text or "") not in words and id(tag) not in used:
            names.add(name)
            yield tag


def _remedy(job: Job, tag: Tag, able: "list[ResourceTags]") -> tuple[Place, str, tuple[Fix, ...]]:
    """Where the module could use a tag, how, and the edits that do it."""
    carriers = sorted({name for resource in able for name in resource.unset_variables})
    if carriers and job.module is not None:
        variable = job.module.variables[carriers[0]]
        listed = " or ".join(f"terraform_vars.{shown(name)}" for name in carriers[:_MOST_CARRIERS])
        return replace(variable.place, field=f"var.{carriers[0]}"), f"; set {listed}", ()
    of_block = tag.key.startswith("infrastructure.")
    name = "tags" if of_block else tag.key.replace(".", "_")
    address = shown(able[0].address)
    is_declared = job.module is not None and name in job.module.variables
    use = f"use var.{name} in" if is_declared else f"declare variable {name} for"
    fixes: tuple[Fix, ...] = ()
    if of_block and is_declared:
        from dativo_lint.edits.module_tags import use_job_tags  # only a module that needs it

        fixes = use_job_tags(able[:1])
    return able[0].tagged.place, f"; {use} the tags of {address}", fixes
