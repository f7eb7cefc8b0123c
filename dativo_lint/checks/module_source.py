"""the address of the job's module is one that Terraform takes, and takes as it is meant"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Resolution

if TYPE_CHECKING:
    from dativo_lint.terraform.address import Address

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    local_names: Annotated[
        tuple[str, ...], about("First names of paths that mean a folder of the repository.")
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

    def judge(job: Job) -> Answers:
        at = job.said(*_FIELD)
        reference = job.references.get(".".join(_FIELD))
        if not isinstance(at.value, str) or reference is None or reference.resolution in _HERE:
            return
        address = classified(at.value)
        message = f"terraform_module is {shown(at.value)}"
        near = f"; did you mean {shown(address.suggestion)}?" if address.suggestion else ""
        if address.kind == "open":
            yield Unresolved(at, message)
        elif address.kind == "invalid":
            yield Violation(at, f"{message}: {address.reason[:_LONGEST_REASON]}{near}")
        elif address.looks_local:
            yield Violation(at, f"{message}, an address on {address.host}{near}")
        elif address.suggestion:
            yield Violation(at, f"{message}, which Terraform fetches as an {address.kind}{near}")

    return judge
