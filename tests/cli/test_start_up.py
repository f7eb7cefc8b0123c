"""What a small run imports: nothing heavy that it has no use for."""

from __future__ import annotations

import pytest
from cli_samples import Repository
from repository_samples import ASSET

TELL = """\
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv[0] = "dativo-lint"
runpy.run_module("dativo_lint", run_name="__main__")
"""

HEAVY = ("jsonschema", "multiprocessing", "pathspec", "tabulate", "xml")
"""What takes longer to import than a file to lint."""
FORMS = ("table", "json", "sarif", "rdjson", "github", "gitlab", "azure", "teamcity", "junit")


def imported(repository: Repository, *arguments: str) -> set[str]:
    """The modules that a run has imported when it is over."""
    done = repository.start(*arguments, script=TELL)
    assert 0 == done.returncode, done.stderr
    return set(done.stderr.decode().split())


@pytest.fixture
def quiet(repository: Repository) -> Repository:
    """A repository in which nothing at all is found."""
    repository.write(
        {
            ".dativo-lint.yml": "ignore: [dagster-metadata-only]\n",
            "assets/orders.yaml": ASSET.replace("# dativo-lint", "# not"),
        }
    )
    return repository


def test_a_clean_run_imports_nothing_heavy_and_no_other_form_or_command(quiet: Repository) -> None:
    modules = imported(quiet, "check", "--no-cache", "jobs/orders.yaml")

    assert "dativo_lint.reports.as_text" in modules
    unused = {
        *HEAVY,
        *("dativo_lint.edits.nodes", "difflib"),
        *(f"dativo_lint.reports.as_{form}" for form in FORMS),
        *(
            "dativo_lint.cli.commands.tags",
            "dativo_lint.cli.commands.module",
            "dativo_lint.rulebook.pages",
        ),
    }
    assert set() == modules & unused


def test_help_and_version_import_no_linter(quiet: Repository) -> None:
    assert "dativo_lint.api" not in imported(quiet, "--version")
