"""What a Markdown renderer makes of a report: our headings and lists, nothing of a stranger's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace
from report_samples import FULL, HOSTILE, HOSTILE_REPORTS, TEXTS

from dativo_lint.findings.report import Report
from dativo_lint.reports.as_markdown import job_summary
from dativo_lint.reports.escape import cell, code, markdown, visible
from dativo_lint.reports.style import Style

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "heading_open",
    "paragraph_open",
    "bullet_list_open",
    "list_item_open",
    "strong_open",
    "table_open",
    "thead_open",
    "tbody_open",
    "tr_open",
    "th_open",
    "td_open",
    "code_inline",
    "inline",
    "text",
}

FOLD = re.compile(r"<details><summary>(<code>[^<>]*</code>: )?[^<>]*</summary>\n?|</details>\n?")


def tokens(text: str) -> Iterator[Token]:
    """Everything that the renderer sees, inline parts included."""
    for token in RENDERER.parse(text):
        yield token
        yield from token.children or []


def words(text: str) -> str:
    """What a reader sees."""
    return "".join(token.content for token in tokens(text) if token.type in {"text", "code_inline"})


@given(HOSTILE)
def test_a_text_is_shown_as_it_is_and_as_nothing_else(text: str) -> None:
    written = f"- {markdown(text)}"
    assert words(written) == visible(text).strip()
    assert {token.type for token in tokens(written) if token.nesting >= 0} <= OURS


@given(HOSTILE)
def test_a_code_span_is_one_code_span(text: str) -> None:
    (paragraph,) = [token for token in tokens(code(text)) if token.type == "inline"]
    assert [child.type for child in paragraph.children or []] == ["code_inline"]
    assert words(code(text)).strip() == visible(text).strip()


@given(HOSTILE)
def test_a_cell_stays_one_cell(text: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {cell(code(text))} | {cell(markdown(text))} |"
    assert [token.type for token in RENDERER.parse(row)].count("td_open") == 2


@pytest.mark.parametrize(
    "form", [lambda report: TEXTS["markdown"](report, Style(show_unresolved=True)), job_summary]
)
@given(report=HOSTILE_REPORTS)
@settings(max_examples=40)
def test_a_report_has_only_our_headings_lists_and_tables(
    form: Callable[[Report], str], report: Report
) -> None:
    report = replace(report, owners={it.place.path: it.message for it in report.findings})
    opened = [token for token in tokens(form(report)) if token.nesting >= 0]
    assert {token.type for token in opened} <= {*OURS, "html_block"}
    assert all(FOLD.fullmatch(token.content) for token in opened if token.type == "html_block")


def test_the_trail_is_a_list_below_its_finding() -> None:
    depths = [
        token.level
        for token in RENDERER.parse(TEXTS["markdown"](FULL))
        if token.type == "bullet_list_open"
    ]
    assert max(depths) > min(depths)
