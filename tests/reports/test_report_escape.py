"""What others wrote stays what it is, and nothing obeys it."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE

from dativo_lint.reports.escape import (
    cell,
    code,
    json_pieces,
    json_text,
    markdown,
    sarif_message,
    shortened,
    uri,
    visible,
)

LOGGING_COMMAND = re.compile(r"##\w*\[")


@given(HOSTILE)
def test_what_is_visible_is_one_printable_line_without_commands(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert not LOGGING_COMMAND.search(shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("FIN-001 for データ ☕", "FIN-001 for データ ☕"),
        ("a\x1b[31m", r"a\x1b[31m"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\u202egpj", r"\u202egpj"),
        ("\ud800\U000e0041", r"\ud800\U000e0041"),
        ("##[error]x", r"\x23#[error]x"),
        ("##vso[task]", r"\x23#vso[task]"),
        ("## a heading", "## a heading"),
    ],
)
def test_only_what_cannot_be_printed_is_spelled(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(HOSTILE)
def test_json_says_exactly_what_was_written_in_printable_characters(text: str) -> None:
    written = json_text({"value": text})
    assert all(char.isprintable() or char == "\n" for char in written)
    assert not LOGGING_COMMAND.search(written)
    without_surrogates = re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)
    assert json.loads(written) == {"value": without_surrogates}


@given(HOSTILE)
def test_a_uri_is_ascii_and_leads_back_to_the_path(path: str) -> None:
    address = uri(path)
    assert re.fullmatch(r"(file://)?[A-Za-z0-9._~/%-]+", address)
    if path.isprintable() and path and not path.startswith("/"):
        assert unquote(address) == path


def test_a_file_name_that_is_no_unicode_keeps_its_bytes_in_a_uri() -> None:
    assert uri("jobs/caf\udce9.yaml") == "jobs/caf%E9.yaml"


@given(HOSTILE)
def test_brackets_of_others_never_link_in_sarif(text: str) -> None:
    unescaped = re.sub(r"\\[\[\]\\]", "", sarif_message(text))
    assert not set(unescaped) & set("[]\\")


@given(HOSTILE)
def test_a_code_span_holds_the_whole_text(text: str) -> None:
    span = code(text)
    fence = re.match("`+", span)
    assert fence is not None
    inner = span[len(fence[0]) : -len(fence[0])]
    assert span.endswith(fence[0])
    assert fence[0] not in re.findall("`+", inner)
    assert visible(text).strip() in inner


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("finops.cost_center is FIN-001", "finops.cost_center is FIN-001"),
        ("*a* _b_ `c` <b> [d](e) a|b ~~f~~", r"\*a\* \_b\_ \`c\` \<b\> \[d\](e) a\|b \~\~f\~\~"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("&lt;", r"\&lt;"),
        ("owner is me@example.com, not you", "owner is `me@example.com`, not you"),
        ("see https://evil.example.", "see `https://evil.example`."),
        ("WWW.evil.example and #12", "`WWW.evil.example` and `#12`"),
        (r"\[x](y)", r"\\\[x\](y)"),
    ],
)
def test_markdown_shows_what_was_written_and_links_nothing(text: str, written: str) -> None:
    assert markdown(text) == written


@given(HOSTILE)
def test_a_cell_has_no_bar_that_would_begin_another(text: str) -> None:
    assert not re.search(r"(?<!\\)\|", cell(markdown(text)))
    assert not re.search(r"(?<!\\)\|", cell(code(text)))


def test_a_long_text_says_how_much_is_left_out() -> None:
    assert shortened("abcdef", 4) == "abcd... (2 more characters)"
    assert shortened("abcd", 4) == "abcd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | HOSTILE,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(HOSTILE, below, max_size=3),
    max_leaves=8,
)


@given(data=JSON, indent=st.sampled_from([None, 2]))
def test_json_in_pieces_is_the_same_json(data: object, indent: int | None) -> None:
    def streamed(data: object) -> object:
        if isinstance(data, dict):
            return {name: streamed(below) for name, below in data.items()}
        return iter(data) if isinstance(data, list) else data

    assert json_text(data, indent=indent) == json_text(streamed(data), indent=indent)
    assert all(json_pieces(streamed([data, data]), indent=indent))
