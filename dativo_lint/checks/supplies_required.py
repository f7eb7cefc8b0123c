"""the module of the job is given every variable that has no default"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.checks.breach import Breach, Mention, Open
from dativo_lint.checks.silence import ByModule
from dativo_lint.checks.wording import shown
from dativo_lint.subject.said import is_open
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable
    from dativo_lint.terraform.module import Module

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Variables that the platform takes from the job's field of that name.",
        },
        "namespaces": {
            "type": "object",
            "additionalProperties": {"type": "boolean"},
            "description": (
                "Namespaces of the tags that become variables (finops_project from "
                "finops.project), and of each whether the asset has a say in it."
            ),
        },
    },
}

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


def prepare(params: Mapping[str, Any]) -> ByModule:
    """Hold what a job supplies against what its module requires."""
    platform = _Platform(frozenset(params.get("fields", ())), params.get("namespaces", {}))

    @lru_cache(maxsize=_REMEMBERED)
    def required_of(module: Module) -> Mapping[str, Variable]:
        return {name: it for name, it in module.variables.items() if it.required}

    def lacking_in(subject: Subject) -> list[Variable]:
        if subject.module is None:
            return []
        required = required_of(subject.module)
        lacking = required.keys() - subject.platform_supplies.keys()
        lacking -= subject.own_supplies.keys()
        return [variable for name, variable in required.items() if name in lacking]

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        lacking = lacking_in(subject)
        if lacking:
            yield from _tell(lacking, platform, subject)

    return ByModule(judge, lambda subject: not lacking_in(subject))


def _tell(
    missing: list[Variable], platform: _Platform, subject: Subject
) -> Iterator[Breach | Open]:
    at = subject.said(*_VARS)
    if is_open(at.value):
        yield Open(at, f"terraform_vars is {shown(at.value)}; the module requires more variables")
        return
    if at.value not in (ABSENT, None) and not isinstance(at.value, dict):
        return
    for variable in missing:
        if subject.asset_is_unknown and platform.may_come_from_asset(variable.name):
            if subject.asset_is_open:
                question = f"asset_path is open; the module requires {shown(variable.name)}"
                yield Open(subject.said("asset_path"), question)
            continue
        message, mentions = _missing(variable.name, platform, subject)
        yield Breach(at, message, (*mentions, Mention(variable, "the module declares it here")))


def _missing(name: str, platform: _Platform, subject: Subject) -> tuple[str, tuple[Mention, ...]]:
    key, told = platform.tag_of(name), shown(name)
    if key is not None:
        erased = subject.tags.erased.get(key)
        trail = () if erased is None else erased.trail
        mentions = tuple(Mention(word.at, word.sentence) for word in trail)
        return f"no layer sets {shown(key)}, and the module requires {told}", mentions
    if name in platform.fields:
        return f"the job sets no {told}, and the module requires it", ()
    return f"terraform_vars lacks {told}, which the module requires", ()
