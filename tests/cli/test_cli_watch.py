"""`--watch`: a real process that lints again after each change, and what it does not react to."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest
from cli_samples import Repository
from repository_samples import ASSET, BAD_JOB, JOB
from watchfiles._rust_notify import WatchfilesRustInternalError

MOST = 60
"""Seconds after which a process that says nothing is ended."""
LISTENING = """
import signal, sys
from dativo_lint.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""
"""The command line, which a shell that starts the tests in the background cannot make deaf."""
OF_WATCHING = re.compile(r"^dativo-lint: (?:---|.*watching).*\n", re.MULTILINE)


class Watcher:
    """A process that watches a repository, and what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], stream: IO[bytes]) -> None:
        self.process = process
        self.stream = stream

    def until(self, text: str) -> str:
        """All that is printed until a line with a text, with that line."""
        lines = []
        for line in self.stream:
            lines.append(line.decode())
            if text in lines[-1]:
                return "".join(lines)
        raise AssertionError(f'no "{text}" in {lines}')


@contextmanager
def watching(repository: Repository, *arguments: str, terminal: bool = False) -> Iterator[Watcher]:
    """A process that watches a repository until the end of the block."""
    ours, theirs = os.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, "check", "--watch", *arguments],
        cwd=repository.folder,
        env={**os.environ, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    guard = threading.Timer(MOST, process.kill)
    guard.start()
    try:
        with open(ours, "rb") as stream:
            yield Watcher(process, stream)
    finally:
        guard.cancel()
        process.kill()
        process.wait()


def test_each_change_gives_the_report_of_a_plain_run_until_an_interrupt(
    repository: Repository,
) -> None:
    subprocess.run(["git", "init", "-q", repository.folder], check=True)
    repository.write({".gitignore": "build/\n"})

    with watching(repository, "jobs") as watcher:

        def after(files: dict[str, str]) -> str:
            """What is printed after a change, with the report that a plain run gives."""
            repository.write(files)
            printed = watcher.until("watching")
            _, out, err = repository.run("--no-cache", "jobs")
            assert OF_WATCHING.sub("", printed) == out + err
            return printed

        assert f"dativo-lint: watching {repository.folder}\n" in after({})
        bad = after({"jobs/bad.yaml": BAD_JOB})
        assert bad.startswith("dativo-lint: --- jobs/bad.yaml changed\n")
        assert "dativo-lint: 1 new, 0 gone since the last run; watching " in bad
        asset = after({"assets/orders.yaml": ASSET.replace("FIN-001", "FIN-2")})
        assert "dativo-lint: --- assets/orders.yaml changed\n" in asset
        assert " 0 gone since the last run" in asset
        assert "0 new" not in asset
        broken = after({".dativo-lint.yml": "preset: ["})
        assert "dativo-lint: .dativo-lint.yml:1:" in broken
        assert "since the last run" not in broken
        ignoring = after({".dativo-lint.yml": "ignore: [unknown-provider]"})
        assert "0 new, 1 gone since the last run" in ignoring
        ignored = {".git/a.yaml": BAD_JOB, "build/a.yaml": BAD_JOB, "notes.txt~": "a"}
        good = after({**ignored, "jobs/bad.yaml": JOB})
        assert good.startswith("dativo-lint: --- jobs/bad.yaml changed\n")

        watcher.process.send_signal(signal.SIGINT)
        assert "\ndativo-lint: interrupted\n" in watcher.until("interrupted")
        assert 130 == watcher.process.wait()


def test_what_a_run_writes_itself_starts_no_other_and_a_terminal_is_cleared(
    repository: Repository,
) -> None:
    own = ("--cache-dir", "verdicts", "-o", "report.yaml", "--format", "concise")
    with watching(repository, *own, terminal=True) as watcher:
        assert "\x1b[2J" not in watcher.until("watching")
        for name in ("one", "two"):
            repository.write({f"jobs/{name}.yaml": BAD_JOB})
            printed = watcher.until("watching")
            assert printed.startswith(f"\x1b[2J\x1b[1;1Hdativo-lint: --- jobs/{name}.yaml changed")
    lines = (repository.folder / "report.yaml").read_text().splitlines()
    assert ["jobs/one.yaml", "jobs/two.yaml"] == [line.partition(":")[0] for line in lines[:2]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fix"],
        ["--fix-only", "unknown-provider"],
        ["--diff"],
        ["--add-suppressions", "a reason"],
        ["--changed", "jobs/orders.yaml"],
        ["--shard", "1/2"],
        ["-"],
    ],
)
def test_options_of_a_run_that_cannot_be_repeated_are_a_usage_error(
    repository: Repository, arguments: list[str]
) -> None:
    message = f"dativo-lint: --watch cannot be combined with {arguments[0]}\n"
    assert (2, "", message) == repository.run("--watch", *arguments)


def test_a_first_run_that_cannot_be_made_ends_the_watching(repository: Repository) -> None:
    code, out, err = repository.run("--watch", "missing")
    assert (2, "") == (code, out)
    assert "missing: no such file or folder" in err


def test_without_watchfiles_the_message_says_how_to_install_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    code, out, err = repository.run("--watch")
    assert (2, "") == (code, out)
    assert 'needs the package watchfiles; pip install "dativo-lint[watch]"' in err


def test_a_name_that_cannot_be_watched_is_a_usage_error(repository: Repository) -> None:
    def fails(*_: str, **__: object) -> Iterator[set[str]]:
        yield set()
        raise WatchfilesRustInternalError('Unable to decode path "\\xFF.yaml" to string')

    repository.patch.setattr("watchfiles.watch", fails)
    code, out, err = repository.run("--watch")

    assert (2, True) == (code, out.startswith("No problems"))
    assert 'dativo-lint: --watch: Unable to decode path "\\xFF.yaml" to string\n' in err
