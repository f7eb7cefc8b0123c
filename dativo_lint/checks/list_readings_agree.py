"""a list is the same whether the job's is merged into the asset's or replaces it"""

from typing import Annotated

from dativo_lint.checks.messages import at_run_time, overridden
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tag_values import words

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    key: Annotated[str, about("The tag that holds the list.")]

    def judge(self, job: Job) -> Results:
        """Compare the two readings of one tag."""
        tag = job.tags.get(self.key)
        if tag is None or len(tag.trail) < 2 or not job.propagation.merge_lists:
            return
        written = [words(assignment.written) for assignment in tag.trail]
        merged = tuple(dict.fromkeys(word for each in written for word in each))
        if set(merged) == set(written[-1]):
            return
        if any(map(is_open, merged)):
            yield at_run_time(tag.at, tag.name, tag.text)
            return
        message = (
            f"{tag.name} resolves to {quoted(','.join(merged))} when lists are merged, "
            f"{quoted(','.join(written[-1]))} when replaced"
        )
        yield Violation(tag.at, message, overridden(tag))
