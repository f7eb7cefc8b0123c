"""Every command that the documentation shows runs, and the report in the README is a real one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import FILES, JOB, MODULE

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = sorted(
    {
        shlex.join(shlex.split(line, comments=True)[1:])
        for language, block in BLOCKS
        for line in block.splitlines()
        if language in ("", "sh") and line.startswith("dativo-lint")
    }
)
REPOSITORY = {
    **FILES,
    "teams/a/jobs/orders.yaml": JOB,
    "modules/job/main.tf": MODULE,
    "plan.json": '{"format_version": "1.2", "resource_changes": []}',
}
CHANGED_JOB = JOB.replace("memory_mb: 4096", "memory_mb: 1024").replace(
    "logging:\n", "finops:\n  cost_center: FIN-002\nlogging:\n"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_runs(repository: Repository, command: str) -> None:
    repository.write(REPOSITORY)
    code, _, errors = repository.run(*shlex.split(command))
    assert code in (0, 1), errors


def test_the_report_in_the_readme_is_a_real_one(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": CHANGED_JOB})
    _, report, _ = repository.run("jobs/")
    command, _, shown = BLOCKS[0][1].partition("\n")
    assert "$ dativo-lint jobs/" == command
    assert report.split() == shown.split()  # which is wrapped
