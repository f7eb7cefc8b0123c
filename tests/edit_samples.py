"""A repository in which everything can be edited, and edits of it, for property tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import strategies as st
from plan_samples import change, plan_text
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, OWN_RULE, with_module, write

RUNNER = """\
runner:
  orchestrator:
    schedules:
      - {name: daily, config: jobs/orders.yaml, cron: "0 2 * * *", tags: {team: "a b"}}
"""
ALLOWED = BAD_JOB.replace("azure", "azure  # dativo-lint: ignore[unknown-provider] because of it")
UNUSED = JOB.replace("aws\n", "aws  # dativo-lint: ignore[unknown-provider] because of it\n")
NESTED = with_module().replace("./modules/job", "../../modules/job")
CALLING = f'{MODULE}module "inner" {{\n  source = "../inner"\n}}\n'
PLAN = plan_text(change("aws_ecs_service.main", {"tags_all": {"CostCenter": "FIN-009"}}))
SET = "job: jobs/orders.yaml\nsink: aws\ntags: {CostCenter: FIN-009}\n"
FLAT = "finops.cost_center: FIN-001\ngovernance.owner: ''\n"
CHANGED_OWNER = ASSET.replace("data-platform", "Somebody").replace("kind: DataContract\n", "")

OVERRIDES = """\
overrides:
  - when: {path: assets}
    rules: {invalid-asset: note}
  - when: {infrastructure.provider: azure}
    rules: {unknown-provider: {severity: note}, missing-owner: {severity: "off"}}
"""

START = {
    **FILES,
    "jobs/bad.yaml": BAD_JOB,
    "jobs/module.yaml": with_module(),
    "jobs/nested/deep.yaml": NESTED,
    "modules/job/main.tf": MODULE,
    "configs/runner.yaml": RUNNER,
}
EDITS: dict[str, tuple[str, ...]] = {
    "jobs/orders.yaml": (JOB, BAD_JOB, ALLOWED, UNUSED, "a: [", f"{JOB}---\n{BAD_JOB}"),
    "jobs/bad.yaml": (BAD_JOB, ALLOWED, JOB.replace("assets/", "other/")),
    "jobs/both.yaml": (
        f"{JOB}---\n{BAD_JOB.replace('assets/', 'other/')}",
        # An asset that one job takes for a connector.
        JOB.replace("connectors/postgres", "other/orders"),
    ),
    "jobs/module.yaml": (with_module(), with_module(terraform_vars="{password: 1, odd: 2}")),
    "jobs/nested/assets/orders.yaml": (ASSET.replace("FIN-001", "FIN-002"),),
    "jobs/nested/modules/job/main.tf": ('variable "needed" {}\n',),
    "assets/orders.yaml": (ASSET, ASSET.replace("FIN-001", "FIN-009"), "asset: {", CHANGED_OWNER),
    "other/orders.yaml": (ASSET, CHANGED_OWNER, f"{CHANGED_OWNER}# dativo-lint: ignore[x]\n"),
    "connectors/postgres.yaml": (
        "{name: postgres, type: postgres, default_engine: {}}\n",
        "type: [",
        "a: 1\na: 2\n",
        JOB,
    ),
    "modules/job/main.tf": (
        MODULE,
        MODULE.replace("= number", "= bool"),
        'variable "x" {',
        CALLING,
        f"# dativo-lint: ignore[mistyped-module-variable] because of it\n{MODULE}",
        f"{MODULE}// dativo-lint: ignore[no-such-rule]\n",
    ),
    "modules/job/more.tf": ('variable "needed" {}\n',),
    "modules/job/main_override.tf": ('variable "tags" {\n  type = number\n}\n',),
    "modules/inner/main.tf": ('variable "given" {}\n', ""),
    "configs/runner.yaml": (RUNNER, RUNNER.replace("a b", "ab"), f"# moved\n{RUNNER}", "a: ["),
    "other/runner.yaml": (RUNNER.replace("orders", "bad"),),
    "out/plan.json": (PLAN, PLAN.replace("FIN-009", "FIN-001")),
    "out/set.yaml": (SET, SET.replace("orders", "bad"), f"{SET}---\n{JOB}"),
    "out/flat.yaml": (FLAT, "a: 1\n"),
    ".dativo-lint.yml": (
        "rules: {unknown-provider: {severity: warning}}\n",
        OVERRIDES,
        "rule_folders: [policy]\n",
        "exclude: [jobs/nested]\nrunners: ['**/runner.yaml']\n",
        "ignores: [{rules: [unknown-provider, missing-owner], paths: jobs/bad*, reason: x}]\n",
    ),
    "policy/own-rule.yaml": (OWN_RULE, OWN_RULE.replace("warning", "note")),
    "jobs/.dativo-lint.yml": (
        "preset: ../presets/house.yml\nrules: {unknown-provider: note}\n",
        "root: true\n",
        "ignores: [{rules: [unknown-provider], paths: bad.yaml, reason: x}]\n",
        "fail_on: note\n",
    ),
    "jobs/nested/.dativo-lint.yaml": (
        "root: true\nrules: {mistyped-module-variable: warning}\n",
        "overrides: [{when: {provider: az*}, rules: {unknown-provider: note}}]\n",
    ),
    "assets/.dativo-lint.yml": ("rules: {invalid-asset: note, duplicate-key: note}\n", OVERRIDES),
    "presets/house.yml": ("ignore: [compute]\n", "rules: {unknown-provider: warning}\n"),
}
PATHS = sorted(EDITS)
edits = st.sampled_from([("write", path, text) for path, texts in EDITS.items() for text in texts])
losses = st.tuples(st.sampled_from(["remove", "folder"]), st.sampled_from(PATHS))
renames = st.tuples(
    st.sampled_from(["rename", "link"]), st.sampled_from(PATHS), st.sampled_from(PATHS)
)


def apply(root: Path, what: str, path: str, other: str = "") -> None:
    """Write, remove, rename or link a file, or make a folder in its place."""
    target = root / path
    remove(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if what == "write":
        write(root, {path: other})
    elif what == "folder":
        target.mkdir()
    elif what == "rename" and (root / other).is_file():
        (root / other).rename(target)
    elif what == "link" and path != other:
        target.symlink_to(os.path.relpath(root / other, target.parent))


def remove(target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
