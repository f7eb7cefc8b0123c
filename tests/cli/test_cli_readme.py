"""Every command that the documentation shows runs, and the report in the README is a real one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import ASSET, FILES, JOB, MODULE

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REPOSITORY = {
    **FILES,
    "teams/a/jobs/orders.yaml": JOB,
    "modules/job/main.tf": MODULE,
    "plan.json": """{"format_version": "1.2", "resource_changes": [{
        "address": "aws_sqs_queue.jobs", "type": "aws_sqs_queue", "mode": "managed",
        "change": {"actions": ["create"], "after": {"tags_all": {"CostCenter": "FIN-001"}}}
    }]}""",
}
CHANGED_JOB = JOB.replace("memory_mb: 4096", "memory_mb: 1024").replace(
    "logging:\n", "finops:\n  cost_center: FIN-002\nlogging:\n"
)


UNTAGGED = {
    "jobs/orders.yaml": JOB.replace("    CostCenter: FIN-001\n", ""),
    "assets/orders.yaml": ASSET.replace("days: 365", "days: 0365  # one year"),
    ".dativo-lint.yml": "rules: {missing-cloud-tag: {params: {keys: [CostCenter]}}}\n",
}


def blocks(page: str) -> list[str]:
    """The texts and commands that a page shows."""
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


@pytest.mark.parametrize("page", ["README.md", "docs/rendered.md", "docs/settings.md"])
def test_documented_commands_run_one_after_the_other(repository: Repository, page: str) -> None:
    repository.write(REPOSITORY)
    lines = [line for block in blocks(page) for line in block.splitlines()]
    commands = [
        shlex.split(line, comments=True) for line in lines if line.startswith("dativo-lint")
    ]
    assert commands
    for command in commands:
        code, _, errors = repository.run(*command[1:])
        assert code in (0, 1), (command, errors)


def test_the_report_in_the_readme_is_a_real_one(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": CHANGED_JOB})
    _, report, _ = repository.run("jobs/")
    command, _, shown = blocks("README.md")[0].partition("\n")
    assert "$ dativo-lint jobs/" == command
    assert report.split() == shown.split()  # which is wrapped


def test_the_fix_across_layers_in_the_readme_is_a_real_one(repository: Repository) -> None:
    repository.write(UNTAGGED)
    _, diff, _ = repository.run("--diff", "jobs/")
    command, _, shown = blocks("README.md")[1].partition("\n")
    assert "$ dativo-lint --diff jobs/" == command
    assert diff == shown
