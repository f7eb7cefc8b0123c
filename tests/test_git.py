"""Git: it lists what it sees, wherever hooks point it, and starts nothing for a repository."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from dativo_lint.git import files as git
from dativo_lint.git.files import FileList, GitError, listed_files
from dativo_lint.git.history import committed_lines


def run(folder: Path, *arguments: str | Path) -> str:
    options = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always")
    command = ["git", "-C", folder, *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one file that is tracked and one that is not."""
    folder = tmp_path / "repository"
    (folder / "jobs").mkdir(parents=True)
    run(folder, "init", "-q")
    (folder / "jobs" / "a.yaml").write_text("a: 1\n")
    run(folder, "add", ".")
    run(folder, "commit", "-q", "-m", "first")
    (folder / "b.yaml").write_text("b: 1\n")
    return folder


FILES = FileList(("b.yaml", "jobs/a.yaml"))


def test_names_are_told_as_they_are(repository: Path) -> None:
    names = ("é\n.yaml", 'a "b".yaml', ":(glob)c.yaml", "-d.yaml", " e.yaml", "\\f.yaml")
    for name in names:
        (repository / "jobs" / name).write_text("")
    run(repository, "add", "jobs/é\n.yaml")
    folder = repository / ":(top)*"
    folder.mkdir()
    (folder / "g.yaml").write_text("")

    told = {f"jobs/{name}" for name in ("a.yaml", *names)}
    assert told == set(listed_files(str(repository), "jobs").files)
    assert (":(top)*/g.yaml",) == listed_files(str(repository), ":(top)*").files


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_DIR", "/nowhere"),
        ("GIT_WORK_TREE", "/tmp"),
        ("GIT_INDEX_FILE", "/nowhere/index"),
        ("GIT_PREFIX", "jobs/"),
        ("GIT_LITERAL_PATHSPECS", "0"),
        ("GIT_CONFIG_PARAMETERS", "'core.bare'='true'"),
        ("GIT_TRACE", "1"),
    ],
)
def test_what_a_hook_tells_git_is_not_told_here(
    repository: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert FILES == listed_files(str(repository))


def test_worktrees_submodules_and_other_repositories_are_repositories_of_their_own(
    repository: Path,
) -> None:
    run(repository, "worktree", "add", "-q", "tree")
    run(repository, "submodule", "add", "-q", repository, "sub")
    run(repository, "init", "-q", "other")
    (repository / "other" / "c.yaml").write_text("")

    # The submodule is one entry of the index, which is no file.
    outside = {*FILES.files, ".gitmodules", "sub"}
    listed = listed_files(str(repository))
    assert outside == {*listed.files, *listed.unsure}
    for name in ("tree", "sub"):
        assert ("jobs/a.yaml",) == listed_files(str(repository / name)).files
    assert ("c.yaml",) == listed_files(str(repository / "other")).files


def test_no_program_that_a_repository_names_is_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    # Without its blob, a .gitignore that is not checked out is fetched from the promised remote.
    (repository / ".gitignore").write_text("x\n")
    run(repository, "add", ".gitignore")
    run(repository, "update-index", "--skip-worktree", ".gitignore")
    blob = run(repository, "rev-parse", ":.gitignore").strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    (repository / ".gitignore").unlink()
    hooks = repository / ".git" / "hooks"
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        (hooks / hook).write_bytes(program.read_bytes())
        (hooks / hook).chmod(0o755)
    (repository / ".git" / "more").write_text(
        f"[core]\n fsmonitor = {program}\n hooksPath = {hooks}\n pager = {program}\n"
        f" sshCommand = {program}\n editor = {program}\n askPass = {program}\n"
        f' worktree = /\n excludesFile = {program}\n[alias]\n ls-files = "!{program}"\n'
        f'[pager]\n ls-files = {program}\n[filter "x"]\n clean = {program}\n'
        f" process = {program}\n[extensions]\n partialClone = origin\n"
        f'[remote "origin"]\n url = ext::{program}\n promisor = true\n'
        f"[protocol]\n allow = always\n"
    )
    with (repository / ".git" / "config").open("a") as config:
        config.write("[core]\n repositoryFormatVersion = 1\n[include]\n path = more\n")
        config.write('[extensions]\n partialClone = origin\n[protocol "ext"]\n allow = always\n')
    (repository / ".gitattributes").write_text("* filter=x\n")
    plain = ["git", "-C", str(repository), "ls-files", "--others", "--exclude-standard"]
    for options in ([], ["-c", "core.fsmonitor=false"]):  # one by a hook, one by a remote
        subprocess.run([*plain[:1], *options, *plain[1:]], check=False, capture_output=True)
        assert mark.exists()
        mark.unlink()
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(repository)
    planted = repository / "git"
    planted.write_bytes(program.read_bytes())

    with suppress(GitError):  # a refusal is as good
        listed_files(str(repository))
    assert not mark.exists()
    planted.chmod(0o755)
    with pytest.raises(GitError):
        listed_files(str(repository))
    assert not mark.exists()


def test_a_work_tree_that_the_configuration_puts_elsewhere_is_not_listed(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text("")
    run(repository, "config", "core.worktree", tmp_path)

    assert FILES == listed_files(str(repository))


def test_a_repository_of_somebody_else_is_an_error(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**git._environment(str(repository)), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    monkeypatch.setattr(git, "_environment", lambda _: environment)

    with pytest.raises(GitError, match="dubious ownership"):
        listed_files(str(repository))


def test_a_folder_called_git_is_no_repository_of_those_above(repository: Path) -> None:
    inner = repository / "inner"
    (inner / ".git").mkdir(parents=True)

    with pytest.raises(GitError):
        listed_files(str(inner))


@pytest.mark.parametrize("script", ["exit 1", "exec sleep 60", "kill -9 $$"])
def test_a_git_that_fails_or_hangs_is_an_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "_SECONDS", 1)

    with pytest.raises(GitError):
        listed_files(str(repository))


def test_without_git_there_is_an_error(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))

    with pytest.raises(GitError):
        listed_files(str(repository))


def test_folders_that_git_may_not_list_are_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    warning = "warning: could not open directory 'jobs/it's/': Permission denied"
    program.write_text(f'''#!/bin/sh\nprintf "a.yaml\\0"\necho "{warning}" >&2\n''')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    assert FileList((), ("jobs/it's",), ("a.yaml",)) == listed_files(str(repository))


def test_committed_lines_have_the_days_on_which_they_were_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2020-02-03T12:00:00")
    (repository / "b.yaml").write_bytes(b"b: 1\r\n\tauthor-time 1\n")
    run(repository, "add", ".")
    run(repository, "commit", "-q", "-m", "second")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2021-02-03T12:00:00")
    (repository / "b.yaml").write_bytes(b"b: 1\r\n\tauthor-time 1\nc: 1\n")
    run(repository, "commit", "-q", "-a", "-m", "author-time 5")
    run(repository, "mv", "b.yaml", "c.yaml")
    run(repository, "commit", "-q", "-m", "third")
    (repository / "c.yaml").write_text("d: 1\n")

    lines = dict(committed_lines(str(repository), ["c.yaml", "b.yaml", "new.yaml"]))

    first, second = date(2020, 2, 3), date(2021, 2, 3)
    assert lines == {
        "c.yaml": [("b: 1", first), ("\tauthor-time 1", first), ("c: 1", second)],
        "b.yaml": [],
        "new.yaml": [],
    }


def test_in_a_repository_without_commits_no_line_is_committed(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q")

    assert dict(committed_lines(str(tmp_path), ["a.yaml"])) == {"a.yaml": []}


def test_without_the_whole_history_or_a_repository_no_days_are_known(
    repository: Path, tmp_path: Path
) -> None:
    run(repository, "commit", "-q", "--allow-empty", "-m", "second")
    clone = tmp_path / "clone"
    run(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", clone)

    for folder in (clone, tmp_path):
        with pytest.raises(GitError):
            dict(committed_lines(str(folder), ["jobs/a.yaml"]))


def test_days_that_no_calendar_has_are_no_error(repository: Path) -> None:
    tree = run(repository, "write-tree").strip()
    commit = (
        f"tree {tree}\nauthor a <a@b.c> 99999999999999 +0000\ncommitter a <a@b.c> 1 +0000\n\nx\n"
    )
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    written = subprocess.run(
        command, cwd=repository, input=commit, check=True, capture_output=True, text=True
    )
    run(repository, "reset", "-q", "--soft", written.stdout.strip())

    (line,) = dict(committed_lines(str(repository), ["jobs/a.yaml"]))["jobs/a.yaml"]

    assert line[0] == "a: 1"


def test_to_look_up_days_runs_no_program_that_the_repository_names(
    repository: Path, tmp_path: Path
) -> None:
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=x diff=x\n")
    run(repository, "add", ".gitattributes")
    run(repository, "commit", "-q", "-m", "second")
    for name in ("filter.x.clean", "filter.x.smudge", "diff.x.textconv", "core.pager"):
        run(repository, "config", name, program)
    run(repository, "blame", "jobs/a.yaml")
    assert mark.exists()
    mark.unlink()

    assert dict(committed_lines(str(repository), ["jobs/a.yaml"]))["jobs/a.yaml"]

    assert not mark.exists()
