"""the files and folders that a job names are there, inside the repository"""

from __future__ import annotations

from typing import Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, some
from dativo_lint.checks.wording import shown
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
        some("The outcomes that are reported."),
    ]


def prepare(params: Params) -> Judge:
    """Tell the paths of a job that lead where they should not."""
    fields = tuple(params.fields)
    leads = frozenset(map(Resolution, params.leads))

    def judge(subject: Job) -> Answers:
        for field in fields:
            reference = subject.references.get(field)
            if reference is not None and reference.resolution in leads:
                yield from _told(field, reference)

    return judge


def _told(field: str, reference: Reference) -> Answers:
    said = reference.said
    start = f"{field} is {shown(said.value)}"
    wanted = "folder" if field in _FOLDERS else "file"
    if reference.resolution is Resolution.OPEN:
        yield Unresolved(said, f"{start}, which is known only when the job runs")
    elif reference.resolution is Resolution.OUTSIDE:
        yield Violation(said, f"{start}, which is outside the repository")
    elif reference.resolution is Resolution.MALFORMED:
        # What is no text at all is told by the schema of jobs.
        if isinstance(said.value, str):
            yield Violation(said, f"{start}, which is no path: it holds a NUL character")
    elif reference.path is not None:
        yield Violation(said, f"{start}, which is not a {wanted}")
    elif reference.tried:
        tried = ", ".join(map(shown, reference.tried))
        is_plain = field in _FOLDERS and not str(said.value).startswith((".", "/"))
        more = "; Terraform does not take it either" if is_plain else ""
        yield Violation(said, f"{start}, but {wanted} not found (searched: {tried}{more})")
