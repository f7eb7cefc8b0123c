"""A report that has everything, before Microsoft's multitool with the rules of code scanning."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from repository_samples import write

from dativo_lint.cli import main

CLIENTS = Path(sys.prefix, "clients", "node_modules", "@microsoft")
"""Where `make test` installs the multitool."""
# The one rule that asks the network, whether addresses can be reached.
POLICY = """<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled"
      Type="Microsoft.CodeAnalysis.Sarif.Driver.RuleEnabledState" />
  </Properties>
</Properties>
"""
LEFT = {
    "SARIF2002": "messages have no ids: they are not translated, and GitHub reads `text` alone",
    "SARIF2003": "no address of the repository: a report is the same wherever it is made",
    "SARIF2009": "ids of rules are words, such as missing-owner, and no numbers",
    "SARIF2010": "no snippets: GitHub and editors show the file, and a report has a limit",
    "SARIF2011": "nor those with the lines around",
}
"""Recommendations that are not followed, with the reason."""
FILES: dict[str, str | bytes] = {
    ".dativo-lint.yml": """\
baseline: baseline.json
ignores:
  - {rules: [missing-log-redaction], paths: [jobs/legacy.yaml], reason: it is replaced}
""",
    "baseline.json": """\
{"version": 1, "entries": [
{"path": "jobs/old.yaml", "rule": "unknown-provider", "field": "infrastructure.provider", \
"since": "2026-01-31", "reason": "it is replaced", "ticket": "OPS-1"},
{"path": "jobs/old.yaml", "rule": "unknown-provider", "field": "infrastructure.name", \
"since": "2026-01-31"}]}
""",
    "assets/customers.yaml": """\
asset:
  name: customers
  team: {owner: data@example.com}
  finops: {cost_center: FIN-001}
  compliance: {regulations: [GDPR]}
  schema: [{name: email, classification: PII}]
""",
    "jobs/customers.yaml": b"""asset_path: assets/customers.yaml\r
finops: {cost_center: FIN-001}\r
infrastructure:\r
  provider: AWS\r
  compute_type: ecs_fargate\r
  memory_mb: 1000\r
  vcpu: 0.5\r
  tags:\r
    CostCenter: FIN-002\r
    Owner: "${OWNER}"  # \xc3\xa4 \xf0\x9f\x98\x80\r
    Count: 12""",
    "jobs/legacy.yaml": """\
asset_path: assets/customers.yaml
governance_overrides: {retention_days: 30}
""",
    "jobs/old.yaml": "infrastructure:\n  provider: azure\n",
    "jobs/sandbox.yaml": """\
infrastructure:
  provider: azur  # dativo-lint: ignore[unknown-provider] until 2099-12-31 because it is a test
""",
}


def multitool(*arguments: str) -> None:
    (tool,) = CLIENTS.glob("sarif-multitool-*/Sarif.Multitool")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository and its report, and what the tool says of it."""
    folder = tmp_path_factory.mktemp("multitool")
    write(folder / "repository", FILES)
    report = folder / "report.sarif"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "repository")
        main(["check", "--no-cache", "-q", "--format", f"sarif={report}", "--preset", "strict"])
    broken = json.loads(report.read_bytes())
    broken["runs"][0]["results"][0]["locations"] = []
    (folder / "broken.sarif").write_text(json.dumps(broken), encoding="utf-8")
    (folder / "policy.xml").write_text(POLICY, encoding="utf-8")
    names = [str(folder / name) for name in ("report.sarif", "broken.sarif")]
    options = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note")
    files = ("--config", str(folder / "policy.xml"), "-o", str(folder / "said.json"))
    multitool("validate", *names, *options, *files)
    return folder


def run_in(file: Path) -> dict[str, Any]:
    (run,) = json.loads(file.read_bytes())["runs"]
    return dict(run)


def test_the_report_has_everything(folder: Path) -> None:
    run = run_in(folder / "report.sarif")
    results = run["results"]
    assert len({result["ruleId"] for result in results}) > 5
    assert {result["baselineState"] for result in results} == {"new", "unchanged", "absent"}
    kinds = Counter(each["kind"] for result in results for each in result["suppressions"])
    assert set(kinds) == {"inSource", "external"}
    assert {name for result in results for name in result} >= {"fixes", "codeFlows", "kind"}
    assert run["taxonomies"]


def test_the_multitool_finds_nothing_but_recommendations_that_are_not_followed(
    folder: Path,
) -> None:
    said: dict[str, set[tuple[str, str]]] = {"report.sarif": set(), "broken.sarif": set()}
    for result in run_in(folder / "said.json")["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        said[uri.rpartition("/")[2]].add((result["ruleId"], result.get("level", "warning")))
    assert said["report.sarif"] == {(rule, "note") for rule in LEFT}
    assert ("GH1015", "error") in said["broken.sarif"], "the rules of GitHub ran"


def test_the_hashes_of_lines_are_those_of_the_multitool(folder: Path) -> None:
    """It computes them for absolute addresses only, and where there are none yet."""
    log = json.loads((folder / "report.sarif").read_bytes())
    results = log["runs"][0]["results"]
    hashes = [
        result.pop("partialFingerprints").get("primaryLocationLineHash") for result in results
    ]
    assert sum(map(bool, hashes)) == len(results) - 1, "all but the absent one"
    for result in results:
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        path = folder / "repository" / artifact["uri"]
        artifact |= {"uri": path.as_uri()}
        del artifact["uriBaseId"]
    bare, filled = folder / "bare.sarif", folder / "filled.sarif"
    bare.write_text(json.dumps(log), encoding="utf-8")
    multitool("rewrite", str(bare), "--insert", "RollingHashPartialFingerprints", "-o", str(filled))
    for result, own in zip(run_in(filled)["results"], hashes, strict=True):
        assert own in (None, result["partialFingerprints"]["primaryLocationLineHash"])
