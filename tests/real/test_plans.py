"""Plans of a real Terraform, and plans by hand for the clouds, are read as they are meant."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dativo_lint import lint
from dativo_lint.documents.document import Document
from dativo_lint.documents.json_reader import read_json
from dativo_lint.jobs.rendered_forms import FormReader
from dativo_lint.jobs.sinks.terraform import in_terraform
from dativo_lint.jobs.taggable import tag_keeping
from dativo_lint.settings.files import find_settings

TERRAFORM = shutil.which("terraform")
ACCEPT = os.environ.get("ACCEPT") == "1"
TESTS = Path(__file__).resolve().parent.parent
PLANS = TESTS / "terraform" / "data" / "plans"
RECORDED = PLANS / "terraform_data.json"
EXAMPLES = TESTS.parent / "examples"

MAIN = """
variable "tags" { type = map(string) }
variable "scalars" {}

variable "secret" {
  default   = "hunter2"
  sensitive = true
}

resource "terraform_data" "known" {
  input = merge(var.tags, { Managed = "terraform" })
}

resource "terraform_data" "unknown" {
  input = merge(var.tags, { Id = terraform_data.known.id, Password = var.secret })
}

module "inner" {
  source = "./inner"
  tags   = var.tags
}

output "spelled" {
  value = { for key, value in var.scalars : key => tostring(value) }
}
"""
INNER = """
variable "tags" {}

resource "terraform_data" "each" {
  for_each = toset(["a", "b"])
  input    = var.tags
}
"""
SCALARS: dict[str, Any] = {
    "whole": 2048,
    "fraction": 1.0,
    "quarter": 0.25,
    "tenth": 0.1,
    "large": 1e21,
    "small": 1e-7,
    "longest": 123456789012345678901234567890,
    "negative": -3.50,
    "zero": -0.0,
    "yes": True,
    "no": False,
    "text": "1.0",
    "empty": "",
}
VARIABLES = {"tags": {"CostCenter": "FIN-001", "Team": "data"}, "scalars": SCALARS}

READER = FormReader(
    lambda: (
        tag_keeping("aws", {"prefix": "terraform_", "keeps": ["input"], "taggable": ["data"]}),
    )
)


def planned(folder: Path) -> str:
    """What a real Terraform plans of the module; it needs no provider but the one built in."""
    (folder / "inner").mkdir()
    (folder / "main.tf").write_text(MAIN)
    (folder / "inner" / "main.tf").write_text(INNER)
    (folder / "in.tfvars.json").write_text(json.dumps(VARIABLES))
    (folder / "rc").write_text("")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(TERRAFORM), *arguments],
            cwd=folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "rc"), "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    run("init", "-no-color", "-input=false")
    run("plan", "-no-color", "-input=false", "-var-file=in.tfvars.json", "-out=plan")
    return run("show", "-json", "plan")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The plan, made now where Terraform is at hand, and otherwise as it was recorded."""
    text = RECORDED.read_text(encoding="utf-8") if RECORDED.exists() else ""
    if TERRAFORM is not None:
        live = planned(tmp_path_factory.mktemp("module"))
        if ACCEPT:
            RECORDED.write_text(json.dumps(json.loads(live), indent=1) + "\n", encoding="utf-8")
        text = live
    reading = read_json("plan.json", text.encode())
    assert reading.faults == ()
    return reading.documents[0]


def test_resources_are_told_with_what_is_known_of_their_tags(plan: Document) -> None:
    told = {it.name: {tag.key: tag.text for tag in it.entries} for it in READER.sets(plan)}
    tags = VARIABLES["tags"]
    open_values = {"Id": "${known after apply}", "Password": "${sensitive}"}
    assert told == {
        "terraform_data.known": {**tags, "Managed": "terraform"},
        "terraform_data.unknown": {**tags, **open_values},
        'module.inner.terraform_data.each["a"]': tags,
        'module.inner.terraform_data.each["b"]': tags,
    }
    assert all(it.whole for it in READER.sets(plan))


def test_entries_are_placed_where_terraform_wrote_them(plan: Document) -> None:
    entries = [entry for it in READER.sets(plan) for entry in it.entries if not entry.is_open]
    assert len(entries) == 9
    lines = plan.text.split("\n")
    for entry in entries:
        place = entry.at.key.place
        written = lines[place.line - 1][place.column - 1 : place.end_column - 1]
        assert written == json.dumps(entry.key)


def test_scalars_are_spelled_as_terraform_spells_them(plan: Document) -> None:
    spelled = plan.value(("planned_values", "outputs", "spelled", "value"))
    assert spelled == {key: in_terraform(value) for key, value in SCALARS.items()}


MORE = """
resource "aws_s3_bucket" "scratch" {
  tags = var.tags
}
resource "google_sql_database_instance" "state" {
  settings {
    user_labels = var.tags
  }
}
resource "google_container_cluster" "shared" {
  resource_labels = var.tags
}
"""


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_plan_for_a_cloud_is_held_against_its_job(
    cloud: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    agrees_with_file: Callable[[str, Path], None],
) -> None:
    folder = tmp_path / cloud
    shutil.copytree(EXAMPLES / cloud, folder)
    (folder / ".git").mkdir()
    shutil.copy(PLANS / f"{cloud}.json", folder / "plan.json")
    # The plans hold more than the modules of the examples make.
    (module,) = (folder / "modules").iterdir()
    (module / "more.tf").write_text(MORE)
    monkeypatch.chdir(folder)
    (job,) = (folder / "jobs").glob("*.yaml")

    report = lint(["plan.json"], find_settings(folder), job=job, today=date(2026, 1, 1))

    assert report.crashes == ()
    told = [f"{it.place}: {it.message} [{it.rule.id}]\n" for it in report.findings]
    agrees_with_file("".join(told), PLANS / f"{cloud}.txt")
