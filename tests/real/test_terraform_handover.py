"""What a job hands to its module is refused here as Terraform refuses it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from dativo_lint.api import lint, load_job
from dativo_lint.cli.tag_forms import variables
from dativo_lint.settings.files import find_settings

JOB = """
environment: production
finops: {cost_center: FIN-1}
governance_overrides: {retention_days: 30}
infrastructure:
  provider: AWS
  memory_mb: "2048"
  vcpu: 1
  terraform_module: ./m
  resource_refs: {cluster: jobs}
  tags: {A: b}
  terraform_vars:
    days: 3 days
    "on": "TRUE"
    net: {a: 1, b: ["2", x], c: 3}
    must: null
    few: [1, 2, 3]
"""
MODULE = """
variable "infrastructure_memory_mb" {
  type = number
  validation {
    condition     = var.infrastructure_memory_mb % 1024 == 0
    error_message = "Whole gigabytes."
  }
}
variable "infrastructure_vcpu" {
  type = string
  validation {
    condition     = var.infrastructure_vcpu == "1"
    error_message = "One."
  }
}
variable "infrastructure_provider" {
  type = string
  validation {
    condition     = var.infrastructure_provider == "aws"
    error_message = "AWS only."
  }
}
variable "resource_refs" {
  type = map(number)
}
variable "finops_cost_center" {
  type = string
  validation {
    condition     = can(regex("^FIN-[0-9]{3}$", var.finops_cost_center))
    error_message = "Like FIN-001, not ${var.finops_cost_center}."
  }
}
variable "governance_retention_days" {
  type = number
  validation {
    condition     = var.governance_retention_days >= local.least[var.environment]
    error_message = "At least ${local.least[var.environment]} days in ${var.environment}."
  }
}
variable "environment" {}
variable "tags" {
  type = map(string)
}
variable "days" {
  type = number
}
variable "on" {
  type = bool
}
variable "net" {
  type = object({ a = string, b = optional(list(number), [1]) })
}
variable "must" {
  nullable = false
}
variable "few" {
  type = set(string)
  validation {
    condition     = length(var.few) < 3
    error_message = "Two at most."
  }
  validation {
    condition     = alltrue([for it in var.few : it > 1])
    error_message = "More than one."
  }
}
locals {
  least = { production = 365, staging = 30 }
}
"""
NULL = "required variable may not be set to null"
# Recorded from Terraform 1.11.4, with the values as a variables file.
REFUSED = {
    "At least 365 days in production.",
    "Like FIN-001, not FIN-1.",
    "More than one.",
    "Two at most.",
    'a bool is required; to convert from string, use lowercase "true"',
    "a number is required",
    NULL,
}
COUNT = 9


def test_terraform_refuses_what_is_found_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(MODULE)
    (tmp_path / "job.yaml").write_text(JOB)
    settings = find_settings(tmp_path, over={"select": ("terraform",)})
    errors = [
        it
        for it in lint([tmp_path / "job.yaml"], settings).findings
        if it.rule.id.endswith(("-module-variable", "-module-validation"))
    ]

    assert COUNT == len(errors)
    said = " ".join(it.message for it in errors).replace("the module requires a value", NULL)
    assert REFUSED == {it for it in REFUSED if it in said}
    if shutil.which("terraform"):
        given = variables(load_job(tmp_path / "job.yaml", settings))
        assert (REFUSED, COUNT) == _planned(tmp_path / "m", json.dumps(given))


def _planned(folder: Path, values: str) -> tuple[set[str], int]:
    """Which of the refusals Terraform tells when it plans the module, and how many it tells."""
    (folder / "job.tfvars.json").write_text(values)
    done = subprocess.run(
        ["terraform", "plan", "-no-color", "-input=false", "-var-file=job.tfvars.json"],
        cwd=folder,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    text = " ".join(re.sub(r"^[│╷╵]", " ", done.stderr, flags=re.MULTILINE).split())
    return {it for it in REFUSED if it in text}, text.count("Error:")
