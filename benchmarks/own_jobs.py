"""Own jobs: jobs that differ in all that they need not share."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.jobs import Draft
from benchmarks.names import Names
from benchmarks.own_modules import Module
from benchmarks.shop import Asset, Tenant
from benchmarks.yaml_text import Block, Node, Text

ENVIRONMENTS = ("dev", "staging", "production", "test", "qa", "sandbox", "uat")
_REGIONS = {
    "aws": ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1", "ca-central-1"),
    "gcp": ("us-central1", "europe-west1", "europe-west4", "asia-east1", "us-east4"),
}
_COMPUTE = {
    "aws": ("fargate", "fargate", "lambda", "ec2"),
    "gcp": ("cloud-run", "cloud-run", "gke", "cloud-functions"),
}
_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR")


def own_tenant(names: Names) -> Tenant:
    """A division with accounts of its own in both clouds."""
    return Tenant(
        name=names.name("-"),
        account=names.number(110_000_000_000, 999_999_999_999),
        aws_region=names.rng.choice(_REGIONS["aws"]),
        gcp_project=f"{names.word()[:9]}-{names.word()[:9]}-{names.number(10, 99)}",
        gcp_region=names.rng.choice(_REGIONS["gcp"]),
    )


def own_job(
    path: str, tenant: Tenant, asset: Asset, module: Module, connector: str, names: Names
) -> Draft:
    """A job without seeded defects."""
    environment = names.rng.choice(ENVIRONMENTS)
    job = Draft(tenant, asset, environment, path, module.path)
    prefix = names.rng.choice(("", "", "", "/app/"))
    job.body = {
        "tenant_id": Text(tenant.name),
        "environment": Text(environment),
        "source_connector": Text(asset.source),
        "source_connector_path": Text(f"{prefix}{connector}"),
        "target_connector_path": Text(f"{prefix}connectors/iceberg.yaml"),
        "asset_path": Text(f"{prefix}{asset.path}"),
    }
    parts: tuple[Callable[[Draft, Names], Block], ...] = (_source, _target, _overrides, _running)
    for part in parts:
        job.body |= part(job, names)
    job.body["infrastructure"] = _infrastructure(job, module, names)
    return job


def _source(job: Draft, names: Names) -> Block:
    source: Block = {
        "objects": [Text(word) for word in names.words(1, 6)],
        "incremental": {
            "strategy": names.rng.choice(("updated_at", "incremental", "full_refresh")),
            "cursor_field": Text(names.word()),
            "lookback_days": names.number(0, 400),
            "state_path": Text(f".state/{names.word()}/{job.asset.name}.json"),
        },
    }
    if names.chance(0.3):
        lines = [f"select {', '.join(names.words(2, 6))}", f"from {names.name('.')}"]
        lines += [f"where {names.word()} > {names.number(1, 99)} -- {names.sentence(4)}"]
        source["query"] = Text("\n".join(lines) + "\n")
    if names.chance(0.15):
        options: Block = {f"&{names.word()}": ""}
        options |= {word: names.number(1, 9999) for word in names.words(1, 4)}
        anchor = next(iter(options))[1:]
        peak: Block = {"<<": f"*{anchor}", names.word(): names.number(1, 9)}
        source["engine"] = {"options": {names.word(): options, names.word(): peak}}
    if names.chance(0.4):
        source["filters"] = [_filter(names) for _ in range(names.rng.randint(1, 4))]
    return {"source": source}


def _filter(names: Names) -> Block:
    values: list[str] = [Text(word) for word in names.words(1, 5)]
    return {"column": Text(names.word()), "operator": Text(names.word()), "values": values}


def _target(job: Draft, names: Names) -> Block:
    target: Block = {
        "table": Text(f"{names.word()}.{job.asset.name}"),
        "warehouse": Text(f"s3://{names.word()}/{names.word()}"),
        "file_format": names.rng.choice(("parquet", "iceberg", "delta")),
        "connection": {names.word(): {"uri": Text("${URI}"), names.word(): Text(names.word())}},
    }
    if names.chance(0.5):
        target["notes"] = Text(names.sentence(names.rng.randint(5, 70)))
    if names.chance(0.5):
        target["partitioning"] = [Text(word) for word in names.words(1, 4)]
    return {"target": target}


def _overrides(job: Draft, names: Names) -> Block:
    """Overrides of what the asset says; none of them contradicts the infrastructure tags."""
    finops: Block = {"environment": Text(job.environment)}
    if names.chance(0.4):
        finops["cost_center"] = Text(job.asset.cost_center)
    if names.chance(0.3):
        finops["project"] = Text(job.asset.project)
    overrides: Block = {"finops": finops}
    if names.chance(0.3):
        overrides["governance_overrides"] = {"owner": Text(names.email())}
    if job.asset.personal and names.chance(0.4):
        overrides["classification_overrides"] = {job.asset.personal[0]: Text("PII")}
    return overrides


def _running(job: Draft, names: Names) -> Block:
    running: Block = {}
    if job.asset.personal or names.chance(0.5):
        running["logging"] = {"level": names.rng.choice(_LEVELS), "redaction": "true"}
    if names.chance(0.4):
        running["schema_validation_mode"] = names.rng.choice(("strict", "warn"))
    if names.chance(0.5):
        running["retry_config"] = {
            "max_retries": names.number(1, 9),
            "initial_delay_seconds": names.number(1, 90),
            "max_delay_seconds": names.number(100, 9000),
            "retryable_error_patterns": [Text(names.sentence(3)) for _ in range(2)],
        }
    return running


def _infrastructure(job: Draft, module: Module, names: Names) -> Block:
    provider = job.provider
    compute = names.rng.choice(_COMPUTE[provider])
    block: Block = {"provider": provider, "compute_type": Text(compute)}
    block |= _size(compute, names)
    block["region"] = Text(job.tenant.aws_region if provider == "aws" else job.tenant.gcp_region)
    if names.chance(0.5):
        runtime: Block = {"image": Text(f"{names.word()}:{names.number(1, 99)}")}
        block["runtime"] = runtime | {names.word(): Text(names.sentence(3))}
    block["resource_refs"] = _references(job, names)
    block["tags"] = _tags(job, names)
    block["terraform_module"] = Text(f"./{module.path}")
    block["terraform_vars"] = {
        variable.name: variable.value(names)
        for variable in module.variables
        if variable.value is not None and (variable.default is None or names.chance(0.5))
    }
    return block


def _size(compute: str, names: Names) -> Block:
    """A size that the compute type has."""
    vcpu = names.rng.randint(1, 8)
    if compute == "lambda":
        return {"memory_mb": names.number(128, 10240)}
    if compute == "cloud-functions":
        return {"memory_mb": names.number(128, 32768)}
    if compute == "fargate":
        vcpu = names.rng.choice((1, 2, 4))
        memory = 1024 * names.rng.randint(2 * vcpu, 7 * vcpu)
    elif compute == "cloud-run":
        vcpu = names.rng.choice((1, 2, 4))
        memory = names.rng.randint(2048, 4096)
    elif compute == "gke":
        memory = names.rng.randint(1024 * vcpu, 6656 * vcpu)
    else:
        memory = names.rng.randint(512, 60000)
    return {"memory_mb": str(memory), "vcpu": f"{vcpu}{names.rng.choice(('', '.0'))}"}


def _references(job: Draft, names: Names) -> Block:
    tenant = job.tenant
    if job.provider == "gcp":
        place: Block = {"project_id": Text(tenant.gcp_project), "region": Text(tenant.gcp_region)}
        return {f"{names.word()}_name": Text(names.name("-"))} | place
    role = f"arn:aws:iam::{tenant.account}:role/{names.word()}/{names.name('-')}"
    refs: Block = {"execution_role_arn": Text(role), "cluster_name": Text(names.name("-"))}
    if names.chance(0.5):
        ecs = f"arn:aws:ecs:{tenant.aws_region}:{tenant.account}"
        refs["cluster_arn"] = Text(f"{ecs}:cluster/{names.name('-')}")
    elif names.chance(0.5):
        refs["task_definition_arn"] = Text("${terraform_output.task_definition_arn}")
    return refs


def _tags(job: Draft, names: Names) -> Block:
    asset = job.asset
    own = names.rng.randint(0, 8)
    tags: Block
    if job.provider == "gcp":
        tags = {"environment": Text(job.environment), "managed_by": Text(names.word())}
        tags |= {names.name(): Text(names.name("-")) for _ in range(own)}
        tags["cost_center"] = Text(asset.cost_center.lower())
    else:
        tags = {"Environment": Text(job.environment), "ManagedBy": Text(names.word())}
        tags |= {names.title(): _tag_value(names) for _ in range(own)}
        tags["CostCenter"] = Text(asset.cost_center)
        if names.chance(0.3):
            tags["RetentionDays"] = f'"{asset.retention_days}"'
    if names.chance(0.4):
        tags["Project" if job.provider == "aws" else "project"] = Text(asset.project)
    return tags


def _tag_value(names: Names) -> Node:
    return Text(names.name(names.rng.choice(("-", "_", ".")), names.rng.randint(1, 3)))
