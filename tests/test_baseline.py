"""A baseline accepts what was there, nothing new, and tells what is gone."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports.report_samples import a_finding, a_place, a_rule

from dativo_lint.documents.document import Limits
from dativo_lint.errors import UsageError
from dativo_lint.findings.baseline import (
    Baseline,
    Entry,
    accept,
    entries_for,
    key_of,
    read_entries,
    without,
)
from dativo_lint.findings.baseline import written as text_of
from dativo_lint.findings.finding import Finding

DAY = date(2026, 11, 30)
WORDS = st.text(st.characters(codec="utf-8"), max_size=6)
FINDINGS = st.lists(
    st.builds(
        lambda rule, path, field, line: a_finding(
            a_rule(rule), place=a_place(path, line, field=field)
        ),
        st.sampled_from(["missing-owner", "unknown-field"]),
        st.sampled_from(["a.yaml", "b.yaml"]),
        st.sampled_from(["", "x", "y[0]"]),
        st.integers(1, 9),
    ),
    max_size=12,
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        path=WORDS,
        rule=WORDS,
        field=WORDS,
        since=st.dates(),
        count=st.integers(1, 9),
        reason=WORDS,
        owner=WORDS,
        ticket=WORDS,
        until=st.none() | st.dates(),
    ),
    max_size=8,
)


def counted(findings: list[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter(map(key_of, findings))


@given(before=FINDINGS, after=FINDINGS)
def test_what_stands_is_what_is_new_and_what_is_absent_is_what_is_gone(
    before: list[Finding], after: list[Finding]
) -> None:
    baseline = Baseline("b.json", tuple(entries_for(before, DAY)))

    accepted = accept(after, baseline, DAY)

    assert counted([*accepted.standing]) == counted(after) - counted(before)
    assert counted([*accepted.standing, *accepted.baselined]) == counted(after)
    absent = Counter({entry.key: count for entry, count in accepted.absent})
    assert absent == counted(before) - counted(after)


@given(before=FINDINGS, after=FINDINGS)
def test_without_what_is_gone_and_with_what_is_new_a_baseline_accepts_all(
    before: list[Finding], after: list[Finding]
) -> None:
    first = Baseline("b.json", tuple(entries_for(before, DAY)))
    accepted = accept(after, first, DAY)
    entries = [
        *without(first.entries, accepted.absent),
        *entries_for(accepted.standing, DAY),
    ]

    again = accept(after, Baseline("b.json", tuple(entries)), DAY)

    assert (again.standing, again.absent) == ((), ())


@given(entries=ENTRIES)
def test_a_written_baseline_is_read_as_it_was(entries: list[Entry]) -> None:
    text = text_of(entries)

    read = read_entries("b.json", text.encode(), Limits())

    assert text_of(read) == text
    assert len(text.splitlines()) == (len(entries) + 5 if entries else 4)


def test_an_entry_accepts_nothing_after_its_last_day() -> None:
    finding = a_finding(a_rule(), place=a_place(field="x"))
    entries = entries_for([finding], DAY, until=DAY)

    on_the_day = accept([finding], Baseline("b.json", tuple(entries)), DAY)
    after = accept([finding], Baseline("b.json", tuple(entries)), date(2026, 12, 1))

    assert not on_the_day.standing
    assert after.standing == (finding,)
    assert not after.absent


ENTRY = '{"path": "a", "rule": "b", "field": "", "since": "2026-02-03"}'


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('{"path": "a"}', "rule"),
        (ENTRY.replace("2026-02-03", "1.1.26"), "expected a day, YYYY-MM-DD"),
        (
            ENTRY.replace("2026-02-03", "2026-02-30"),
            'entries[0].since is "2026-02-30"; expected a day',
        ),
        (ENTRY.replace("}", ', "untill": "2027-01-01"}'), "until"),
        (ENTRY.replace("}", ', "count": 0}'), "count"),
    ],
)
def test_an_entry_of_another_form_is_a_usage_error_with_its_place(entry: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read_entries("b.json", f'{{"version": 1, "entries": [{entry}]}}'.encode(), Limits())

    assert message in str(error.value)
    assert str(error.value).startswith("b.json:1:")


@pytest.mark.parametrize("text", ["[]", "{", '{"version": 2, "entries": []}', "{}"])
def test_a_file_that_is_no_baseline_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        read_entries("b.json", text.encode(), Limits())
