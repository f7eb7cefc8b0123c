"""what the job's module is fetched from, and what that module fetches, is pinned"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec.structs import replace

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Resolution

if TYPE_CHECKING:
    from dativo_lint.terraform.address import Address
    from dativo_lint.terraform.calls import ModuleTree

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    firm: Annotated[
        dict[str, tuple[Literal["commit", "tag", "branch", "version", "range", "none"], ...]],
        about("By kind of address, what counts as pinned; other kinds are not judged."),
    ]


_NAME = "infrastructure.terraform_module"
_REMEMBERED = 1_024
_STATES = {
    ("git", "none"): "a git address without a ref",
    ("git", "branch"): "a git address whose ref is neither a tag nor a commit",
    ("git", "tag"): "a git address whose tag may be moved",
    ("registry", "none"): "a registry address without a version",
    ("registry", "range"): "a registry address with a range of versions",
}


def prepare(params: Params) -> Judge:
    """Judge how firmly addresses name what is fetched."""
    firm = {kind: frozenset(pins) for kind, pins in params.firm.items()}

    def loose(address: Address | None) -> str:
        if address is None or address.kind not in firm or address.pin in firm[address.kind]:
            return ""
        usual = f"an address of the kind {address.kind} that is not pinned"
        return _STATES.get((address.kind, address.pin), usual)

    def calls_in(tree: ModuleTree) -> Iterator[Violation]:
        for *_, called in tree.chains():
            for call in () if called.is_installed else called.module.calls.values():
                judgement = loose(call.address)
                if judgement and call.source is not None and call.address is not None:
                    fetched = f"is fetched from {shown(call.address.written)}, {judgement}"
                    at = replace(call.source.place, field=f"module.{call.name}")
                    yield Violation(at, f"module.{shown(call.name)} {fetched}")

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(tree: ModuleTree) -> tuple[Violation, ...]:
        # Many jobs share one module.
        return tuple(calls_in(tree))

    def judge(subject: Job) -> Answers:
        reference = subject.references.get(_NAME)
        if reference is None:
            return
        if subject.module_tree is not None:
            yield from remembered(subject.module_tree)
        elif reference.resolution in (Resolution.REMOTE, Resolution.OPEN) and isinstance(
            reference.said.value, str
        ):
            # Only jobs that name a module need it.
            from dativo_lint.terraform.address import classify_source

            address = classify_source(reference.said.value)
            judgement = loose(address)
            if address.kind == "open":
                yield Unresolved(reference.said, f"terraform_module is {shown(address.written)}")
            elif judgement:
                message = f"terraform_module is {shown(address.written)}, {judgement}"
                yield Violation(reference.said, message)

    return judge
