"""the job classifies nothing lower than the asset does"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import Groups, RuleParams, some
from dativo_lint.checks.wording import shown, weaker
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layer import Layer
from dativo_lint.jobs.tags import Tag

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    scales: Annotated[Groups, some("Classifications, lowest first; compared within one scale.")]


_Scale = Mapping[str, int]


def prepare(params: Params) -> Judge:
    """Compare what the job overrides with what the asset says."""
    scales = [{word.casefold(): rank for rank, word in enumerate(scale)} for scale in params.scales]

    def is_lower(after: str | None, before: str) -> bool:
        return any(_is_lower(after, before, scale) for scale in scales)

    def judge(subject: Job) -> Answers:
        overrides = subject.value("classification_overrides")
        if subject.asset is None or not isinstance(overrides, dict):
            return
        keys = [f"classification.fields.{name}" for name in overrides]
        for key in ("classification.default", *keys):
            tag = subject.tags.assigned(key)
            if tag is None or tag.layer is not Layer.JOB:
                continue
            before = next((it.text for it in tag.trail[::-1] if it.layer is Layer.ASSET), None)
            if before is None or is_open(before):
                continue
            if is_open(tag.text) or is_lower(tag.text, before):
                yield _answer(tag, before)

    return judge


def _answer(tag: Tag, before: str) -> Violation | Unresolved:
    after = tag.text
    if is_open(after):
        return Unresolved(tag.at, f"{tag.at.name} is {shown(after)}: it may be lower than {before}")
    if not after:
        message = f"{tag.at.name} is empty, which erases {shown(before)}"
    else:
        message = f"{tag.at.name} is {shown(after)}, which is lower than {shown(before)}"
    return Violation(tag.at, message, weaker(tag.trail))


def _is_lower(after: str | None, before: str, scale: _Scale) -> bool:
    """Whether one word stands lower than another; without any, what is lowest holds."""
    rank = scale.get(before.casefold())
    if rank is None:
        return False
    return (0 if not after else scale.get(after.casefold(), rank)) < rank
