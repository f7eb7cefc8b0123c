"""The list of everything that accepts findings: who is responsible, and since when."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import date, timedelta
from typing import Any

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, FILES, JOB

FILE = ".dativo-lint-baseline.json"
COMMENT = "# dativo-lint: ignore[unknown-provider] owner team ticket F-1 because of the pilot"
TODAY = date.today()


def git(repository: Repository, *arguments: str, day: str = "2020-02-03") -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    environment = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "PATH": "/usr/bin:/bin", "HOME": "/"}
    subprocess.run(command, cwd=repository.folder, check=True, capture_output=True, env=environment)


def listed(repository: Repository, *arguments: str) -> list[dict[str, Any]]:
    code, out, err = repository.run("suppressions", "--format", "json", *arguments)
    assert (code, err) == (0, "")
    rows: list[dict[str, Any]] = json.loads(out)["suppressions"]
    return rows


@pytest.fixture
def mixed(repository: Repository) -> Repository:
    """A repository with one comment, one setting and one entry of a baseline, all in git."""
    lines = FILES["assets/orders.yaml"].splitlines(keepends=True)
    asset = "".join(line for line in lines if "dativo-lint" not in line)
    bad = BAD_JOB.replace("provider: azure", f"provider: azure  {COMMENT}")
    entry = {"path": "jobs/old.yaml", "rule": "unknown-provider", "since": "2021-01-02"}
    entry |= {"field": "infrastructure.provider", "owner": "old"}
    settings = {
        "baseline": FILE,
        "ignores": [
            {"rules": ["unknown-provider"], "paths": ["legacy/"], "until": "2020-12-31"},
        ],
    }
    repository.write(
        {
            "assets/orders.yaml": asset,
            "jobs/new.yaml": bad,
            "jobs/old.yaml": BAD_JOB,
            "legacy/a.yaml": BAD_JOB,
            FILE: json.dumps({"version": 1, "entries": [entry]}),
            ".dativo-lint.yml": json.dumps(settings),
        }
    )
    (repository.folder / ".git").rmdir()
    git(repository, "init", "-q")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "first")
    return repository


def test_the_list_has_every_kind_with_its_age_and_what_it_accepts(mixed: Repository) -> None:
    keys = ("kind", "files", "findings", "since", "expired", "owner", "ticket", "reason")

    assert [tuple(row[key] for key in keys) for row in listed(mixed)] == [
        ("baseline", ["jobs/old.yaml"], 1, "2021-01-02", False, "old", "", ""),
        ("setting", ["legacy/"], 0, "2020-02-03", True, "", "", ""),
        ("comment", ["jobs/new.yaml"], 1, "2020-02-03", False, "team", "F-1", "of the pilot"),
    ]
    assert {row["days"] for row in listed(mixed, "jobs/new.yaml")} == {
        (TODAY - date(2020, 2, 3)).days
    }


def test_all_forms_tell_the_same(mixed: Repository) -> None:
    rows = listed(mixed)

    read = list(csv.DictReader(io.StringIO(mixed.run("suppressions", "--format", "csv")[1])))
    assert [list(row) for row in read] == [list(row) for row in rows]
    assert [row["findings"] for row in read] == [str(row["findings"]) for row in rows]
    assert [row["rules"] for row in read] == [", ".join(row["rules"]) for row in rows]
    table = mixed.run("suppressions")[1]
    assert all(row["until"] or row["owner"] in table for row in rows)
    assert table.endswith("\n3 suppressions of 2 findings, 1 expired\n")


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (("--expired",), ["setting"]),
        (("--rule", "compute"), ["baseline", "setting", "comment"]),
        (("--rule", "unknown-*", "--rule", "finops"), ["baseline", "setting", "comment"]),
        (("--rule", "finops"), []),
        (("jobs/old.yaml",), ["baseline"]),
        (("jobs",), ["baseline", "comment"]),
        (("legacy",), ["setting"]),
        (("--isolated",), ["comment"]),
        (("--isolated", "--baseline", FILE), ["baseline", "comment"]),
    ],
)
def test_the_list_can_be_narrowed(
    mixed: Repository, arguments: tuple[str, ...], kinds: list[str]
) -> None:
    assert [row["kind"] for row in listed(mixed, *arguments)] == kinds


def test_the_list_of_some_paths_has_what_accepts_their_findings_elsewhere(
    mixed: Repository,
) -> None:
    setting = {"rules": ["unreadable-module"], "paths": ["modules/"], "reason": "old"}
    mixed.write(
        {
            ".dativo-lint.yml": json.dumps({"ignores": [setting]}),
            "modules/plain/main.tf": "locals { a = var.b }\n",
            "jobs/plain.yaml": f"{JOB}  terraform_module: modules/plain\n",
        }
    )
    rows = listed(mixed, "jobs/plain.yaml")

    assert rows == [row for row in listed(mixed) if row["kind"] == "setting"]
    assert [row["findings"] > 0 for row in rows] == [True]


def test_of_lines_that_are_alike_a_new_one_is_new(mixed: Repository) -> None:
    job = (mixed.folder / "jobs/new.yaml").read_text(encoding="utf-8")
    mixed.write({"jobs/new.yaml": f"{job}---\n{job}", "jobs/newer.yaml": job})

    ages = {(row["path"], row["line"]): row["days"] for row in listed(mixed, "jobs")}

    first, second, other = (days for (path, _), days in ages.items() if "new" in path)
    assert (first > 2_000, second, other) == (True, 0, 0)


def test_what_others_wrote_does_nothing_to_a_terminal_or_a_spreadsheet(mixed: Repository) -> None:
    entry = {"rules": "unknown-provider", "paths": "jobs/", "reason": "=1+1\x1b[31m\n##[error]x"}
    mixed.write({".dativo-lint.yml": json.dumps({"ignores": [entry]})})

    for form in ("table", "csv", "json"):
        out = mixed.run("suppressions", "--format", form)[1]
        assert "1+1" in out
        assert "\x1b" not in out
        assert "##[" not in out
        assert form != "csv" or "'=1+1" in out


def test_a_comment_in_a_module_has_an_age(mixed: Repository) -> None:
    module = f'variable "tags" {{\n  type = map(string) {COMMENT}\n}}\n'
    job = FILES["jobs/orders.yaml"] + "  terraform_module: ./modules/job\n"
    mixed.write({"jobs/orders.yaml": job, "modules/job/main.tf": module})
    git(mixed, "add", ".")
    git(mixed, "commit", "-qm", "second", day=str(TODAY - timedelta(days=9)))

    (row,) = (row for row in listed(mixed) if row["path"] == "modules/job/main.tf")

    assert row["days"] in (9, 10)


def test_below_a_root_inside_the_repository_lines_have_their_age(mixed: Repository) -> None:
    mixed.write({f"part/{path}": text for path, text in FILES.items()})
    git(mixed, "add", "part")
    git(mixed, "commit", "-qm", "second", day="2021-05-06")

    assert {row["since"] for row in listed(mixed, "--root", "part", "part")} == {"2021-05-06"}


def test_without_git_the_age_is_not_known(mixed: Repository) -> None:
    mixed.patch.setenv("PATH", "/nowhere")

    assert [row["days"] is None for row in listed(mixed)] == [False, True, True]


def test_a_comment_with_a_syntax_error_accepts_nothing_and_is_not_listed(
    mixed: Repository,
) -> None:
    mixed.write({"jobs/new.yaml": BAD_JOB + "# dativo-lint: ignore[unknown-provider] til 2030\n"})

    assert [row["kind"] for row in listed(mixed)] == ["baseline", "setting"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "No suppressions in 4 files\n"),
        (("--expired",), "No expired suppressions in 4 files\n"),
        (("--rule", "finops"), "No suppressions of finops in 4 files\n"),
    ],
)
def test_where_there_are_none_a_sentence_says_so(
    repository: Repository, arguments: tuple[str, ...], sentence: str
) -> None:
    asset = FILES["assets/orders.yaml"].replace("ignore[", "off[").replace("dativo-lint:", "")
    repository.write({"assets/orders.yaml": asset})

    assert repository.run("suppressions", *arguments) == (0, sentence, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rule", "unknown-providr"), 'unknown rule or family "unknown-providr"; did you mean'),
        (("--rule", ""), '--rule is ""; expected a name'),
        (("--format", "tabel"), 'expected one of: table, csv, json; did you mean "table"?'),
        (("--expird",), 'did you mean "--expired"?'),
        (("nowhere",), "nowhere: no such file or folder"),
    ],
)
def test_a_wrong_use_is_a_usage_error(
    repository: Repository, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = repository.run("suppressions", *arguments)

    assert (code, message in err) == (2, True), err
