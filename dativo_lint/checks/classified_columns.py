"""columns of certain names are classified"""

import re
from functools import cached_property, lru_cache
from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.messages import at_run_time, overridden
from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.job import Job
from dativo_lint.patterns import Pattern, compile_pattern

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    columns: Annotated[
        tuple[Annotated[str, Meta(max_length=200)], ...],
        non_empty("Columns to classify, in any case; * matches anything."),
    ]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(name.casefold() for name in self.columns)

    def judge(self, job: Job) -> Results:
        """Look for columns of certain names without a classification."""
        for name, column in job.asset.columns.items() if job.asset is not None else ():
            if not _is_listed(name, self._names):
                continue
            tag = job.tags.assigned(f"classification.fields.{name}")
            if tag is None:
                at = column.child("classification")
                yield Violation(at, f"column {quoted(name)} is not classified")
            elif not tag.text:
                message = f"column {quoted(name)} is not classified: {tag.at.name} is empty"
                yield Violation(tag.at, message, overridden(tag))
            elif tag.is_open:
                yield at_run_time(tag.at, tag.at.name, tag.text)


@lru_cache(maxsize=4_096)
def _is_listed(column: str, names: tuple[str, ...]) -> bool:
    folded = column.casefold()
    return any(folded == name or ("*" in name and _glob(name).fits(folded)) for name in names)


@lru_cache(maxsize=256)
def _glob(name: str) -> Pattern:
    return compile_pattern(".*".join(map(re.escape, name.split("*"))))
