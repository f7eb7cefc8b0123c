"""every Terraform plan has a supported format"""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text

APPLIES_TO = ("text",)


class Check(RuleParams, frozen=True):
    """Look at the version of each plan."""

    def judge(self, text: Text) -> Iterator[Violation]:
        for document in text.documents(Kind.RENDERED):
            if "format_version" in document.data:
                # Few runs read plans.
                from dativo_lint.jobs.terraform_plan import is_plan, plan_fault

                fault = plan_fault(document) if is_plan(document.data) else None
                if fault is not None:
                    at, message = fault
                    yield Violation(at, f"{at.name} {shown(message)}")
