"""Coverage counts jobs by what became of their tags, and says of how many."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli_samples import Repository

GCP = "infrastructure: {provider: gcp, tags: {%s}}\n"
FILES = {
    "jobs/good.yaml": "tenant_id: a\nfinops: {cost_center: fin-1}\n" + GCP % "cost_center: fin-1",
    "jobs/illegal.yaml": "tenant_id: a\nfinops: {cost_center: FIN-1}\n" + GCP % "CostCenter: FIN-1",
    "jobs/missing.yaml": "tenant_id: b\n" + GCP % "team: data",
    "jobs/open.yaml": 'tenant_id: b\nfinops: {cost_center: "${CC}"}\n'
    + GCP % 'cost_center: "${CC}"',
    "jobs/aws.yaml": "finops: {cost_center: FIN-1}\ninfrastructure: {provider: aws}\n",
}
KEY = ("--key", "finops.cost_center")


@pytest.fixture(autouse=True)
def _without_the_usual_job(repository: Repository) -> None:
    (repository.folder / "jobs" / "orders.yaml").unlink()


def rows(repository: Repository, *arguments: str) -> dict[tuple[str, str], dict[str, object]]:
    """The rows of the report in JSON by group and sink."""
    code, out, _ = repository.run(
        "coverage", *KEY, "--by", "tenant", "--format", "json", *arguments
    )
    assert code == 0
    return {(row["group"], row["sink"]): row for row in json.loads(out)["rows"]}


def test_jobs_are_counted_by_what_became_of_the_tag(repository: Repository) -> None:
    repository.write(FILES)
    found = rows(repository)["(all)", "gcp"]
    states = {
        name: found[name] for name in ("covered", "invalid", "missing", "unresolved", "total")
    }
    assert states == {"covered": 1, "invalid": 1, "missing": 1, "unresolved": 1, "total": 3}
    assert found["percent"] == 33.33


def test_what_a_sink_makes_illegal_is_legal_in_another(repository: Repository) -> None:
    repository.write(FILES)
    found = rows(repository)
    assert found["a", "iceberg"]["covered"] == 2
    assert found["a", "gcp"]["covered"] == 1
    assert ("a", "aws") not in found
    assert found["(none)", "aws"]["missing"] == 1


def test_a_sink_that_no_job_fills_is_never_covered_enough(repository: Repository) -> None:
    repository.write(FILES)
    code, out, err = repository.run(
        "coverage", "--key", "governance.owner", "--sink", "aws", "--fail-under", "90"
    )
    assert (code, out) == (2, "")
    assert "nothing to count" in err


def test_a_check_that_crashes_is_not_taken_for_tags_that_a_sink_allows(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("a check that fails")

    repository.write(FILES)
    monkeypatch.setattr("dativo_lint.checks.accepted_by_sink.Check.judge", broken)
    code, _, err = repository.run("coverage", *KEY)
    assert (code, "a check that fails" in err) == (3, True)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("tenant", ["(none)", "a", "b", "(all)"]),
        ("provider", ["aws", "gcp", "(all)"]),
        ("cost_center", ["(none)", "(unresolved)", "FIN-1", "fin-1", "(all)"]),
        ("environment", ["(none)", "(all)"]),
        ("owner", ["(none)", "(all)"]),
    ],
)
def test_jobs_are_grouped(repository: Repository, by: str, groups: list[str]) -> None:
    repository.write(FILES)
    _, out, _ = repository.run("coverage", *KEY, "--by", by, "--format", "json")
    assert list(json.loads(out)["jobs"]) == groups


def test_every_form_tells_the_denominator(repository: Repository) -> None:
    repository.write(FILES)
    options = ("coverage", *KEY, "--sink", "gcp", "--by", "tenant")
    _, table, _ = repository.run(*options)
    titles = [line for line in table.splitlines() if line.startswith("tenant ")]
    assert [
        f"tenant {it}" for it in ("(none), 1 job", "a, 2 jobs", "b, 2 jobs", "(all), 5 jobs")
    ] == (titles)
    assert "Coverage is the share of jobs" in table
    _, text, _ = repository.run(*options, "--format", "csv")
    assert list(csv.DictReader(io.StringIO(text)))[-1]["total"] == "3"
    _, text, _ = repository.run(*options, "--format", "markdown")
    assert "| (all) | `finops.cost_center` | `gcp` | 1 | 1 | 1 | 1 | 3 | 33.3 |" in text


def test_without_groups_there_is_one_row_a_key_and_sink(repository: Repository) -> None:
    repository.write(FILES)
    _, text, _ = repository.run("coverage", *KEY, "--format", "csv")
    rows = [(row["key"], row["sink"]) for row in csv.DictReader(io.StringIO(text))]
    sinks = ("dagster-metadata", "iceberg", "aws", "gcp")
    assert rows == [("finops.cost_center", sink) for sink in sinks]


def test_every_form_names_the_jobs_that_fall_short(repository: Repository) -> None:
    repository.write(FILES)
    options = ("coverage", *KEY, "--sink", "gcp", "--missing", "--format")
    _, text, _ = repository.run(*options, "json")
    missing = json.loads(text)["missing"]
    assert [(it["path"], it["state"]) for it in missing] == [
        ("jobs/illegal.yaml", "invalid"),
        ("jobs/missing.yaml", "missing"),
    ]
    _, text, _ = repository.run(*options, "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["job"], row["state"]) for row in rows] == [
        ("jobs/illegal.yaml", "invalid"),
        ("jobs/missing.yaml", "missing"),
    ]
    for form in ("table", "markdown"):
        _, text, _ = repository.run(*options, form)
        assert "jobs/illegal.yaml" in text
        assert "jobs/good.yaml" not in text


def test_synonyms_are_one_group(repository: Repository) -> None:
    for name in ("prod", "production", "Prod", "dev", "other"):
        job = f"environment: {name}\nfinops: {{cost_center: a}}\n" + GCP % "a: b"
        repository.write({f"jobs/{name}-{name.lower() != name}.yaml": job})
    _, out, _ = repository.run("coverage", *KEY, "--by", "environment", "--format", "json")
    assert json.loads(out)["jobs"] == {"development": 1, "other": 1, "production": 3, "(all)": 5}


@pytest.mark.parametrize(
    ("key", "near"),
    [("finops.costcenter", "finops.cost_center"), ("infrastructure.Taem", "infrastructure.team")],
)
def test_a_key_that_no_job_can_have_is_a_usage_error(
    repository: Repository, key: str, near: str
) -> None:
    repository.write(FILES)
    code, out, err = repository.run("coverage", "--key", key)
    assert (2, "") == (code, out)
    assert near in err
    assert 0 == repository.run("coverage", "--key", "finops.project")[0]


def test_a_share_below_the_wanted_one_fails(repository: Repository) -> None:
    repository.write(FILES)
    code, _, err = repository.run("coverage", *KEY, "--sink", "gcp", "--fail-under", "90")
    assert code == 1
    assert "coverage of finops.cost_center in gcp is 33.3% (1 of 3), below 90%" in err
    code, _, err = repository.run("coverage", *KEY, "--sink", "gcp", "--fail-under", "33")
    assert (code, err) == (0, "")


def test_the_keys_are_those_that_the_rules_require(repository: Repository) -> None:
    repository.write(FILES | {".dativo-lint.yml": "select: [missing-owner, missing-project]\n"})
    _, out, _ = repository.run("coverage", "--format", "json")
    assert json.loads(out)["keys"] == ["finops.project", "governance.owner"]


def test_a_key_counts_where_the_module_takes_it(repository: Repository) -> None:
    job = FILES["jobs/good.yaml"].replace("provider: gcp", "provider: gcp, terraform_module: ./m")
    repository.write({"jobs/good.yaml": job})
    states = {}
    for name in ("infrastructure_provider", "finops_cost_center", "tags"):
        repository.write({"m/main.tf": f'variable "{name}" {{}}\n'})
        row = rows(repository).get(("(all)", "terraform"), {"not counted": 1})
        states[name] = next(
            state for state in ("covered", "missing", "not counted") if row.get(state)
        )
    assert states == {
        "infrastructure_provider": "not counted",
        "finops_cost_center": "covered",
        "tags": "covered",
    }


def test_without_a_job_or_a_key_there_is_nothing_to_count(repository: Repository) -> None:
    repository.write({"x.yaml": "a: b\n"})
    assert repository.run("coverage", "x.yaml")[0] == 2
    repository.write(FILES | {".dativo-lint.yml": "select: [invalid-job]\n"})
    code, _, err = repository.run("coverage")
    assert code == 2
    assert "no rule that runs requires a tag" in err


def test_no_form_lets_a_value_command_anything(repository: Repository) -> None:
    job = 'tenant_id: "=cmd()\\e[31m|`x`"\nfinops: {cost_center: a}\n' + GCP % "a: b"
    repository.write({"jobs/bad.yaml": job})
    for form in ("table", "csv", "markdown", "json"):
        _, out, _ = repository.run("coverage", *KEY, "--format", form)
        assert "\x1b" not in out
        assert "\n=cmd" not in out or form == "table"


def test_what_cannot_be_read_is_told(repository: Repository) -> None:
    repository.write(FILES | {"jobs/broken.yaml": f"{FILES['jobs/aws.yaml']}a: ["})
    code, _, err = repository.run("coverage", *KEY)
    assert 1 == code
    assert "jobs/broken.yaml:3:5: " in err


def test_a_clean_repository_is_covered_though_its_module_declares_few_variables(
    repository: Repository,
) -> None:
    example = Path(__file__).parent.parent.parent / "examples" / "best-practice"
    for path in filter(Path.is_file, example.rglob("*")):
        repository.write({path.relative_to(example).as_posix(): path.read_text("utf-8")})
    code, out, err = repository.run("coverage", "--by", "tenant", "--fail-under", "90")
    assert (code, err) == (0, ""), out
