"""One entry that cannot be read is one finding about it, and stops nothing."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, JOB

from dativo_lint.cli import main

_CAPABILITIES = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by which root may read what nobody may."""


def drop_privileges() -> None:
    """Have this process, after it begins another program, read only what modes allow."""
    for capability in _CAPABILITIES:
        ctypes.CDLL(None).prctl(24, capability)


SCRIPT = """\
import json, sys
from dativo_lint.cli import main
for arguments in json.loads(sys.argv[1]):
    print(main(arguments))
"""
OPTIONS = ["--format", "json", "--no-cache", "--select", "files,unknown-provider"]


def check(folder: Path, *runs: Sequence[str]) -> list[Sequence[tuple[str, str]]]:
    """Path and rule of each finding of some unprivileged runs, all of which find something."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([[*OPTIONS, *arguments] for arguments in runs])],
        cwd=folder,
        capture_output=True,
        check=True,
        preexec_fn=drop_privileges,
    )
    assert b"" == done.stderr
    *reports, rest = re.split(r"^1\n", done.stdout.decode(), flags=re.MULTILINE)
    assert "" == rest
    return [told(report) for report in reports]


def told(report: str) -> Sequence[tuple[str, str]]:
    return [(it["place"]["path"], it["rule"]) for it in json.loads(report)["findings"]]


@pytest.fixture(params=["git", "no git"])
def folder(request: pytest.FixtureRequest, repository: Repository) -> Iterator[Path]:
    """A repository with a bad job, walked by git or without."""
    repository.write({"jobs/bad.yaml": BAD_JOB, "closed/inner/job.yaml": JOB})
    if request.param == "git":
        subprocess.run(["git", "init", "-q"], cwd=repository.folder, check=True)
    yield repository.folder
    for above, folders, names in os.walk(repository.folder):
        for name in (*folders, *names):
            path = Path(above, name)
            if not path.is_symlink():
                path.chmod(0o755)


BAD = ("jobs/bad.yaml", "unknown-provider")
CLOSED = ("closed", "unreadable-file")


@pytest.mark.parametrize("mode", [0o000, 0o111])
@pytest.mark.parametrize("is_tracked", [True, False])
def test_a_folder_that_may_not_be_listed_is_a_finding_that_names_it(
    folder: Path, mode: int, is_tracked: bool
) -> None:
    if is_tracked:
        subprocess.run(["git", "-C", folder, "add", "--all"], check=False, capture_output=True)
    (folder / "closed").chmod(mode)

    assert [[CLOSED, BAD]] * 3 == check(folder, [], ["**/*.yaml"], ["*"])
    assert [[CLOSED]] * 3 == check(folder, ["closed"], ["clo*"], ["closed/*"])
    assert [[BAD]] * 2 == check(folder, ["jobs/*.yaml"], ["jobs"])
    (folder / ".dativo-lint.yml").write_text("exclude: [closed]\n")
    assert [[BAD]] == check(folder, [])


def test_what_is_in_a_folder_that_may_not_be_entered_is_not_called_missing(folder: Path) -> None:
    (folder / "assets").chmod(0o000)
    (folder / "connectors").chmod(0o000)

    (found,) = check(folder, ["jobs"])

    assert {rule for _, rule in found} == {"unreadable-file", "unknown-provider"}
    assert {path for path, _ in found} >= {"assets/orders.yaml", "connectors/postgres.yaml"}


def test_runner_files_that_may_not_be_read_are_findings(folder: Path) -> None:
    (folder / "configs").mkdir(exist_ok=True)
    (folder / "configs" / "runner.yaml").write_text("a: 1\n")
    (folder / "configs" / "runner.yaml").chmod(0o000)
    assert ("configs/runner.yaml", "unreadable-file") in check(folder, ["jobs"])[0]
    (folder / "configs").chmod(0o000)
    assert ("configs", "unreadable-file") in check(folder, ["jobs"])[0]


@pytest.mark.parametrize("name", ["loop.txt", "loop.yaml", "loop.json", "loop.tf", "loop"])
@pytest.mark.parametrize("length", [1, 2])
def test_a_loop_of_links_is_a_finding_wherever_it_is_met(
    repository: Repository, name: str, length: int
) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    other = name if length == 1 else f"other-{name}"
    for link, target in {name: other, other: name}.items():
        (repository.folder / "jobs" / link).symlink_to(target)
    loop = (f"jobs/{name}", "unreadable-file")

    for arguments in ([], ["jobs"], ["jobs/*.yaml"]):
        assert BAD in told(repository.run(*OPTIONS, *arguments)[1])
    for arguments in (["--changed", loop[0]], [loop[0]], [f"jobs/l*{name[4:]}"]):
        if "." in name or "*" not in arguments[0]:
            assert [BAD, loop] == sorted(told(repository.run(*OPTIONS, *arguments, BAD[0])[1]))


def test_a_gitignore_that_cannot_be_read_is_a_finding(folder: Path) -> None:
    (folder / "jobs" / ".gitignore").symlink_to(".gitignore")

    assert [[("jobs/.gitignore", "unreadable-file"), BAD]] * 2 == check(folder, [], ["jobs"])


def test_a_module_folder_that_is_a_loop_is_told_of_its_job(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": f"{JOB}  terraform_module: loop\n"})
    (repository.folder / "loop").symlink_to("loop")

    code, out, _ = repository.run("--select", "unreadable-module")
    assert 1 == code
    assert 'the module folder "loop" cannot be read' in out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".dativo-lint.yml", "symbolic links"),
        ("pyproject.toml", "symbolic links"),
        ("policy", "rule folder policy cannot be read"),
        ("policy/rule.yaml", "policy/rule.yaml:1:1: too many levels"),
    ],
)
def test_settings_and_rules_that_cannot_be_read_are_usage_errors_that_name_them(
    repository: Repository, name: str, words: str
) -> None:
    if name.startswith("policy"):
        repository.write({".dativo-lint.yml": "rule_folders: [policy]\n"})
    (repository.folder / name).parent.mkdir(exist_ok=True)
    (repository.folder / name).symlink_to(os.path.basename(name))

    code, _, err = repository.run()

    assert 2 == code
    assert words in err


def test_a_rendered_set_that_is_a_loop_is_a_finding(repository: Repository) -> None:
    (repository.folder / "plan.json").symlink_to("plan.json")

    code, out, _ = repository.run("--plan", "plan.json", "jobs")

    assert 1 == code
    assert "plan.json:1:1: error: too many levels of symbolic links [unreadable-file]" in out


def test_the_cache_does_not_remember_that_a_folder_could_be_read(folder: Path) -> None:
    (folder / "jobs" / "odd").write_text("no folder\n")
    arguments = ["check", "--cache-dir", str(folder.parent / "cache"), "jobs/*d"]
    command = [sys.executable, "-m", "dativo_lint", *arguments, "--select", "files"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    (folder / "jobs" / "odd").unlink()
    (folder / "jobs" / "odd").mkdir(0o000)
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, preexec_fn=drop_privileges
    )

    assert b"jobs/odd:1:1" in done.stdout
    shutil.rmtree(folder / "jobs" / "odd")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["jobs"],
        ["jobs/*.yaml"],
        ["jobs/out.yaml", "jobs/pipe.yaml", "jobs/bad.yaml"],
        ["--changed", "jobs/out.yaml", "jobs/pipe.yaml", "jobs/bad.yaml"],
    ],
    ids=" ".join,
)
def test_what_is_no_file_and_what_leads_outside_is_a_finding_in_a_walk_and_by_name(
    folder: Path, arguments: list[str], tmp_path: Path
) -> None:
    (tmp_path / "out.yaml").write_text(JOB)
    (folder / "jobs/out.yaml").symlink_to(tmp_path / "out.yaml")
    (folder / ".gitignore").write_text("ignored*\n")
    for name in ("pipe.yaml", "ignored.yaml", "other.txt"):
        os.mkfifo(folder / "jobs" / name)
    if (folder / ".git/HEAD").exists():
        subprocess.run(["git", "add", "jobs/out.yaml"], cwd=folder, check=True)

    (findings,) = check(folder, arguments)

    unreadable = [("jobs/out.yaml", "unreadable-file"), ("jobs/pipe.yaml", "unreadable-file")]
    assert sorted([BAD, *unreadable]) == sorted(findings)


@pytest.mark.parametrize("command", ["check", "doctor", "init", "config", "cache info"])
def test_a_current_folder_that_is_gone_is_a_usage_error(
    repository: Repository, tmp_path: Path, command: str
) -> None:
    (tmp_path / "gone").mkdir()
    repository.patch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert 2 == main(command.split())
    assert "the current folder cannot be read" in repository.captured.readouterr()[1].decode()
