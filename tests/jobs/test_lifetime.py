"""What a job brings along is gone with it, without the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dativo_lint import lint
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.jobs.repository import Repository
from dativo_lint.rulebook.load import taggable

MODULE = """
variable "tags" { type = map(string) }
variable "name" {
  type = string
  validation {
    condition     = can(regex("^[a-z-]+$", var.name)) && !local.short && can(local.wrong)
    error_message = "Not ${var.name}."
  }
}
locals {
  short = length(var.name) < 30
  wrong = var.tags["none"]
  tags = merge(var.tags, {
    Name = try(var.name.none, module.inner.name)
    A    = try({ (null) = 1 }, { (["a"]) = 1 }, local.wrong, local.wrong, "a")
    B    = can(true ? var.tags[7] : upper(1)) ? "b" : "c"
    C    = can(!local.wrong || regex("(", "a") || tonumber("a") && null) ? "b" : "c"
    D    = can([for name in var.name : name]) ? "b" : "c"
  })
}
module "inner" {
  source = "../inner"
  name   = "x-${var.name}"
}
resource "aws_s3_bucket" "one" { tags = local.tags }
"""
INNER = """
variable "name" {}
output "name" { value = local.name }
locals { name = upper(var.name) }
"""
JOB = """
infrastructure:
  provider: aws
  terraform_module: ../m
  tags: {Team: data}
  terraform_vars: {name: job-%s, day: 1}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"m/main.tf": MODULE, "inner/main.tf": INNER}
    files |= {f"jobs/{number}.yaml": JOB % ("a" * number) for number in range(5)}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def garbage() -> Iterator[Callable[[], list[object]]]:
    """What of the rooms of jobs and of Terraform only the collector finds; it is off so long."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)

    def found() -> list[object]:
        gc.collect()
        rooms = ("dativo_lint.terraform", "dativo_lint.jobs")
        return [it for it in gc.garbage if type(it).__module__.startswith(rooms)]

    yield found
    gc.set_debug(0)
    gc.garbage.clear()
    if was_on:
        gc.enable()


def test_a_job_with_its_module_inputs_and_tags_is_gone_at_once(
    folder: Path, garbage: Callable[[], list[object]]
) -> None:
    repository = Repository(DiskFolder(folder))
    job_loader = JobLoader(repository, {}, taggable=taggable)
    job = job_loader.load(repository.reading("jobs/1.yaml").documents[0])
    inputs = job.module_inputs
    assert inputs is not None
    assert ["fails"] == [verdict.outcome for verdict in inputs.verdicts("name")]
    (given,) = job.resources
    assert {"Team": "data", "Name": "X-JOB-A"}.items() <= dict(given.texts).items()
    del job, inputs, given
    assert [] == garbage()


def test_a_run_over_jobs_with_modules_leaves_nothing_of_them_to_collect(
    folder: Path, garbage: Callable[[], list[object]]
) -> None:
    assert 5 == lint(["."]).jobs
    assert [] == garbage()
