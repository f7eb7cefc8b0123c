"""Tables fit, lose nothing, and stay in line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.cli.commands.explain import prose
from dativo_lint.reports.columns import columns, folded, table
from dativo_lint.reports.style import Style

WORDS = st.text("ab成/._- ", max_size=60)
GRIDS = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.tuples(*[WORDS] * width), min_size=1, max_size=5)
)
TERMINAL = Style(width=40, is_wrapped=True, breaks_words=True)


def signs(text: str) -> str:
    """A text without its spaces and line ends, in no order."""
    return "".join(sorted(re.sub(r"\s", "", text)))


@given(GRIDS, st.integers(20, 120))
def test_a_table_on_a_terminal_fits_it_and_loses_nothing(
    rows: list[tuple[str, ...]], width: int
) -> None:
    headers = tuple("abcde"[: len(rows[0])])
    text = table(headers, rows, Style(width=width, is_wrapped=True, breaks_words=True))
    head, _, *lines = text.split("\n")
    assert max(map(columns, text.split("\n"))) <= width
    told = "".join((head, *lines))
    assert signs("".join(map("".join, (headers, *rows)))) == signs(told)


@given(GRIDS)
def test_elsewhere_no_word_is_broken(rows: list[tuple[str, ...]]) -> None:
    for is_wrapped in (True, False):
        text = table("abcde"[: len(rows[0])], rows, Style(width=40, is_wrapped=is_wrapped))
        words = set(text.split())
        assert {word for row in rows for cell in row for word in cell.split()} <= words


def test_elsewhere_a_word_that_is_too_long_makes_no_other_line_longer() -> None:
    rows = [("a", "b " * 50 + "x" * 300), ("a", "b " * 100)]
    lines = table(("a", "b"), rows, Style(width=60, is_wrapped=True)).split("\n")
    assert [303] == [len(line) for line in lines if len(line) > 60]


def test_on_a_terminal_words_break_behind_signs_where_that_is_enough() -> None:
    rows = [("governance.retention_days", "dagster-metadata", "100")]
    style = Style(width=40, is_wrapped=True, breaks_words=True)
    text = table(("key", "sink", "unresolved"), rows, style)
    assert "unresolved" in text
    assert {"governance.", "retention_", "days"} <= set(text.split())


@given(st.lists(st.text("a成", min_size=1, max_size=9), min_size=1, max_size=6))
def test_columns_begin_under_their_headers_whatever_is_in_them(cells: list[str]) -> None:
    lines = table(("first", "x"), [(cell, "|") for cell in cells], Style()).split("\n")
    at = columns(lines[0].partition("x")[0])
    assert {at} == {columns(line.partition("|")[0]) for line in lines[2:]}


@given(st.text("ab成本/. \n", max_size=200), st.integers(2, 50))
def test_a_folded_text_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = list(folded(text, width))
    assert all(columns(line) <= width for line in lines)
    assert signs(text) == signs("".join(lines))


def test_a_long_path_is_broken_behind_a_slash() -> None:
    assert ["assets/stripe/v1.0/", "customers.yaml"] == list(
        folded("assets/stripe/v1.0/customers.yaml", 24)
    )


def test_a_cell_of_any_length_is_folded_in_good_time() -> None:
    cell = "x" * 50_000 + " y" * 50_000
    assert len(table(("a", "b"), [(cell, cell)], TERMINAL)) < 1_000_000


@pytest.mark.parametrize("style", [Style(width=40), Style(width=40, colour=True)])
def test_a_page_is_told_without_marks_of_markdown(style: Style) -> None:
    page = (
        "# a\n\n## What it is\n\nSet `a b` to `[x](y)`, see [the docs](https://e.com/x).\n\n"
        "- one `item` that is longer than a line of forty columns is\n\n```yaml\n# a `b`\n```\n"
    )
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(prose(page, style)))
    assert (
        "a\n\nWHAT IT IS\n\nSet a b to [x](y), see the docs:\nhttps://e.com/x.\n\n"
        "- one item that is longer than a line of\n  forty columns is\n\n    # a `b`\n" == text
    )


@given(st.text("`[]()#- a\x1b\ue000\n", max_size=80))
def test_a_page_of_any_text_makes_no_terminal_do_anything(page: str) -> None:
    assert all(line.isprintable() for line in prose(page, Style(width=30)))


def test_an_address_on_a_page_is_a_link_without_what_follows_it() -> None:
    (line,) = prose("- See https://a.example/b.md, and more.", Style(links=True))

    assert "\x1b]8;;https://a.example/b.md\x1b\\https://a.example/b.md\x1b]8;;\x1b\\, and" in line
