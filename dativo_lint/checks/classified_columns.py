"""columns of certain names are classified"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.messages import at_run_time, overridden_mentions
from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Judge, Results, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.job import Job
from dativo_lint.patterns import compile_pattern

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    columns: Annotated[
        tuple[Annotated[str, Meta(max_length=200)], ...],
        non_empty("Columns to classify, in any case; * matches anything."),
    ]


def prepare(params: Params) -> Judge:
    """Look for columns of certain names without a classification."""
    names = {name.casefold() for name in params.columns}
    patterns = [
        compile_pattern(".*".join(map(re.escape, name.split("*")))) for name in names if "*" in name
    ]

    @lru_cache(maxsize=1_024)
    def is_listed(column: str) -> bool:
        folded = column.casefold()
        return folded in names or any(pattern.fits(folded) for pattern in patterns)

    def judge(job: Job) -> Results:
        if job.asset is None:
            return
        for name, column in job.asset.columns.items():
            if not is_listed(name):
                continue
            key = f"classification.fields.{name}"
            tag = job.tags.assigned(key)
            if tag is not None and tag.text and not tag.is_open:
                continue
            if tag is None:
                at = column.child("classification")
                yield Violation(at, f"column {quoted(name)} is not classified")
            elif not tag.text:
                message = f"column {quoted(name)} is not classified: {tag.at.name} is empty"
                yield Violation(tag.at, message, overridden_mentions(tag.trail))
            elif tag.is_open:
                yield at_run_time(tag.at, tag.at.name, tag.text)

    return judge
