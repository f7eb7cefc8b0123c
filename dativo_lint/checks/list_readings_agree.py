"""a list comes to the same, whether the job's is merged into the asset's or replaces it"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import at_run_time, shown, weaker
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tag_values import words

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    key: Annotated[str, about("The tag that holds the list.")]


def prepare(params: Params) -> Judge:
    """Compare the two readings of one tag."""
    key = params.key

    def judge(subject: Job) -> Iterable[Violation | Unresolved]:
        tag = subject.tags.assigned(key)
        written = [assignment.written for assignment in tag.trail] if tag is not None else []
        return compare(subject, written) if len(written) > 1 else ()

    def compare(subject: Job, written: Sequence[Any]) -> Answers:
        replaced = words(written[-1])
        merged = tuple(dict.fromkeys(word for it in written for word in words(it)))
        if set(merged) == set(replaced) or key not in subject.tags:
            return
        tag = subject.tags[key]
        if any(map(is_open, merged)):
            yield at_run_time(tag.at, tag.name, tag.text)
            return
        message = (
            f"{tag.name} is {shown(','.join(merged))} where lists are merged, "
            f"{shown(','.join(replaced))} where the job's replaces the asset's"
        )
        yield Violation(tag.at, message, weaker(tag.trail))

    return judge
