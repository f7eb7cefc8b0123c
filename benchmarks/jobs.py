"""Jobs of copies: where each runs, what it says of its cost and its data, in 60 to 120 lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from benchmarks.shop import ENVIRONMENTS, Asset, Tenant
from benchmarks.yaml_text import Block, Node, yaml_text

_SIZES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "fargate": (("0.25", "512"), ("0.5", "1024"), ("1.0", "2048"), ("1.0", "4096"), ("4", "16384")),
    "ec2": (("2", "4096"), ("4", "8192")),
    "lambda": ((None, "512"), (None, "1769"), (None, "3008")),
    "cloud-run": (("1.0", "512"), ("1", "2048"), ("2", "4096"), ("4", "8192")),
    "gke": (("0.5", "2048"), ("1", "4096"), ("2.0", "8192")),
    "cloud-functions": (("1", "1024"), ("2", "4096")),
}
_ON = {
    "aws": ("fargate", "fargate", "fargate", "lambda", "ec2"),
    "gcp": ("cloud-run", "cloud-run", "gke", "cloud-functions"),
}


@dataclass
class Draft:
    """A job while it is written; a defect changes it before it becomes text.

    `body` is the job, `tail` lines after it; `asset` stands for the file that the job refers to,
    and `module` for its module; `flaw` names a module that is defective in itself.
    """

    tenant: Tenant
    asset: Asset
    environment: str
    path: str
    module: str
    body: Block = field(default_factory=dict)
    tail: list[str] = field(default_factory=list)
    flaw: str | None = None

    @property
    def provider(self) -> str:
        """The cloud of the job's module."""
        return self.module.split("/")[1]

    @property
    def text(self) -> str:
        """The whole file."""
        return yaml_text(self.body) + "".join(f"{line}\n" for line in self.tail)


def draft(number: int, tenant: Tenant, asset: Asset, module: str, rng: Random) -> Draft:
    """A job without defects."""
    environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
    path = f"jobs/{tenant.name}/{asset.domain}/{asset.name}_{number:06d}.yaml"
    made = Draft(tenant, asset, environment, path, module)
    parts = (_heading(made, rng), _source(made, rng), _target(made, rng), _tags(made, rng))
    for part in (*parts, _infrastructure(made, rng), _running(rng)):
        made.body |= part | {" " * (9 + len(made.body)): ""}
    return made


def _heading(made: Draft, rng: Random) -> Block:
    asset = made.asset
    prefix = rng.choice(("", "", "/app/"))
    return {
        f"# {asset.name}: from {asset.source} to the lake, for {made.tenant.name}.": "",
        f"# Questions go to {asset.owner}; the runbook is in the wiki of {asset.domain}.": "",
        "tenant_id": made.tenant.name,
        "environment": made.environment,
        " ": "",
        "source_connector": asset.source,
        "source_connector_path": f"{prefix}connectors/{asset.source}.yaml",
        "target_connector": "iceberg",
        "target_connector_path": f"{prefix}connectors/iceberg.yaml",
        "  ": "",
        "asset": asset.name,
        "asset_path": f"{prefix}{asset.path}",
    }


def _source(made: Draft, rng: Random) -> Block:
    objects = [made.asset.name, *(f"{made.asset.name}_part_{n}" for n in range(rng.randint(0, 3)))]
    source: Block = {
        "# The cursor moves forward only; a full load is asked for by hand.": "",
        "objects": objects,
        "incremental": {
            "strategy": rng.choice(("full_refresh", "incremental", "updated_at")),
            "cursor_field": "updated_at",
            "lookback_days": str(rng.randint(1, 14)),
            "state_path": f'".state/{made.tenant.name}/{made.asset.name}.json"',
        },
        "pagination": {"page_size": str(rng.choice((100, 500, 1000))), "max_pages": "10000"},
    }
    if rng.random() < 0.5:
        columns = made.asset.columns[: rng.randint(1, 4)]
        source["filters"] = [_filter(name) for name in columns]
    return {"source": source}


def _filter(column: str) -> Block:
    return {"column": column, "operator": "in", "values": "[open, closed, pending]"}


def _target(made: Draft, rng: Random) -> Block:
    table = f"{made.tenant.name.replace('-', '_')}_{made.asset.domain}.{made.asset.name}"
    target: Block = {
        "branch": "main",
        "warehouse": f"s3://lake-{made.environment}/{made.tenant.name}",
        "table": f'"{table}"',
        "file_format": "parquet",
        "partitioning": ["ingest_date", *rng.sample(("country", "region", "plan"), 2)],
        "write_mode": rng.choice(("append", "merge")),
        "connection": {
            "nessie": {"uri": '"${NESSIE_URI}"', "ref": "main"},
            "s3": {
                "bucket": f"lake-{made.environment}",
                "prefix": f"{made.tenant.name}/{made.asset.domain}",
                "endpoint": '"${S3_ENDPOINT}"  # differs by site',
            },
        },
    }
    if rng.random() < 0.4:
        target["sort_order"] = list(made.asset.columns[:3])
    return {"target": target}


def _tags(made: Draft, rng: Random) -> Block:
    """Overrides of what the asset says; none of them contradicts the infrastructure tags."""
    asset = made.asset
    finops: Block = {"environment": made.environment}
    if rng.random() < 0.5:
        finops["cost_center"] = asset.cost_center
    if rng.random() < 0.3:
        finops["project"] = f'"{asset.project}"'
    if rng.random() < 0.2 and len(asset.words) == 1:
        finops["business_tags"] = list(asset.words)
    tags: Block = {"# What finance asks for; the rest is in the asset.": "", "finops": finops}
    if rng.random() < 0.3:
        tags["governance_overrides"] = {"retention_days": str(asset.retention_days)}
    if asset.personal and rng.random() < 0.4:
        tags["classification_overrides"] = {asset.personal[0]: "PII"}
    return tags


def _infrastructure(made: Draft, rng: Random) -> Block:
    compute = rng.choice(_ON[made.provider])
    vcpu, memory = rng.choice(_SIZES[compute])
    block: Block = {"provider": made.provider, "region": _region(made), "compute_type": compute}
    block["memory_mb"] = memory
    if vcpu is not None:
        block["vcpu"] = vcpu
    block["runtime"] = {"image": '"dativo:1.4"', "python": '"3.11"', "timeout_minutes": "45"}
    block["# Made by Terraform in the platform's own repository."] = ""
    block["resource_refs"] = _references(made, compute, rng)
    block["tags"] = _cloud_tags(made)
    block["terraform_module"] = f"./{made.module}"
    block["terraform_vars"] = {
        "log_retention_days": rng.choice(("30", "90", "365")),
        "alarm_emails": [f"{made.asset.domain}-alarms@example.com"],
        "network": {"private": "true", "subnets": "[a, b]"},
    }
    return {"infrastructure": block}


def _region(made: Draft) -> str:
    return made.tenant.aws_region if made.provider == "aws" else made.tenant.gcp_region


def _references(made: Draft, compute: str, rng: Random) -> Block:
    tenant, name = made.tenant, made.asset.name.replace("_", "-")
    if made.provider == "gcp":
        place: Block = {"project_id": tenant.gcp_project, "region": tenant.gcp_region}
        if compute == "gke":
            return {"cluster_name": "data-jobs"} | place
        return {"service_name": f"dativo-{name}"} | place
    role = f"arn:aws:iam::{tenant.account}:role/dativo/{name}-execution"
    refs: Block = {"execution_role_arn": f'"{role}"'}
    if compute == "lambda":
        return refs
    if rng.random() < 0.5:
        arn = f"arn:aws:ecs:{tenant.aws_region}:{tenant.account}:task-definition/dativo-{name}:3"
        refs["task_definition_arn"] = f'"{arn}"'
    else:
        refs["task_definition_arn"] = '"${terraform_output.task_definition_arn}"'
    return refs | {"cluster_name": "data-jobs"}


def _cloud_tags(made: Draft) -> Block:
    asset = made.asset
    if made.provider == "gcp":
        return {
            "managed_by": "dativo",
            "environment": made.environment,
            "team": f"{asset.domain}-data",
            "cost_center": asset.cost_center.lower(),
            "project": asset.project,
        }
    return {
        "ManagedBy": '"dativo"',
        "Environment": f'"{made.environment}"',
        "Team": f'"{asset.domain}-data"',
        "CostCenter": f'"{asset.cost_center}"',
        "Project": f'"{asset.project}"',
        "RetentionDays": f'"{asset.retention_days}"',
    }


def _running(rng: Random) -> Block:
    patterns: list[str] = ["rate limit", "timed? out", "connection reset"]
    retries: Block = {
        "max_retries": str(rng.randint(1, 5)),
        "initial_delay_seconds": "30",
        "max_delay_seconds": "600",
        "backoff_multiplier": "2.0",
        "retryable_exit_codes": "[1, 75]",
        "retryable_error_patterns": patterns[: rng.randint(1, 3)],
    }
    running: Block = {
        "schema_validation_mode": rng.choice(("strict", "warn")),
        "logging": {"level": rng.choice(("INFO", "DEBUG")), "redaction": "true"},
    }
    return running | ({"  ": "", "retry_config": retries} if rng.random() < 0.7 else {})


def infrastructure(made: Draft) -> Block:
    """The infrastructure block of a draft."""
    return mapping(made.body["infrastructure"])


def mapping(node: Node) -> Block:
    """A node that is known to be a mapping."""
    if not isinstance(node, dict):
        raise TypeError(f"expected a mapping, not {node!r}")
    return node
