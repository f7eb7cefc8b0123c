"""What a small run imports: nothing that it has no use for."""

from __future__ import annotations

import pytest
from cli_samples import Repository
from repository_samples import ASSET, JOB

from dativo_lint.terraform.functions import GROUPS

TELL = """\
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv[0] = "dativo-lint"
runpy.run_module("dativo_lint", run_name="__main__")
"""

UNUSED = (
    "ast", "click", "concurrent", "dataclasses", "difflib", "gettext", "http",
    "importlib.metadata", "inspect", "jsonschema", "multiprocessing", "pathspec", "random",
    "socket", "tabulate", "tempfile", "tomllib", "xml",
    "dativo_lint.cli.config", "dativo_lint.cli.tags", "dativo_lint.rulebook.pages",
    "dativo_lint.subject.rendered_forms", "dativo_lint.terraform", "dativo_lint.texts.json_reader",
)  # fmt: skip

SETTINGS = """\
preset: recommended
rules:
  malformed-cost-center:
    params: {pattern: "(FIN|fin)-[0-9]{3}"}
  unknown-environment:
    params: {one_of: [dev, staging, production]}
"""

MOST, MOST_OF_OURS = 200, 100
"""Modules that a run over one clean job without a module may have imported when it is over."""


def imported(repository: Repository, *arguments: str) -> set[str]:
    """The modules that a run has imported when it is over."""
    done = repository.start(*arguments, script=TELL)
    assert 0 == done.returncode, done.stderr
    return set(done.stderr.decode().split())


def among(modules: set[str], names: tuple[str, ...]) -> list[str]:
    """Which of some modules, or of those inside them, there are."""
    return sorted(
        it for it in modules if it in names or it.startswith(tuple(f"{n}." for n in names))
    )


MODULE = """\
variable "infrastructure_provider" {
  type = string
}

variable "infrastructure_compute_type" {
  type = string
}

variable "infrastructure_memory_mb" {
  type = number

  validation {
    condition     = var.infrastructure_memory_mb >= 128
    error_message = "The memory must be 128 MiB or more."
  }
}

variable "infrastructure_vcpu" {
  type    = number
  default = 1
}

variable "finops_cost_center" {
  type = string

  validation {
    condition     = can(regex("^FIN-[0-9]{3}$", var.finops_cost_center))
    error_message = "The cost center must look like FIN-001."
  }
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_cloudwatch_log_group" "job" {
  name = "/${var.infrastructure_provider}/${var.infrastructure_compute_type}"
  tags = merge(var.tags, { CostCenter = var.finops_cost_center })
}
"""
"""A module as most are: what its variables take is plain to see."""

UNUSED_COLD = (
    *("calendar", "datetime", "decimal", "fractions", "json", "numbers", "pathlib", "urllib"),
    "dativo_lint.cache",
    "dativo_lint.checks.arrives_as_told",
    "dativo_lint.checks.reads_cleanly",
    "dativo_lint.checks.reads_plan",
    "dativo_lint.dependence",
    "dativo_lint.reports.escape",
    "dativo_lint.schemas.bundling",
    "dativo_lint.subject.carrier",
    "dativo_lint.subject.rendered_forms",
    "dativo_lint.terraform.json_syntax",
    "dativo_lint.terraform.planning",
    "dativo_lint.terraform.variables_file",
    "dativo_lint.version",
)
EVALUATING = (
    "dativo_lint.terraform.evaluate",
    "dativo_lint.terraform.functions",
    "dativo_lint.terraform.operators",
    "dativo_lint.terraform.scope",
)
MOST_COLD, MOST_COLD_WITH_MODULE = 136, 186
"""Modules of ours after a run over one clean job without cache, and over one with a module."""
MOST_GROUPS = 2
"""Of the functions of Terraform, where one is called: its group, and one that helps it out."""


@pytest.fixture
def quiet(repository: Repository) -> Repository:
    """A repository in which nothing at all is found."""
    repository.write(
        {
            ".dativo-lint.yml": "ignore: [unportable-dagster-tag]\n",
            "assets/orders.yaml": ASSET.replace("# dativo-lint", "# not"),
        }
    )
    return repository


def test_a_run_on_one_clean_job_imports_nothing_that_it_has_no_use_for(quiet: Repository) -> None:
    assert "all clear" in quiet.run("jobs/orders.yaml")[1]
    modules = imported(quiet, "check", "jobs/orders.yaml")

    assert "dativo_lint.linting" in modules
    assert [] == among(modules, UNUSED)
    assert len(modules) <= MOST
    assert len(among(modules, ("dativo_lint",))) <= MOST_OF_OURS


def test_a_run_without_cache_imports_nothing_that_it_has_no_use_for(quiet: Repository) -> None:
    modules = imported(quiet, "check", "--no-cache", "jobs/orders.yaml")

    assert [] == among(modules, (*UNUSED, *UNUSED_COLD))
    assert len(among(modules, ("dativo_lint",))) <= MOST_COLD


def cold_with_module(quiet: Repository, module: str) -> set[str]:
    """The modules that a run over a job with a Terraform module imports."""
    job = f"{JOB}  terraform_module: ./modules/job\n"
    quiet.write({"jobs/orders.yaml": job, "modules/job/main.tf": module})
    assert "all clear" in quiet.run("jobs/orders.yaml")[1]
    return imported(quiet, "check", "--no-cache", "jobs/orders.yaml")


def test_a_module_whose_conditions_are_plain_is_judged_without_the_evaluator(
    quiet: Repository,
) -> None:
    modules = cold_with_module(quiet, MODULE)

    unused = {*UNUSED, *UNUSED_COLD, *EVALUATING} - {"dativo_lint.terraform"}
    assert [] == among(modules, tuple(unused))
    assert len(among(modules, ("dativo_lint",))) <= MOST_COLD_WITH_MODULE


def test_of_the_functions_of_terraform_only_the_groups_that_are_called_are_imported(
    quiet: Repository,
) -> None:
    plain = 'can(regex("^FIN-[0-9]{3}$", var.finops_cost_center))'
    module = MODULE.replace(plain, 'startswith(var.finops_cost_center, "FIN-")')
    modules = cold_with_module(quiet, module)

    groups = {f"dativo_lint.terraform.functions.{it}" for it in GROUPS.values()}
    assert "dativo_lint.terraform.functions.texts" in modules
    assert len(modules & groups) <= MOST_GROUPS


def test_help_and_version_import_no_linter(quiet: Repository) -> None:
    assert [] == among(imported(quiet, "--version"), ("dativo_lint.linting", "yaml"))
