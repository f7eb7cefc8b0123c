"""Several processes do what one would, and one that dies takes nobody with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, with_module, write

from dativo_lint.api import lint
from dativo_lint.engine.engine import Engine, Judged
from dativo_lint.engine.means import ALONE, Means
from dativo_lint.engine.selection import Request
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.settings.files import find_settings


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
    style = Style(show_unresolved=True)

    alone = "".join(REPORTS[name](report(root, ALONE), style))

    assert [alone] * 3 == [
        "".join(REPORTS[name](report(root, Means(it)), style)) for it in (2, 3, 7)
    ]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGUSR1, None])
@pytest.mark.parametrize(
    "bad", [{"jobs/001.yaml"}, {"jobs/000.yaml", "jobs/077.yaml", "jobs/two.yaml"}]
)
def test_a_file_on_which_a_process_dies_is_a_crash_and_all_else_is_judged(
    root: Path, monkeypatch: pytest.MonkeyPatch, bad: set[str], how: signal.Signals | None
) -> None:
    judge = Engine.judge

    def dying(self: Engine, requests: Sequence[Request]) -> list[Judged]:
        if bad.intersection(it.path for it in requests):
            if how is None:
                os._exit(1)
            os.kill(os.getpid(), how)
        return judge(self, requests)

    whole = report(root, ALONE)
    monkeypatch.setattr(Engine, "judge", dying)

    found = report(root, Means(2))

    assert [(it, "the worker process died") for it in sorted(bad)] == [
        (crash.path, crash.message) for crash in found.crashes
    ]
    rest = [it for it in whole.findings if it.place.path not in bad]
    assert [(it.rule.id, it.place) for it in rest] == [
        (it.rule.id, it.place) for it in found.findings
    ]
    assert whole.files == found.files


def test_what_one_process_cannot_send_is_a_crash_of_its_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Engine.judge

    def unsent(self: Engine, requests: Sequence[Request]) -> list[Judged]:
        if any(it.path == "jobs/001.yaml" for it in requests):
            raise MemoryError
        return judge(self, requests)

    monkeypatch.setattr(Engine, "judge", unsent)

    assert ["jobs/001.yaml"] == [crash.path for crash in report(root, Means(2)).crashes]


def test_nobody_waits_for_processes_that_an_interrupt_left_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dativo_lint.engine.run.Run._add", interrupted)

    with pytest.raises(KeyboardInterrupt):
        report(root, Means(2))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("means", [ALONE, Means(2), Means(3)])
def test_progress_counts_every_file_that_was_given(root: Path, means: Means) -> None:
    counts: list[tuple[int, int]] = []

    lint(["jobs"], find_settings(root), means=means, progress=lambda *it: counts.append(it))

    assert counts == [(number, len(counts)) for number in range(1, len(counts) + 1)]
    assert 151 < len(counts)


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

    assert 1 < len(made) < 10


def test_a_failure_outside_all_checks_is_a_crash_on_its_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dativo_lint.engine.engine.suppressions_of", lambda reading: 1 // 0)

    found = report(root, ALONE)

    assert {"internal-error"} == {crash.rule.id for crash in found.crashes}
    assert "ZeroDivisionError" in found.crashes[0].message
