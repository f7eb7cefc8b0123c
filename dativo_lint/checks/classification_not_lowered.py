"""the job does not lower the classification of its asset"""

from functools import cached_property
from typing import Annotated

from dativo_lint.checks.messages import overridden
from dativo_lint.checks.params import Groups, RuleParams, non_empty
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tags import Layer

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    scales: Annotated[
        Groups,
        non_empty(
            "Scales of classifications, lowest first; only values of one scale are compared."
        ),
    ]

    @cached_property
    def _ranks(self) -> list[dict[str, int]]:
        """Of each scale: the rank of each classification."""
        return [{word.casefold(): rank for rank, word in enumerate(it)} for it in self.scales]

    def judge(self, job: Job) -> Results:
        """Compare the classifications of the job with those of its asset."""
        overrides = job.value("classification_overrides")
        if job.asset is None or not isinstance(overrides, dict):
            return
        for name in ("default", *(f"fields.{column}" for column in overrides)):
            tag = job.tags.assigned(f"classification.{name}")
            if tag is None or tag.layer is not Layer.JOB:
                continue
            of_asset = (word.text for word in tag.trail[::-1] if word.layer is Layer.ASSET)
            before, after = next(of_asset, None), tag.text
            if before is None or is_open(before):
                continue
            if is_open(after):
                question = f"{tag.at.name} {quoted(after)} may be lower than {quoted(before)}"
                yield Unresolved(tag.at, question)
            elif self._is_lower(after, before):
                message = f"{tag.at.name} {quoted(after)} is lower than"
                if not after:
                    message = f"empty {tag.at.name} overrides"
                message += f" the asset's {quoted(before)}"
                yield Violation(tag.at, message, overridden(tag))

    def _is_lower(self, after: str | None, before: str) -> bool:
        """Whether one classification is lower than another; none at all is the lowest."""
        for ranks in self._ranks:
            rank = ranks.get(before.casefold(), 0)
            if (0 if not after else ranks.get(after.casefold(), rank)) < rank:
                return True
        return False
