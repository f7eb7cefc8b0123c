"""The progress of a long run, as a terminal gets it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB

from dativo_lint.cli import runs

Run = Callable[..., tuple[int, str, str]]
LINE = re.compile(r"\r([\d,]+) of ([\d,]+) files, \d+ s left\x1b\[K")


@pytest.fixture
def on_terminal(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs over 40 jobs, of which standard error is a terminal: code, output, and what it gets."""
    repository.write({f"jobs/{number}.yaml": BAD_JOB for number in range(40)})

    def run(*arguments: str) -> tuple[int, str, str]:
        ours, theirs = os.openpty()
        with open(theirs, "w") as terminal, monkeypatch.context() as patch:
            patch.setattr("sys.stderr", terminal)
            code, out, _ = repository.run("--no-cache", *arguments)
            terminal.write("END")
            terminal.flush()
            shown = b""
            while not shown.endswith(b"END"):
                shown += os.read(ours, 1 << 16)
        os.close(ours)
        return code, out, shown.decode().removesuffix("END")

    return run


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_long_run_shows_files_and_time_left_and_removes_them(
    processes: str, on_terminal: Run, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_LATER", 0)
    monkeypatch.setattr(runs, "_STEP", 0)
    code, out, shown = on_terminal("jobs", "--processes", processes)
    assert (code, out, "") == repository.run("--no-cache", "jobs")
    numbers = [(int(done), int(total)) for done, total in LINE.findall(shown)]
    assert [(done, 41) for done in range(1, 41)] == numbers
    assert " 0 s" not in shown
    assert "\r\x1b[K" == LINE.sub("", shown)


def test_an_error_is_told_after_the_progress_is_removed(
    on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_LATER", 0)
    *_, shown = on_terminal("jobs", "--sink", "aws", "--color", "never")
    assert " left\x1b[K\r\x1b[Kdativo-lint: --sink is of rendered tag sets" in shown


def test_a_short_run_shows_no_progress(on_terminal: Run) -> None:
    assert "" == on_terminal("jobs")[2]


@pytest.mark.parametrize("quiet", ["-q", "CI", "TERM"])
def test_progress_that_nobody_wants_or_sees_is_not_shown(
    quiet: str, on_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_LATER", 0)
    if quiet != "-q":
        monkeypatch.setenv(quiet, "dumb")
    assert "" == on_terminal("jobs", *(["-q"] if quiet == "-q" else []))[2]
