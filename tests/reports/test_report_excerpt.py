"""The marker stands under what is meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE, a_place

from dativo_lint.documents.place import Place
from dativo_lint.reports.excerpt import excerpt

PLAIN_LINES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"))


@given(PLAIN_LINES, st.data())
def test_the_marker_covers_the_place_wherever_the_line_is_cut(
    line: str, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(begin, len(line)))
    width = data.draw(st.integers(10, 120))
    shown, marker = excerpt(line, Place("a", 1, begin + 1, 1, end + 1), width)
    under = len(marker) - len(marker.lstrip())
    marked = shown[under : under + len(marker.strip())]
    assert marked.rstrip(".") in line
    if len(line) <= width:
        assert shown == line
        assert marked == line[begin : max(end, begin + 1)]
    assert len(shown) <= width + 6


def test_a_cut_line_shows_the_place_in_the_middle() -> None:
    line = "a" * 500 + "HERE" + "b" * 500
    shown, marker = excerpt(line, a_place(column=501), 30)
    assert shown == "..." + "a" * 10 + "HERE" + "b" * 16 + "..."
    assert marker == " " * 13 + "^^^^"


def test_wide_characters_accents_and_tabs_keep_the_marker_in_place() -> None:
    shown, marker = excerpt("\tデ\u0301 x: FIN", a_place(column=8, length=3), 100)
    assert shown == "    デ\u0301 x: FIN"
    assert marker == " " * 10 + "^^^"


def test_a_place_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert excerpt("  tags:  # all", Place("a", 1, 3, 4, 1), 100)[1] == "  ^^^^^^^^^^^^"


def test_a_place_behind_the_end_of_the_line_is_still_marked() -> None:
    assert excerpt("ab", a_place(column=9), 100) == ("ab", "  ^")


@given(HOSTILE, st.integers(1, 400), st.integers(0, 400))
def test_a_hostile_line_is_shown_on_one_printable_line(line: str, column: int, length: int) -> None:
    shown, marker = excerpt(line, a_place(column=column, length=length), 40)
    assert shown.isprintable()
    assert set(marker) <= {" ", "^"}
    assert marker.strip()
