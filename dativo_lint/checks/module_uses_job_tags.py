"""what the module tags, it tags with something that the job says"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, some
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.platform_variables import VariableValue

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import TracedTags

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    variables: Annotated[
        tuple[str, ...], some("Variables that carry the job's tags; * at the end.")
    ]


_MOST_KEYS = 5


def prepare(params: Params) -> Judge:
    """Look for tags that come from the module alone."""
    whole = frozenset(it for it in params.variables if not it.endswith("*"))
    begin = tuple(it[:-1] for it in params.variables if it.endswith("*"))

    def brings_tags(variable: str) -> bool:
        return variable in whole or variable.startswith(begin)

    def is_alone(traced: TracedTags) -> bool:
        return bool(traced.tagged.sites) and not any(map(brings_tags, traced.reach.variables))

    def judge(subject: Job) -> Answers:
        alone = list(filter(is_alone, subject.tagged_resources))
        if not alone:
            return
        supplies = (it for name, it in subject.platform_supplies.items() if brings_tags(name))
        brought = [it for it in supplies if it.tag or (it.value and isinstance(it.value, dict))]
        if not brought:
            return
        for traced in alone:
            if traced.reach.variables & subject.own_supplies.keys():
                continue
            place = traced.tagged.sites[-1].written.place
            at = replace(place, field=traced.tagged.resource.address)
            lack = f"the tags of {shown(traced.tagged.address)} take nothing from the job"
            if traced.reach.unsure:
                yield Unresolved(at, f"{lack}, unless {shown(min(traced.reach.unsure))} does")
            else:
                yield Violation(at, lack, (_tell(brought),))

    return judge


def _tell(brought: list[VariableValue]) -> Mention:
    """The job's tags: those of the block, where it has any."""
    block = next((it for it in brought if isinstance(it.value, dict)), None)
    if block is None:
        return Mention(brought[0].at, f"the job says {shown(brought[0].name)}")
    keys = [shown(key) for key in block.value]
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return Mention(block.at.key, f"the job says {', '.join(keys[:_MOST_KEYS])}{more}")
