"""JSON: values as `json.loads` gives them, places exact, and a fault for whatever is wrong."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yaml_texts import written

from dativo_lint.documents.document import Document, Fault, FaultKind, Limits, Reading
from dativo_lint.documents.json_reader import read_json

TOKENS = (
    *'{}[]:,"\\ \n\t\r-+.019eEaé\x00\x1f\x7f\ufeff',
    *('"a"', '"b": 1', '{"a":', "[1,", "null", "true", "NaN", "-Infinity", "Infinity", "1.5e3"),
    *("-0", "01", "1.", "{}", "[]", "😀", '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\x"'),
    *('"\t"', '"\\n"', "//", "'a'", "tru", "\u2028"),
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@st.composite
def dumped(draw: st.DrawFn) -> str:
    return json.dumps(
        draw(DATA),
        indent=draw(st.sampled_from([None, 0, 2, "\t"])),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([None, (",", ":"), (" ,\r\n", " : ")])),
    )


@st.composite
def mangled(draw: st.DrawFn) -> str:
    text = draw(dumped())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at] + draw(st.sampled_from([*TOKENS, ""])) + text[at + draw(st.integers(0, 2)) :]
        )
    return text


def read(text: str | bytes, limits: Limits = Limits()) -> Reading:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return read_json("job.json", content, limits)


def only_fault(text: str | bytes, limits: Limits = Limits()) -> Fault:
    (fault,) = read(text, limits).faults
    return fault


def assert_as_loads(content: bytes) -> None:
    reading = read_json("job.json", content)
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError):
        assert reading.is_broken
        return
    if reading.is_broken:
        (fault,) = (fault for fault in reading.faults if fault.kind.is_fatal)
        assert fault.kind in (FaultKind.CHARACTER, FaultKind.ENCODING)
        assert b"\\ud" in content or b"\\uD" in content or b"\xed" in content
    else:
        assert repr(loaded) == repr(reading.documents[0].data)


@given(dumped() | mangled() | st.lists(st.sampled_from(TOKENS), max_size=10).map("".join))
@example("")
@example('{"a": 1,}')
@example("[1,]")
@example('{"a" 1}')
@example('{"a": 1]')
@example("1 2")
def test_values_and_types_are_those_of_loads_or_both_refuse(text: str) -> None:
    assert_as_loads(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=40))
def test_no_bytes_raise(content: bytes) -> None:
    assert_as_loads(content)


@given(DATA, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-32-be"]))
def test_every_encoding_of_json_is_read(data: Any, encoding: str) -> None:
    text = json.dumps({"é": data}, ensure_ascii=False)
    reading = read_json("job.json", text.encode(encoding))

    assert repr(json.loads(text)) == repr(reading.documents[0].data)
    assert text == reading.text


@given(dumped())
def test_everything_is_placed_where_it_is_spelled(text: str) -> None:
    reading = read(text)

    for document in reading.documents:
        for _, value, node in written(document):
            raw = text[node.start : node.end]
            assert repr(value) == repr(json.loads(raw))


def document(text: str) -> Document:
    return read(text).documents[0]


def test_fields_have_places_and_raw_spellings() -> None:
    found = document('{\n  "a": {"é": [1.0, "x\\ty"]},\n  "b": {}\n}\n')

    assert "1.0" == found.raw(("a", "é", 0))
    assert '"x\\ty"' == found.raw(("a", "é", 1))
    assert (2, 20, 2, 26) == _ends(found, ("a", "é", 1))
    assert (2, 3, 2, 6) == _ends(found, ("a",))
    assert (3, 3, 3, 6) == _ends(found, ("b", "nowhere"))
    assert (2, 2) == found.block_lines(("a",))


def _ends(found: Document, route: tuple[str | int, ...]) -> tuple[int, int, int, int]:
    place = found.place(route)
    return place.line, place.column, place.end_line, place.end_column


def test_a_repeated_key_is_told_with_its_first_place_and_the_last_value_counts() -> None:
    reading = read('{"x": [{"a": 1, "b": 2, "a": 3, "\\u0061": 4}]}')

    assert {"x": [{"a": 4, "b": 2}]} == reading.documents[0].data
    told = [(it.kind.value, it.place.column, it.other.column) for it in reading.faults if it.other]
    assert [("duplicate-key", 25, 9), ("duplicate-key", 33, 9)] == told
    assert ["x[0].a"] * 2 == [fault.place.field for fault in reading.faults]
    assert not reading.is_broken
    assert 43 == reading.documents[0].place(("x", 0, "a")).column


@pytest.mark.parametrize(
    ("text", "kind", "place", "message"),
    [
        ("", "empty", "1:1", "the file is empty, expected a JSON document"),
        (" \n ", "empty", "1:1", "the file is empty, expected a JSON document"),
        ('{"a": 1,}', "syntax", "1:9", "found }, expected a key in double quotes"),
        ("[1,\n]", "syntax", "2:1", "found ], expected a value"),
        ('{"a": 1 "b": 2}', "syntax", "1:9", 'found ", expected a comma or }'),
        ("[1 2]", "syntax", "1:4", "found 2, expected a comma or ]"),
        ('{"a" 1}', "syntax", "1:6", "found 1, expected a colon after the key"),
        ("{a: 1}", "syntax", "1:2", "found a, expected a key in double quotes"),
        ("[", "syntax", "1:2", "unexpected end of file, expected a value"),
        ('{"a": [1}', "syntax", "1:9", "found }, expected a comma or ]"),
        ("1 2", "syntax", "1:3", "found 2, expected the end of the text"),
        ("01", "syntax", "1:2", "found 1, expected the end of the text"),
        ("[True]", "syntax", "1:2", "found True, expected a value"),
        ('["a', "syntax", "1:2", "unterminated string"),
        ('["a\\x"]', "syntax", "1:4", "invalid \\escape"),
        ('["a\nb"]', "character", "1:4", "character U+000A is not allowed"),
        ('["\\ud83d"]', "character", "1:2", "the escape is half of a surrogate pair"),
        (b'["\xff"]', "encoding", "1:3", "byte 0xff cannot be read as UTF-8 (invalid start byte)"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    text: str | bytes, kind: str, place: str, message: str
) -> None:
    fault = only_fault(text)

    found = (fault.kind.value, f"{fault.place.line}:{fault.place.column}", fault.message)
    assert (kind, place, message) == found


def test_a_number_too_long_to_be_written_is_told() -> None:
    assert FaultKind.VALUE is only_fault("[" + "9" * 5000 + "]").kind


@pytest.mark.parametrize(
    ("limit", "number", "text"),
    [
        ("nesting", 3, "[[[[1]]]]"),
        ("nesting", 3, '{"a": [{"b": {}}]}'),
        ("expanded_nodes", 3, "[1, 2, 3, 4]"),
        ("expanded_nodes", 3, '{"a": 1, "b": 2}'),
        ("file_bytes", 3, '"é"'),
    ],
)
def test_a_text_over_a_limit_is_refused_by_the_name_of_the_setting(
    limit: str, number: int, text: str
) -> None:
    fault = only_fault(text, Limits(**{limit: number}))

    assert FaultKind.LIMIT is fault.kind
    assert f"more than {number} " in fault.message
    assert f"limits.{limit}" in fault.message
    assert () == read(text, Limits(**{limit: number + 1})).faults


HOSTILE = {
    "brackets": "[" * 2_000_000,
    "objects": '{"a":' * 500_000,
    "one string": '["' + "x" * 4_000_000 + '"]',
    "escapes": '["' + "\\n" * 2_000_000 + '"]',
    "open string": '["' + "\\n" * 2_000_000,
    "one number": "[" + "1" * 4_000_000 + "]",
    "one float": "[1." + "1" * 4_000_000 + "]",
    "repeated keys": "{" + '"a": 1, ' * 400_000 + '"b": 2}',
    "spaces": " " * 4_000_000 + "[" + " " * 4_000_000,
    "commas": "[" + "," * 1_000_000,
    "quotes": '"' * 1_000_000,
    "empty lists": "[" + "[]," * 100_000 + "[]]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_judged_soon(name: str) -> None:
    content = HOSTILE[name].encode()
    started = time.process_time()
    reading = read_json("job.json", content, Limits(file_bytes=10**8))
    for found in reading.documents:
        found.place((0,))

    assert time.process_time() - started < 60  # what runs away takes hours
    assert len(reading.faults) <= 1001
