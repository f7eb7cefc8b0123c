"""every classification override names a column of the asset"""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Related, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.job import Job
from dativo_lint.names import most_suggestions, nearest

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    """Look up every override among the columns."""

    def judge(self, job: Job) -> Iterator[Violation]:
        overrides = job.value("classification_overrides")
        asset = job.asset
        if asset is None or not isinstance(overrides, dict):
            return
        schema = asset.field("schema")
        if schema.is_there and not isinstance(schema.value, list):
            return
        known_names = {"default", *asset.columns}
        unknown = (column for column in overrides if str(column) not in known_names)
        most = most_suggestions(asset.columns)
        for number, name in enumerate(unknown):
            from dativo_lint.edits.names import renamed  # only a violation needs it

            at = job.field("classification_overrides", name)
            message = f"{asset.document.path} has no column {quoted(str(name))}"
            known = asset.columns if number < most else ()
            hint = nearest(str(name), known)
            mention = Related(schema, "the asset's columns")
            fixes = renamed(at.document, at.route, ("default", *known))
            yield Violation(at.key, message + hint, (mention,), fixes)
