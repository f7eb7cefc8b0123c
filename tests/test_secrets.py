"""Secrets: no report shows what a module declares as sensitive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.reports import REPORTS
from dativo_lint.results import Report
from dativo_lint.selection import Given
from dativo_lint.settings import settings_from

JOB = """\
infrastructure:
  provider: aws
  terraform_module: ./modules/job
  terraform_vars: {{{given}}}
"""
MODULE = """\
variable "token" {{
  sensitive = true
  default   = {default}
}}
"""


def report(given: str, default: str) -> Report:
    files = {
        "job.yaml": JOB.format(given=given),
        "modules/job/main.tf": MODULE.format(default=default),
    }
    return lint_folder(
        MemoryFolder(files),
        Given(["job.yaml"]),
        settings_from({}, Path("/")),
        today=date(2026, 1, 1),
    )


@pytest.mark.parametrize("form", sorted(REPORTS))
@pytest.mark.parametrize(
    ("given", "default", "told_by", "secret"),
    [
        ("token: 07071", "null", "yaml-implicit-type-in-vars", "07071"),
        ("token: s3cret, country: NO", "null", "yaml-implicit-type-in-vars", "s3cret"),
        ("country: DE", '"s3cret\\q"', "unreadable-module", "s3cret"),
        ("country: DE", '[var.nope, "s3cret"]', "unreadable-module", "s3cret"),
    ],
)
def test_no_form_shows_a_secret(
    form: str, given: str, default: str, told_by: str, secret: str
) -> None:
    found = report(given, default)
    assert told_by in {finding.rule.id for finding in found.findings}
    assert secret not in "".join(REPORTS[form](found))
