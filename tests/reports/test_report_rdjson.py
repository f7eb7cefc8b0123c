"""What reviewdog reads: columns in bytes, and suggestions that do what fixing does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from msgspec.structs import replace
from report_samples import CLEAN, EMPTY, FULL, TEXTS, a_finding, a_place

from dativo_lint.api import lint_folder
from dativo_lint.documents.place import Place, byte_column
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.engine.selection import Given
from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report
from dativo_lint.fixes.texts import edited
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import settings_from

as_rdjson = TEXTS["rdjson"]
AWKWARD = {
    path.name: path.read_bytes()
    for path in (Path(__file__).parents[1] / "fixes" / "awkward" / "before").iterdir()
}
MARKED = "marked-first-line.yaml"
AWKWARD[MARKED] = b"\xef\xbb\xbftenent_id: t\nasset_path: asset.yaml\n"
NOT_UTF8 = ("cr-only.yaml", "utf16*", "wide-*.json")
"""Files whose lines git, and so reviewdog, does not see as we do."""


@pytest.fixture(scope="module")
def awkward() -> Report:
    """What is found in awkward files."""
    rules = [rule for rule in builtin_rules() if rule.fixable]
    jobs = Given(tuple(sorted(AWKWARD)))
    return lint_folder(MemoryFolder(AWKWARD), jobs, settings_from({}, Path("/")), rules)


def diagnostics(report: Report) -> list[dict[str, Any]]:
    return list(json.loads(as_rdjson(report))["diagnostics"])


def suggested(content: bytes, suggestions: list[dict[str, Any]]) -> bytes:
    """A content with suggestions, the last one first, as reviewdog makes of lines and columns."""
    lines = content.split(b"\n")
    for each in reversed(suggestions):
        (start, end), text = (each["range"][it] for it in ("start", "end")), each["text"].encode()
        first, last = start["line"] - 1, end["line"] - 1
        assert start["column"] <= len(lines[first]) + 1, "Go slices no further"
        assert end["column"] <= len(lines[last]) + 1
        whole = lines[first][: start["column"] - 1] + text + lines[last][end["column"] - 1 :]
        lines[first : last + 1] = whole.split(b"\n")
    return b"\n".join(lines)


def with_each_fix(report: Report) -> Iterator[tuple[Finding, Fix]]:
    """Findings with one of their fixes that edits their own file."""
    for finding in report.findings:
        for fix in finding.fixes:
            own = [it.place.path == finding.place.path and not it.others for it in fix.edits]
            if own and all(own):
                yield replace(finding, fixes=(fix,)), fix


def test_suggestions_in_awkward_files_are_what_fixing_does_to_the_byte(awkward: Report) -> None:
    seen = set()
    for finding, fix in with_each_fix(awkward):
        path = finding.place.path
        if not any(fnmatch(path, name) for name in NOT_UTF8):
            content = AWKWARD[path]
            (diagnostic,) = diagnostics(Report(findings=(finding,)))
            edits = sorted(diagnostic["suggestions"], key=lambda it: str(it["range"]["start"]))
            assert suggested(content, edits) == edited(content, fix.edits), finding
            seen.add(path)
    assert {MARKED, "crlf.yaml", "mixed-line-ends.yaml", "wide-characters.yaml"} <= seen


@given(st.text("aé成𐐀\t", max_size=9), st.integers(1, 12), st.integers(0, 12))
@settings(max_examples=40)
def test_a_column_counts_the_bytes_before_it(line: str, column: int, length: int) -> None:
    end = column + length
    place = a_place(column=column, length=length)
    (diagnostic,) = diagnostics(Report(findings=(a_finding(place=place, source=line),)))
    written = diagnostic["location"]["range"]
    if end - 1 > len(line):
        assert written == {"start": {"line": 3}, "end": {"line": 3}}
    else:
        begin, stop = (written[it]["column"] - 1 for it in ("start", "end"))
        assert line.encode()[begin:stop].decode() == line[column - 1 : end - 1]


def test_the_example_of_the_format_has_its_columns() -> None:
    assert [byte_column("a𐐀b", column) for column in (1, 2, 3, 4, 5)] == [1, 2, 6, 7, 0]


def test_lines_are_whole_where_a_place_goes_on_over_several() -> None:
    def lines(end_line: int, end_column: int) -> Any:
        place = Place("a", 3, 2, end_line, end_column)
        (diagnostic,) = diagnostics(Report(findings=(a_finding(place=place, source="abcd"),)))
        return diagnostic["location"]["range"]

    assert lines(5, 2) == {"start": {"line": 3}, "end": {"line": 5}}
    assert lines(5, 1) == {"start": {"line": 3}, "end": {"line": 4}}


def test_an_edit_of_another_file_or_of_a_hidden_line_is_named_and_not_suggested() -> None:
    def edit(place: Place) -> Edit:
        return Edit(place, "x", byte_columns=(2, 5))

    own, asset = a_place("jobs/a.yaml"), a_place("assets/a.yaml")
    fixes = (
        Fix("Add it", (edit(asset),)),
        Fix("Set both", (edit(own), edit(asset)), is_safe=False),
        Fix("Set all", (replace(edit(own), others=("b",)),)),
        Fix("Hide it", (replace(edit(own), byte_columns=(0, 1)),)),
        Fix("Refused", refusal="no"),
        Fix("Write it", (edit(own),)),
    )
    (diagnostic,) = diagnostics(Report(findings=(replace(a_finding(place=own), fixes=fixes),)))
    assert diagnostic["message"].split("\n")[2:] == [
        "suggestion in assets/a.yaml: Add it",
        "suggestion in assets/a.yaml: Set both (unsafe)",
        "suggestion: Set all",
        "suggestion: Hide it",
        "suggestion: Write it",
    ]
    where = {"start": {"line": 3, "column": 2}, "end": {"line": 3, "column": 5}}
    assert diagnostic["suggestions"] == [{"range": where, "text": "x"}]


def test_what_is_accepted_is_left_out() -> None:
    assert len(diagnostics(FULL)) == len(FULL.findings) + len(FULL.crashes)


def test_the_validator_of_the_format_finds_nothing_to_say(awkward: Report, tmp_path: Path) -> None:
    files = []
    for number, report in enumerate((FULL, CLEAN, EMPTY, awkward)):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(as_rdjson(report))
    client = Path(sys.prefix, "clients/node_modules/.bin/rdformat-validator")
    command = [str(Path(sys.prefix, "bin/node")), str(client), "--strict", "--no-extra-fields"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
