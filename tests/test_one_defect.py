"""One defect is one finding: fields of the best-practice example, changed one at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import Settings, settings_from

EXAMPLE = Path(__file__).parent.parent / "examples" / "best-practice"
FILES = {
    path.relative_to(EXAMPLE).as_posix(): path.read_text()
    for path in EXAMPLE.rglob("*")
    if path.is_file()
}
JOB = "jobs/stripe_customers_aws.yaml"
ASSET = "assets/stripe/v1.0/customers.yaml"
GONE = object()
CASES: list[tuple[str, str, Any, str]] = [
    (JOB, "infrastructure.provider", ["aws"], "invalid-job"),
    (JOB, "infrastructure.provider", " aws", "unknown-provider"),
    (JOB, "infrastructure.provider", "", "unknown-provider"),
    (JOB, "infrastructure.provider", GONE, "invalid-job"),
    (JOB, "infrastructure.compute_type", {"a": "b"}, "invalid-job"),
    (JOB, "infrastructure.memory_mb", "TODO", "invalid-job"),
    (JOB, "infrastructure.memory_mb", None, "missing-module-variable"),
    (JOB, "infrastructure.tags.Team", ["data"], "non-string-tag-value"),
    (JOB, "infrastructure.tags.Team", " data", "invalid-dagster-tag"),
    (JOB, "infrastructure.tags.CostCenter", " FIN-001", "invalid-dagster-tag"),
    (JOB, "infrastructure.terraform_vars", {True: True}, "non-string-key"),
    (JOB, "infrastructure.terraform_vars.log_retention_days", "often", "mistyped-module-variable"),
    (JOB, "finops.cost_center", "", "missing-cost-center"),
    (JOB, "finops.cost_center", {"a": "b"}, "invalid-job"),
    (JOB, "finops.cost_center", "TODO", "conflicting-cost-center"),
    (JOB, "infrastructure.tags.CostCenter", "TODO", "conflicting-cost-center"),
    (JOB, "finops.project", "TODO", "placeholder-value"),
    (JOB, "finops.project", "  ", "invisible-character"),
    (JOB, "environment", None, "invalid-job"),
    (JOB, "environment", ["production"], "invalid-job"),
    (JOB, "governance_overrides.owner", "data@company.com ", "invisible-character"),
    (JOB, "governance_overrides.owner", "TODO", "placeholder-value"),
    (JOB, "classification_overrides", {"default": ""}, "classification-downgrade"),
    (JOB, "logging", None, "invalid-job"),
    (JOB, "asset_path", GONE, "invalid-job"),
    (JOB, "asset_path", 5, "invalid-job"),
    (ASSET, "domain", "TODO", "placeholder-value"),
    (ASSET, "domain", "finance ", "invisible-character"),
    (ASSET, "team", "data", "invalid-asset"),
    (ASSET, "compliance", ["GDPR"], "invalid-asset"),
    (ASSET, "compliance.regulations", "HIPAA", "invalid-asset"),
    (ASSET, "compliance.regulations", [5], "invalid-asset"),
    (ASSET, "compliance.regulations", ["TODO"], "placeholder-value"),
    (ASSET, "compliance.classification", "TODO", "invalid-asset"),
]


def changed(text: str, field: str, value: Any) -> str:
    data = yaml.safe_load(text)
    *above, name = field.split(".")
    block = data
    for step in above:
        block = block[step]
    if value is GONE:
        del block[name]
    else:
        block[name] = value
    return yaml.safe_dump(data, sort_keys=False)


def lint(files: dict[str, str], settings: Settings) -> list[tuple[str, str]]:
    report = lint_folder(MemoryFolder(files), Given((JOB,)), settings, builtin_rules())
    assert not report.crashes
    return [(finding.rule.id, finding.message) for finding in report.findings]


@pytest.mark.parametrize(("path", "field", "value", "rule"), CASES)
def test_one_defect_is_one_finding(path: str, field: str, value: Any, rule: str) -> None:
    files = {**FILES, path: changed(FILES[path], field, value)}
    found = lint(files, settings_from({}, Path("/")))
    assert [rule] == [name for name, _ in found], found


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("provider", "azure", "unknown-provider"),
        ("compute_type", "cloud-run", "unknown-compute-type"),
        ("vcpu", 3.5, "invalid-fargate-size"),
    ],
)
def test_what_a_rule_refuses_fails_no_validation_of_the_module_as_well(
    field: str, value: Any, rule: str
) -> None:
    module = "modules/dativo-job/main.tf"
    good = json.dumps(yaml.safe_load(FILES[JOB])["infrastructure"][field])
    block = f'variable "infrastructure_{field}" {{\n'
    condition = f"condition = var.infrastructure_{field} == {good}"
    validation = f'  validation {{\n    {condition}\n    error_message = "No."\n  }}\n'
    files = {**FILES, module: FILES[module].replace(block, block + validation)}
    assert lint(files, settings_from({}, Path("/"))) == []
    files[JOB] = changed(FILES[JOB], f"infrastructure.{field}", value)
    found = lint(files, settings_from({}, Path("/")))
    assert [rule] == [name for name, _ in found], found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (JOB, "tenant_id: acme"),
        (JOB, "asset_path: "),
        (JOB, "  provider: "),
        (ASSET, "name: "),
        (ASSET, "object: "),
        (ASSET, "team:"),
    ],
)
def test_a_required_field_that_is_misspelt_is_one_finding(path: str, line: str) -> None:
    name = line.strip().partition(":")[0]
    misspelt = line.replace(name, f"{name[:-2]}{name[-1]}")
    assert f"\n{line}" in f"\n{FILES[path]}"
    files = {**FILES, path: f"\n{FILES[path]}".replace(f"\n{line}", f"\n{misspelt}", 1)}

    found = lint(files, settings_from({}, Path("/")))
    assert [f'did you mean "{name}"?'] == [it.partition("; ")[2] for _, it in found if name in it]
    # Where nobody reports unknown fields, it is missing.
    found = lint(files, settings_from({"ignore": ["unknown-field"]}, Path("/")))
    assert [f"{name} is missing"] == [
        it.partition(";")[0].rpartition(".")[2] for _, it in found if "is missing" in it
    ]


def test_values_of_the_wrong_type_reach_no_message_as_python_writes_them() -> None:
    files = FILES
    for field in ("infrastructure.provider", "finops.cost_center", "infrastructure.tags.Team"):
        files = {**files, JOB: changed(files[JOB], field, [{"a": [None, True]}])}
    every = {"rules": {rule.id: "warning" for rule in builtin_rules() if not rule.requires_params}}
    for _, message in lint(files, settings_from(every, Path("/"))):
        assert not any(mark in message for mark in ("None", "True", "{'", "['"))
