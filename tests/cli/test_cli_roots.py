"""The root of a file: the nearest repository, else the nearest settings, else where one starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, FILES, write


@pytest.fixture(autouse=True)
def bad_job(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": BAD_JOB})


def found(repository: Repository, *arguments: str, below: str = ".") -> list[tuple[str, str]]:
    """Path and rule of each finding of a run."""
    code, out, err = repository.run("--format", "json", *arguments, below=below)
    assert 1 == code, err
    return [(it["place"]["path"], it["rule"]) for it in json.loads(out)["findings"]]


@pytest.mark.parametrize("anchor", [".git", ".dativo-lint.yml", "pyproject.toml"])
def test_a_run_in_a_folder_finds_what_one_at_the_root_does(
    repository: Repository, anchor: str
) -> None:
    (repository.folder / ".git").rmdir()
    table = "[tool.dativo-lint]\n" if anchor.endswith("toml") else ""
    repository.write({f"{anchor}/HEAD" if anchor == ".git" else anchor: table})

    whole = found(repository)

    assert ("jobs/orders.yaml", "unknown-provider") in whole
    assert whole == found(repository, below="jobs") == found(repository, "../jobs", below="assets")
    assert whole == found(repository, str(repository.folder / "jobs/orders.yaml"), below="..")


def test_root_decides_otherwise(repository: Repository) -> None:
    inner = "projects/one"
    write(repository.folder / inner, {**FILES, "jobs/orders.yaml": BAD_JOB})

    told = found(repository, "--root", ".", below=inner)

    assert ("jobs/orders.yaml", "unknown-provider") in told
    assert told == found(repository, "--root", inner, inner)
    assert 2 == repository.run("--root", "nowhere")[0]
    code, _, err = repository.run("--root", inner, "jobs")
    assert 2 == code
    assert "is outside" in err


@pytest.mark.parametrize("marker", [".git/HEAD", ".git"])
def test_a_repository_inside_is_a_root_of_its_own(repository: Repository, marker: str) -> None:
    inner: Path = repository.folder / "vendor/inner"
    write(inner, {**FILES, "jobs/orders.yaml": BAD_JOB, marker: ""})

    told = found(repository, "vendor/inner/jobs/orders.yaml")

    assert told == found(repository, "vendor/inner") == found(repository, below="vendor/inner/jobs")
    assert ("jobs/orders.yaml", "unknown-provider") in told
    assert not [path for path, _ in found(repository) if path.startswith("vendor")]
    for command in ("tags", "coverage", "module"):
        assert 2 == repository.run(command, "jobs", "vendor/inner/jobs")[0]
    assert "2 repositories" in repository.run("jobs", "vendor/inner/jobs", "--sink", "aws")[2]


def test_paths_of_several_repositories_are_judged_each_under_its_own_root(
    repository: Repository, tmp_path: Path
) -> None:
    """Own settings, own ways of reading paths; one report from the folder they have in common."""
    inner, other = repository.folder / "vendor/inner", tmp_path / "other"
    settings = {
        ".dativo-lint.yml": "fail_on: warning\nrules: {unknown-provider: {severity: note}}\n"
    }
    for folder in (inner, other):
        write(folder, {**FILES, "jobs/orders.yaml": BAD_JOB, ".git/HEAD": ""})
    write(other, settings)
    write(repository.folder, FILES)
    alone = [("vendor/inner/jobs/orders.yaml", "unknown-provider")]

    code, out, _ = repository.run("--format", "json", ".", "vendor/inner/jobs/orders.yaml")
    assert 1 == code
    assert alone == [(it["place"]["path"], it["rule"]) for it in json.loads(out)["findings"]]
    assert 2 == json.loads(out)["summary"]["jobs"]

    code, out, _ = repository.run("--format", "json", ".", str(other))
    assert 0 == code
    (finding,) = json.loads(out)["findings"]
    assert ("other/jobs/orders.yaml", "note") == (finding["place"]["path"], finding["severity"])
    assert "other/jobs/orders.yaml:12:13: note" in repository.run(".", str(other))[1]
    assert 1 == repository.run(".", str(other), "--fail-on", "note")[0]
    assert 1 == repository.run("--changed", "jobs/orders.yaml", "vendor/inner/jobs/orders.yaml")[0]

    out = repository.run("--format", "json", "vendor/inner", str(other))[1]
    assert 2 == len({finding["fingerprint"] for finding in json.loads(out)["findings"]})
