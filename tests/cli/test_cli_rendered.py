"""Rendered sets on the command line: alone, with their job, broken, huge, and with secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli_samples import Repository
from plan_samples import change, plan_text

from dativo_lint.reports import REPORTS

JOB = """
tenant_id: acme
infrastructure:
  provider: aws
  tags: {CostCenter: FIN-001, Team: data}
"""
MODULE = 'variable "password" { sensitive = true }\nvariable "tags" { type = map(string) }\n'
PLAN = plan_text(
    change("aws_ecs_service.main", {"tags_all": {"CostCenter": "FIN-009", "Extra": "x"}}),
    change("aws_s3_bucket.gone", None, actions=("delete",)),
)
DRIFT = ["rendered-tag-mismatch", "missing-rendered-tag", "unexpected-rendered-tag"]


def found(repository: Repository, *arguments: str) -> list[tuple[str, str, str]]:
    """Rule, place and message of each finding."""
    _, out, _ = repository.run("check", "--format", "json", *arguments)
    return [
        (it["rule"], f"{it['place']['path']}:{it['place']['line']}", it["message"])
        for it in json.loads(out)["findings"]
    ]


def test_a_plan_is_held_against_the_job_however_it_is_given(repository: Repository) -> None:
    repository.write({"plan.json": PLAN, "jobs/a.yaml": JOB})
    named = found(repository, "--plan", "plan.json", "--job", "jobs/a.yaml")
    assert named == found(repository, "plan.json", "--job", "jobs/a.yaml")
    assert sorted(DRIFT) == sorted(rule for rule, _, _ in named)
    messages = [message for _, _, message in named]
    assert (
        'aws_ecs_service.main.tags_all.CostCenter is "FIN-009"; expected "FIN-001" from the job'
        in messages
    )
    assert 'aws_ecs_service.main has no tag "Team"; expected "data" from the job' in messages


def test_each_drift_shows_the_layer_that_says_otherwise(repository: Repository) -> None:
    repository.write({"plan.json": PLAN, "jobs/a.yaml": JOB})
    _, out, _ = repository.run("plan.json", "--job", "jobs/a.yaml")
    assert 'infrastructure.tags.CostCenter = "FIN-001" (set in the infrastructure block)' in out
    assert out.splitlines()[-1].startswith("2 errors, 1 warning in 1 rendered set (1 file)")


def test_alone_a_plan_is_held_against_what_the_shop_requires(repository: Repository) -> None:
    settings = "rules: {missing-cloud-tag: {params: {keys: [Owner]}}}\n"
    repository.write({"plan.json": PLAN, ".dativo-lint.yml": settings})
    assert found(repository, "plan.json") == [
        ("missing-cloud-tag", "plan.json:15", 'aws_ecs_service.main has no tag "Owner"')
    ]


def test_a_rendered_form_of_tags_agrees_with_its_job(repository: Repository) -> None:
    repository.write({"jobs/a.yaml": JOB})
    for sink in ("dagster", "dagster-metadata", "iceberg", "terraform", "aws"):
        _, out, _ = repository.run("tags", "jobs/a.yaml", "--sink", sink, "--format", "rendered")
        repository.write({f"built/{sink}.json": out})
        drift = [it for it in found(repository, f"built/{sink}.json") if it[0] in DRIFT]
        assert drift == [], sink
        changed = json.loads(out)
        key = next(key for key, value in changed["tags"].items() if isinstance(value, str))
        changed["tags"][key] = "other"
        repository.write({f"built/{sink}.json": json.dumps(changed)})
        drift = [it for it in found(repository, f"built/{sink}.json") if it[0] in DRIFT]
        assert [it[0] for it in drift] == ["rendered-tag-mismatch"], sink


def test_properties_and_variables_agree_with_the_job_too(repository: Repository) -> None:
    repository.write({"jobs/a.yaml": JOB})
    for form, name in (("properties", "p.json"), ("tfvars-json", "v.tfvars.json")):
        _, out, _ = repository.run("tags", "jobs/a.yaml", "--format", form)
        repository.write({name: out})
        drift = [it for it in found(repository, name, "--job", "jobs/a.yaml") if it[0] in DRIFT]
        assert drift == []


def test_a_variables_file_in_native_syntax_is_held_against_the_job(repository: Repository) -> None:
    text = 'tenant_id = "other"\ninfrastructure_provider = "aws"\ntags = { CostCenter = "F" }\n'
    repository.write({"jobs/a.yaml": JOB, "prod.tfvars": text})
    drift = found(repository, "prod.tfvars", "--job", "jobs/a.yaml")
    assert (
        "rendered-tag-mismatch",
        "prod.tfvars:1",
        'tenant_id is "other"; expected "acme" from the job',
    ) in drift
    stale = 'tags.CostCenter is "F"; expected "FIN-001" from the job'
    assert ("rendered-tag-mismatch", "prod.tfvars:3", stale) in drift


def test_a_bare_set_is_taken_where_something_tells_that_it_is_one(repository: Repository) -> None:
    repository.write({"built/tags.json": '{"Team": "data,base"}'})
    assert repository.run("built/tags.json")[0] == 2
    assert [it[0] for it in found(repository, "built/tags.json", "--sink", "aws")] == [
        "invalid-aws-tag"
    ]
    assert repository.run("--rendered", "built/tags.json")[0] == 0
    repository.write({".dativo-lint.yml": 'rendered: ["built/*.json"]\n'})
    assert "1 rendered set" in repository.run("built")[1]


@pytest.mark.parametrize("job", [True, False])
def test_the_summary_says_which_sets_were_compared_with_no_job(
    repository: Repository, job: bool
) -> None:
    repository.write({"tags.json": '{"Team": "data"}'})
    arguments = ["--rendered", "tags.json", "--sink", "aws", "-q"]

    _, out, _ = repository.run(*arguments, *(["--job", "jobs/orders.yaml"] if job else []))

    assert job is not ("1 rendered set not compared with a job (none is named)" in out)


def test_what_was_said_to_be_a_set_and_is_none_is_misuse(repository: Repository) -> None:
    repository.write({"list.json": "[1]", "jobs/two.yaml": f"{JOB}---{JOB}", "plan.json": PLAN})
    for arguments, said in (
        (("--plan", "list.json"), "list.json contains no rendered tag set"),
        (("--plan", "gone.json"), "gone.json: no such file"),
        (("plan.json", "--job", "jobs/gone.yaml"), "jobs/gone.yaml: no such file"),
        (("plan.json", "--job", "jobs/two.yaml"), "jobs/two.yaml contains 2 jobs; expected one"),
        (("plan.json", "--job", "plan.json"), "plan.json contains no job; expected one"),
    ):
        code, _, err = repository.run(*arguments)
        assert (code, said in err) == (2, True), err


def test_a_set_that_names_a_lost_job_is_a_finding(repository: Repository) -> None:
    repository.write({"set.yaml": "sink: aws\njob: jobs/lost.yaml\ntags: {Team: data}\n"})
    assert found(repository, "set.yaml") == [
        ("unknown-rendered-job", "set.yaml:2", 'job "jobs/lost.yaml": file not found')
    ]


def test_a_broken_job_of_a_set_is_told_by_its_own_finding(repository: Repository) -> None:
    text = "sink: aws\njob: jobs/bad.yaml\ntags: {Team: data}\n"
    repository.write({"set.yaml": text, "jobs/bad.yaml": "infrastructure: [\n"})
    rules = {(rule, place.partition(":")[0]) for rule, place, _ in found(repository, "set.yaml")}
    assert rules == {("unreadable-file", "jobs/bad.yaml")}


@pytest.mark.parametrize("given", [("plan.json",), (".",), ("--plan", "plan.json")])
def test_a_truncated_plan_is_a_finding(repository: Repository, given: tuple[str, ...]) -> None:
    repository.write({"plan.json": PLAN[: len(PLAN) // 2]})
    rules = {(rule, place.partition(":")[0]) for rule, place, _ in found(repository, *given)}
    assert ("unreadable-file", "plan.json") in rules


def test_a_plan_of_another_format_is_a_finding_and_not_read(repository: Repository) -> None:
    repository.write({"plan.json": PLAN.replace('"1.2"', '"2.0"')})
    assert found(repository, "plan.json", "--job", "jobs/orders.yaml") == [
        (
            "unsupported-plan",
            "plan.json:2",
            'format_version is "2.0"; expected 1.0 or another 1.x',
        )
    ]


def test_a_huge_plan_is_a_finding_that_names_the_limit(repository: Repository) -> None:
    with (repository.folder / "plan.json").open("wb") as stream:
        stream.write(PLAN.encode())
        stream.truncate(100 * 1024 * 1024)
    assert found(repository, "plan.json") == [
        (
            "unreadable-file",
            "plan.json:1",
            "more than 33554432 bytes, the setting limits.rendered_bytes",
        )
    ]


def test_a_plan_may_be_larger_than_other_files(repository: Repository) -> None:
    many = [change("aws_s3_bucket.x", {"bucket": "b" * 900}) for _ in range(4000)]
    text = plan_text(change("aws_s3_bucket.y", {"tags_all": {"Bad,Key": "x"}}), *many)
    assert len(text) > 4 * 1024 * 1024
    repository.write({"plan.json": text, "data.json": text.replace("format_version", "x")})
    assert ["invalid-aws-tag"] == [rule for rule, _, _ in found(repository, "plan.json")]
    (other,) = found(repository, "data.json")
    assert other[2] == "more than 4194304 bytes, the setting limits.file_bytes"


def secret_plan() -> dict[str, Any]:
    """A change with a tag that is sensitive and one that is not."""
    tags = {"Password": "hunter2", "Bad,Key": "x", "CostCenter": "FIN-9"}
    after = {"tags": tags, "tags_all": tags}
    return change("aws_ecs_service.main", after, None, {"tags": {"Password": True}})


@pytest.mark.parametrize("form", sorted(set(REPORTS) - {"statistics"}))
@pytest.mark.parametrize("is_compact", [True, False])
def test_no_form_shows_what_is_sensitive_in_a_plan(
    repository: Repository, form: str, is_compact: bool
) -> None:
    text = plan_text(secret_plan(), variables={"password": {"value": "hunter2"}})
    if is_compact:
        text = json.dumps(json.loads(text))
    repository.write({"plan.json": text, "jobs/a.yaml": JOB})
    code, out, err = repository.run(
        "plan.json", "--job", "jobs/a.yaml", "--format", form, "--show-unresolved"
    )
    assert code == 1
    assert "hunter2" not in out + err
    if form != "table":
        assert "Password" in out


def test_a_sensitive_variable_is_not_shown_in_a_variables_file(repository: Repository) -> None:
    job = JOB + "  terraform_module: ./m\n  terraform_vars: {password: hunter1}\n"
    variables = 'infrastructure_provider = "aws"\npassword = "hunter2"\ntags = {}\n'
    repository.write({"jobs/a.yaml": job, "m/main.tf": MODULE, "prod.tfvars": variables})
    _, out, _ = repository.run("prod.tfvars", "--job", "jobs/a.yaml", "--format", "json")
    stale = [it for it in json.loads(out)["findings"] if it["field"] == "password"]
    assert [it["rule"] for it in stale] == ["rendered-tag-mismatch"]
    _, text, _ = repository.run("prod.tfvars", "--job", "jobs/a.yaml")
    assert "hunter" not in out + text


def test_a_set_cannot_command_a_terminal(repository: Repository) -> None:
    tags = {"sink": "aws", "tags": {"a\x1b[31m\n::error::x": "b\x1b]0;x\x07"}}
    repository.write({"set.json": json.dumps(tags)})
    for form in REPORTS:
        _, out, _ = repository.run("set.json", "--format", form)
        assert "\x1b" not in out
        assert "\n::error::x" not in out


def test_an_allowance_in_a_set_is_heard(repository: Repository) -> None:
    text = """
sink: aws
tags:
  # dativo-lint: ignore[invalid-aws-tag] because the import is being mended
  Team: a,b
"""
    repository.write({"set.yaml": text})
    code, out, _ = repository.run("set.yaml")
    assert code == 0
    assert "1 suppressed" in out


def test_overrides_of_the_settings_hold_for_sets_of_a_tenant(repository: Repository) -> None:
    settings = """
overrides:
  - when: {tenant_id: acme}
    rules: {rendered-tag-mismatch: {severity: note}}
"""
    tags = "sink: aws\njob: jobs/a.yaml\ntags: {CostCenter: F, Team: data}\n"
    repository.write({".dativo-lint.yml": settings, "jobs/a.yaml": JOB, "set.yaml": tags})
    code, out, _ = repository.run("set.yaml")
    assert code == 0
    assert 'note: CostCenter is "F"; expected "FIN-001" from the job' in out


MAKES_QUEUES = """
variable "tags" { type = map(string) }

provider "aws" {
  default_tags {
    tags = { Origin = "terraform" }
  }
}

resource "aws_sqs_queue" "jobs" {
  count = 1
  tags  = merge(var.tags, { Team = lower(var.tags.Team), CostCenter = "FIN-777", Kind = "queue" })
}

resource "aws_sqs_queue" "other" {
  tags = merge(var.tags, data.aws_default_tags.all.tags)
}

data "aws_default_tags" "all" {}
"""


def test_what_the_module_makes_of_the_tags_is_expected_of_its_resources(
    repository: Repository,
) -> None:
    job = JOB.replace("Team: data", "Team: Data") + "  terraform_module: ./module\n"
    tags = {"Team": "data", "CostCenter": "FIN-777", "Kind": "queue", "Origin": "terraform"}
    passed = {**tags, "Team": "Data", "CostCenter": "FIN-001"}
    plan = plan_text(
        change('module.a["x"].aws_sqs_queue.jobs[0]', {"tags_all": tags}),
        change("aws_sqs_queue.jobs[0]", {"tags_all": {**tags, "Kind": "topic", "Extra": "x"}}),
        change("aws_sqs_queue.other", {"tags_all": passed}),
    )
    repository.write({"jobs/a.yaml": job, "module/main.tf": MAKES_QUEUES, "plan.json": plan})
    messages = [it for _, _, it in found(repository, "plan.json", "--job", "jobs/a.yaml")]
    resource = 'module.a["x"].aws_sqs_queue.jobs[0]'
    unset = "but is not set in the job or its asset"
    assert messages == [
        f'{resource}.tags_all.CostCenter is "FIN-777"; expected "FIN-001" from the job',
        ('aws_sqs_queue.jobs[0].tags_all.CostCenter is "FIN-777"; expected "FIN-001" from the job'),
        'aws_sqs_queue.jobs[0].tags_all.Kind is "topic"; expected "queue" from the module',
        f'unexpected tag: aws_sqs_queue.jobs[0].tags_all.Extra is "x", {unset}',
    ]
    _, out, _ = repository.run("plan.json", "--job", "jobs/a.yaml", "--show-unresolved")
    assert "aws_sqs_queue.other.tags_all.Kind may be the module's" in out


def test_a_plan_comes_from_standard_input_too(repository: Repository) -> None:
    many = [change("aws_s3_bucket.x", {"bucket": "b" * 900}) for _ in range(4000)]
    text = plan_text(change("aws_s3_bucket.y", {"tags_all": {"Bad,Key": "x"}}), *many)
    code, out, _ = repository.run("-", "--stdin-filename", "plan.json", stdin=text.encode())
    assert code == 1
    assert 'plan.json:16:7: error: tag key "Bad,Key" of aws_s3_bucket.y' in out
    code, out, _ = repository.run("-", "--stdin-filename", "x.json", stdin=b" " * 5_000_000)
    assert "more than 4194304 bytes, the setting limits.file_bytes" in out


@pytest.mark.parametrize(
    "plan", [plan_text(), plan_text(change("null_resource.a", {"triggers": {}}))]
)
def test_a_plan_without_tags_is_nothing_to_check(repository: Repository, plan: str) -> None:
    repository.write({"plan.json": plan, "jobs/a.yaml": JOB})
    for arguments in (["plan.json"], ["--plan", "plan.json", "--job", "jobs/a.yaml"]):
        code, out, err = repository.run(*arguments)
        assert (2, "") == (code, out)
        assert "nothing to check: plan.json: no resource with tags" in err
    _, out, _ = repository.run("--format", "json", "jobs/a.yaml", "--plan", "plan.json")
    assert ["plan.json"] == json.loads(out)["passed_over"]


@pytest.mark.parametrize(
    "arguments", [["--job", "jobs/a.yaml"], ["--sink", "aws"], ["jobs/a.yaml", "--sink", "aws"]]
)
def test_what_is_said_of_rendered_sets_needs_one(
    repository: Repository, arguments: list[str]
) -> None:
    repository.write({"jobs/a.yaml": JOB})
    code, _, err = repository.run(*arguments)
    assert 2 == code
    assert "name one with --plan or --rendered" in err


def test_a_plan_outside_of_the_repository_is_read(repository: Repository) -> None:
    repository.write({"jobs/a.yaml": JOB, "plan.json": PLAN})
    inside = found(repository, "--plan", "plan.json", "--job", "jobs/a.yaml")
    for name in ("plan.json", "other.json"):
        outside = repository.folder.parent / name
        outside.write_text(PLAN)
        told = found(repository, "--plan", str(outside), "--job", "jobs/a.yaml")
        assert [
            (*it[:1], f"{outside}{it[1].removeprefix('plan.json')}", it[2]) for it in inside
        ] == told
    named = json.dumps({"sink": "aws", "job": "jobs/a.yaml", "tags": {"Team": "other"}})
    outside.write_text(named)
    assert {"rendered-tag-mismatch", "missing-rendered-tag"} == {
        rule for rule, *_ in found(repository, "--rendered", str(outside))
    }
    code, _, err = repository.run("--plan", str(repository.folder.parent / "none.json"))
    assert 2 == code
    assert "none.json: no such file" in err


INNER = 'resource "aws_s3_bucket" "b" {\n  tags = var.tags\n}\nvariable "tags" {}\n'
OUTER = """
variable "tags" {}
module "inner" {
  source = "./inner"
  tags   = merge(var.tags, { Inner = "yes" })
}
resource "aws_s3_bucket" "b" {
  tags = var.tags
}
"""
OWN = {"CostCenter": "FIN-001", "Team": "data"}


def test_only_what_the_module_of_the_job_makes_is_held_against_it(repository: Repository) -> None:
    """What a plan makes beside the module, or below another one, is somebody else's."""
    plan = plan_text(
        change("aws_s3_bucket.state", {"tags_all": {"Owner": "ops"}}),
        change("module.net.aws_vpc.v", {"tags_all": {"Owner": "ops"}}),
        change('module.job["a"].aws_s3_bucket.b[0]', {"tags_all": {**OWN, "Team": "other"}}),
        change("module.job.module.inner.aws_s3_bucket.b", {"tags_all": {**OWN, "Inner": "yes"}}),
    )
    job = f"{JOB}  terraform_module: ./module\n"
    repository.write(
        {
            "plan.json": plan,
            "jobs/a.yaml": job,
            "module/main.tf": OUTER,
            "module/inner/main.tf": INNER,
        }
    )
    (only,) = found(
        repository, "--plan", "plan.json", "--job", "jobs/a.yaml", "--select", "rendered"
    )
    assert 'module.job["a"].aws_s3_bucket.b[0].tags_all.Team is "other"' in only[2]
    repository.write({"module/more.tf": 'module "net" {\n  source = "somebody/net/aws"\n}\n'})
    told = found(repository, "--plan", "plan.json", "--job", "jobs/a.yaml", "--select", "rendered")
    assert "unexpected-rendered-tag" in {
        rule for rule, _, message in told if "aws_vpc.v" in message
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.tfvars", 'tags = {\n  Team = "other"\n}\n'),
        ("own.tfvars.json", '{"tags": {"Team": "other"}, "resource_refs": {"a": "b"}}'),
    ],
)
def test_variables_files_of_mappings_are_rendered_sets(
    repository: Repository, name: str, text: str
) -> None:
    module = 'variable "tags" {\n  type = map(string)\n}\n'
    job = f"{JOB}  terraform_module: ./module\n"
    repository.write({name: text, "jobs/a.yaml": job, "module/main.tf": module})
    for given in (["--rendered", name], [name]):
        told = found(repository, *given, "--job", "jobs/a.yaml")
        assert 'tags.Team is "other"; expected "data" from the job' in {
            message for *_, message in told
        }
