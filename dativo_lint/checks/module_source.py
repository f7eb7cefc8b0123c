"""the source addresses of the job's module and in it are valid and clear, or pinned"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import field
from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_FIELD, MODULE_NAME
from dativo_lint.jobs.references import Resolution

if TYPE_CHECKING:
    from dativo_lint.terraform.address import Address
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.source import Written

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    local_names: Annotated[
        tuple[str, ...], about("First path segments that stand for a folder of the repository.")
    ] = ()
    firm: Annotated[
        dict[str, tuple[Literal["commit", "tag", "branch", "version", "range", "none"], ...]],
        about("What counts as pinned, by kind of address; by default, pins are not checked."),
    ] = field(default_factory=dict)

    def judge(self, job: Job) -> Results:
        """Read module addresses as Terraform does."""
        if job.module_tree is not None:
            yield from _called_sources(job.module_tree, self)
        at = job.field(*MODULE_FIELD)
        reference = job.references.get(MODULE_NAME)
        if not isinstance(at.value, str) or reference is None or reference.resolution in _HERE:
            return
        address = _classified(at.value, self.local_names)
        message = f"terraform_module {quoted(at.value)} is"
        if address.kind == "open":
            yield Unresolved(at, f"{message} known only at run time")
        elif wrong := self.fault(address):
            fixes = () if self.firm else tuple(_respelled(at, address))
            yield Violation(at, f"{message} {wrong}", fixes=fixes)

    def fault(self, address: "Address") -> str:
        """What is wrong with an address, if anything is."""
        return _looseness(address, self.firm) if self.firm else _misread(address)


_LONGEST_REASON = 200
_HERE = (Resolution.FOUND, Resolution.MISSING, Resolution.OUTSIDE)
"""The address is a path: to a module, or reported by missing-file or path-outside-repository."""
_STATES = {
    ("git", "none"): "a git address without a ref",
    ("git", "branch"): "a git address whose ref is a branch",
    ("git", "tag"): "a git address with a tag, which can be moved",
    ("registry", "none"): "a registry address without a version",
    ("registry", "range"): "a registry address with a version range",
}


@lru_cache(maxsize=1_024)
def _classified(source: str, local_names: tuple[str, ...]) -> "Address":
    # Only jobs that name a module need it, and many name the same.
    from dativo_lint.terraform.address import classify_source

    return classify_source(source, is_folder=lambda path: path.split("/")[0] in local_names)


@lru_cache(maxsize=1_024)  # many jobs share one module
def _called_sources(tree: "ModuleTree", check: Check) -> tuple[Violation, ...]:
    """The calls with such an address in the module and those that it calls."""
    return tuple(
        Violation(
            replace(source.place, field=f"module.{call.name}"),
            f"source {quoted(address.written)} of module.{shown(call.name)} is {wrong}",
            fixes=() if check.firm else tuple(_as_path(source, address)),
        )
        for *_, called in tree.chains()
        if not called.is_installed
        for call in (called.module.calls.values() if check.firm else called.absent)
        if (address := call.address) and (source := call.source) and (wrong := check.fault(address))
    )


def _looseness(address: "Address", firm: Mapping[str, Collection[str]]) -> str:
    """How an address fails to name one version of its content, if it does."""
    if address.pin in firm.get(address.kind, (address.pin,)):
        return ""
    usual = f"a {address.kind} address that is not pinned"
    return _STATES.get((address.kind, address.pin), usual)


def _misread(address: "Address") -> str:
    """What is wrong with an address, if anything is."""
    near = f'; did you mean "{shown(address.suggestion)}"?' if address.suggestion else ""
    if address.kind == "invalid":
        return f"not a valid module source: {address.reason[:_LONGEST_REASON]}{near}"
    if address.looks_local:
        return f"an address on {address.host}, not a local folder{near}"
    return f"fetched by Terraform as an {address.kind}{near}" if address.suggestion else ""


def _respelled(at: FieldRef, address: "Address") -> Iterator[Fix]:
    """The fix that writes the address that was meant; a folder that is not there was not."""
    if address.suggestion and not address.suggestion.startswith("./"):
        from dativo_lint.edits.fields import set_value  # only a violation needs it

        edit = set_value(at.document, at.route, address.suggestion)
        yield fix(f'Write "{shown(address.suggestion)}"', edit, is_safe=False)


def _as_path(source: "Written", address: "Address") -> Iterator[Fix]:
    """The fix that makes an address the path of a folder that is there."""
    from dativo_lint.edits.terraform import begin_text  # only a module that needs it loads it

    if address.looks_local and address.suggestion == f"./{address.written}":
        edits = begin_text(source.source, source.expression, "./")
        yield fix(f'Write "{shown(address.suggestion)}"', *edits)
