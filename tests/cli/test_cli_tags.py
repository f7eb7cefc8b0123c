"""What `tags` prints of each sink, as a table, as JSON, and for a pipeline."""

from __future__ import annotations

import csv
import io
import json

import pytest
from cli_samples import Repository
from repository_samples import JOB

FILES = {
    "jobs/orders.yaml": """
tenant_id: acme
source_connector: stripe
asset_path: assets/orders.yaml
finops: {cost_center: FIN-002}
infrastructure:
  provider: gcp
  vcpu: 1
  terraform_module: ./modules/job
  resource_refs: {cluster: "${terraform_output.cluster}"}
  tags: {Env: prod, Size: 1.0}
  terraform_vars: {password: hunter2, days: 30}
""",
    "assets/orders.yaml": """
asset:
  name: orders
  finops: {cost_center: FIN-001}
""",
    "modules/job/main.tf": 'variable "password" { sensitive = true }\n',
}
RUNNER = """
runner:
  orchestrator:
    schedules: [{name: nightly, config: jobs/orders.yaml, tags: {window: night}}]
"""


def test_the_table_of_a_sink_tells_who_said_what(repository: Repository) -> None:
    repository.patch.setenv("COLUMNS", "120")
    repository.write(FILES)
    code, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "iceberg")
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("finops.cost_center"))
    assert row.split(None, 2)[1:] == [
        "FIN-002",
        "job jobs/orders.yaml:5:23 over asset assets/orders.yaml:4:25",
    ]


def test_json_holds_the_trail_of_every_entry(repository: Repository) -> None:
    repository.write(FILES)
    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "dagster", "--format", "json")
    entries = {it["key"]: it for it in json.loads(out)["jobs"][0]["tags"]}
    assert entries["tenant"]["trail"][0]["line"] == 2
    assert entries["infrastructure_Env"]["trail"][-1]["field"] == "infrastructure.tags.Env"
    assert all(it["trail"] for it in entries.values())


def test_properties_are_an_object_of_texts(repository: Repository) -> None:
    repository.write(FILES)
    code, out, _ = repository.run("tags", "jobs/orders.yaml", "--format", "properties")
    assert code == 0
    assert json.loads(out) == {
        "finops.cost_center": "FIN-002",
        "asset.name": "orders",
        "infrastructure.provider": "gcp",
        "infrastructure.vcpu": "1.0",
        "infrastructure.Env": "prod",
        "infrastructure.Size": "1.0",
    }


def test_a_variables_file_leaves_out_what_is_not_known_or_not_to_be_shown(
    repository: Repository,
) -> None:
    repository.write(FILES)
    code, out, err = repository.run("tags", "jobs/orders.yaml", "--format", "tfvars-json")
    assert code == 0
    variables = json.loads(out)
    assert variables["days"] == 30
    assert variables["tags"] == {"Env": "prod", "Size": 1.0}
    assert variables["resource_refs"] == {"cluster": "${terraform_output.cluster}"}
    assert not {"password", "job_name"} & set(variables)
    assert err.splitlines() == [
        "job_name is known only at run time, and left out",
        "password is sensitive, and left out",
    ]


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_sensitive_variable_is_named_and_not_shown(repository: Repository, form: str) -> None:
    repository.write(FILES)
    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "terraform", "--format", form)
    assert "password" in out
    assert "hunter2" not in out


def test_a_rendered_set_names_its_sink_and_its_job(repository: Repository) -> None:
    repository.write(FILES | {"runner.yaml": RUNNER})
    command = ("tags", "jobs/orders.yaml", "--format", "rendered", "--sink")
    _, out, _ = repository.run(*command, "dagster")
    told = json.loads(out)
    assert (told["sink"], told["job"]) == ("dagster", "jobs/orders.yaml")
    assert told["tags"]["job_name"] == "nightly"
    assert told["tags"]["window"] == "night"
    _, out, _ = repository.run(*command, "gcp")
    assert json.loads(out)["tags"] == {"Env": "prod", "Size": "1"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "rendered"), "--format rendered needs --sink"),
        (("--format", "properties", "--sink", "aws"), "is a form of the sink iceberg, not of aws"),
        (("--format", "tfvars-json", "--key", "a"), "the form tfvars-json holds every key"),
    ],
)
def test_a_form_that_cannot_be_made_is_misuse(
    repository: Repository, arguments: tuple[str, ...], said: str
) -> None:
    repository.write(FILES)
    code, out, err = repository.run("tags", "jobs/orders.yaml", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_form_is_of_one_job(repository: Repository) -> None:
    repository.write(
        {"jobs.yaml": "infrastructure: {provider: aws}\n---\ninfrastructure: {provider: aws}\n"}
    )
    code, _, err = repository.run("tags", "jobs.yaml", "--format", "properties")
    assert code == 2
    assert "--format properties needs exactly one job, found 2" in err


MODULE = """
variable "tags" { type = map(string) }

resource "google_storage_bucket" "lake" {
  labels = merge({ for key, value in var.tags : lower(key) => value }, { zone = "raw" })
}

resource "google_storage_bucket" "other" {
  labels = data.google_storage_bucket.model.labels
}

data "google_storage_bucket" "model" {}
"""


def test_a_cloud_is_told_by_its_resources(repository: Repository) -> None:
    repository.write(FILES | {"modules/job/main.tf": MODULE})
    command = ("tags", "jobs/orders.yaml", "--sink", "gcp")
    _, out, _ = repository.run(*command)
    lines = [line.split(None, 3) for line in out.splitlines()]
    assert ["google_storage_bucket.lake", "env", "prod"] in [line[:3] for line in lines]
    zone = next(line for line in lines if line[1:2] == ["zone"])
    assert zone[3].startswith("module modules/job/main.tf:5:")
    assert "google_storage_bucket.other may have other tags" in out
    _, out, _ = repository.run(*command, "--format", "json")
    lake, other = json.loads(out)["jobs"][0]["resources"]
    assert {it["key"]: it["value"] for it in lake["tags"]} == {
        "env": "prod",
        "size": "1",
        "zone": "raw",
    }
    assert other["may_have_others"]


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_many_jobs_are_exported_in_one_call(repository: Repository) -> None:
    repository.write({"jobs/other.yaml": f"{JOB}---\n{JOB}", "jobs/broken.yaml": f"{JOB}a: ["})
    expected = [("jobs/orders.yaml", 1), ("jobs/other.yaml", 1), ("jobs/other.yaml", 2)]

    for paths in (("jobs",), ("jobs/o*.yaml",), ("jobs/orders.yaml", "jobs/other.yaml")):
        code, out, err = repository.run("tags", *paths, "--format", "json")
        assert code == int("jobs" in paths)
        assert ("jobs" in paths) == ("jobs/broken.yaml:" in err)
        jobs = json.loads(out)["jobs"]
        assert expected == [(job["job"], job["document"]) for job in jobs]
        _, out, _ = repository.run("tags", *paths, "--format", "jsonl")
        assert jobs == list(map(json.loads, out.splitlines()))
        _, out, _ = repository.run("tags", *paths, "--format", "csv")
        rows = [(row["job"], int(row["document"]), row["key"]) for row in csv_rows(out)]
        assert rows == [
            (job["job"], job["document"], tag["key"]) for job in jobs for tag in job["tags"]
        ]
        centers = [row for row in csv_rows(out) if row["key"] == "finops.cost_center"]
        assert [("FIN-001", "asset")] * 3 == [(row["value"], row["layer"]) for row in centers]
    assert 2 == repository.run("tags", "jobs", "--format", "properties")[0]
    assert 2 == repository.run("tags", "connectors")[0]


@pytest.mark.parametrize("text", [None, "a: [", JOB])
@pytest.mark.parametrize(
    "arguments",
    [
        ("tags", "jobs/orders.yaml"),
        ("tags", "jobs"),
        ("tags", "jobs", "--format", "csv"),
        ("tags", "jobs", "--format", "json"),
        ("tags", "jobs", "--format", "jsonl"),
        ("tags", "jobs", "--format", "rendered", "--sink", "dagster"),
        ("coverage", "jobs"),
    ],
    ids=" ".join,
)
def test_tags_of_an_asset_that_cannot_be_read_are_not_left_out_in_silence(
    repository: Repository, text: str | None, arguments: tuple[str, ...]
) -> None:
    job = JOB.replace("assets/orders.yaml", "assets/other.yaml")
    repository.write({"jobs/orders.yaml": job} | ({"assets/other.yaml": text} if text else {}))

    code, out, err = repository.run(*arguments)

    assert (1, True) == (code, bool(out))
    assert 'jobs/orders.yaml:8:13: asset "assets/other.yaml" could not be read' in err
    later = job.replace("assets/other.yaml", "${ASSET}")
    repository.write({"jobs/orders.yaml": later})
    assert 0 == repository.run(*arguments)[0]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_nothing_of_a_job_is_sent_to_the_cloud_of_another_provider(
    repository: Repository, form: str
) -> None:
    code, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "gcp", "--format", form)

    assert 0 == code
    assert "FIN-001" not in out
    if form != "csv":
        assert 'no tags reach gcp: infrastructure.provider is "aws"' in out.replace("\\", "")
    assert "FIN-001" in repository.run("tags", "jobs/orders.yaml", "--sink", "aws")[1]


def test_a_set_of_which_nothing_is_sent_is_not_rendered(repository: Repository) -> None:
    command = ("tags", "jobs/orders.yaml", "--format", "rendered", "--sink")
    code, out, err = repository.run(*command, "gcp")

    assert (2, "") == (code, out)
    assert 'no tags reach gcp: infrastructure.provider is "aws"' in err
    assert 0 == repository.run(*command, "aws")[0]


@pytest.mark.parametrize("mark", ["sensitive", "ephemeral"])
@pytest.mark.parametrize("form", ["table", "json", "csv", "rendered"])
def test_what_a_module_makes_of_a_secret_is_not_shown(
    repository: Repository, mark: str, form: str
) -> None:
    module = f"""\
variable "word" {{
  type = string
  {mark} = true
}}
resource "aws_s3_bucket" "b" {{
  tags = {{ Plain = "shown", Made = "a-${{var.word}}" }}
}}
"""
    job = JOB + "  terraform_module: ./module\n  terraform_vars: {word: HUSHHUSH}\n"
    repository.write({"jobs/orders.yaml": job, "module/main.tf": module})
    _, out, err = repository.run("tags", "jobs/orders.yaml", "--sink", "aws", "--format", form)

    assert "shown" in out
    assert "HUSH" not in out + err
    told = repository.run("module", "module", "--job", "jobs/orders.yaml", "--format", "json")[1]
    assert "HUSH" not in told


@pytest.mark.parametrize("meta", ["count = var.create ? 1 : 0", "for_each = toset(var.create)"])
@pytest.mark.parametrize(
    "tags", ["", "tags = {}", 'tags = { Environment = "other" }', 'tags = { "a?" = "b" }']
)
def test_of_a_resource_that_may_not_be_made_nothing_is_found(
    repository: Repository, meta: str, tags: str
) -> None:
    module = f'variable "create" {{}}\nresource "aws_s3_bucket" "b" {{\n  {meta}\n  {tags}\n}}\n'
    job = JOB + '  terraform_module: ./module\n  terraform_vars: {create: "${known_later}"}\n'
    settings = "rules: {missing-cloud-tag: {params: {keys: [Owner]}}}\n"
    repository.write(
        {"jobs/orders.yaml": job, "module/main.tf": module, ".dativo-lint.yml": settings}
    )

    report = json.loads(repository.run("--format", "json", "jobs/orders.yaml")[1])

    assert [] == [it for it in report["findings"] if "aws_s3_bucket" in it["message"]]
    unresolved = [it["message"] for it in report["unresolved"]]
    assert "whether aws_s3_bucket.b is made is not known" in unresolved
    if tags:
        _, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "aws")
        assert "aws_s3_bucket.b may not be created" in out


@pytest.mark.parametrize("meta", ["count = 0", "for_each = {}", "count = var.create ? 1 : 0"])
def test_a_module_that_makes_nothing_receives_nothing(repository: Repository, meta: str) -> None:
    module = f"""\
variable "create" {{ default = false }}
variable "tags" {{}}
resource "aws_s3_bucket" "b" {{
  {meta}
  tags = var.tags
}}
"""
    job = JOB + "  terraform_module: ./module\n"
    repository.write({"jobs/orders.yaml": job, "module/main.tf": module})

    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "aws")
    assert "no tags reach aws: the module makes none of its resources for this job" in out
    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--sink", "aws", "--format", "json")
    assert [] == json.loads(out)["jobs"][0]["tags"]
