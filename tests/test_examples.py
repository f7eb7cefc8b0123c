"""The examples say exactly what is expected of them."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from dativo_lint import lint
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.files import find_settings

EXAMPLES = Path(__file__).parent.parent / "examples"
GOLDEN = ("first-day", "every-family")


def lint_copy(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Lint a copy of an example as a repository of its own."""
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("expected.txt"))
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return lint(["."], find_settings(folder), today=date(2026, 1, 1))


@pytest.mark.parametrize("name", GOLDEN)
def test_an_example_gives_its_golden_report(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = EXAMPLES / name / "expected.txt"
    text = "".join(REPORTS["text"](lint_copy(name, tmp_path / name, monkeypatch)))
    if os.environ.get("ACCEPT"):
        golden.write_text(text, "utf-8")

    assert golden.read_text("utf-8") == text


@pytest.mark.parametrize(("name", "jobs"), [("aws", 1), ("gcp", 1), ("best-practice", 2)])
def test_a_complete_example_is_clean_without_suppressions(
    name: str, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = lint_copy(name, tmp_path / name, monkeypatch)

    assert () == report.findings
    assert () == report.crashes
    assert () == report.suppressed
    assert jobs == report.jobs


def test_every_rule_finds_its_defect_in_the_example_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = lint_copy("every-family", tmp_path / "every-family", monkeypatch)

    silent = {rule.id for rule in builtin_rules()} - {it.rule.id for it in report.findings}
    assert not silent, (
        f"break each of {sorted(silent)} once in a file of examples/every-family, with its id in a "
        "comment; parameters that it requires go into the settings there"
    )


def test_every_finding_in_the_example_of_all_is_announced_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = lint_copy("every-family", tmp_path / "every-family", monkeypatch)

    texts = {it.place.path: Path(it.place.path).read_text("utf-8") for it in report.findings}
    lacking = {
        f"{it.place}: {it.rule.id}"
        for it in report.findings
        if it.rule.id not in texts[it.place.path]
    }
    assert not lacking, f"name the rule in a comment of the file, or fix it: {sorted(lacking)}"


def test_an_example_says_the_same_inside_a_larger_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = lint_copy("first-day", tmp_path / "alone", monkeypatch)
    larger = tmp_path / "larger"
    shutil.copytree(EXAMPLES / "first-day", larger / "teams" / "first-day")
    (larger / ".git").mkdir()
    monkeypatch.chdir(larger)

    inside = lint(["teams/first-day"], find_settings(larger), today=date(2026, 1, 1))

    said = [(it.rule.id, it.place.line, it.message) for it in alone.findings]
    assert said == [(it.rule.id, it.place.line, it.message) for it in inside.findings]
