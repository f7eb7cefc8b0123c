"""Whatever cannot be read is a finding with a place, and hides nothing else."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from cli_samples import Repository
from repository_samples import ASSET, BAD_JOB, JOB

DEEP = "infrastructure: {provider: " + "[" * 5_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)
)

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "syntax": (f"{JOB}  broken: [\n", ":20:1"),
    "encoding": (JOB.encode() + b"x: \xff\n", ":19:4"),
    "nul": (f"{JOB}x: \0\n", ":19:4"),
    "python": (f"{JOB}x: !!python/object/apply:os.system [ls]\n", ":19:4"),
    "tag": (f"{JOB}x: !mine 1\n", ":19:4"),
    "bomb": (BOMB + JOB, ":"),
    "deep": (DEEP, ":1:"),
    "alias": (f"{JOB}x: *nothing\n", ":19:4"),
    "recursive": (f"{JOB}x: &x [*x]\n", ":19:"),
    "unhashable": (f"{JOB}? [a]\n: b\n", ":19:"),
    "number": (f"{JOB}x: {'9' * 5_000}\n", ":19:4"),
    "date": (f"{JOB}x: 2024-99-99\n", ":19:4"),
}


def findings(out: str) -> list[dict[str, Any]]:
    """The findings of a JSON report."""
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_finding_and_hides_no_other(repository: Repository, name: str) -> None:
    text, place = BROKEN[name]
    repository.write({"jobs/broken.yaml": text, "jobs/bad.yaml": BAD_JOB})

    for arguments in ([], ["jobs/broken.yaml", "jobs/bad.yaml"]):
        code, out, err = repository.run(*arguments)
        assert (1, "") == (code, err)
        assert f"jobs/broken.yaml{place}" in out
        assert "[unreadable-file]" in out
        assert 'jobs/bad.yaml:12:13: error: provider is "azure"' in out
    code, out, _ = repository.run("--changed", "jobs/broken.yaml")
    assert 1 == code
    assert f"jobs/broken.yaml{place}" in out


def test_the_documents_before_a_fault_are_judged(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": f"{BAD_JOB}---\na: [\n"})

    rules = {it["rule"] for it in findings(repository.run("--format", "json")[1])}

    assert rules == {"unknown-provider", "unreadable-file"}


@pytest.mark.parametrize(
    ("limit", "job"),
    [
        ("file_bytes: 600", JOB + "#" * 600),
        ("nesting: 2", f"{JOB}    x: [1]\n"),
        ("documents: 2", f"{JOB}---\n{JOB}---\n{JOB}"),
        ("expanded_nodes: 50", JOB + "x: [" + "1, " * 60 + "]\n"),
    ],
)
def test_a_limit_is_a_setting_that_its_finding_names(
    repository: Repository, limit: str, job: str
) -> None:
    repository.write({".dativo-lint.yml": f"limits: {{{limit}}}\n", "jobs/large.yaml": job})

    for arguments in ([], ["jobs/large.yaml"], ["--changed", "jobs/large.yaml"]):
        code, out, _ = repository.run(*arguments)
        assert 1 == code
        assert f"the setting limits.{limit.partition(':')[0]}" in out


def test_a_large_file_that_is_none_of_ours_is_passed_over(repository: Repository) -> None:
    settings = "limits: {file_bytes: 1000}\n"
    repository.write({".dativo-lint.yml": settings, "data.json": "[" + "1," * 1_000 + "1]"})

    assert 0 == repository.run()[0]


@pytest.mark.parametrize("template", ["a: {{ .Values.b }}\n{{- end }}\n", "a: [\n", "\x00"])
def test_a_broken_file_that_is_none_of_ours_is_passed_over_unless_it_is_named(
    repository: Repository, template: str
) -> None:
    repository.write({"chart/a.yaml": template + "# infrastructure and asset: in a comment\n"})

    assert 0 == repository.run()[0]
    assert 0 == repository.run("--changed", "chart/a.yaml")[0]
    code, out, _ = repository.run("chart/a.yaml")
    assert 1 == code
    assert "chart/a.yaml:" in out


def test_a_broken_asset_is_told_once_and_no_rule_speaks_that_needed_it(
    repository: Repository,
) -> None:
    jobs = {f"jobs/{number}.yaml": JOB for number in range(10)}
    repository.write({**jobs, "assets/orders.yaml": f"{ASSET}x: [\n"})

    found = findings(repository.run("--format", "json")[1])

    assert ["unreadable-file"] == [it["rule"] for it in found]


def test_a_broken_asset_that_nothing_marks_as_one_is_found_through_its_job(
    repository: Repository,
) -> None:
    repository.write({"assets/orders.yaml": "name: [\n"})

    for arguments in ([], ["--changed", "assets/orders.yaml"], ["jobs/orders.yaml"]):
        found = findings(repository.run("--format", "json", *arguments)[1])
        assert ["unreadable-file"] == [it["rule"] for it in found]


def test_a_broken_runner_file_fails_the_run(repository: Repository) -> None:
    repository.write({"configs/runner.yaml": "runner: [\n"})

    code, out, _ = repository.run("jobs/orders.yaml")

    assert 1 == code
    assert "configs/runner.yaml:2:1: error:" in out


def test_a_pipe_with_a_yaml_name_is_a_finding_and_is_not_opened(repository: Repository) -> None:
    os.mkfifo(repository.folder / "jobs" / "pipe.yaml")

    for arguments in ([], ["jobs/pipe.yaml"]):
        code, out, _ = repository.run(*arguments)
        assert 1 == code
        assert "jobs/pipe.yaml:1:1: error: it is a named pipe, expected a file" in out


def test_a_folder_with_a_yaml_name_is_walked(repository: Repository) -> None:
    repository.write({"jobs/folder.yaml/bad.yaml": BAD_JOB})

    assert "jobs/folder.yaml/bad.yaml:12:13: error" in repository.run()[1]
    assert "jobs/folder.yaml/bad.yaml:12:13: error" in repository.run("jobs/folder.yaml")[1]


def test_a_file_that_cannot_be_opened_is_a_finding(repository: Repository) -> None:
    # A name that is too long to be opened stands for what even the superuser cannot read.
    os.symlink("a/" * 2_000 + "a", repository.folder / "jobs" / "long.yaml")

    code, out, _ = repository.run("jobs/long.yaml")

    assert 1 == code
    assert "jobs/long.yaml:1:1: error:" in out


def test_a_link_that_leads_nowhere_is_passed_over_unless_it_is_named(
    repository: Repository,
) -> None:
    os.symlink("somebody@host:12", repository.folder / "jobs" / ".#orders.yaml")

    assert 0 == repository.run()[0]
    assert 1 == repository.run("jobs/.#orders.yaml")[0]


def test_a_link_out_of_the_repository_is_not_read(repository: Repository) -> None:
    secret = repository.folder.parent / "secret.yaml"
    secret.write_text("infrastructure: {provider: a-secret}\n")
    os.symlink(secret, repository.folder / "jobs" / "link.yaml")

    for arguments in ([], ["jobs/link.yaml"], ["--changed", "jobs/link.yaml"]):
        _, out, err = repository.run("--format", "json", *arguments)
        assert "a-secret" not in out + err


def test_duplicate_and_odd_keys_do_not_keep_a_file_from_being_judged(
    repository: Repository,
) -> None:
    repository.write({"jobs/bad.yaml": f"{BAD_JOB}on: 1\ntenant_id: other\n"})

    rules = {it["rule"] for it in findings(repository.run("--format", "json")[1])}

    assert {"duplicate-key", "unknown-provider"} <= rules
