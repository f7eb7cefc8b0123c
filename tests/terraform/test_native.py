from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hcl_corpus import BROKEN, EXPRESSIONS, VALID
from hcl_random import Writer
from hcl_trees import ours
from hypothesis import given
from hypothesis import strategies as st
from record_hcl import RECORD, disagreements

from dativo_lint.documents.document import Limits
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import (
    Argument,
    Block,
    Body,
    Expression,
    Literal,
    Node,
    Reference,
    Template,
    Wrapped,
)

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))


def value_of(text: str) -> Expression:
    """The expression in a text that is nothing else."""
    body = parse(f"a = {text}\n")
    assert () == body.errors
    return body.arguments["a"].value


def summaries(text: str) -> list[str]:
    return [fault.summary for fault in parse(text).errors]


def test_files_and_trees_are_read_as_hashicorp_reads_them() -> None:
    files = [(text, answer) for text, answer in RECORDED["files"]]
    expressions = [(text, tree) for text, tree in RECORDED["expressions"]]
    assert [] == disagreements(files, expressions)


def test_the_whole_corpus_is_recorded() -> None:
    assert {*VALID, *BROKEN} <= {text for text, _ in RECORDED["files"]}
    recorded = {text for text, _ in RECORDED["expressions"]}
    assert {*EXPRESSIONS} == {*EXPRESSIONS} & recorded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"a\\tb\\"c\\\\"', 'a\tb"c\\'),
        ('"\\u00e9\\U0001F600"', "é😀"),
        ('"e\u0301"', "é"),
        ('"$${a} %%{b} $ % $$$"', "${a} %{b} $ % $$$"),
        ('"$$${a}"', "$${a}"),
        ("<<E\n  a\n b\nE\n", "  a\n b\n"),
        ("<<-E\n    a\n      b\n\n    c\n  E\n", "a\n  b\n\nc\n"),
        ("<<-E\n\ta\n\t\tb\nE\n", "a\n\tb\n"),
        ("<<-E\nE\n", ""),
        ("<<E\r\na\r\nE\r\n", "a\r\n"),
        ('<<E\n"\\n" $5\nE\n', '"\\n" $5\n'),
    ],
)
def test_texts_mean_what_terraform_takes_them_for(written: str, meant: str) -> None:
    value = value_of(written)
    assert isinstance(value, Literal)
    assert meant == value.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"a ${~ x ~} b"', ["a", "x", "b"]),
        ("<<E\na\n\n  ${~ x ~}\n\nb\nE\n", ["a\n\n", "x", "\nb\n"]),
        ("<<-E\n  a ${x}\n    b\n  E\n", ["a ", "x", "\n  b\n"]),
        ("<<-E\n  ${x}\n  b\n  E\n", ["x", "\nb\n"]),
        ("<<-E\n${x}\n  b\n  E\n", ["x", "\n  b\n"]),
    ],
)
def test_trimming_and_indentation_work_on_the_text_around_a_value(
    written: str, meant: list[str]
) -> None:
    value = value_of(written)
    assert isinstance(value, Template)
    parts = [it.value if isinstance(it, Literal) else it.name for it in value.parts]
    assert meant == parts or meant == [part for part in parts if part]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("0.1", Decimal("0.1")),
        ("1e3", Decimal(1000)),
        ("1e999999999", Decimal("1e999999999")),
    ],
)
def test_numbers_are_kept_exactly(written: str, meant: int | Decimal) -> None:
    value = value_of(written)
    assert isinstance(value, Literal)
    assert meant == value.value


def test_a_lone_interpolation_is_not_a_text() -> None:
    value = value_of('"${var.x}"')
    assert isinstance(value, Wrapped)
    assert isinstance(value.value, Reference)


def nodes(node: Node) -> Iterator[Node]:
    """A node and every node below it."""
    yield node
    for part in node.nodes:
        yield from nodes(part)


@given(st.integers(0, 10_000))
def test_an_argument_read_again_alone_is_the_same(seed: int) -> None:
    text = Writer(seed).body(1)
    body = parse(text)
    for item in body.items:
        if isinstance(item, Argument) and not body.errors:
            alone = text[item.start : item.end] + "\n"
            assert ours(item.value, text) == ours(parse(alone).arguments[item.name].value, alone)


@given(st.integers(0, 10_000))
def test_every_node_lies_within_the_text(seed: int) -> None:
    text = Writer(seed).body(2)
    body = parse(text)
    assert [] == [it for it in nodes(body) if not 0 <= it.start <= it.end <= len(text)]


def test_places_count_code_points_and_lines_from_one() -> None:
    text = 'locals {\r\n  é = "ü" + x\n}\n'
    [block] = parse(text).blocks("locals")
    operation = block.body.arguments["é"].value
    place = Source("main.tf", text).place(operation)
    assert ("main.tf", 2, 7, 2, 14) == (
        place.path,
        place.line,
        place.column,
        place.end_line,
        place.end_column,
    )


@given(st.text(st.sampled_from('ab1 \n\t"${}%~[](){}<>-=.,:?!*/#\\éE\r\x00') | st.characters()))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parse(text), Body)


@given(st.integers(0, 100_000))
def test_no_damage_raises(seed: int) -> None:
    writer = Writer(seed)
    assert isinstance(parse(writer.damaged(writer.body(2))), Body)


def variables(body: Body) -> list[str]:
    return [block.labels[0].text for block in body.blocks("variable") if block.labels]


DAMAGES = {
    "an unclosed brace": "  default = {\n",
    "an unclosed bracket": "  default = [1,\n",
    "an unclosed quote": '  default = "x\n',
    "an unclosed interpolation": '  default = "${x\n',
    "an unclosed heredoc": "  default = <<EOT\n",
    "a lost operand": "  default = 1 +\n",
    "a lost equals sign": "  type string\n",
    "an unclosed block": "  validation {\n",
    "a foreign character": "  default = @\n",
    "single quotes": "  default = 'x'\n",
    "an unclosed comment": "  /* default\n",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_broken_block_hides_neither_itself_nor_the_others(damage: str) -> None:
    text = (
        'variable "a" {\n  type = string\n}\n\n'
        f'variable "b" {{\n  type = number\n{damage}}}\n\n'
        'variable "c" {\n  type = bool\n}\n'
    )
    body = parse(text)
    assert body.errors
    assert ["a", "b", "c"] == variables(body)
    broken = next(it for it in body.blocks() if it.labels[0].text == "b")
    assert not broken.whole
    assert broken.body.arguments.get("type")
    assert [True, True] == [it.whole for it in body.blocks() if it is not broken]


def test_every_broken_block_is_told() -> None:
    text = 'variable "a" {\n  default = ;\n}\n' * 3 + "a = 1\na = 2\n"
    body = parse(text)
    assert [2, 5, 8] == [Source("", text).place(fault).line for fault in body.errors]
    assert ["a", "a", "a"] == variables(body)


def test_a_block_at_the_top_may_be_indented() -> None:
    text = '  variable "a" {\n    default = ;\n  }\n  variable "b" {\n  }\n'
    assert ["a", "b"] == variables(parse(text))


def test_an_inner_block_does_not_pass_for_one_at_the_top() -> None:
    text = 'check "a" {\n  assert { condition = ; }\n  data "x" "y" {}\n}\nlocals {}\n'
    assert ["check", "locals"] == [block.type for block in parse(text).blocks()]


def test_the_first_of_two_equal_arguments_counts() -> None:
    body = parse("a = 1\na = 2\n")
    assert ["Attribute redefined"] == [fault.summary for fault in body.errors]
    first = body.arguments.get("a")
    assert first is not None
    assert first is body.arguments["a"]
    assert 4 == first.value.start


def test_a_text_over_the_limit_is_not_read() -> None:
    body = parse("a = 1\n" * 10, Limits(file_bytes=10))
    assert ["File too large"] == [fault.summary for fault in body.errors]


NESTED: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: f"a = {'(' * n}1{')' * n}\n",
    "tuples": lambda n: f"a = {'[' * n}{']' * n}\n",
    "objects": lambda n: f"a = {'{a=' * n}1{'}' * n}\n",
    "calls": lambda n: f"a = {'f(' * n}1{')' * n}\n",
    "indexes": lambda n: f"a = {'a[' * n}1{']' * n}\n",
    "quotes": lambda n: "a = " + '"${' * n + "1" + '}"' * n + "\n",
    "heredocs": lambda n: "a = " + "<<E\n${" * n + "1" + "}\nE\n" * n + "\n",
    "for expressions": lambda n: f"a = {'[for x in y : ' * n}1{']' * n}\n",
    "conditionals": lambda n: f"a = {'b ? c : ' * n}1\n",
    "negations": lambda n: f"a = {'!' * n}b\n",
    "splats": lambda n: f"a = b{'[*]' * n}\n",
    "directives": lambda n: f'a = "{"%{if a}" * n}{"%{endif}" * n}"\n',
    "blocks": lambda n: "a {\n" * n + "}\n" * n,
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED.keys())
def test_nesting_is_read_up_to_the_limit_and_refused_beyond(nested: Callable[[int], str]) -> None:
    assert [] == summaries(nested(90))
    assert ["Too deeply nested"] == summaries(nested(110))
    assert ["Too deeply nested"] == summaries(nested(50_000))


def test_a_limit_beyond_pythons_own_is_no_trap() -> None:
    body = parse(NESTED["calls"](100_000), Limits(nesting=1_000_000))
    assert ["Too deeply nested"] == [fault.summary for fault in body.errors]


LONG: dict[str, Callable[[int], str]] = {
    "operators": lambda n: f"a = 1{' + 1' * n}\n",
    "mixed operators": lambda n: f"a = {'1 || 1 && 1 == 1 > 1 + 1 * ' * n}1\n",
    "attributes": lambda n: f"a = a{'.b . c' * n}\n",
    "attribute splats": lambda n: f"a = a{'.*[0]' * n}\n",
    "indexes": lambda n: f"a = a{'[0]' * n}\n",
    "items": lambda n: f"a = [{'1,' * n}]\n",
    "keys": lambda n: f"a = {{{'a=1,' * n}}}\n",
    "arguments": lambda n: "a = 1\n" * n,
    "labels": lambda n: f"a {'b ' * n}{{}}\n",
    "digits": lambda n: f"a = {'9' * n}\n",
    "dots": lambda n: f"a = 1{'.' * n}\n",
    "dollars": lambda n: f'a = "{"$" * n}"\n',
    "escapes": lambda n: 'a = "' + "\\q" * n + '"\n',
    "interpolations": lambda n: 'a = "' + "${x}" * n + '"\n',
    "lines of a heredoc": lambda n: "a = <<-E\n" + "  ${x} y\n" * n + "E\n",
    "near ends of a heredoc": lambda n: "a = <<E\n" + "xE\n" * n + "E\n",
    "unclosed heredocs": lambda n: "a = <<E\n" * n,
    "unclosed heredocs in blocks": lambda n: "locals {\na = <<E\n}\n" * n,
    "unclosed blocks": lambda n: "locals {\n" * n,
    "unclosed brackets": lambda n: "locals {\na = [\n" * n,
    "unclosed comments": lambda n: "locals {}\n/* x\n" * n,
    "broken blocks": lambda n: "locals {\n  a = ;\n}\n" * n,
    "letters beyond ascii": lambda n: f"{'é²' * n}\n",
    "blanks": lambda n: " " * n,
    "newlines": lambda n: "\n" * n,
    "comments": lambda n: "#\n" * n,
}


def steps_of(text: str) -> int:
    """How many calls the parser makes for a text."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("long", LONG.values(), ids=LONG.keys())
def test_twice_the_text_takes_twice_the_steps(long: Callable[[int], str]) -> None:
    assert steps_of(long(2000)) <= 2.5 * steps_of(long(1000)) + 500


def test_reading_again_after_mistakes_has_an_end() -> None:
    text = "locals {\na = <<E\n}\n" * 5000
    assert "Too many mistakes" in summaries(text)


def test_blocks_can_be_asked_for_by_type() -> None:
    body = parse("locals {}\nterraform {}\nlocals {}\n")
    assert 2 == len([*body.blocks("locals")])
    assert all(isinstance(it, Block) for it in body.blocks())
    assert None is body.arguments.get("locals")
