"""the module of the job is given every variable that has no default"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct, field

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fields: Annotated[
        tuple[str, ...], about("Variables set from the job's field of that name.")
    ] = ()
    namespaces: Annotated[
        dict[str, bool],
        about("Namespaces of tags that become variables, and whether the asset sets some."),
    ] = field(default_factory=dict)


_REMEMBERED = 1_024
_VARS = ("infrastructure", "terraform_vars")


class _Platform(Struct, frozen=True, eq=False):
    """What variables come from, where not from `terraform_vars`."""

    fields: frozenset[str]
    namespaces: Mapping[str, bool]

    def tag_of(self, variable: str) -> str | None:
        """The key of the tag that becomes a variable."""
        namespace, _, rest = variable.partition("_")
        return f"{namespace}.{rest}" if rest and namespace in self.namespaces else None

    def may_come_from_asset(self, variable: str) -> bool:
        """Whether the asset may have set the tag that becomes a variable."""
        return self.namespaces.get(variable.partition("_")[0], False)


def prepare(params: Params) -> Judge:
    """Hold what a job supplies against what its module requires."""
    platform = _Platform(frozenset(params.fields), params.namespaces)

    def judge(subject: Job) -> Answers:
        variables = () if subject.module is None else subject.module.variables.values()
        lacking = [
            it
            for it in variables
            if it.required
            and it.name not in subject.platform_supplies
            and it.name not in subject.own_supplies
        ]
        if lacking:
            yield from _tell(lacking, platform, subject)

    return judge


def _tell(missing: list[Variable], platform: _Platform, subject: Job) -> Answers:
    at = subject.said(*_VARS)
    if is_open(at.value):
        yield Unresolved(
            at, f"terraform_vars is {shown(at.value)}; the module requires more variables"
        )
        return
    if at.value not in (ABSENT, None) and not isinstance(at.value, dict):
        return
    for variable in missing:
        if subject.asset_is_unknown and platform.may_come_from_asset(variable.name):
            if subject.asset_is_open:
                question = f"asset_path is open; the module requires {shown(variable.name)}"
                yield Unresolved(subject.said("asset_path"), question)
            continue
        message, mentions = _missing(variable.name, platform, subject)
        yield Violation(at, message, (*mentions, Mention(variable, "the module declares it here")))


def _missing(name: str, platform: _Platform, subject: Job) -> tuple[str, tuple[Mention, ...]]:
    key, told = platform.tag_of(name), shown(name)
    if key is not None:
        erased = subject.tags.erased.get(key)
        trail = () if erased is None else erased.trail
        mentions = tuple(Mention(word.at, word.sentence) for word in trail)
        return f"no layer sets {shown(key)}, and the module requires {told}", mentions
    if name in platform.fields:
        return f"the job sets no {told}, and the module requires it", ()
    return f"terraform_vars lacks {told}, which the module requires", ()
