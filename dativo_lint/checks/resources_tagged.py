"""every taggable resource of the module has tags, with the required keys"""

from typing import TYPE_CHECKING, Annotated, Literal

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tags import folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import ResourceTags

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    keys_of_the_job: Annotated[
        bool, about("Whether every key of infrastructure.tags is required on every resource.")
    ] = False
    lower_case: Annotated[
        tuple[Literal["aws", "gcp"], ...],
        about("Providers with lowercase tags, where any spelling of the key is accepted."),
    ] = ()

    def judge(self, job: Job) -> Results:
        """Look at the tags of each resource."""
        block = job.field("infrastructure", "tags")
        # lost-tag reports a key that no resource has, job-tags-not-applied a resource without any.
        arriving = {folded_key(key) for resource in job.resources for key, _ in resource.texts}
        has_keys = self.keys_of_the_job and isinstance(block.value, dict)
        keys = map(block.child, block.value if has_keys else ())
        wanted = [key for key in keys if folded_key(str(key.route[-1])) in arriving]
        for resource in job.possible_resources:
            tagged, address = resource.tagged, shown(resource.address)
            if not resource.is_certain:
                yield Unresolved(tagged, f"whether {address} is made is not known")
            elif not tagged.sites and resource.doubt:
                message = f"{address} has no tags, as far as the module can be read"
                yield Unresolved(tagged, message)
            elif not tagged.sites:
                yield _violation(resource, f"{address} has no tags")
            elif resource.is_untagged:
                yield _violation(resource, f"tags of {address} are empty")
            elif resource.reach.variables:
                any_case = resource.sink in self.lower_case
                yield from _missing(resource, wanted, any_case)


def _violation(resource: "ResourceTags", message: str, *mentions: Related) -> Violation:
    from dativo_lint.edits.module_tags import use_job_tags  # only a module that needs it loads it

    return Violation(resource.tagged, message, mentions, use_job_tags([resource]))


def _missing(resource: "ResourceTags", wanted: list[FieldRef], any_case: bool) -> Results:
    tagged, address = resource.tagged, shown(resource.tagged.address)
    keys = {key for key, _ in resource.texts}
    alike = {folded_key(key): key for key in keys}
    for at in wanted:
        key = str(at.route[-1])
        near = alike.get(folded_key(key))
        if key in keys or (any_case and near):
            continue
        if resource.doubt:
            message = f"{address} may have tag {quoted(key)}: {shown(resource.doubt)}"
            yield Unresolved(tagged, message)
            continue
        hint = f'; did you mean "{shown(near)}"?' if near else ""
        message = f"{address} has no tag {quoted(key)}{hint}"
        yield _violation(resource, message, Related(at.key, "set in the job here"))
