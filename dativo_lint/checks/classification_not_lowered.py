"""the job classifies nothing lower than the asset does"""

from __future__ import annotations

from typing import Annotated

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import Groups, RuleParams, some
from dativo_lint.checks.wording import shown, weaker
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layer import Layer

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    scales: Annotated[Groups, some("Classifications, lowest first; compared within one scale.")]


def prepare(params: Params) -> Judge:
    """Compare what the job overrides with what the asset says."""
    scales = [{word.casefold(): rank for rank, word in enumerate(scale)} for scale in params.scales]

    def is_lower(after: str | None, before: str) -> bool:
        """Whether one word stands lower than another; without any, what is lowest holds."""
        for scale in scales:
            rank = scale.get(before.casefold(), 0)
            if (0 if not after else scale.get(after.casefold(), rank)) < rank:
                return True
        return False

    def judge(job: Job) -> Answers:
        overrides = job.value("classification_overrides")
        if job.asset is None or not isinstance(overrides, dict):
            return
        keys = [f"classification.fields.{name}" for name in overrides]
        for key in ("classification.default", *keys):
            tag = job.tags.assigned(key)
            if tag is None or tag.layer is not Layer.JOB:
                continue
            of_asset = (word.text for word in tag.trail[::-1] if word.layer is Layer.ASSET)
            before, after = next(of_asset, None), tag.text
            if before is None or is_open(before):
                continue
            if is_open(after):
                doubt = f"{shown(after)}: it may be lower than {before}"
                yield Unresolved(tag.at, f"{tag.at.name} is {doubt}")
            elif is_lower(after, before):
                how = f"{shown(after)}, which is lower than" if after else "empty, which erases"
                message = f"{tag.at.name} is {how} {shown(before)}"
                yield Violation(tag.at, message, weaker(tag.trail))

    return judge
