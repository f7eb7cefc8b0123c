"""a tag that the module sets by itself has the job's value"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.messages import listed, overridden
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about, meanings, non_empty
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Selector, Statement, folded_word, selector
from dativo_lint.jobs.tags import Tag, folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import ResourceTags
    from dativo_lint.terraform.source import Written

APPLIES_TO = ("job",)

_BLOCK = "infrastructure.tags."


class Check(RuleParams, frozen=True):
    set_by: Annotated[
        tuple[str, ...],
        non_empty("Namespaces (`finops.*`), tags and fields that tags of the same name repeat."),
    ]
    synonyms: Annotated[Groups, about("Groups of values that mean the same.")] = ()
    lower_case: Annotated[
        tuple[SinkName, ...], about("Clouds where case and punctuation are ignored.")
    ] = ()

    @cached_property
    def _spaces(self) -> tuple[str, ...]:
        """How the keys in the namespaces begin."""
        return tuple(each.below for each in map(selector, self.set_by) if each.below is not None)

    @cached_property
    def _others(self) -> dict[str, Selector]:
        """The single tags and fields, by their own names."""
        selectors = ((folded_key(name.rpartition(".")[2]), selector(name)) for name in self.set_by)
        return {name: each for name, each in selectors if each.below is None}

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return meanings(self.synonyms)

    def judge(self, job: Job) -> Results:
        """Look for tags that the module sets by itself to another value than the job's."""
        agreeing: dict[tuple[str, str, str], bool] = {}
        overriding: dict[tuple[str, str, Place], dict[ResourceTags, Written]] = {}
        for resource in job.resources:
            for key, text in resource.texts:
                if text is ABSENT:
                    continue
                # Many resources have the same tags.
                tag_value = key, text, resource.sink
                if tag_value not in agreeing:
                    agreeing[tag_value] = self._agrees(job, *tag_value)
                if agreeing[tag_value]:
                    continue
                # What depends on the job is the job's, unless it is another tag's value.
                written = resource.fixed(key) or resource.borrowed(key, text)
                if written is not None:
                    where = key, text, written.place
                    overriding.setdefault(where, {})[resource] = written
        for (key, text, _), resources in overriding.items():
            yield _answer(job, self._stated(job, key), key, text, resources)

    def _agrees(self, job: Job, key: str, text: str, sink: str) -> bool:
        """Whether the job gives a tag this value, or none."""
        if any(tag.text == text for tag in self._tags(job, key)):
            return True
        statements, meant = self._stated(job, key), self._meaning(text, sink)
        return not statements or any(self._meaning(each.text, sink) == meant for each in statements)

    def _meaning(self, text: str, sink: str) -> str:
        word = folded_word(text)
        return self._meanings.get(word) or (word if sink in self.lower_case else text.strip())

    def _tags(self, job: Job, key: str) -> list[Tag]:
        tags = (tag for space in self._spaces for tag in job.tags.alike(f"{space}{key}"))
        return [tag for tag in tags if tag.text]

    def _stated(self, job: Job, key: str) -> list[Statement]:
        """The job's values for a tag with that key."""
        tags = self._tags(job, key)
        other = self._others.get(folded_key(key))
        statements = [Statement(tag, tag.text or "") for tag in tags]
        return [*statements, *(other.statements(job) if other is not None else ())]


def _answer(
    job: Job,
    statements: list[Statement],
    key: str,
    text: str,
    resources: "Mapping[ResourceTags, Written]",
) -> Violation | Unresolved:
    from dativo_lint.edits.module_tags import use_job_tags, use_variable  # only for a violation

    written = next(iter(resources.values()))
    addresses = [resource.address for resource in resources]
    own = next((each for each in statements if not each.is_open), statements[0])
    message = f"module sets {shown(key)} to {quoted(text)} on {listed(addresses)}"
    message += f"; {shown(own.name)} is {quoted(own.text)}"
    if own.is_open:
        return Unresolved(own.at, message)
    module_says = Related(written.place, "set by the module here")
    if own.name.startswith(_BLOCK):
        # All of them may have it from the local value of one.
        affected = list(resources)
        alternatives = (affected[:1], affected)
        fixes = tuple(fix for changed in alternatives for fix in use_job_tags(changed))
    else:
        fixes = use_variable(job, own.name, written)
    return Violation(own.at, message, (*overridden(own), module_says), fixes)
