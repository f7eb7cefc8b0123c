"""Faults of YAML: what is wrong, told in a sentence, at its place, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from yaml_texts import NASTY, encoded, without_libyaml

from dativo_lint.documents.document import Fault, FaultKind, Limits, Reading
from dativo_lint.documents.yaml_reader import read_yaml


def read(text: str | bytes, limits: Limits = Limits()) -> Reading:
    content = text if isinstance(text, bytes) else encoded(text)
    return read_yaml("job.yaml", content, limits)


def only_fault(text: str | bytes, limits: Limits = Limits()) -> Fault:
    (fault,) = read(text, limits).faults
    return fault


def told(text: str | bytes) -> tuple[str, str, str]:
    """Kind, place and sentence of the only fault of a text."""
    fault = only_fault(text)
    return fault.kind.value, f"{fault.place.line}:{fault.place.column}", fault.message


@pytest.mark.parametrize(
    ("text", "kind", "place", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "syntax", "3:2", "expected ',' or ']'"),
        ("a: b: c\n", "syntax", "1:5", "or quote a value with \": \" in it"),
        ("a: {b: 1\nc\n", "syntax", "3:1", "but got the end of the file"),
        ("- a\nb: c\n", "syntax", "2:1", "expected the end of the block, but found a key"),
        ("a:\n\tb: 1\n", "syntax", "2:1", "; indent with spaces, not tabs"),
        ("a: 'open\n", "syntax", "2:1", "; add the closing quote"),
        ("", "empty", "1:1", "is empty or has only comments"),
        ("# only this\n", "empty", "1:1", "is empty or has only comments"),
        (b"a: 1\nb: \xff\n", "encoding", "2:4", "byte 0xff cannot be read as UTF-8"),
        (b"a: caf\xe9\n", "encoding", "1:7", "byte 0xe9 cannot be read as UTF-8"),
        (b"a: \xed\xa0\x80\n", "encoding", "1:4", "byte 0xed cannot be read as UTF-8"),
        (b"\xff\xfea\x00:\x00 \x00\x00\xd8", "encoding", "1:4", "cannot be read as UTF-16"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "encoding", "1:1", "encoded in UTF-32"),
        ("a: b\n\n  \x00\n", "character", "3:3", "U+0000 is not allowed"),
        ("a: 'é\x1b[31m'\n", "character", "1:6", "U+001B is not allowed"),
        ("\ufeffab\x07\n", "character", "1:3", "U+0007 is not allowed"),
        ("a: \"\\ud83d\"\n", "character", "1:7", "invalid Unicode character escape code"),
        ("a: !foo bar\n", "tag", "1:4", "tag !foo is not supported"),
        ("a: &x !foo {}\n", "tag", "1:7", "tag !foo is not supported"),
        ("a: !!python/name:os.sep x\n", "tag", "1:4", "!!python/name:os.sep is not allowed"),
        ("a: !!python/object/new:os.x []\n", "tag", "1:4", "os.x is not allowed"),
        ("a: =\n", "tag", "1:4", "value = has a special meaning"),
        ("- <<\n", "tag", "1:3", "value << has a special meaning"),
        ("a: *b\n", "alias", "1:4", "alias b has no anchor before it"),
        ("a: &b [1, *b]\n", "alias", "1:11", "alias b is inside its own anchor"),
        ("a: &b {<<: *b}\n", "alias", "1:12", "alias b is inside its own anchor"),
        ("a: &b 1\nc: &b 2\n", "alias", "2:4", "anchor b is defined twice"),
        ("? [a]\n: 1\n", "unhashable-key", "1:3", "a sequence cannot be a key"),
        ("{a: 1}: 1\n", "unhashable-key", "1:1", "a mapping cannot be a key"),
        ("a: &x [1]\n*x : 1\n", "unhashable-key", "1:4", "a sequence cannot be a key"),
        ("a: 2024-99-99\n", "value", "1:4", "value 2024-99-99 cannot be read: month must be in"),
        ("a: !!int abc\n", "value", "1:4", "value !!int abc cannot be read: invalid literal"),
        ("a: !!bool maybe\n", "value", "1:4", "not written like a value of !!bool"),
        ("a: !!timestamp soon\n", "value", "1:4", "not written like a value of !!timestamp"),
        ("a: !!binary é\n", "value", "1:4", "failed to convert base64"),
        ("a: {<<: 1}\n", "value", "1:9", "found a scalar, expected a mapping to merge"),
        ("a: !!map [1]\n", "value", "1:4", "found a sequence, expected a mapping"),
        ("a: !!omap [{b: 1, c: 2}]\n", "value", "1:12", "found a mapping with 2 keys"),
        ("a: " + "9" * 5000, "value", "1:4", "a whole number has at most 4300 digits"),
        ("a: 0x" + "f" * 4200, "value", "1:4", "a whole number has at most 4300 digits"),
        ("a: 1" + ":1" * 5000, "value", "1:4", "a whole number has at most 4300 digits"),
        ("a: 1" + ":1" * 500 + ".5", "value", "1:4", "too large"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(
    text: str | bytes, kind: str, place: str, words: str
) -> None:
    found = told(text)

    assert (kind, place) == found[:2]
    assert words in found[2]


def test_a_message_is_one_short_sentence_that_begins_small_and_has_no_full_stop() -> None:
    for text in NASTY:
        for fault in read(text).faults:
            assert "\n" not in fault.message
            assert not fault.message[:1].isupper()
            assert not fault.message.endswith(".")
            assert len(fault.message) < 200


@pytest.mark.parametrize(
    ("text", "message", "field"),
    [
        ("a: {1: b}\n", "key 1 is read as the number 1; expected a string", 'a["1"]'),
        ("012: b\n", "key 012 is read as the number 10; expected a string", '["012"]'),
        ("on: b\n", "key on is read as the boolean true; expected a string", "on"),
        ("~: b\n", "key ~ is read as null; expected a string", '["~"]'),
        ("2024-01-31: b\n", "key 2024-01-31 is read as the date 2024-01-31; expected a string",
         '["2024-01-31"]'),
        ("a: [{!!binary YQ==: 1}]\n",
         "key YQ== is read as a value of type bytes; expected a string", 'a[0]["YQ=="]'),
    ],
)  # fmt: skip
def test_a_key_that_is_no_string_is_told_with_what_it_became(
    text: str, message: str, field: str
) -> None:
    reading = read(text)

    assert [message] == [fault.message for fault in reading.faults]
    assert FaultKind.NON_STRING_KEY is reading.faults[0].kind
    assert field == reading.faults[0].place.field
    assert not reading.is_broken


def test_a_repeated_key_is_told_with_its_first_place_and_the_last_value_counts() -> None:
    reading = read("a:\n  b: 1\n  c: 2\n  b: 3\n  'b': 4\n")

    assert {"a": {"b": 4, "c": 2}} == reading.documents[0].data
    assert ["b", "c"] == list(reading.documents[0].data["a"])
    told = [(it.kind.value, str(it.place), str(it.other), it.place.field) for it in reading.faults]
    assert [
        ("duplicate-key", "job.yaml:4:3", "job.yaml:2:3", "a.b"),
        ("duplicate-key", "job.yaml:5:3", "job.yaml:2:3", "a.b"),
    ] == told
    assert 5 == reading.documents[0].place(("a", "b")).line


@pytest.mark.parametrize(
    "text",
    ["x: &x {a: 1}\ny: {<<: *x, a: 2}\n", "x: &x {a: 1}\ny: {<<: *x, <<: *x}\n",
     "x: {a: {b: 1}}\ny: {a: {b: 1}}\n", "- a: 1\n- a: 1\n", "a: 1\n---\na: 1\n"],
)  # fmt: skip
def test_keys_that_override_or_stand_elsewhere_are_no_repetition(text: str) -> None:
    assert () == read(text).faults


def test_keys_that_are_equal_though_spelled_differently_are_a_repetition() -> None:
    kinds = [fault.kind.value for fault in read("1: a\ntrue: b\n").faults]

    assert ["non-string-key", "duplicate-key"] == kinds


def test_a_repetition_is_told_though_merge_keys_stand_beside_it() -> None:
    faults = read("x: &x {a: 1}\ny: {<<: *x, b: 1, b: 2, 3: c}\n").faults

    assert ["y.b", 'y["3"]'] == [fault.place.field for fault in faults]


@pytest.mark.parametrize(
    ("rest", "kind"),
    [("c: [1\n", "syntax"), ("c: \x00\n", "character"), ("c: !foo x\n", "tag"), ("*x\n", "alias")],
)
def test_documents_before_the_fault_are_read_and_no_other(rest: str, kind: str) -> None:
    reading = read(f"a: 1\n---\nb: 2\n---\n{rest}\n---\nd: 4\n")

    assert [{"a": 1}, {"b": 2}] == [it.data for it in reading.documents]
    assert [0, 1] == [it.number for it in reading.documents]
    assert [kind] == [fault.kind.value for fault in reading.faults]
    assert reading.is_broken


def test_documents_before_a_byte_that_cannot_be_read_are_read() -> None:
    reading = read(b"a: 1\na: 2\n---\nb: \xff\n")

    assert [{"a": 2}] == [it.data for it in reading.documents]
    assert ["duplicate-key", "encoding"] == [fault.kind.value for fault in reading.faults]
    assert "b: \ufffd\n" in reading.text


@pytest.mark.parametrize(
    ("limit", "number", "text"),
    [
        ("nesting", 3, "a: [[[1]]]\n"),
        ("nesting", 3, "- - - - 1\n"),
        ("nesting", 3, "a: !!seq [[[1]]]\n"),
        ("expanded_nodes", 5, "a: [1, 2, 3, 4, 5]\n"),
        ("expanded_nodes", 8, "a: &x [1, 2, 3]\nb: *x\n"),
        ("expanded_nodes", 8, "a: &x {b: 1}\nc: {<<: *x, <<: *x}\n"),
        ("documents", 2, "a\n---\nb\n---\nc\n"),
        ("file_bytes", 3, "a: é\n"),
    ],
)
def test_a_text_over_a_limit_is_refused_by_the_name_of_the_setting(
    limit: str, number: int, text: str
) -> None:
    fault = only_fault(text, Limits(**{limit: number}))

    assert FaultKind.LIMIT is fault.kind
    assert f"limits.{limit}" in fault.message
    assert str(number) in fault.message
    larger = 1000
    assert () == read(text, Limits(**{limit: larger})).faults


def bomb(levels: int, width: int, form: Callable[[str], str]) -> str:
    """Anchors of which each holds many aliases of the one before."""
    lines = ["a0: &a0 {k: v}"]
    lines += [
        f"a{at}: &a{at} {form(', '.join([f'*a{at - 1}'] * width))}" for at in range(1, levels)
    ]
    return "\n".join(lines)


HOSTILE = {
    "brackets": "[" * 200_000,
    "braces": "{" * 200_000,
    "braces with keys": "{a: " * 200_000,
    "dashes": "- " * 200_000,
    "question marks": "? " * 200_000,
    "brackets in lines": "[\n" * 200_000,
    "deep blocks": "\n".join(" " * at + "a:" for at in range(3_000)),
    "one scalar": "a: " + "x" * 4_000_000,
    "one number": "a: " + "1" * 4_000_000,
    "sexagesimal": "a: 1" + ":1" * 2_000_000,
    "one quoted scalar": 'a: "' + "x\\n" * 1_000_000 + '"',
    "open quote": "a: '" + "x\n" * 1_000_000,
    "billion laughs": bomb(12, 10, lambda them: f"[{them}]"),
    "many laughs": bomb(200, 2, lambda them: f"[{them}]"),
    "merge bomb": bomb(30, 10, lambda them: f"{{<<: [{them}]}}"),
    "merges of one": "a: &a {k: v}\nb: {" + "<<: *a, " * 60_000 + "}\n",
    "long merge chain": "a0: &a0 {k: v}\n"
    + "".join(f"a{at}: &a{at} {{<<: *a{at - 1}}}\n" for at in range(1, 5_000)),
    "repeated keys": "a: 1\n" * 200_000,
    "keys that are numbers": "".join(f"{at}: 1\n" for at in range(200_000)),
    "documents": "---\n" * 500_000,
    "anchors": "".join(f"- &a{at} x\n" for at in range(40_000)) + "- *b\n",
    "tags": "- !!str a\n" * 60_000,
    "unknown tags": "- !a b\n" * 28_000,
    "question marks in brackets": "[" + "a?, " * 49_000 + "]",
    "tabs": "a:\t1\n" * 39_000,
    "tabs in one scalar": "a: '" + "\t1" * 99_000 + "'",
    "tabs and brackets": "\t[" + "[" * 190_000,
    "tabs and spaces": "a: |\n\t\n" + " " * 400_000,
    "comments": "#\n" * 1_000_000,
    "spaces": " " * 4_000_000,
    "directives": "%A b\n" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_judged_soon(name: str) -> None:
    content = HOSTILE[name].encode()
    started = time.process_time()
    reading = read(content, Limits(file_bytes=10**8))

    assert time.process_time() - started < 60  # what runs away takes hours
    assert len(reading.faults) <= 1001


@pytest.mark.parametrize(
    "name",
    ["brackets", "braces with keys", "dashes", "billion laughs", "merge bomb", "documents"],
)
def test_texts_without_measure_are_over_a_limit(name: str) -> None:
    fault = only_fault(HOSTILE[name], Limits(file_bytes=10**8))

    assert FaultKind.LIMIT is fault.kind


@pytest.mark.parametrize("name", ["brackets", "dashes", "billion laughs", "merge bomb"])
def test_the_parser_written_in_python_is_held_by_the_limits_too(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_libyaml(monkeypatch)

    assert FaultKind.LIMIT is only_fault(HOSTILE[name]).kind


def test_no_more_odd_keys_are_told_than_anybody_reads() -> None:
    reading = read("1: a\n" * 3000)

    assert reading.is_broken
    assert "more than 1000 keys" in reading.faults[-1].message


def test_a_fault_hides_no_odd_key_before_it_and_tells_none_behind_it() -> None:
    faults = read("a: {b: 1, b: 2}\nc: 2024-99-99\nd: 1\nd: 2\n").faults

    assert ["a.b", ""] == [fault.place.field for fault in faults]
