"""Several processes do what one would, and one that dies takes nobody with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, with_module, write

from dativo_lint.cores import spread
from dativo_lint.judging import Judging
from dativo_lint.api import lint
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.run import ALONE, Means
from dativo_lint.settings_file import find_settings
from dativo_lint.results import Report

NAMES = [f"file-{number}" for number in range(1_500)]


def made_by(
    processes: int, work: Any, names: list[str] = NAMES, batch: int = 1
) -> tuple[dict[str, Any], Any]:
    made: dict[str, Any] = {}
    died = spread(names, each(work), processes, made.__setitem__, batch=batch)
    return made, died


def each(work: Any) -> Any:
    return lambda paths: list(map(work, paths))


@pytest.mark.parametrize("batch", [1, 7, 4_000])
@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_file_is_worked_on_once(processes: int, batch: int) -> None:
    made, died = made_by(processes, lambda path: (path.upper(), len(path)), batch=batch)

    assert {} == died
    assert {name: (name.upper(), len(name)) for name in NAMES} == made


def test_more_is_sent_than_a_pipe_holds() -> None:
    made, _ = made_by(2, lambda path: path * 20_000, NAMES[:200])

    assert [len(name) * 20_000 for name in NAMES[:200]] == [len(made[it]) for it in NAMES[:200]]


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGUSR1, None])
def test_a_process_that_dies_is_told_with_its_file_and_the_rest_goes_on(
    how: signal.Signals | None, batch: int
) -> None:
    bad = {NAMES[3], NAMES[700], NAMES[1_499]}

    def work(path: str) -> str:
        if path in bad:
            if how is None:
                raise RuntimeError(path)
            os.kill(os.getpid(), how)
        return path

    made, died = made_by(2, work, batch=batch)

    assert bad == set(died)
    assert set(NAMES) - bad == set(made)
    expected = f"signal {int(how)}" if how else "exit code 1"
    assert {f"the process that judged it ended with {expected}"} == set(died.values())


def test_nobody_waits_for_processes_that_an_error_left_behind() -> None:
    def receive(path: str, made: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spread(NAMES, each(str), 2, receive)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_how_far_all_are_is_told() -> None:
    told: list[int] = []
    spread(NAMES, each(str), 2, lambda *_: None, told.append)

    assert told == sorted(told)
    assert len(NAMES) == told[-1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    write(tmp_path, FILES)
    write(tmp_path, {"modules/job/main.tf": MODULE, "jobs/two.yaml": f"{JOB}---\n{BAD_JOB}"})
    texts = (JOB, BAD_JOB, with_module(), "a: [", JOB.replace("orders.yaml", "none.yaml"))
    write(tmp_path, {f"jobs/{number:03}.yaml": texts[number % 5] for number in range(150)})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(root: Path, means: Means) -> Report:
    return lint(["."], find_settings(root), today=date(2026, 1, 1), means=means)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_of_several_processes_are_those_of_one_to_the_byte(root: Path, name: str) -> None:
    style = Style(show_open=True)

    alone = "".join(REPORTS[name](report(root, ALONE), style))

    assert [alone] * 3 == [
        "".join(REPORTS[name](report(root, Means(it)), style)) for it in (2, 3, 7)
    ]


def test_a_job_on_which_a_process_dies_is_a_crash_and_all_else_is_judged(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judging.files

    def files(self: Judging, paths: Sequence[str], take: Any) -> Any:
        if "jobs/001.yaml" in paths:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(self, paths, take)

    whole = report(root, ALONE)
    monkeypatch.setattr(Judging, "files", files)

    (crash,) = (found := report(root, Means(2))).crashes

    assert ("jobs/001.yaml", "the process that judged it ended with signal 9") == (
        crash.path,
        crash.message,
    )
    rest = [it for it in whole.findings if it.place.path != "jobs/001.yaml"]
    assert [(it.rule.id, it.place) for it in rest] == [
        (it.rule.id, it.place) for it in found.findings
    ]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_file_that_jobs_take_for_different_things_is_one_file(root: Path, processes: int) -> None:
    asset = ASSET.replace("retention_days: 365", "retention_days: never")
    as_connector = JOB.replace("connectors/postgres", "shared/asset")
    as_asset = JOB.replace("assets/orders", "shared/asset")
    write(root, {"shared/asset.yaml": asset.replace("kind: DataContract\n", "")})
    names = {f"jobs/mixed/{it:03}.yaml": (as_connector, as_asset)[it % 2] for it in range(120)}
    write(root, names)

    def told(means: Means) -> tuple[int, list[str]]:
        found = lint(["jobs/mixed"], find_settings(root), today=date(2026, 1, 1), means=means)
        return found.files, [str(it.place) for it in found.findings]

    files, places = told(Means(processes))

    assert (len(names) + 4, True) == (files, any("shared/asset" in it for it in places))
    assert told(ALONE) == (files, places)


def test_no_more_processes_are_made_than_have_something_to_do(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: made.append(1) or fork())

    report(root, Means(5_000))

    assert 1 < len(made) < 20


def test_a_failure_outside_all_checks_is_a_crash_on_its_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dativo_lint.judging.allowances", lambda reading: 1 // 0)

    found = report(root, ALONE)

    assert {"internal-error"} == {crash.rule.id for crash in found.crashes}
    assert "ZeroDivisionError" in found.crashes[0].message
