"""A small clean repository, as texts by path, for tests that change a word of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from memory_folder import MemoryFolder

JOB = """\
tenant_id: acme
environment: production
source_connector: postgres
source_connector_path: connectors/postgres.yaml
target_connector: iceberg
target_connector_path: connectors/iceberg.yaml
asset: orders
asset_path: assets/orders.yaml
logging:
  redaction: true
infrastructure:
  provider: aws
  compute_type: fargate
  memory_mb: 4096
  vcpu: 1.0
  tags:
    CostCenter: FIN-001
    Environment: production
"""

ASSET = """\
apiVersion: v3.0.2
kind: DataContract
id: orders-001
name: orders
version: "1.0"
status: active
source_type: postgres
object: public.orders
team:
  # dativo-lint: ignore[dagster-metadata-only] because Dagster shows the owner from the metadata
  owner: data-platform@example.com
compliance:
  classification: [internal]
  retention_days: 365
finops:
  cost_center: FIN-001
  project: orders
  environment: production
  business_tags: [orders]
schema:
  - {name: id, type: string}
"""

FILES = {
    "jobs/orders.yaml": JOB,
    "assets/orders.yaml": ASSET,
    "connectors/postgres.yaml": "{name: postgres, type: postgres, default_engine: {}}\n",
    "connectors/iceberg.yaml": "{name: iceberg, type: iceberg, default_engine: {}}\n",
}

BAD_JOB = JOB.replace("provider: aws", "provider: azure")
"""Breaks unknown-provider, and nothing else."""

MODULE = """\
variable "infrastructure_provider" {
  type = string
}
variable "infrastructure_compute_type" {
  type = string
}
variable "infrastructure_memory_mb" {
  type = number
}
variable "infrastructure_vcpu" {
  type = number
}
variable "tags" {
  type = map(string)
}
variable "password" {
  type      = string
  sensitive = true
}
"""


OWN_RULE = """\
id: own-rule
summary: A job without a tag that this shop wants
why: Because this shop says so.
fix: Set the tag.
severity: warning
check: required_tag
params: {keys: [infrastructure.Wanted]}
sources: [{title: this shop, url: https://example.com/policy}]
examples:
  - title: the tag is set
    files: {job.yaml: "infrastructure: {tags: {Wanted: yes}}"}
    findings: []
"""
"""A rule of a shop's own, which the clean repository breaks."""


def with_module(job: str = JOB, terraform_vars: str = "{password: hunter2}") -> str:
    """A job that runs in the module in modules/job."""
    return f"{job}  terraform_module: ./modules/job\n  terraform_vars: {terraform_vars}\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def memory(**files: str | bytes) -> MemoryFolder:
    """The clean repository with other files besides; `a__b` names a/b.yaml."""
    named = {f"{path.replace('__', '/')}.yaml": text for path, text in files.items()}
    return MemoryFolder({**FILES, **named})
