"""Edits of fields: the data with one change, and every other byte as it was."""

from __future__ import annotations

import codecs
import copy
import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.folder import read_content
from dativo_lint.documents.place import Field, Lines, spell
from dativo_lint.edits.fields import add, rename, set_value
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.removal import keys_by_offset, remove, remove_repeated
from dativo_lint.fixes.texts import edited

VALUES: tuple[Any, ...] = (
    *("aws", "on", "012", "1e3", "a: b", "x #y", "", " a", "é", "a\nb", "\u2028", "!x", "~"),
    *("1:30", "-", "<<", "=", "it's", 'say "x"', "arn:aws:iam::1:role/x", "./m", ".5", "a, b"),
    *("${X}", "a\tb", "\x85", "\U0001f600", 1, 1.5, 1e30, True, None, ["a", "on"], {"k": "v"}),
)
KEYS = ("a", "b", "long key", "on", "é", "x.y", "1", "it's")
SCALARS = (
    *("x", "two words", "12", "0x1F", "on", "~", "'it''s'", '"q\\n"', "''", "&n x", "!!str 12"),
    *("a:b", "'a: #b'", "", "2024-01-31", "é", "${X}"),
)
BLOCK_SCALARS = ("|\n{0}text\n", ">-\n{0}one\n{0}two\n", "|+\n{0}text\n\n", "one\n{0}two\n")
COMMENTS = ("", " # c", "\t# tab", "  # 'it: # x", "   ")
BETWEEN = ("", "", "", "\n", "{0}# alone\n", "{0}    # deep\n", "# left\n")


def flow(rnd: Random, depth: int = 0) -> str:
    """A value in brackets, or a scalar that may be in some."""
    kind = rnd.choice(("scalar", "scalar", "map", "list") if depth < 3 else ("scalar",))
    if kind == "scalar":
        return rnd.choice([each for each in SCALARS if each and "$" not in each])
    gap = rnd.choice(("", " ", "\n      "))
    comma = rnd.choice((",", ", ", ",\n      ", ", # c\n      "))
    if kind == "list":
        return f"[{gap}{comma.join(flow(rnd, depth + 1) for _ in range(rnd.randint(0, 3)))}{gap}]"
    pairs = [f"{_key(rnd, key)}: {flow(rnd, depth + 1)}" for key in _some_keys(rnd, 0)]
    return f"{{{gap}{comma.join(pairs)}{gap}}}"


def _some_keys(rnd: Random, least: int) -> list[str]:
    return rnd.sample(KEYS, rnd.randint(least, 3))


def _key(rnd: Random, key: str) -> str:
    quotes = ('"{}"', "'{}'") if key in ("on", "1") else ("{}", '"{}"')
    return rnd.choice(quotes).format(key if "'" not in key else "its")


def block(rnd: Random, indent: str = "", depth: int = 0) -> str:
    """The lines of a mapping, in any style."""
    deeper = indent + rnd.choice((" ", "  ", "    "))
    lines = ""
    for key in _some_keys(rnd, 1):
        lines += rnd.choice(BETWEEN).format(indent) if lines else ""
        lines += f"{indent}{_key(rnd, key)}:"
        lines += _after_colon(rnd, indent, deeper, depth)
    return lines


def _after_colon(rnd: Random, indent: str, deeper: str, depth: int) -> str:
    comment = rnd.choice(COMMENTS)
    kinds = ("scalar", "scalar", "flow", "text", "map", "list")
    kind = rnd.choice(kinds if depth < 3 else kinds[:4])
    if kind == "scalar":
        scalar = rnd.choice(SCALARS)
        return f"{' ' if scalar else ''}{scalar}{comment}\n"
    if kind == "flow":
        return f" {flow(rnd)}{comment}\n"
    if kind == "text":
        return f" {rnd.choice(BLOCK_SCALARS)}".format(deeper)
    if kind == "map":
        return f"{comment}\n{block(rnd, deeper, depth + 1)}"
    dash = rnd.choice((indent, deeper))
    lines = ""
    for _ in range(rnd.randint(1, 3)):
        if rnd.random() < 0.5:
            lines += f"{dash}- {block(rnd, dash + '  ', depth + 1).removeprefix(dash + '  ')}"
        else:
            lines += f"{dash}- {flow(rnd)}{rnd.choice(COMMENTS)}\n"
    return f"{comment}\n{lines}"


def text_of(seed: int) -> str:
    """A YAML document, perhaps with a marker, other line ends, and no last one."""
    rnd = Random(seed)
    while True:
        text = rnd.choice(("", "---\n", "# head\n\n")) + block(rnd)
        text += rnd.choice(("", "# foot\n", "\n\n", "...\n", "---\nother: 1\n"))
        if rnd.random() < 0.5:
            text = text.removesuffix("\n")
        text = text.replace("\n", rnd.choice(("\n", "\r\n")))
        with suppress(yaml.YAMLError):
            loaded(text)
            return text


texts = st.integers(0, 1_000_000).map(text_of)
"""Of numbers, as they are many times as fast to draw as the parts of a text."""


def routes(value: Any, route: Field = ()) -> list[Field]:
    """The routes of all fields and items, the outermost too."""
    below: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
    below += enumerate(value) if isinstance(value, list) else ()
    return [route, *(each for step, under in below for each in routes(under, (*route, step)))]


def change(data: Any, route: Field, value: Any) -> Any:
    """The data with another value at a route; without it, if that is absent."""
    data = copy.deepcopy(data)
    around = data
    for step in route[:-1]:
        around = around[step]
    if value is ABSENT:
        del around[route[-1]]
    else:
        around[route[-1]] = value
    return data


def document_of(text: str, path: str = "job.yaml") -> Document:
    """The first document of a text."""
    return read_content(path, text.encode()).documents[0]


def loaded(text: str) -> list[Any]:
    """The data of all documents of a text."""
    return list(yaml.safe_load_all(text))


def apply(text: str, edit: Edit | NotExact) -> str:
    """The text after an edit."""
    assert isinstance(edit, Edit), edit
    return edited(text.encode(), [edit]).decode()


@given(texts, st.data())
@settings(max_examples=200, deadline=None)
def test_an_edit_of_yaml_changes_one_thing(text: str, draw: st.DataObject) -> None:
    before = loaded(text)
    data, others = before[0], before[1:]
    route = draw.draw(st.sampled_from(routes(data)))
    value = draw.draw(st.sampled_from(VALUES))
    document = document_of(text)
    kinds: dict[str, Callable[[], tuple[Edit | NotExact, Any]]] = {
        "set": lambda: (set_value(document, route, value), change(data, route, value)),
        "remove": lambda: (remove(document, route), change(data, route, ABSENT)),
        "add": lambda: (
            add(document, (*route, "new"), value),
            change(data, (*route, "new"), value),
        ),
    }
    kind = draw.draw(st.sampled_from(sorted(kinds)))
    if kind == "add":
        assume(isinstance(document.value(route), dict))
    else:
        assume(route)
    edit, after = kinds[kind]()
    if isinstance(edit, NotExact):
        return
    assert loaded(apply(text, edit)) == [after, *others]


@given(texts, st.data())
@settings(max_examples=60, deadline=None)
def test_a_renamed_key_keeps_its_place_and_value(text: str, draw: st.DataObject) -> None:
    before = loaded(text)[0]
    route = draw.draw(st.sampled_from([each for each in routes(before) if each]))
    assume(isinstance(route[-1], str))
    edit = rename(document_of(text), route, "new.name")
    if isinstance(edit, NotExact):
        return
    after = loaded(apply(text, edit))[0]
    for step in route[:-1]:
        before, after = before[step], after[step]
    keys = ["new.name" if key == route[-1] else key for key in before]
    assert list(after.items()) == list(zip(keys, before.values(), strict=True))


_JSON = st.recursive(
    st.sampled_from((1, "x", None, True, "é", 1.5)),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(KEYS), _JSON, min_size=1),
    st.sampled_from((None, 2, "\t")),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_an_edit_of_json_changes_one_thing(
    data: Any, indent: int | str | None, draw: st.DataObject
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    document = document_of(text, "job.json")
    route = draw.draw(st.sampled_from([each for each in routes(data) if each]))
    value = draw.draw(st.sampled_from(VALUES))
    assert json.loads(apply(text, remove(document, route))) == change(data, route, ABSENT)
    new = (*route[:-1], "new")
    if isinstance(route[-1], str):
        assert json.loads(apply(text, add(document, new, value))) == change(data, new, value)
    if not isinstance(document.value(route), (dict, list)):
        edit = set_value(document, route, value)
        assert json.loads(apply(text, edit)) == change(data, route, value)


ENCODINGS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"", "utf-8"))


@pytest.mark.parametrize(("mark", "encoding"), ENCODINGS)
@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_encoding_line_ends_and_a_missing_last_one_stay(
    mark: bytes, encoding: str, end: str
) -> None:
    lines = ("# é\t\U0001f600", "a: 'é'  # kept\t", "b: 'x' # \ttab")
    text = (end or "\n").join(lines) + end
    content = mark + text.encode(encoding)
    document = read_content("job.yaml", content).documents[0]
    edit, more = set_value(document, ("a",), "ü"), add(document, ("c",), 1)
    assert isinstance(edit, Edit)
    assert isinstance(more, Edit)
    line_end = end or "\n"
    expected = text.replace("'é'", "'ü'").removesuffix(end or "?") + f"{line_end}c: 1" + end
    assert edited(content, [more, edit]) == mark + expected.encode(encoding)


@pytest.mark.parametrize(
    ("text", "route", "reason"),
    [
        ("a: !t 1\n", ("a",), None),
        (
            "a: |\n  text\n",
            ("a",),
            "only a value on its own can be replaced, not a mapping, list or block",
        ),
        ("a: !!str 1\n", ("a",), "the value has a tag"),
    ],
)
def test_what_cannot_be_exact_is_refused(text: str, route: Field, reason: str | None) -> None:
    for document in read_content("job.yaml", text.encode()).documents:
        assert set_value(document, route, "aws") == NotExact(reason or "")


ANCHORED = (
    "a: &x {b: 1, e: [1]}\nc: *x\nd: *x\n",
    "a: &x 1\nc:\n  - *x\n  - 2\nd: {e: *x}\n",
    "a: &x\n  b: 1\n  f: 2\nc:\n  <<: *x\n  d: &y k\ng: {<<: [*x, {h: 3}], i: *y}\n",
    "a: &x {b: &y {e: 1, f: 2}}\nc: {<<: *x, g: 1}\nd:\n  h: *y\n",
    "x-a: &x {b: 1}\na:\n  <<: *x\n  b: 2\nc:\n  <<: *x\n",
    "a: {b: &x {k: 1}, <<: *x, c: *x}\nd: R&D *z\n",
)


@pytest.mark.parametrize("text", ANCHORED)
def test_an_edit_of_an_anchored_value_names_all_fields_that_it_changes(text: str) -> None:
    document, (before,) = document_of(text), loaded(text)
    exact = 0
    for route in routes(before)[1:]:
        edits: list[tuple[Edit | NotExact, Field, Any]] = [
            (set_value(document, route, "new"), route, "new"),
            (remove(document, route), route, ABSENT),
            (add(document, (*route, "new"), 5), (*route, "new"), 5),
        ]
        for edit, changed, value in edits:
            if isinstance(edit, NotExact):
                continue
            exact += 1
            names = {spell(each): each for each in [*routes(before), (*changed[:-1], "new")]}
            names |= {spell((*each, "new")): (*each, "new") for each in routes(before)}
            expected = json.loads(json.dumps(before))  # nothing in it is shared
            for each in (changed, *map(names.__getitem__, edit.others)):
                expected = change(expected, each, value)
            (after,) = loaded(apply(text, edit))
            assert {**after, "x-a": 0} == {**expected, "x-a": 0}, (edit, route)
    assert exact


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1 # c\n# d\nb: 2\na: 1\n", "# d\nb: 2\na: 1\n"),
        ("x:\n- a: 1\n  b: 2\n  a: 3\n", "x:\n- b: 2\n  a: 3\n"),
        ("x: {b: [1], a: 1, c: 2, 'a': 3}\n", "x: {b: [1], c: 2, 'a': 3}\n"),
        ("a: {b: 1}\na: 2\n", None),
        ("a:\na: 2\n", None),
        ("x: &x {a: 1}\ny: {<<: *x, a: 2, a: 3}\n", None),
        ("a: &x 1\nb: *x\na: 2\n", None),
        ("? a\n: 1\na: 2\n", None),
        ('{"a": 1, "b": 2, "a": 3}', '{"b": 2, "a": 3}'),
    ],
)
def test_a_field_that_is_written_again_is_removed_without_effect(
    text: str, after: str | None
) -> None:
    reading = read_content("job.json" if text.startswith("{") else "job.yaml", text.encode())
    first = next(it.other for it in reading.faults if it.other is not None)
    start = Lines(text).offset(first.line, first.column)
    edit, _ = remove_repeated(keys_by_offset(reading.documents), start) or (None, "")
    assert isinstance(edit, Edit) == (after is not None)
    if isinstance(edit, Edit):
        assert apply(text, edit) == after
        assert loaded(text) == loaded(apply(text, edit))


@pytest.mark.parametrize(
    ("text", "route", "after"),
    [
        ("a: 1\n\n# of b\nb: 2 # own\n  # below\nc: 3\n", ("b",), "a: 1\n\n# of b\nc: 3\n"),
        ("a:\n  b: 1\n", ("a", "b"), "a: {}\n"),
        ("a:\n  - b: 1\n    c: 2\n", ("a", 0, "b"), "a:\n  - c: 2\n"),
        ("a:\n- b\n- c\n", ("a", 1), "a:\n- b\n"),
        ("a: 1\nb: 2", ("b",), "a: 1"),
        ("{a: 1, b: 2}", ("a",), "{b: 2}"),
        ("{a: 1, b: 2}", ("b",), "{a: 1}"),
        ("a: [x, y]\n", ("a", 0), "a: [y]\n"),
    ],
)
def test_a_removed_field_takes_its_own_comments_along(text: str, route: Field, after: str) -> None:
    assert apply(text, remove(document_of(text), route)) == after


@pytest.mark.parametrize(
    ("text", "route", "after"),
    [
        ("a:\n    b: 1 # c\nd: 1\n", ("a", "x"), "a:\n    b: 1 # c\n    x: on it\nd: 1\n"),
        ("a:\nd: 1\n", ("a", "x"), "a:\n  x: on it\nd: 1\n"),
        ("a: null\n", ("a", "x"), "a: {x: on it}\n"),
        ("c:\n   d: 1\n", ("a", "x"), "c:\n   d: 1\na:\n   x: on it\n"),
        ("d: 1\n", ("a", "b", "x"), "d: 1\na:\n  b:\n    x: on it\n"),
        ("a: { b: 1 }\n", ("a", "x"), "a: { b: 1, x: on it }\n"),
        ("a: {\n  b: 1,\n}\n", ("a", "x"), "a: {\n  b: 1,\n  x: on it,\n}\n"),
        ("a: {}\n", ("a", "x"), "a: {x: on it}\n"),
    ],
)
def test_an_added_field_is_the_last_of_its_mapping(text: str, route: Field, after: str) -> None:
    assert apply(text, add(document_of(text), route, "on it")) == after


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ("a: AWS\n", "aws", "a: aws\n"),
        ("a: 'AWS'\n", "it's", "a: 'it''s'\n"),
        ('a: "AWS" # x\n', 'a"b', 'a: "a\\"b" # x\n'),
        ("a: 012\n", "012", 'a: "012"\n'),
        ("a: arn:x\n", "arn:aws:y::1", "a: arn:aws:y::1\n"),
        ("a: [AWS]\n", "x", "a: [x]\n"),
        ('a: "true"\n', True, "a: true\n"),
        ("a:\n", "x", "a: x\n"),
    ],
)
def test_a_new_value_is_quoted_as_the_old_one(text: str, value: Any, after: str) -> None:
    document = document_of(text)
    route: Field = ("a", 0) if "[" in text else ("a",)
    assert apply(text, set_value(document, route, value)) == after
