"""What `module` prints of a module's contract, and of what a job gives it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cli_samples import Repository

VARIABLES = """
terraform {
  required_version = ">= 1.9, < 2.0"
}

variable "job_name" {
  type        = string
  description = "what runs"
}

variable "days" {
  type    = number
  default = 14

  validation {
    condition = contains(
      [1, 7, 14],
      var.days
    )
    error_message = "One, seven or fourteen."
  }
}

variable "password" {
  type      = string
  default   = "swordfish"
  sensitive = true

  validation {
    condition     = length(var.password) > 20
    error_message = "${var.password} is too short."
  }
}

variable "network" {
  type     = object({ vpc = string, zone = optional(string, "a") })
  nullable = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "finops_cost_center" {
  type = number
}
"""
RESOURCES = """
locals {
  tags = merge(var.tags, { ManagedBy = "terraform" })
}

resource "aws_ecs_cluster" "job" {
  tags = local.tags
}

resource "aws_sqs_queue" "job" {
  count = 0
}

module "alarms" {
  source = "github.com/acme/modules//alarms"
}

output "cluster" {
  value = aws_ecs_cluster.job.arn
}
"""
JOB = """
asset_path: asset.yaml
finops: {cost_center: FIN-002}
infrastructure:
  tags: {Team: data}
  terraform_vars:
    days: 30
    password: hunter2
    network: {vpc: vpc-1, zon: b}
    unknown: 1
"""
FILES = {
    "modules/job/variables.tf": VARIABLES,
    "modules/job/main.tf": RESOURCES,
    "job.yaml": JOB,
    "asset.yaml": "asset:\n  finops: {cost_center: FIN-001}\n",
}


def contract(repository: Repository, *arguments: str) -> dict[str, Any]:
    """The contract of the module as JSON."""
    repository.write(FILES)
    code, out, err = repository.run("module", "modules/job", "--format", "json", *arguments)
    assert (code, err) in ((0, ""), (1, ""))
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_tells_what_the_module_declares(repository: Repository) -> None:
    told = contract(repository)
    variables = {it["name"]: it for it in told["variables"]}

    assert 1 == told["version"]
    assert [">= 1.9, < 2.0"] == told["required_version"]
    assert 'object({vpc=string,zone=optional(string,"a")})' == variables["network"]["type"]
    assert [True, False] == [variables[name]["required"] for name in ("network", "tags")]
    assert ("14", "(sensitive)") == tuple(variables[it]["default"] for it in ("days", "password"))
    (validation,) = variables["days"]["validations"]
    assert "contains( [1, 7, 14], var.days )" == validation["condition"]
    assert ("modules/job/variables.tf", 15) == (validation["path"], validation["line"])
    assert ["cluster"] == [it["name"] for it in told["outputs"]]
    assert (False, "git", None) == tuple(
        told["calls"][0][it] for it in ("pinned", "kind", "folder")
    )
    assert [] == told["errors"]
    assert "given" not in variables["days"]


def test_json_tells_which_tags_reach_which_resource(repository: Repository) -> None:
    cluster, queue = contract(repository, "--job", "job.yaml")["resources"]

    assert ["tags"] == cluster["variables"]
    assert ["local.tags"] == [it["expression"] for it in cluster["tagged_by"]]
    assert {"ManagedBy": "terraform", "Team": "data"} == cluster["tags"]["known"]
    assert ([], None) == (queue["tagged_by"], queue["tags"])


def test_a_job_fills_in_values_sources_and_verdicts(repository: Repository) -> None:
    told = contract(repository, "--job", "job.yaml")
    given = {it["name"]: it["given"] for it in told["variables"]}

    assert {
        "job_name": "unresolved",
        "days": "invalid",
        "password": "invalid",
        "network": "accepted",
        "tags": "accepted",
        "finops_cost_center": "invalid",
    } == {name: it["verdict"] for name, it in given.items()}
    assert ["One, seven or fourteen."] == given["days"]["reasons"]
    assert [["zon"]] == given["network"]["dropped"]
    assert ["FIN-001", "FIN-002"] == [it["value"] for it in given["finops_cost_center"]["trail"]]
    assert ["a number is required"] == given["finops_cost_center"]["reasons"]
    assert ("terraform_vars", "platform") == (given["days"]["by"], given["tags"]["by"])
    assert ["unknown"] == [it["name"] for it in told["undeclared"]]


@pytest.mark.parametrize(
    ("text", "given", "alone", "with_job"),
    [
        ('variable "a" {}\n', "a: 1", 0, 0),
        ('variable "a" {}\n', "b: 1", 0, 1),
        ('variable "a" {\n  type = number\n}\n', "a: x", 0, 1),
        ('variable "a" {}\nvariable "a" {}\n', "a: 1", 1, 1),
        ("output {\n", "a: 1", 1, 1),
        (None, "a: 1", 1, 1),
    ],
)
def test_the_exit_code_tells_a_broken_module_and_a_refused_or_missing_value(
    repository: Repository, text: str | None, given: str, alone: int, with_job: int
) -> None:
    files = {"m/README.md": ""} if text is None else {"m/main.tf": text}
    job = f"infrastructure:\n  provider: aws\n  terraform_vars: {{{given}}}\n"
    repository.write({**files, "job.yaml": job})
    assert alone == repository.run("module", "m")[0]
    assert with_job == repository.run("module", "m", "--job", "job.yaml")[0]


@pytest.mark.parametrize(
    "command",
    ["check job.yaml text", "check job.yaml json", "check job.yaml sarif", "module m json"],
)
def test_what_is_ephemeral_is_as_secret_as_what_is_sensitive(
    repository: Repository, command: str
) -> None:
    declared = (
        'variable "p" {\n  type = string\n  ephemeral = true\n  default = "swordfish"\n'
        "  validation {\n    condition = length(var.p) > 20\n"
        '    error_message = "${var.p} is short."\n  }\n}\n'
        'variable "q" {\n  type = number\n  ephemeral = true\n}\n'
        'variable "r" {\n  validation {\n    condition = var.r == var.p\n'
        '    error_message = "${var.p} it is."\n  }\n}\n'
    )
    job = (
        "infrastructure:\n  provider: aws\n  terraform_module: ./m\n"
        "  terraform_vars: {p: hunter2, q: hunter3, r: x}\n"
    )
    repository.write({"m/main.tf": declared, "job.yaml": job})
    name, path, form = command.split()
    job_option = ("--job", "job.yaml") if name == "module" else ()
    code, out, _ = repository.run(name, path, *job_option, "--format", form)
    assert 1 == code
    assert not [it for it in ("swordfish", "hunter2", "hunter3") if it in out]
    assert (name == "module") == ("so it will not be displayed" in out)


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
@pytest.mark.parametrize("arguments", [(), ("--job", "job.yaml")])
def test_no_form_shows_what_is_sensitive(
    repository: Repository, form: str, arguments: tuple[str, ...]
) -> None:
    repository.write(FILES)
    code, out, _ = repository.run("module", "modules/job", "--format", form, *arguments)

    assert (1 if arguments else 0) == code
    assert "(sensitive)" in out
    assert "hunter2" not in out
    assert "swordfish" not in out


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_people_are_told_all_of_it(repository: Repository, form: str) -> None:
    repository.write(FILES)
    _, out, _ = repository.run(
        "module", "modules/job", "--job", "job.yaml", "--all", "--format", form
    )

    for said in ("days", "14", "invalid", "One, seven or fourteen.", "local.tags", "var.tags"):
        assert said in out
    assert "terraform_vars sets unknown, which the module does not declare" in out.replace("\\", "")


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_hostile_text_does_no_harm(repository: Repository, form: str) -> None:
    text = (
        'variable "a" {\n  default = "\x1b[31m ##[error]x | <b> `"\n'
        '  description = "\u202e"\n}\noutput "o" {\n  value = "::error::y\u0007"\n}\n'
    )
    repository.write({"m/main.tf": text, "m/b.tf": 'x = 1\nvariable "\x1b]0;" {}\n'})
    code, out, _ = repository.run("module", "m", "--format", form)

    assert 1 == code
    assert not {"\x1b", "\u202e", "\u0007"} & set(out)
    assert "##[error]" not in out


def test_a_broken_module_is_told_as_far_as_it_can_be_read(repository: Repository) -> None:
    repository.write({"m/a.tf": 'variable "a" {\n  type = strin\n}\n', "m/b.tf": "output {"})
    code, out, _ = repository.run("module", "m", "--format", "json")
    told = json.loads(out)

    assert (1, False) == (code, told["complete"])
    assert ["a"] == [it["name"] for it in told["variables"]]
    assert {"m/a.tf", "m/b.tf"} == {it["path"] for it in told["errors"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gone",), "gone is not a folder"),
        (("modules/job/main.tf",), "modules/job/main.tf is not a folder"),
        (("..",), ".. is outside the repository"),
        (("modules/job", "--job", "gone.yaml"), "gone.yaml"),
        (("modules/job", "--job", "two.yaml"), "two.yaml holds 2 jobs"),
    ],
)
def test_misuse_is_told(repository: Repository, arguments: tuple[str, ...], message: str) -> None:
    repository.write({**FILES, "two.yaml": f"{JOB}---{JOB}"})
    code, out, err = repository.run("module", *arguments)

    assert (2, "") == (code, out)
    assert message in err


def test_with_a_job_what_needs_attention_comes_first_and_defaults_are_folded(
    repository: Repository,
) -> None:
    optional = 'variable "spare" {\n  default = 1\n}\nvariable "gone" {\n  type = string\n}\n'
    repository.write({**FILES, "modules/job/more.tf": optional})
    rows = {
        part: repository.run("module", "modules/job", "--job", "job.yaml", *part)[1]
        for part in ((), ("--all",))
    }
    states = re.findall(r"(not set|invalid|unresolved|set)$", rows[()].split("\n\n")[1], re.M)

    assert ["not set", "invalid"] == list(dict.fromkeys(states))[:2]
    assert sorted(states, key=["not set", "invalid", "unresolved", "set"].index) == states
    assert "spare" not in rows[()]
    assert "spare" in rows[("--all",)]
    assert "not shown: 1 variable with its default, 1 output, 1 module call, 2 validations" in (
        " ".join(rows[()].split())
    )
    assert "not shown" not in rows[("--all",)]
    alone = repository.run("module", "modules/job")[1]
    assert alone == repository.run("module", "modules/job", "--all")[1]
