"""Terraform modules of copies: sound ones, and ones that are defective in themselves."""

from __future__ import annotations

_TEXT = {"type": "string"}
_VARIABLES: dict[str, dict[str, str]] = {
    "job_name": _TEXT,
    "tenant_id": _TEXT,
    "environment": _TEXT,
    "terraform_module": _TEXT,
    "infrastructure_provider": _TEXT,
    "infrastructure_compute_type": _TEXT,
    "infrastructure_memory_mb": {"type": "number"},
    "infrastructure_vcpu": {"type": "number", "default": "null"},
    "finops_cost_center": _TEXT,
    "finops_project": _TEXT,
    "governance_owner": _TEXT,
    "governance_retention_days": {"type": "number"},
    "classification_default": {"type": "string", "default": '"internal"'},
    "resource_refs": {"type": "map(string)", "default": "{}"},
    "tags": {"type": "map(string)", "default": "{}"},
    "log_retention_days": {"type": "number", "default": "30"},
    "alarm_emails": {"type": "list(string)", "nullable": "false"},
    "network": {
        "type": "object({\n    private = optional(bool, true)\n    subnets = list(string)\n  })"
    },
}
_VALIDATIONS = {
    "infrastructure_memory_mb": (
        "var.infrastructure_memory_mb >= 128 && var.infrastructure_memory_mb <= 249856",
        "The memory must be between 128 MiB and 244 GiB.",
    ),
    "log_retention_days": (
        "contains([1, 7, 14, 30, 90, 365], var.log_retention_days)",
        "Take one of the retentions that the log service knows.",
    ),
    "alarm_emails": (
        'alltrue([for it in var.alarm_emails : can(regex("^[^@]+@[^@]+$", it))])',
        "Every alarm goes to an e-mail address.",
    ),
    "finops_cost_center": (
        'can(regex("^FIN-[0-9]{3}$", var.finops_cost_center))',
        "The cost center must look like FIN-001.",
    ),
}
_AWS_RESOURCES = """\
resource "aws_cloudwatch_log_group" "job" {
  name              = "/dativo/${var.tenant_id}/${var.job_name}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_ecs_task_definition" "job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = coalesce(var.infrastructure_vcpu, 1) * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = local.tags

  container_definitions = jsonencode([{
    name  = var.job_name
    image = "dativo:latest"
    environment = [
      for key, value in var.resource_refs : { name = upper(key), value = value }
    ]
  }])
}

resource "aws_ecs_service" "job" {
  name            = var.job_name
  cluster         = lookup(var.resource_refs, "cluster_name", "data-jobs")
  task_definition = aws_ecs_task_definition.job.arn
  propagate_tags  = "TASK_DEFINITION"
  tags            = local.tags
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.job.arn
}
"""
_GCP_RESOURCES = """\
resource "google_cloud_run_v2_job" "job" {
  name     = lookup(var.resource_refs, "service_name", var.job_name)
  project  = lookup(var.resource_refs, "project_id", "none")
  location = lookup(var.resource_refs, "region", "europe-west1")
  labels   = local.tags

  template {
    template {
      containers {
        image = "dativo:latest"

        resources {
          limits = {
            cpu    = tostring(coalesce(var.infrastructure_vcpu, 1))
            memory = "${var.infrastructure_memory_mb}Mi"
          }
        }
      }
    }
  }
}

output "service_name" {
  value = google_cloud_run_v2_job.job.name
}
"""
_TAGS = {
    "aws": """\
locals {
  # What the platform hands over, and what the bill is sorted by.
  tags = merge(var.tags, {
    Environment = var.environment
    CostCenter  = var.finops_cost_center
  })
}
""",
    "gcp": """\
locals {
  # Labels are lower case.
  tags = merge(var.tags, {
    environment = lower(var.environment)
    cost_center = lower(var.finops_cost_center)
  })
}
""",
}

FLAWS = {
    "unreadable-module": 'variable "open" {\n  type = string\n',
    "missing-module-variable": 'variable "kms_key" {\n  type = string\n}\n',
    "untagged-resource": 'resource "aws_sqs_queue" "dead_letters" {\n  name = var.job_name\n}\n',
    "unpropagated-ecs-tags": """\
resource "aws_ecs_service" "second" {
  name            = "${var.job_name}-second"
  cluster         = "data-jobs"
  task_definition = aws_ecs_task_definition.job.arn
  tags            = local.tags
}
""",
    "module-overrides-tag": """\
resource "aws_sqs_queue" "dead_letters" {
  name = var.job_name
  tags = merge(local.tags, { ManagedBy = "somebody-else" })
}
""",
    "unused-infrastructure-metadata": "",
}
"""What a module that is defective in itself says beyond the rest, by the rule that it breaks."""


def module_files(provider: str, flaw: str | None = None) -> dict[str, str]:
    """The files of a module by name."""
    resources = _AWS_RESOURCES if provider == "aws" else _GCP_RESOURCES
    variables = dict(_VARIABLES)
    if flaw == "unused-infrastructure-metadata":
        del variables["infrastructure_memory_mb"]
        resources = resources.replace("var.infrastructure_memory_mb", "2048")
    files = {
        "versions.tf": 'terraform {\n  required_version = ">= 1.9"\n}\n',
        "variables.tf": "\n".join(_variable(name, its) for name, its in variables.items()),
        "main.tf": _TAGS[provider] + "\n" + resources,
    }
    if flaw is not None and FLAWS[flaw]:
        files["flaw.tf"] = FLAWS[flaw]
    return files


def _variable(name: str, arguments: dict[str, str]) -> str:
    lines = [f'variable "{name}" {{', f'  description = "The {name.replace("_", " ")} of the job"']
    lines += [f"  {key} = {value}" for key, value in arguments.items()]
    if name in _VALIDATIONS:
        condition, message = _VALIDATIONS[name]
        lines += ["", "  validation {", f"    condition     = {condition}"]
        lines += [f'    error_message = "{message}"', "  }"]
    return "\n".join([*lines, "}", ""])
