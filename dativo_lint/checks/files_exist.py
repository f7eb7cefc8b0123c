"""the files and folders that a job or a runner file names exist in the repository"""

from typing import Annotated, Literal

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_NAME
from dativo_lint.jobs.references import Reference, Resolution
from dativo_lint.jobs.text import Text

APPLIES_TO = ("job", "text")
_SCHEDULES = "runner.orchestrator.schedules.config"


class Check(RuleParams, frozen=True):
    fields: Annotated[
        tuple[
            Literal[
                "asset_path",
                "source_connector_path",
                "target_connector_path",
                "infrastructure.terraform_module",
                "runner.orchestrator.schedules.config",
            ],
            ...,
        ],
        non_empty("Fields of a job, or of a runner file, that name a file or a folder."),
    ]
    leads: Annotated[
        tuple[Literal["missing", "malformed", "outside", "open"], ...],
        non_empty("The results that are reported."),
    ]

    def judge(self, target: Job | Text) -> Results:
        """Look for paths with some outcomes, of a job or of the schedules in a runner file."""
        if isinstance(target, Text):
            references = target.references if _SCHEDULES in self.fields else ()
        else:
            fields = map(target.references.get, self.fields)
            references = tuple(reference for reference in fields if reference is not None)
        for reference in references:
            if reference.resolution.value in self.leads:
                yield from _unreached(reference)


def _unreached(reference: Reference) -> Results:
    at = reference.field
    start = f"{at.name} {quoted(at.value)}"
    is_module = at.name == MODULE_NAME
    wanted = "folder" if is_module else "file"
    if reference.resolution is Resolution.OPEN:
        yield Unresolved(at, f"{start} is known only at run time")
    elif reference.resolution is Resolution.OUTSIDE:
        yield Violation(at, f"{start} is outside the repository")
    elif reference.resolution is Resolution.MALFORMED:
        # Another rule reports what is not a string.
        if isinstance(at.value, str):
            yield Violation(at, f"{start} is not a path: it contains a NUL character")
    elif reference.path is not None:
        yield Violation(at, f"{start} is not a {wanted}")
    elif reference.tried:
        tried = ", ".join(map(shown, reference.tried))
        is_plain = is_module and not str(at.value).startswith((".", "/"))
        more = "; Terraform itself needs ./ before a local path" if is_plain else ""
        yield Violation(at, f"{start}: {wanted} not found (searched: {tried}){more}")
