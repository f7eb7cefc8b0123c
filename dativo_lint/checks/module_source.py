"""the source address of the job's module is valid and means what it looks like"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Judge, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Resolution

if TYPE_CHECKING:
    from dativo_lint.terraform.address import Address

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    local_names: Annotated[
        tuple[str, ...], about("First path segments that stand for a folder of the repository.")
    ] = ()


_LONGEST_REASON = 200
_FIELD = ("infrastructure", "terraform_module")
_HERE = (Resolution.FOUND, Resolution.MISSING, Resolution.OUTSIDE)
"""The address is a path: to a module, or reported by missing-file or path-outside-repository."""


def prepare(params: Params) -> Judge:
    """Read module addresses as Terraform does."""

    @lru_cache(maxsize=1_024)
    def classified(source: str) -> Address:
        # Only jobs that name a module need it, and many name the same.
        from dativo_lint.terraform.address import classify_source

        local_names = params.local_names
        return classify_source(source, is_folder=lambda path: path.split("/")[0] in local_names)

    def judge(job: Job) -> Results:
        at = job.field(*_FIELD)
        reference = job.references.get(".".join(_FIELD))
        if not isinstance(at.value, str) or reference is None or reference.resolution in _HERE:
            return
        address = classified(at.value)
        message = f"terraform_module {quoted(at.value)} is"
        near = f'; did you mean "{shown(address.suggestion)}"?' if address.suggestion else ""
        if address.kind == "open":
            yield Unresolved(at, f"{message} known only at run time")
        elif address.kind == "invalid":
            reason = address.reason[:_LONGEST_REASON]
            yield Violation(at, f"{message} not a valid module source: {reason}{near}")
        elif address.looks_local:
            yield Violation(at, f"{message} an address on {address.host}, not a local folder{near}")
        elif address.suggestion:
            yield Violation(at, f"{message} fetched by Terraform as an {address.kind}{near}")

    return judge
