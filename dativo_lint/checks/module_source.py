"""the address of the job's module is one that Terraform takes, and takes as it is meant"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import FieldRef
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
_NAME = ".".join(_FIELD)
_DOUBTED = ("open", "invalid")
_REMEMBERED = 1_024


def prepare(params: Params) -> Judge:
    """Read module addresses as Terraform does."""
    local_names = frozenset(params.local_names)

    @lru_cache(maxsize=_REMEMBERED)
    def classified(source: str, is_here: bool) -> Address:
        # Only jobs that name a module need it, and many name the same.
        from dativo_lint.terraform.address import classify_source

        return classify_source(
            source, is_folder=lambda path: is_here or path.partition("/")[0] in local_names
        )

    def judge(subject: Job) -> Answers:
        source = subject.value(*_FIELD)
        if not isinstance(source, str):
            return
        reference = subject.references.get(_NAME)
        address = classified(
            source, reference is not None and reference.resolution is Resolution.FOUND
        )
        if address.kind not in _DOUBTED and not address.suggestion and not address.looks_local:
            return
        said = subject.said(*_FIELD)
        if address.kind == "open":
            yield Unresolved(said, f"terraform_module is {shown(source)}")
        elif address.kind == "invalid":
            yield _breach(said, address, f": {address.reason[:_LONGEST_REASON]}")
        elif address.looks_local:
            yield _breach(said, address, f", an address on {address.host}")
        elif address.suggestion:
            yield _breach(said, address, f", which Terraform fetches as an {address.kind}")

    return judge


def _breach(said: FieldRef, address: Address, judgement: str) -> Violation:
    near = f"; nearest: {shown(address.suggestion)}" if address.suggestion else ""
    return Violation(said, f"terraform_module is {shown(address.written)}{judgement}{near}")
