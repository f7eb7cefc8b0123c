"""Own modules: Terraform modules that differ in variables, types, tags and resources."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.modules import FLAWS
from benchmarks.names import Names
from benchmarks.variables import Variable, any_variable

_CONDITIONS = {
    "infrastructure_memory_mb": (
        "var.infrastructure_memory_mb >= {least} && var.infrastructure_memory_mb <= 262144"
    ),
    "finops_cost_center": 'can(regex("^[A-Za-z]{{2,5}}-[0-9]{{3,5}}$", var.finops_cost_center))',
    "job_name": "length(var.job_name) > 1 && length(var.job_name) <= {most}",
}
REQUIRED = {
    "job_name": "string",
    "infrastructure_provider": "string",
    "infrastructure_compute_type": "string",
    "infrastructure_memory_mb": "number",
    "environment": "string",
    "finops_cost_center": "string",
}
OPTIONAL = {
    "tenant_id": ("string", None),
    "terraform_module": ("string", None),
    "finops_project": ("string", None),
    "governance_owner": ("string", None),
    "governance_retention_days": ("number", "null"),
    "classification_default": ("string", '"internal"'),
    "resource_refs": ("map(string)", "{}"),
}
_AWS = {
    "aws_cloudwatch_log_group": 'name = "/{word}/${{var.job_name}}"\n  retention_in_days = {days}',
    "aws_sqs_queue": 'name = "${{var.job_name}}-{word}"\n  message_retention_seconds = {number}',
    "aws_sns_topic": 'name = join("-", [var.environment, var.job_name, "{word}"])',
    "aws_s3_bucket": 'bucket = lower(replace("${{var.job_name}}-{word}", "_", "-"))',
    "aws_dynamodb_table": 'name = "{word}"\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"',
    "aws_security_group": 'name_prefix = substr(var.job_name, 0, 20)\n  description = "{word}"',
    "aws_secretsmanager_secret": 'name = format("%s/%s", var.environment, "{word}")',
}
_GCP = {
    "google_storage_bucket": 'name = "{word}-${{var.environment}}"\n  location = "EU"',
    "google_pubsub_topic": 'name = "${{var.job_name}}-{word}"',
    "google_bigquery_dataset": 'dataset_id = "{word}"\n  location = upper("eu")',
    "google_compute_disk": 'name = "{word}"\n  size = {number}\n  zone = "europe-west1-b"',
    "google_secret_manager_secret": 'secret_id = "{word}"\n  replication {{\n    auto {{}}\n  }}',
}
_TASKS = """\
resource "aws_ecs_task_definition" "job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = [upper(var.infrastructure_compute_type)]
  cpu                      = coalesce(var.infrastructure_vcpu, 1) * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = local.tags

  container_definitions = jsonencode([{
    name        = var.job_name
    image       = "dativo:latest"
    environment = [for key, value in local.settings : { name = upper(key), value = value }]
  }])
}

resource "aws_ecs_service" "job" {
  name            = var.job_name
  task_definition = aws_ecs_task_definition.job.arn
  propagate_tags  = "TASK_DEFINITION"
  tags            = local.tags
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.job.arn
}
"""
_RUN = """\
resource "google_cloud_run_v2_job" "job" {
  name     = var.job_name
  location = "europe-west1"
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

        dynamic "env" {
          for_each = local.settings
          content {
            name  = upper(env.key)
            value = env.value
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


@dataclass(frozen=True)
class Module:
    """A module: its folder, the variables that its jobs have to set, and its files by name."""

    path: str
    provider: str
    variables: tuple[Variable, ...]
    files: dict[str, str]

    def flawed(self, flaw: str) -> dict[str, str]:
        """The files of the module with a flaw in it."""
        if FLAWS[flaw]:
            return self.files | {"flaw.tf": FLAWS[flaw]}
        return {
            name: text.replace("var.infrastructure_memory_mb", "2048").replace(
                'variable "infrastructure_memory_mb" {', 'variable "memory" {\n  default = 2048'
            )
            for name, text in self.files.items()
        }


def own_module(
    path: str, provider: str, names: Names, own: int, resources: int, asked: float = 0.5
) -> Module:
    """A module with so many variables and resources of its own.

    `asked` is the share of what the platform can supply that it asks for.
    """
    variables = tuple(any_variable(names) for _ in range(own))
    platform = _platform_variables(names, asked)
    blocks = [variable.text(names) for variable in (*platform, *variables)]
    names.rng.shuffle(blocks)
    main = [_TASKS if provider == "aws" else _RUN]
    main += (_resource(provider, names) for _ in range(resources))
    files = {
        "variables.tf": "\n".join(blocks),
        names.rng.choice(("main.tf", f"{names.word()}.tf")): "\n".join(main),
    }
    local = _locals(provider, variables, names)
    files[names.rng.choice(("locals.tf", "tags.tf"))] = local
    if names.chance(0.5):
        files["versions.tf"] = (
            f'terraform {{\n  required_version = ">= 1.{names.number(3, 9)}"\n}}\n'
        )
    return Module(path, provider, variables, files)


def _platform_variables(names: Names, asked: float) -> list[Variable]:
    """The variables that the platform supplies, in so far as this module asks for them."""
    chosen = [_platform(name, form, None, names) for name, form in REQUIRED.items()]
    chosen.append(_platform("infrastructure_vcpu", "number", "null", names))
    chosen.append(_platform("tags", "map(string)", "{}", names))
    for name, (form, default) in OPTIONAL.items():
        if names.chance(asked):
            chosen.append(_platform(name, form, default, names))
    return chosen


def _platform(name: str, form: str, default: str | None, names: Names) -> Variable:
    conditions: tuple[tuple[str, str], ...] = ()
    if name in _CONDITIONS and names.chance(0.6):
        numbers = {"least": names.rng.randint(1, 128), "most": names.rng.randint(128, 400)}
        conditions = ((_CONDITIONS[name].format(**numbers), f"See {names.sentence(4)}."),)
    return Variable(name, form, None, default, conditions)


def _locals(provider: str, variables: tuple[Variable, ...], names: Names) -> str:
    """Locals: what the variables come to, and the tags in one of several ways."""
    settings = (f"    {it.name} = jsonencode(var.{it.name})" for it in variables)
    own = names.title() if provider == "aws" else names.word()
    environment, cost = (
        ("Environment = var.environment", "CostCenter = var.finops_cost_center")
        if provider == "aws"
        else ("environment = lower(var.environment)", "cost_center = lower(var.finops_cost_center)")
    )
    tags = names.rng.choice(
        (
            f"merge(var.tags, {{\n    {environment}\n    {cost}\n  }})",
            f'merge({{ {own} = "{names.word()}" }}, var.tags)',
            '{ for key, value in var.tags : key => value if value != "" }',
            f"merge(var.tags, {{ for key, it in local.own : key => lower(it) }}, {{ {cost} }})",
            f"tomap(merge(local.own, var.tags, {{ {environment} }}))",
            f'merge(var.tags, length(var.tags) > 30 ? {{}} : {{ {own} = "{names.word()}" }})',
        )
    )
    lines = ["locals {", f"  # {names.sentence(8)}", f"  tags = {tags}", ""]
    lines += [f'  own = {{ {names.word()} = "{names.word()}" }}', "", "  settings = {", *settings]
    return "\n".join([*lines, "  }", "}", ""])


def _resource(provider: str, names: Names) -> str:
    kind, body = names.rng.choice(tuple((_AWS if provider == "aws" else _GCP).items()))
    body = body.format(
        word=names.word(), number=names.number(60, 9000), days=names.rng.choice((1, 7, 30, 90))
    )
    tags, name = ("tags", "Name") if provider == "aws" else ("labels", names.word())
    value = "local.tags"
    if names.chance(0.3):
        value = f'merge(local.tags, {{ {name} = "{names.word()}" }})'
    return f'resource "{kind}" "{names.name()}" {{\n  {body}\n  {tags} = {value}\n}}\n'
