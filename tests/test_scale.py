"""Scale: twice as much of anything takes twice the steps, never four times."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.findings.report import Report
from dativo_lint.jobs import repository as repository_module
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.settings.settings import settings_from

JOB = """\
asset_path: asset.yaml
infrastructure:
  provider: aws
  terraform_module: ./module
  terraform_vars: {vars}
  tags: {tags}
finops: {finops}
{more}
"""
FEW, MORE = 400, 800
PACKAGE = f"{Path(__file__).resolve().parent.parent / 'dativo_lint'}/"

Files = dict[str, str]


def rows(count: int, row: str) -> str:
    return "\n".join(row.replace("NUMBER", str(number)) for number in range(count))


def repository(**parts: str) -> Files:
    """A job with its asset and its module, some parts of it much longer than usual."""
    said = {"vars": "{a: b}", "tags": "{}", "finops": "{cost_center: FIN-001}", "more": "", **parts}
    module = said.pop("module", 'variable "a" {}')
    asset = said.pop("asset", "asset: {name: customers}")
    return {"job.yaml": JOB.format(**said), "asset.yaml": asset, "module/main.tf": module}


SHAPES: dict[str, Callable[[int], Files]] = {
    "columns": lambda n: repository(
        asset="asset:\n  name: x\n  schema:\n" + rows(n, "    - {name: email_NUMBER, type: string}")
    ),
    "variables": lambda n: repository(module=rows(n, 'variable "vNUMBER" {\n  type = string\n}')),
    "given variables": lambda n: repository(
        module=rows(n, 'variable "vNUMBER" {\n  type = string\n}'),
        vars="\n" + rows(n, "    vNUMBER: x"),
    ),
    "undeclared variables": lambda n: repository(vars="\n" + rows(n, "    wNUMBER: x")),
    "undeclared locals": lambda n: repository(
        module='variable "a" {}\nlocals {\n' + rows(n, "  lNUMBER = local.mNUMBER") + "\n}"
    ),
    "misspelled tags": lambda n: repository(finops="\n" + rows(n, "  cost_centreNUMBER: x")),
    "unknown fields": lambda n: repository(more=rows(n, "fieldNUMBER: x")),
    "suppressions": lambda n: repository(
        more=rows(n, "# dativo-lint: ignore[missing-owner] because of NUMBER")
    ),
    "allowed findings": lambda n: repository(
        more=rows(n, "fNUMBER: x # dativo-lint: ignore[unknown-field] because of NUMBER")
    ),
    "refused tags": lambda n: repository(
        more="", finops="{}", tags="\n" + rows(n, "    'aws:kNUMBER': 'bad|NUMBER'")
    ),
    "orphan overrides": lambda n: repository(
        asset="asset:\n  name: x\n  schema:\n"
        + rows(n, "    - {name: email_NUMBER, type: string}"),
        more="classification_overrides:\n" + rows(n, "  emial_NUMBER: PII"),
    ),
    "repeated keys": lambda n: repository(more=rows(n, "twice: NUMBER")),
}


def report_on(files: Files) -> Report:
    settings = settings_from({}, Path("/"))
    return lint_folder(MemoryFolder(files), Given(["job.yaml"]), settings, today=date(2026, 1, 1))


def written(report: Report) -> None:
    for name in sorted(set(REPORTS) - {"table"}):
        for _ in REPORTS[name](report, Style(show_unresolved=True)):
            pass


def steps_of(act: Callable[[], object]) -> Counter[str]:
    """How many lines of each function of ours are run, and how many texts are held against another
    to see whether they are near."""
    found: Counter[str] = Counter()

    def enter(frame: FrameType, _: str, __: object) -> Any:
        code = frame.f_code
        if code.co_filename.endswith("difflib.py"):
            found["difflib"] += 1
        if not code.co_filename.startswith(PACKAGE):
            return None
        name = f"{code.co_filename[len(PACKAGE) :]} {code.co_name}"
        found[name] += 1

        def step(_: FrameType, event: str, __: object) -> Any:
            found[name] += event == "line"
            return step

        return step

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        act()
    finally:
        sys.settrace(before)
    return found


def grown(few: Counter[str], more: Counter[str]) -> list[str]:
    """Functions that take more steps than in proportion, by more than what is done once."""
    return [
        f"{name}: {few[name]}, then {calls}"
        for name, calls in more.items()
        if calls > 2.5 * few[name] + 4 * MORE
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_linting_twice_as_much_takes_no_more_than_twice_the_steps(shape: str) -> None:
    make = SHAPES[shape]
    report_on(make(5))  # whatever is done once a process
    few, more = (steps_of(lambda n=n: report_on(make(n))) for n in (FEW, MORE))
    assert [] == grown(few, more)


@pytest.mark.parametrize("shape", ["misspelled tags", "allowed findings"])
def test_writing_twice_as_much_takes_no_more_than_twice_the_steps(shape: str) -> None:
    written(report_on(SHAPES[shape](5)))
    reports = [report_on(SHAPES[shape](n)) for n in (FEW, MORE)]
    few, more = (steps_of(lambda it=it: written(it)) for it in reports)
    assert [] == grown(few, more)
    assert MORE <= len(reports[1].findings) + len(reports[1].suppressed)


def test_every_file_is_opened_and_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: Counter[str] = Counter()
    parsed: Counter[str] = Counter()
    read, parse = MemoryFolder.read, repository_module.read_content

    def open_(self: MemoryFolder, path: str, *limits: Any) -> Any:
        opened[path] += 1
        return read(self, path, *limits)

    def parse_(path: str, *rest: Any) -> Any:
        parsed[path] += 1
        return parse(path, *rest)

    monkeypatch.setattr(MemoryFolder, "read", open_)
    monkeypatch.setattr(repository_module, "read_content", parse_)
    files = repository()
    jobs = {f"jobs/{number}.yaml": files["job.yaml"] for number in range(100)}
    given = Given(list(jobs))
    lint_folder(MemoryFolder({**files, **jobs}), given, settings_from({}, Path("/")))

    assert {"asset.yaml", *jobs} == set(parsed)
    assert {1} == set(parsed.values())
    assert {1} == {opened[path] for path in ("asset.yaml", "module/main.tf")}
    # Once more, to see whether they are runner files, which would say something of other jobs.
    assert {2} == {opened[path] for path in jobs}
