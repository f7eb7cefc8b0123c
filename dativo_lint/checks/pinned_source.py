"""the source of the job's module, and of the modules that it calls, is pinned to a version"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Judge, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Resolution

if TYPE_CHECKING:
    from dativo_lint.terraform.address import Address
    from dativo_lint.terraform.calls import ModuleTree

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    firm: Annotated[
        dict[str, tuple[Literal["commit", "tag", "branch", "version", "range", "none"], ...]],
        about("What counts as pinned, by kind of address; other kinds are not checked."),
    ]


_FETCHED = (Resolution.REMOTE, Resolution.OPEN)
_STATES = {
    ("git", "none"): "a git address without a ref",
    ("git", "branch"): "a git address whose ref is a branch",
    ("git", "tag"): "a git address with a tag, which can be moved",
    ("registry", "none"): "a registry address without a version",
    ("registry", "range"): "a registry address with a version range",
}


def prepare(params: Params) -> Judge:
    """Look for source addresses that are not pinned."""

    def loose(address: Address) -> str:
        if address.pin in params.firm.get(address.kind, (address.pin,)):
            return ""
        usual = f"a {address.kind} address that is not pinned"
        return _STATES.get((address.kind, address.pin), usual)

    @lru_cache(maxsize=1_024)  # many jobs share one module
    def loose_calls(tree: ModuleTree) -> tuple[Violation, ...]:
        return tuple(
            Violation(
                replace(call.source.place, field=f"module.{call.name}"),
                f"source {quoted(call.address.written)} of module.{shown(call.name)} is {lack}",
            )
            for *_, called in tree.chains()
            for call in (() if called.is_installed else called.module.calls.values())
            if call.source is not None
            and call.address is not None
            and (lack := loose(call.address))
        )

    def judge(job: Job) -> Results:
        at = job.field("infrastructure", "terraform_module")
        if job.module_tree is not None:
            yield from loose_calls(job.module_tree)
        elif (reference := job.references.get(at.name)) and reference.resolution in _FETCHED:
            # Only jobs that name a module need it.
            from dativo_lint.terraform.address import classify_source

            address = classify_source(str(at.value))
            lack = loose(address)
            if address.kind == "open":
                yield Unresolved(at, f"terraform_module is {quoted(address.written)}")
            elif lack:
                yield Violation(at, f"terraform_module {quoted(address.written)} is {lack}")

    return judge
