"""Rounds: what touches waits, what does harm is left out, and all else is fixed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dativo_lint.documents.place import Lines, Place
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.finding import ITSELF, Finding
from dativo_lint.findings.report import Report
from dativo_lint.fixes.choosing import Wanted
from dativo_lint.fixes.rounds import Fixed, fix_all

RULE = replace(ITSELF, id="lowercase")
NEW = "xy"
"""Fixing these words brings findings that were not there, of `y` in another file."""


def judge(contents: Mapping[str, bytes]) -> Report:
    """The report of texts in which every uppercase word is a finding, `U` an unsafe one."""
    findings = []
    for path, content in contents.items():
        lines = Lines(content.decode())
        for word in re.finditer(r"[A-Zxy]", content.decode()):
            place = lines.place(path, *word.span(), f"{word.group().lower()}{word.start()}")
            edit = Edit(replace(place, field=""), word.group().lower())
            is_new = word.group() in NEW
            fixes = () if is_new else (Fix("lower", (edit,), is_safe=word.group() != "U"),)
            if is_new:
                path_of_new = "other.txt" if word.group() == "y" else path
                place = Place(path_of_new, 1, 1, 1, 1, "new")
            findings.append(Finding(RULE, RULE.severity, place, word.group(), fixes=fixes))
    return Report(findings=tuple(findings))


def fixed(words: str, *, unsafe: bool = False) -> Fixed:
    """The result of fixing a text."""
    files = {"a.txt": f"{words}\n".encode()}
    return fix_all(
        lambda edited: judge({**files, **edited}), files.__getitem__, str, Wanted(unsafe=unsafe)
    )


@given(st.text("aBCUXY ", max_size=30), st.booleans())
def test_all_that_is_wanted_and_does_no_harm_is_fixed(words: str, unsafe: bool) -> None:
    result = fixed(words, unsafe=unsafe)
    after = result.after.get("a.txt", f"{words}\n".encode()).decode()
    expected = "".join(c if c in "XY" or (c == "U" and not unsafe) else c.lower() for c in words)
    assert after == f"{expected}\n"
    assert len(result.fixed) == sum(c != d for c, d in zip(words, expected, strict=True))
    assert len(result.refused) == words.count("X") + words.count("Y")
    assert {it.place.field for it in result.report.findings} == {
        f"{c.lower()}{at}" for at, c in enumerate(expected) if c.isupper()
    }


def test_the_reason_names_what_would_be_new() -> None:
    ((finding, reason),) = fixed("aX").refused
    assert finding.message == "X"
    assert reason == 'it would cause lowercase at "new" in a.txt'


def test_harm_in_any_number_of_files_is_found_in_a_few_runs() -> None:
    words = ("aXB", "XAXBXC", "ABCDX", "XX", "A")
    files = {f"{number}.txt": words[number % len(words)].encode() for number in range(500)}
    runs = []

    def counted(edited: Mapping[str, bytes]) -> Report:
        runs.append(edited)
        return judge({**files, **edited})

    after = fix_all(counted, files.__getitem__, str, Wanted()).after
    assert {**files, **after} == {
        path: re.sub(rb"[A-D]", lambda word: word.group().lower(), content)
        for path, content in files.items()
    }
    assert len(runs) < 30


def test_harm_that_shows_in_another_file_is_no_reason_against_the_fix_of_that_file() -> None:
    files = {"a.txt": b"A Y", "b.txt": b"XA", "other.txt": b"B"}
    result = fix_all(lambda edited: judge({**files, **edited}), files.__getitem__, str, Wanted())
    assert result.after == {"a.txt": b"a Y", "b.txt": b"Xa", "other.txt": b"b"}
    assert [finding.message for finding, _ in result.refused] == ["X", "Y"]


def test_an_edit_elsewhere_stays_possible_after_one_that_moves_it() -> None:
    def judge(edited: Mapping[str, bytes]) -> Report:
        text = edited.get("a.txt", b"1 1\n").decode()
        places = [Place("a.txt", 1, m.start() + 1, 1, m.end() + 1) for m in re.finditer("1", text)]
        fix = [Fix("grow", (Edit(place, "one"),)) for place in places]
        return Report(
            findings=tuple(
                Finding(RULE, RULE.severity, place, "1", fixes=(each,))
                for place, each in zip(places, fix, strict=True)
            )
        )

    assert fix_all(judge, lambda _: b"1 1\n", str, Wanted()).after == {"a.txt": b"one one\n"}
