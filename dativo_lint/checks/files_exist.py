"""the files and folders that a job names exist in the repository"""

from __future__ import annotations

from typing import Annotated, Literal

from dativo_lint.checks.params import RuleParams, some
from dativo_lint.checks.violation import Judge, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Reference, Resolution

_FOLDERS = frozenset({"infrastructure.terraform_module"})

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fields: Annotated[
        tuple[
            Literal[
                "asset_path",
                "source_connector_path",
                "target_connector_path",
                "infrastructure.terraform_module",
            ],
            ...,
        ],
        some("Fields of a job that name a file or a folder."),
    ]
    leads: Annotated[
        tuple[Literal["missing", "malformed", "outside", "open"], ...],
        some("The results that are reported."),
    ]


def prepare(params: Params) -> Judge:
    """Look for paths of a job with some outcomes."""
    fields = tuple(params.fields)
    leads = frozenset(map(Resolution, params.leads))

    def judge(job: Job) -> Results:
        for field in fields:
            reference = job.references.get(field)
            if reference is not None and reference.resolution in leads:
                yield from _answers(field, reference)

    return judge


def _answers(field: str, reference: Reference) -> Results:
    said = reference.field
    start = f"{field} {quoted(said.value)}"
    wanted = "folder" if field in _FOLDERS else "file"
    if reference.resolution is Resolution.OPEN:
        yield Unresolved(said, f"{start} is known only at run time")
    elif reference.resolution is Resolution.OUTSIDE:
        yield Violation(said, f"{start} is outside the repository")
    elif reference.resolution is Resolution.MALFORMED:
        # Another rule reports what is not a string.
        if isinstance(said.value, str):
            yield Violation(said, f"{start} is not a path: it contains a NUL character")
    elif reference.path is not None:
        yield Violation(said, f"{start} is not a {wanted}")
    elif reference.tried:
        tried = ", ".join(map(shown, reference.tried))
        is_plain = field in _FOLDERS and not str(said.value).startswith((".", "/"))
        more = "; Terraform itself needs ./ before a local path" if is_plain else ""
        yield Violation(said, f"{start}: {wanted} not found (searched: {tried}){more}")
