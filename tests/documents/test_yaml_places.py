"""Places of YAML: exact for every key, value and item, whatever the text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from yaml_texts import NASTY, encoded, texts, written

from dativo_lint.documents.document import ABSENT, Document, Limits, Node, Reading
from dativo_lint.documents.place import Place
from dativo_lint.documents.yaml_compose import compose_quickly
from dativo_lint.documents.yaml_node import YamlNode
from dativo_lint.documents.yaml_reader import read_yaml


def read(text: str) -> Reading:
    return read_yaml("job.yaml", encoded(text))


def document(text: str) -> Document:
    reading = read(text)
    assert () == reading.faults
    return reading.documents[0]


def slice_of(text: str, place: Place) -> str:
    """What stands at a place, its lines counted as editors do."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    first = lines[place.line - 1][place.column - 1 :]
    last = lines[place.end_line - 1][: place.end_column - 1]
    return "".join([first, *lines[place.line : place.end_line - 1], last])


def assert_inside(text: str, place: Place) -> None:
    lines = re.split(r"\r\n?|\n", text)
    assert (place.line, place.column) <= (place.end_line, place.end_column)
    assert 1 <= place.line <= place.end_line <= len(lines)
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1


def assert_spelled(text: str, value: Any, node: Node) -> None:
    """The spelling of a scalar, read by itself, is the scalar; where that can be told."""
    raw = text[node.start : node.end]
    if not isinstance(value, str) or not raw:
        return
    if raw[0] == "'":
        assert raw[-1] == "'"
        assert re.search(r"\s", raw) or raw[1:-1].replace("''", "'") == value
    elif raw[0] == '"':
        assert raw[-1] == '"'
        assert re.search(r"[\s\\]", raw) or raw[1:-1] == value
    elif raw[0] not in "*|>!" and not re.search(r"\s", raw):
        assert raw == value


@given(texts())
def test_everything_has_a_place_inside_the_text_that_spells_it(text: str) -> None:
    reading = read(text)

    for found in reading.documents:
        for _, value, node in written(found):
            assert 0 <= node.start <= node.end
            assert node.start <= len(reading.text)
            assert_spelled(reading.text, value, node)
    for fault in reading.faults:
        assert_inside(reading.text, fault.place)
        assert_inside(reading.text, fault.other or fault.place)


@given(texts())
def test_every_field_of_a_document_has_a_place_inside_the_text(text: str) -> None:
    reading = read(text)

    for found in reading.documents:
        for route in routes(found.data):
            assert_inside(reading.text, found.place(route))
            assert_inside(reading.text, found.key_place(route))
            first, last = found.block_lines(route)
            assert 1 <= first <= last <= len(re.split(r"\r\n?|\n", reading.text))


def routes(data: Any) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [()]
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while pending:
        route, here = pending.pop()
        items = enumerate(here) if isinstance(here, list) else ()
        for step, value in here.items() if isinstance(here, dict) else items:
            if isinstance(step, (str, int)) and len(found) < 200:
                found.append((*route, step))
                pending.append(((*route, step), value))
    return [*found, ("nowhere",), (0, "nowhere")]


@pytest.mark.parametrize(
    ("text", "route", "spelled", "place"),
    [
        ("a: 012\n", ("a",), "012", (1, 4, 1, 7)),
        ("a:\n  b: 'it''s'  # c\n", ("a", "b"), "'it''s'", (2, 6, 2, 13)),
        ('a: [1, "x\\n"]\n', ("a", 1), '"x\\n"', (1, 8, 1, 13)),
        ("a:\n- b\n- c d\n", ("a", 1), "c d", (3, 3, 3, 6)),
        ("a: |  # c\n  one\n  two\n\nb: 1\n", ("a",), "|  # c\n  one\n  two", (1, 4, 3, 6)),
        ("a: >-\r\n  one\r\nb: 1\r\n", ("a",), ">-\r\n  one", (1, 4, 2, 6)),
        ("a: one\n  two\nb: 1\n", ("a",), "one\n  two", (1, 4, 2, 6)),
        ("é😀: ключ\n", ("é😀",), "ключ", (1, 5, 1, 9)),
        ("\ufeffa: 1\n", ("a",), "1", (1, 4, 1, 5)),
        ("a: &x 12\n", ("a",), "12", (1, 7, 1, 9)),
        ("a: !!str &x\n  12\n", ("a",), "12", (2, 3, 2, 5)),
        ("a: &x # why\r\n  12\n", ("a",), "12", (2, 3, 2, 5)),
        ("a: b\u2028c: 1\nd: 2\n", ("d",), "2", (2, 4, 2, 5)),
        ("a: 1\r\rb: 2\r", ("b",), "2", (3, 4, 3, 5)),
        ("a: &x {y: 1}\nb:\n  <<: *x\n", ("b", "y"), "1", (1, 11, 1, 12)),
    ],
)
def test_a_scalar_is_placed_where_it_is_spelled(
    text: str, route: tuple[str | int, ...], spelled: str, place: tuple[int, int, int, int]
) -> None:
    found = document(text)

    assert spelled == found.raw(route)
    where = found.place(route)
    assert place == (where.line, where.column, where.end_line, where.end_column)
    assert spelled == slice_of(found.text, where)


@pytest.mark.parametrize(
    ("text", "route", "column"),
    [
        ("a: &x 012\nb: *x\n", ("b",), 4),
        ("a: &x 012\nb: [*x, 1, *x , *x]\n", ("b", 2), 12),
        ("a: &x 012\nb: [*x, 1, *x , *x]\n", ("b", 3), 17),
        ("a: &x 012\nb: # no *x\n  *x\n", ("b",), 3),
        ("a: &x 012\nb:\n- *x # *x\n- *x\n", ("b", 1), 3),
        ("a: &x 012\nb: &y\n  c: *x\nd: {<<: *y}\n", ("d", "c"), 6),
        ("a: &x i\nb: [*x : *x]\n", ("b", 0, "i"), 10),
        ("a: &x i\n? *x\n: *x\n", ("i",), 3),
    ],
)
def test_an_alias_is_placed_where_it_is_written_and_spelled_as_its_anchor(
    text: str, route: tuple[str | int, ...], column: int
) -> None:
    found = document(text)
    place = found.place(route)
    assert "*x" == slice_of(text, place)
    assert found.raw(route) == found.raw(("a",))
    assert column == place.column


@pytest.mark.parametrize(
    ("text", "route", "spelled"),
    [
        ("a:\n  b: 1\n", ("a",), "a"),
        ("'a b': [1]\n", ("a b",), "'a b'"),
        ("a:\n", ("a",), "a"),
        ("a:\n  b: 1\n", ("a", "c"), "a"),
        ("a: 1\n", ("b",), "a: 1"),
        ("- b: 1\n  c: 2\n", (0,), "b: 1"),
        ("- - x\n", (0,), "- x"),
        ("? a\n: {b: 1}\n", ("a",), "a"),
    ],
)
def test_what_has_no_spelling_of_its_own_is_placed_at_its_key_or_first_line(
    text: str, route: tuple[str | int, ...], spelled: str
) -> None:
    assert spelled == slice_of(text, document(text).place(route))


@pytest.mark.parametrize("text", NASTY)
def test_block_lines_cover_all_below_a_field(text: str) -> None:
    for found in read(text).documents:
        for route in routes(found.data):
            inside = found.value(route)
            if route and inside is not ABSENT and isinstance(route[-1], str):
                first, last = found.block_lines(route)
                assert first <= found.place(route).line <= last or "*" in text or "<<" in text


def test_what_a_mapping_merges_is_told_by_its_own_keys_not_by_a_search_of_the_text() -> None:
    class Unsearched(str):
        def __contains__(self, part: object) -> bool:
            raise AssertionError("of 10,000 mappings, each would search the whole text")

    text = "a: &a {b: 1}\nc: {<<: *a, d: 2}\n"
    roots = compose_quickly(text, Limits())
    assert roots is not None
    root = YamlNode(Unsearched(text), roots[0])
    assert [*root.fields["c"][1].fields] == ["b", "d"]
    assert root.merged == []
