"""Suppressions: what a comment asks for, and what it covers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.suppression_comment import Suppression, suppressions_of


def asked(text: str, path: str = "job.yaml") -> tuple[Suppression, ...]:
    """The suppressions of a text."""
    return suppressions_of(read_yaml(path, text.encode()))


def one(comment: str) -> Suppression:
    """The one suppression in a comment."""
    (found,) = asked(f"a: 1  {comment}\n")
    return found


def covered(text: str) -> list[tuple[int, int]]:
    """First and last line of what each suppression covers."""
    return [(it.first_line, it.last_line) for it in asked(text)]


@pytest.mark.parametrize(
    ("comment", "rules", "until", "reason"),
    [
        ("# dativo-lint: ignore[a] because b", ("a",), None, "b"),
        ("#dativo-lint:ignore[a]because b", ("a",), None, "b"),
        (
            "#  dativo-lint : ignore [ a,b , c ] because  so it is ",
            ("a", "b", "c"),
            None,
            "so it is",
        ),
        ("# dativo-lint: ignore[a] until 2027-03-31 because b", ("a",), date(2027, 3, 31), "b"),
        ("# dativo-lint: ignore[a] because until 2027 because", ("a",), None, "until 2027 because"),
        ("# dativo-lint: ignore[a, a] because of # that", ("a",), None, "of # that"),
        ("# noqa # dativo-lint: ignore[a] because b", ("a",), None, "b"),
        ("# dativo-lint: ignore[a]", ("a",), None, ""),
        ("# dativo-lint: ignore[a] because", ("a",), None, ""),
        ("# dativo-lint: ignore[because-of-it] because b", ("because-of-it",), None, "b"),
    ],
)
def test_a_comment_names_rules_an_end_and_a_reason(
    comment: str, rules: tuple[str, ...], until: date | None, reason: str
) -> None:
    found = one(comment)

    assert (rules, until, reason, "") == (found.rules, found.until, found.reason, found.fault)


@given(st.permutations(["until 2027-03-31", "owner team", "ticket F-1"]), st.integers(0, 3))
def test_end_owner_and_ticket_may_be_left_out_and_be_in_any_order(
    parts: list[str], count: int
) -> None:
    parts = parts[:count]

    found = one(f"# dativo-lint: ignore[a] {' '.join(parts)} because of owner x")

    assert (found.fault, found.reason) == ("", "of owner x")
    until = f"until {found.until}" if found.until else ""
    owner = found.owner and f"owner {found.owner}"
    ticket = found.ticket and f"ticket {found.ticket}"
    assert sorted(filter(None, (until, owner, ticket))) == sorted(parts)


@pytest.mark.parametrize(
    ("comment", "fault"),
    [
        ("# dativo-lint: ignore", "no rule is named"),
        ("# dativo-lint: ignore because b", "no rule is named"),
        ("# dativo-lint: ignore a because b", "no rule is named"),
        ("# dativo-lint: ignore[ , ] because b", "no rule is named"),
        ("# dativo-lint: ignore[a because b", "no rule is named"),
        ("# dativo-lint: allow a because b", 'unknown keyword "allow"'),
        ("# dativo-lint:", 'unknown keyword ""'),
        ("# dativo-lint ignore[a] because b", "no colon after dativo-lint"),
        ("# dativo-lint: ignore[a] as b", 'unknown keyword "as"'),
        ("# dativo-lint: ignore[a] because b until 2027-01-01", "until must be before because"),
        ("# dativo-lint: ignore[a] until because b", 'until "" is not a date'),
        ("# dativo-lint: ignore[a] until spring because b", 'until "spring" is not a date'),
        ("# dativo-lint: ignore[a] until 20270131 because b", 'until "20270131" is not a date'),
        ("# dativo-lint: ignore[a] until 2027-02-30 because b", 'until "2027-02-30" is not a date'),
        (
            "# dativo-lint: ignore[a] until 2027-01-01 b",
            'unknown keyword "b"; expected one',
        ),
        (
            "# dativo-lint: ignore[a] tiket F-1 because b",
            'unknown keyword "tiket"; did you mean',
        ),
        (
            "# dativo-lint: ignore[a] owner: b because c",
            'unknown keyword "owner:"; did you mean',
        ),
        ("# dativo-lint: ignore[a] Because b", 'unknown keyword "Because"; did you mean "because"'),
        ("# dativo-lint: ignore[a] owner because b", "owner has no value; expected: owner NAME"),
        ("# dativo-lint: ignore[a] owner ticket F-1", "owner has no value; expected: owner NAME"),
        ("# dativo-lint: ignore[a] owner b owner c", "owner is there twice"),
        ("# dativo-lint: ignore[a] owner b c because d", 'unknown keyword "c"'),
    ],
)
def test_a_comment_that_asks_for_nothing_sensible_is_at_fault(comment: str, fault: str) -> None:
    assert one(comment).fault.startswith(fault)


@pytest.mark.parametrize(
    "comment",
    ["# see the dativo-lint docs", "# dativo-lint is good", "# dativo-lintx: ignore[a] because b"],
)
def test_a_comment_that_only_mentions_the_linter_asks_for_nothing(comment: str) -> None:
    assert () == asked(f"a: 1  {comment}\n")


def test_the_last_day_is_included() -> None:
    suppression = one("# dativo-lint: ignore[a] until 2027-03-31 because b")

    assert not suppression.is_expired(date(2027, 3, 31))
    assert suppression.is_expired(date(2027, 4, 1))
    assert not one("# dativo-lint: ignore[a] because b").is_expired(date.max)


def test_a_comment_covers_its_line_and_alone_the_next_line_that_is_more_than_a_comment() -> None:
    text = """\
a: 1  # dativo-lint: ignore[x] because y
# dativo-lint: ignore[x] because y
# another

# dativo-lint: ignore[x] because y
# another
b: 1
"""
    assert [(1, 1), (2, 4), (5, 7)] == covered(text)


def test_on_the_key_of_a_block_it_covers_the_block() -> None:
    text = """\
a:  # dativo-lint: ignore[x] because y
  b: |
    text

    more
  c:
    - d: 1  # dativo-lint: ignore[x] because y
      e: 2
    - 3
# dativo-lint: ignore[x] because y
f:
  g: 1
h: 1
"""
    assert [(1, 9), (7, 8), (10, 12)] == covered(text)


def test_it_holds_within_its_own_document() -> None:
    text = """\
# dativo-lint: ignore[x] because y
---
a:
  b: 1
--- # and another
# dativo-lint: ignore[x] because y
a:
  b: 1
"""
    assert [(1, 4), (6, 8)] == covered(text)


def test_an_anchored_block_is_covered_where_it_is_written() -> None:
    text = """\
a: &a  # dativo-lint: ignore[x] because y
  b: 1
c: *a  # dativo-lint: ignore[x] because y
"""
    assert [(1, 2), (3, 3)] == covered(text)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_ends_of_lines_make_no_difference(end: str) -> None:
    lines = [
        "# dativo-lint: ignore[x] because y",
        "a:",
        "  b: 1  # dativo-lint: ignore[z] because é",
    ]

    first, second = asked(end.join(lines) + end)

    assert (1, 3, "y") == (first.first_line, first.last_line, first.reason)
    assert (3, 3, "é") == (second.first_line, second.last_line, second.reason)
    assert ("job.yaml", 3, 9, 3, 43) == (
        second.place.path, second.place.line, second.place.column,
        second.place.end_line, second.place.end_column,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        'a: "# dativo-lint: ignore[x] because y"\n',
        "a: 'b\n\n  # dativo-lint: ignore[x] because y'\n",
        "a: |\n  # dativo-lint: ignore[x] because y\n",
        "a: >-\n  b\n  # dativo-lint: ignore[x] because y\n  c\n",
        '"# dativo-lint: ignore[x] because y": 1\n',
        "a: b#dativo-lint:allow\n",
    ],
)
def test_what_stands_in_a_text_is_no_comment(text: str) -> None:
    assert () == asked(text)


def test_a_comment_behind_the_sign_of_a_block_text_is_one() -> None:
    assert [(1, 2)] == covered("a: |  # dativo-lint: ignore[x] because y\n  b\n")


def test_json_has_no_comments() -> None:
    text = b'{"a": 1} # dativo-lint: ignore[x] because y'
    assert () == suppressions_of(read_yaml("job.json", text))


@pytest.mark.parametrize(
    "text",
    [
        "# dativo-lint: ignore[x] because y\n" * 20_000 + "a: 1\n",
        "a: 1 " + "# " * 400_000 + "\n# dativo-lint: ignore[x]\n",
        "a: 1 # dativo-lint: ignore[x]" + " " * 400_000 + "y\n",
        "# dativo-lint: ignore[a] " + "until " * 100_000 + "\na: 1\n",
        "".join(f"{' ' * n}k{n}: # dativo-lint: ignore[x]\n" for n in range(90))
        + " " * 90
        + "z: 1",
        "- 'a' # dativo-lint: ignore[x] because y\n" * 20_000,
    ],
    ids=["comments", "signs", "blanks", "words", "blocks", "texts"],
)
def test_a_hostile_text_is_looked_at_in_a_time_that_grows_with_its_length(text: str) -> None:
    assert asked(text)


@given(st.text(alphabet="# \n:-abdilnotvuw,'\"|é", max_size=80))
def test_whatever_is_written_nothing_is_raised_and_lines_lie_in_the_text(text: str) -> None:
    text = text.replace("#", "# dativo-lint: ignore")
    lines = text.count("\n") + 1

    for suppression in asked(text):
        assert 1 <= suppression.first_line <= suppression.last_line <= lines
