"""YAML texts for the tests: made, mangled, and nasty ones that people have come upon."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import strategies as st

from dativo_lint.documents import yaml_compose, yaml_dialect
from dativo_lint.documents.document import Document, Node, Reading

TOKENS = (
    *"abn0127:-?,[]{}#&*!|>'\"%@` \n\t\r.=<~e_+/",
    *("\n", "\n  ", "\n- ", "\na: ", "? ", ": ", "- ", " #", "#", "\x85", "\u2028", "\ufeff"),
    *("é", "😀", "\\x41", "\\ud800", "\\u00e9", "\x00", "\x07", "\x7f"),
    *("---\n", "...\n", "%YAML 1.1\n", "%TAG ! tag:x,2000:\n"),
    *("&a ", "*a", "&b ", "*b", "<<: ", "<<: *a\n", "[*a, {b: 2}]", "{<<: *a}"),
    *("|\n ", "|-\n ", ">+\n  ", "|2\n", ">#\n", "|\t\n"),
    *("!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!binary ", "!!timestamp "),
    *("!!set ", "!!omap ", "!!pairs ", "!!map ", "!!seq ", "! ", "!foo ", "!!python/name:os.sep "),
    *("12", "012", "0x1F", "0b11", "1:30", "1_000", "1.5", "1e3", "1.5e+3", ".inf", "-.5", ".nan"),
    *("2020-01-01", "2024-99-99", "2001-12-14t21:59:43.10-05:00", "on", "No", "yes", "~", "null"),
    *("=", "=: ", "<<", "{=: 5}", "aGk=", "'it''s'", '"q\\n"', "{a: 1}", "[1, 2]", "{x:}", "[a?b]"),
)  # fmt: skip

NASTY = (
    "",
    "\n\n",
    "# nothing but a comment\n",
    "---\n",
    "--- \n...\n---\na: 1\n",
    "a: 1\n---\nb: 2\n...\n# end\n",
    "\ufeffa: 1\n",
    "a: 012\nb: 0o12\nc: 1:30\nd: 1_000\ne: 0x1F\nf: 0b101\ng: -0\nh: +1\ni: 08\n",
    "a: on\nb: OFF\nc: Yes\nd: n\ne: y\nf: nO\ng: null\nh: ~\ni:\nj: Null\n",
    "a: .inf\nb: -.INF\nc: .nan\nd: 1e3\ne: 1.0e+3\nf: 190:20:30.15\ng: 1.\nh: ._1\ni: .5\n",
    "a: 2024-01-31\nb: 2001-12-14 21:59:43.10 -5\nc: 2001-12-15T02:59:43.1Z\nd: 2024-1-1\n",
    "1: a\ntrue: b\n2020-01-01: c\nnull: d\n1.0: e\n? 2\n: f\n'3': g\n",
    "a: 1\nb: 2\na: 3\na: 4\n",
    "a: &a {x: 1, y: 2}\nb: &b {<<: *a, z: 3}\nc: {<<: [*a, *b], x: 9}\n<<: *b\nx: 0\n",
    "a: &a {x: 1}\nb: {y: 2, <<: *a, <<: {x: 3, z: 4}, y: 5}\n",
    "base: &base\n  k: [1, 2]\nuse:\n  <<: *base\n  l: *base\n",
    "- &s text\n- *s\n- {*s : 1}\n",
    "- !!set {a, b}\n- !!omap [a: 1, b: 2]\n- !!pairs [a: 1, a: 2]\n- !!binary aGVsbG8=\n",
    "- !!str 12\n- !!int '7'\n- !!float 3\n- !!bool 'yes'\n- !!null ''\n- !!timestamp 2024-01-01\n",
    "- !!map {a: 1}\n- !!seq [1]\n- !!str\n- ! 12\n- ! '12'\n",
    "- &a !!int {=: 5}\n- *a\n- [*a]\n- <<: *a\n",
    "=: 1\na: {=: 2}\n",
    "- =\n",
    "- <<\n",
    "- !!int abc\n",
    "- !!bool maybe\n",
    "- !!timestamp soon\n",
    "- !!binary é\n",
    "- !!omap [{a: 1, b: 2}]\n",
    "- !!omap {a: 1}\n",
    "a: 2024-99-99\n",
    "a: 190:20:30:61\n",
    "a: {<<: 1}\n",
    "a: {<<: [1]}\n",
    "? [a]\n: b\n",
    "? {a: 1}\n: b\n",
    "- *nowhere\n",
    "- &a 1\n- &a 2\n",
    "&a [*a]\n",
    "&a {b: *a}\n",
    "- !foo bar\n",
    "- !!python/object/apply:os.system ['true']\n",
    "a: !<tag:yaml.org,2002:str> 12\n",
    "%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 12\n",
    "%YAML 1.1\n---\na: 1\n",
    "a: |\n  one\n  two\n\nb: >-\n  three\n  four\n\n  five\n# end\nc: |+\n  six\n\n",
    "a: 'one\n  two'\nb: \"three\\\n  four\"\nc: five\n  six\n",
    "a: b: c\n",
    "a:\n\tb: 1\n",
    "a: 'open\n",
    "a: [1, 2\nb: 3\n",
    "- a\nb: 1\n",
    "a: {x:}\n",
    "a: [x?]\n",
    "a: why? {b: 1}\n",
    "a: >#\n  b\n",
    "a: \"\\ud83d\"\n",
    "a: \"\\U00110000\"\n",
    "a: b\r\nc:\r\n  - d\r\n  - |\r\n    e\r\n    f\r\ng: h\r\n",
    "a: b\rc:\r  - |\r    d\r    e\r",
    "a: b\x85c: d\u2028e: f\u2029g: h\n",
    "ключ: значение\nemoji: 😀 x\nnext: 1\n",
    "a: b\n\ufeffc: d\n",
    "a: &x # why\n  12\nb: !!str &y\n  34\n",
    "[a, b: c, {d: e}, [f], \"g\": h, ? i]\n",
    "a: - b\n",
    "-\n  -\n    -\n",
    "- - - a\n    - b\n  - c\n",
    "? a\n? b\n",
    "!!set\n? a\n? b\n",
    "@a: 1\n",
    "a: `b`\n",
    "a: %b\n",
)  # fmt: skip
"""Small texts, each with something in it that readers get wrong."""

_WORDS = st.sampled_from(
    ["name", "on", "No", "012", "1:30", "0x1F", "1_000", "~", "null", "2020-01-01", "1e3", "=",
     "<<", "a: b", "- a", "#x", "a #b", "", " lead", "trail ", "two\nlines\n", "é😀", "!x", "&x",
     "*x", "%x", "@x", "it's", '"q"', "\\", "{", "[", "}", "${VAR}", "a,b", "why?", "\x85", "+1"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(min_value=datetime.datetime(1900, 1, 1)),
    st.binary(max_size=8),
    st.text(max_size=12),
    _WORDS,
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.text(max_size=6), _WORDS, st.integers()), inner, max_size=4),
        st.sets(st.integers(), max_size=3),
        inner.map(lambda shared: [shared, {"again": shared}]),
    ),
    max_leaves=12,
)


@st.composite
def dumped(draw: st.DrawFn) -> str:
    """What PyYAML writes, in any of its styles."""
    documents = draw(st.lists(DATA, min_size=1, max_size=3))
    return yaml.safe_dump_all(
        documents,
        default_flow_style=draw(st.sampled_from([None, True, False])),
        default_style=draw(st.sampled_from([None, None, "'", '"', "|", ">"])),
        indent=draw(st.sampled_from([None, 2, 4])),
        width=draw(st.sampled_from([5, 80])),
        allow_unicode=draw(st.booleans()),
        explicit_start=draw(st.booleans()),
        explicit_end=draw(st.booleans()),
        line_break=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        sort_keys=False,
    )


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A text with some of its characters lost, and some tokens put in."""
    text = draw(st.one_of(st.sampled_from(NASTY), dumped()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        lost = draw(st.integers(0, 3))
        text = text[:at] + draw(st.sampled_from([*TOKENS, ""])) + text[at + lost :]
    return text


def texts() -> st.SearchStrategy[str]:
    """Texts of every sort: sound, broken and in between."""
    tokens = st.lists(st.sampled_from(TOKENS), max_size=14).map("".join)
    return st.one_of(st.sampled_from(NASTY), dumped(), mangled(), mangled(), tokens)


def encoded(text: str) -> bytes:
    """A text as a file would hold it, half characters included."""
    return text.encode("utf-8", "surrogatepass")


def written(document: Document) -> Iterator[tuple[bool, Any, Node]]:
    """Each key, value and item of a document: whether it is a key, what it is, and as written."""
    pending: list[tuple[Any, Any]] = [(document.data, document.root)]
    if document.root is not None:
        yield False, document.data, document.root
    seen = set()
    while pending:
        data, node = pending.pop()
        if not isinstance(data, (dict, list)) or id(data) in seen:
            continue
        seen.add(id(data))
        assert len(node.fields) == len(data)
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            key, below = node.fields[step]
            assert (key is not None) is isinstance(data, dict)
            if key is not None:
                yield True, step, key
            yield False, value, below
            pending.append((value, below))


def values(reading: Reading) -> list[Any]:
    """The data of all documents of a reading."""
    return [document.data for document in reading.documents]


def without_libyaml(patch: pytest.MonkeyPatch) -> None:
    """Let PyYAML be one that was built without libyaml."""
    for module in (yaml_compose, yaml_dialect):
        patch.setattr(module, "CParser", None)
