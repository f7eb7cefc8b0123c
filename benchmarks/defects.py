"""Defects: for each rule, what somebody does to a sound job so that it breaks the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.jobs import Draft, infrastructure
from benchmarks.modules import FLAWS
from benchmarks.yaml_text import Block, Node, drop, get, put

Edit = Callable[[Draft], None]
_REFS = "infrastructure/resource_refs"
_TAGS = "infrastructure/tags"
_VARS = "infrastructure/terraform_vars"


@dataclass(frozen=True)
class Defect:
    """A rule and the edit that breaks it, on one provider or on both."""

    rule: str
    edit: Edit
    provider: str | None = None

    def fits(self, draft: Draft) -> bool:
        """Whether a job can have it."""
        return self.provider in (None, draft.provider)


def pick(defects: Sequence[Defect], draft: Draft, rng: Random) -> Defect:
    """One of some defects, such as a job can have."""
    return rng.choice([defect for defect in defects if defect.fits(draft)])


def _puts(**fields: Node) -> Edit:
    """Sets fields; two underscores stand for a step down."""

    def edit(draft: Draft) -> None:
        for route, value in fields.items():
            put(draft.body, route.replace("__", "/"), value)

    return edit


def _infra(**fields: Node) -> Edit:
    return _puts(**{f"infrastructure__{name}": value for name, value in fields.items()})


def _compute(compute: str, memory: str | None, vcpu: str | None = None) -> Edit:
    """Another compute type and size; None takes a size away."""

    def edit(draft: Draft) -> None:
        block = infrastructure(draft)
        block["compute_type"] = compute
        drop(block, "memory_mb", "vcpu", "resource_refs")
        if memory is not None:
            block["memory_mb"] = memory
        if vcpu is not None:
            block["vcpu"] = vcpu

    return edit


def _erases(field: str, tag: str | None = None) -> Edit:
    """Erases what the asset says; the infrastructure tag of the same meaning goes with it."""

    def edit(draft: Draft) -> None:
        put(draft.body, field, '""')
        if tag is not None:
            _drop_tag(draft, tag)

    return edit


def _tags(key: str, value: str) -> Edit:
    """Sets an infrastructure tag, whose key on GCP is in lower case."""

    def edit(draft: Draft) -> None:
        put(draft.body, f"{_TAGS}/{_own_key(draft, key)}", value)

    return edit


def _own_key(draft: Draft, key: str) -> str:
    if draft.provider == "aws":
        return key
    return "".join(f"_{it.lower()}" if it.isupper() else it for it in key).lstrip("_")


def _drop_tag(draft: Draft, key: str) -> None:
    drop(draft.body, f"{_TAGS}/{_own_key(draft, key)}")


def _asset(**changes: object) -> Edit:
    """Gives the job an asset of its own, with other words."""

    def edit(draft: Draft) -> None:
        path = draft.asset.path.replace(".yaml", f"_{draft.path[-11:-5]}.yaml")
        draft.asset = replace(draft.asset, path=path, **changes)  # type: ignore[arg-type]
        draft.body["asset_path"] = path
        drop(draft.body, "governance_overrides", "classification_overrides")
        _drop_tag(draft, "RetentionDays")

    return edit


def _appends(*lines: str) -> Edit:
    return lambda draft: draft.tail.extend(lines)


def _flawed_module(flaw: str) -> Edit:
    def edit(draft: Draft) -> None:
        draft.flaw = flaw
        path = f"modules/{draft.provider}/flawed-{flaw}"
        infrastructure(draft)["terraform_module"] = f"./{path}"

    return edit


def _comments(comment: str) -> Edit:
    """Writes a comment behind the provider."""

    def edit(draft: Draft) -> None:
        infrastructure(draft)["provider"] = f"{draft.provider}  # dativo-lint: {comment}"

    return edit


def _foreign(draft: Draft) -> None:
    foreign = '"arn:aws:ecs:us-east-1:123456789012:cluster/data-jobs"'
    if draft.provider == "aws":
        put(draft.body, f"{_REFS}/project_id", "globex-data-1")
    else:
        put(draft.body, f"{_REFS}/cluster_arn", foreign)


def _another(what: str) -> Edit:
    """A reference into another account, or another region."""

    def edit(draft: Draft) -> None:
        account, region = draft.tenant.account, draft.tenant.aws_region
        if what == "account":
            account = str(int(account) - 1)
        else:
            region = "sa-east-1"
        own = f"arn:aws:ecs:{draft.tenant.aws_region}:{draft.tenant.account}:cluster/data-jobs"
        other = f"arn:aws:ecs:{region}:{account}:task-definition/other:1"
        put(draft.body, f"{_REFS}/cluster_arn", f'"{own}"')
        put(draft.body, f"{_REFS}/task_definition_arn", f'"{other}"')

    return edit


def _many_tags(draft: Draft) -> None:
    tags: Block = {f"extra_{number:02d}": f'"{number}"' for number in range(64)}
    put(draft.body, _TAGS, tags | _existing_tags(draft))


def _existing_tags(draft: Draft) -> Block:
    tags = get(draft.body, _TAGS)
    return tags if isinstance(tags, dict) else {}


def _orphan(draft: Draft) -> None:
    put(draft.body, "classification_overrides/no_such_column", "PII")


def _duplicate(draft: Draft) -> None:
    draft.tail.append("tenant_id: somebody_else")


def _list_reading(draft: Draft) -> None:
    put(draft.body, "finops/business_tags", "[something_else]")


def _weakened(draft: Draft) -> None:
    _asset(classification="PII", personal=("email",), regulations=("GDPR",))(draft)
    put(draft.body, "classification_overrides/email", "public")


def _no_environment(draft: Draft) -> None:
    _erases("finops/environment", "Environment")(draft)
    drop(draft.body, "environment")


def _unredacted(draft: Draft) -> None:
    _asset(classification="PII", personal=("email",), regulations=("GDPR",))(draft)
    put(draft.body, "logging/redaction", "false")


def _divided_regulation(draft: Draft) -> None:
    _asset(personal=("email",), regulations=("GDPR",), retention_days=30)(draft)
    _tags("Compliance", "hipaa")(draft)


DEFECTS = (
    Defect("unreadable-file", _appends("broken: [1, 2", "")),
    Defect("duplicate-key", _duplicate),
    Defect("yaml-implicit-type", _puts(finops__project="012")),
    Defect("missing-file", _puts(source_connector_path="connectors/strype.yaml")),
    Defect("path-outside-repository", _puts(asset_path="../../../../../assets/orders.yaml")),
    Defect("invalid-job", lambda draft: drop(draft.body, "tenant_id")),
    Defect("invalid-job", _puts(retry_config__max_attempts="50")),
    Defect("invalid-asset", _asset(version=None)),
    Defect("unknown-field", _puts(finops__cost_centre="FIN-001")),
    Defect("non-string-tag-value", _infra(tags__Tier="1")),
    Defect("ineffective-override", _puts(governance_overrides__domain="sales")),
    Defect("missing-cost-center", _erases("finops/cost_center", "CostCenter")),
    Defect("malformed-cost-center", _puts(finops__cost_center="cc 12")),
    Defect("missing-project", _erases("finops/project", "Project")),
    Defect("missing-environment", _no_environment),
    Defect("unknown-environment", _puts(finops__environment="productoin")),
    Defect("missing-business-tags", _puts(finops__business_tags="[]")),
    Defect("placeholder-value", _puts(finops__project="TODO")),
    Defect("missing-owner", _puts(governance_overrides__owner='""')),
    Defect("malformed-owner", _puts(governance_overrides__owner="somebody at example")),
    Defect("missing-retention", _asset(retention_days=None, regulations=())),
    Defect("missing-classification", _asset(classification=None, personal=(), regulations=())),
    Defect("unclassified-column", _asset(columns=("status", "ssn"))),
    Defect("classification-downgrade", _weakened),
    Defect("unknown-column-override", _orphan),
    Defect("missing-log-redaction", _unredacted),
    Defect("regulated-without-retention", _asset(retention_days=None, regulations=("GDPR",))),
    Defect("unknown-provider", _infra(provider="azure")),
    Defect("unknown-compute-type", _infra(compute_type="fargat")),
    Defect("missing-compute-size", _compute("fargate", None, "1.0"), "aws"),
    Defect("invalid-fargate-size", _compute("fargate", "9000", "1.0"), "aws"),
    Defect("invalid-ecs-ec2-size", _compute("ec2", "4096", "0.3"), "aws"),
    Defect("invalid-lambda-size", _compute("lambda", "20480"), "aws"),
    Defect("ignored-lambda-vcpu", _compute("lambda", "1769", "4"), "aws"),
    Defect("invalid-cloud-run-size", _compute("cloud-run", "65536", "1.0"), "gcp"),
    Defect("undocumented-cloud-run-size", _compute("cloud-run", "4096", "3"), "gcp"),
    Defect("invalid-cloud-function-size", _compute("cloud-functions", "65536"), "gcp"),
    Defect("gke-autopilot-resources", _compute("gke", "1024", "4"), "gcp"),
    Defect("malformed-arn", _puts(**{f"{_REFS}/cluster_arn": '"arn:aws:ecs:us-east-1"'}), "aws"),
    Defect("cross-cloud-reference", _foreign),
    Defect("malformed-gcp-name", _puts(**{f"{_REFS}/project_id": "My_Project"}), "gcp"),
    Defect("mixed-accounts", _another("account"), "aws"),
    Defect("mixed-regions", _another("region"), "aws"),
    Defect("undeclared-module-variable", _puts(**{f"{_VARS}/log_retention_dayz": "30"})),
    Defect("shadowed-platform-variable", _puts(**{f"{_VARS}/finops_project": "other"})),
    Defect("invalid-module-source", _infra(terraform_module="gitlab.com/acme/dativo-job")),
    Defect(
        "unpinned-module-source", _infra(terraform_module="git::https://example.com/tf.git//job")
    ),
    Defect("invalid-dagster-tag", _tags("Team", '"data and platform"')),
    Defect("dagster-metadata-only", _puts(governance_overrides__owner="a.b@example.com")),
    Defect("invalid-aws-tag", _infra(tags__Team='"data,platform"'), "aws"),
    Defect("invalid-gcp-label", _infra(tags__ManagedBy="Dativo"), "gcp"),
    Defect("too-many-tags", _many_tags),
    Defect("colliding-keys", _infra(tags__provider='"other"')),
    Defect("conflicting-cost-center", _tags("CostCenter", "fin-000")),
    Defect("conflicting-environment", _tags("Environment", "qa")),
    Defect("conflicting-project", _tags("Project", "another-project")),
    Defect("conflicting-retention", _infra(tags__RetentionDays='"1"'), "aws"),
    Defect("ambiguous-list-merge", _list_reading),
    Defect("conflicting-owner", _tags("Owner", "somebody-else")),
    Defect("conflicting-regulation", _divided_regulation),
    Defect("unused-suppression", _comments("ignore[unknown-provider] because it was azure once")),
    Defect("unused-suppression", _comments("ignore[unknown-provider]")),
    Defect(
        "expired-suppression", _comments("ignore[unknown-provider] until 2020-01-01 because of X")
    ),
    Defect(
        "unknown-rule-in-suppression",
        _comments("ignore[unknown-provder] because of a typing error"),
    ),
    *(Defect(flaw, _flawed_module(flaw), "aws") for flaw in FLAWS),
)
"""Defects of any job, each as likely as any other that fits it."""

MODULE_DEFECTS = (
    Defect("mistyped-module-variable", _puts(**{f"{_VARS}/alarm_emails": "nobody"})),
    Defect("null-module-variable", _puts(**{f"{_VARS}/alarm_emails": "null"})),
    Defect("unknown-object-attribute", _puts(**{f"{_VARS}/network/privat": "false"})),
    Defect("failed-module-validation", _puts(**{f"{_VARS}/log_retention_days": "31"})),
)
"""Defects of jobs on the modules of `benchmarks.modules`, whose variables they set wrongly."""
