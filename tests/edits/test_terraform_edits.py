"""Edits of Terraform's syntax: the module with one change, and every other byte as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plain_values import plain

from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.terraform import Edits, add_argument, add_block, merge_last, set_argument
from dativo_lint.edits.variables import inferred_type
from dativo_lint.fixes.texts import edited
from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import Argument, Block, Body, Node
from dativo_lint.terraform.values import Value

HEADER = 'resource "aws_sqs_queue" "job"'
TAGS = ("tag {\n  key = 1\n}", 'dynamic "tag" {\n  content {\n  }\n}')
ITEMS = (
    *("name = 1", "name   = 1", "a = 1 # why", 'a_long_name = "x"', "x   = y // see", "count = 2"),
    *("list = [\n  1, # one\n]", "text = <<EOT\nx = {\nEOT", "text = <<-EOT\n  }\n  EOT"),
    *("# alone", "/* all\n of it */", "", "block {\n  a = 1\n}", "lifecycle {}", "other = f(x)"),
    *("depends_on = [a.b]", *TAGS),
    *("b = 1 /* c */", "/* c */ c = 1", 'é = "}"', "object = {}"),
)
BETWEEN = ("", "\n", "# between\n\n", 'variable "x" {}\n')


@st.composite
def files(draw: st.DrawFn, of: tuple[str, ...] = ITEMS) -> str:
    """A file with one resource; what stands in it may be in any order, with any line end."""
    indent = draw(st.sampled_from(("  ", "    ", "\t")))
    items = draw(st.lists(st.sampled_from(of), max_size=5))
    lines = [indent + line if line else "" for item in items for line in item.split("\n")]
    lines = [line.removeprefix(indent) if line.strip() == "EOT" else line for line in lines]
    body = draw(st.sampled_from(("{}", "{ }", "{ a = 1 }", "{ # c\n}"))) if not items else ""
    body = body or "\n".join(("{", *lines, "}"))
    text = f"{draw(st.sampled_from(BETWEEN))}{HEADER} {body}{draw(st.sampled_from(('', ' # end')))}"
    text += draw(st.sampled_from(("", "\n", '\n\noutput "x" {\n  value = 1\n}\n', "\n// end")))
    text = text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))
    assume(not parse(text).errors)
    return text


def names(body: Body, text: str) -> list[Any]:
    """What is in a body, in its order, without where it stands."""
    return [
        (item.name, text[item.value.start : item.value.end])
        if isinstance(item, Argument)
        else (item.type, [label.text for label in item.labels], names(item.body, text))
        for item in body.items
    ]


def without(items: list[Any], added: Any) -> list[Any]:
    """The items without an added one, wherever it is."""
    return [
        (*item[:2], without(item[2], added)) if len(item) == 3 else item
        for item in items
        if item != added
    ]


def applied(text: str, edits: Edits) -> str:
    """A text after edits, which have to be exact."""
    exact = [edit for edit in edits if isinstance(edit, Edit)]
    assert len(exact) == len(edits)
    return edited(text.encode(), exact).decode()


def is_kept(before: str, after: str) -> bool:
    """Whether every line of a text is in another, in the same order, with its line end."""
    rest = iter(after.splitlines(keepends=True))
    return all(any(line == other for other in rest) for line in before.splitlines(keepends=True))


def place_of(source: Source) -> Any:
    block = next(it for it in parse(source.text).blocks() if it.type == "resource")
    return source.place(block.labels[-1])


@given(files())
def test_an_added_argument_is_all_that_is_new(text: str) -> None:
    source = Source("m/main.tf", text)
    edits = add_argument(source, place_of(source), (), "tags", "var.tags")
    assume(not isinstance(edits[0], NotExact))
    after = applied(text, edits)
    body = parse(after)

    assert () == body.errors
    resource = next(it for it in body.blocks() if it.type == "resource")
    assert "var.tags" == source_of(after, resource, "tags")
    assert names(parse(text), text) == without(names(body, after), ("tags", "var.tags"))
    assert is_kept(text, after) or "{}" in text or "{ }" in text
    assert ("\r\n" in text) <= ("\n" not in after.replace("\r\n", ""))


def source_of(text: str, block: Block, name: str) -> str:
    argument = block.body.arguments.get(name)
    assert argument is not None
    return text[argument.value.start : argument.value.end]


@given(files((*TAGS, *TAGS, "name = 1", "# alone")))
def test_an_argument_that_is_set_is_set_in_all_blocks_of_a_type(text: str) -> None:
    source = Source("m/main.tf", text)
    edits = set_argument(source, place_of(source), ("tag",), "propagate_at_launch", "true")
    assume(not isinstance(edits[0], NotExact))
    after = applied(text, edits)

    assert () == parse(after).errors
    assert after.count("propagate_at_launch = true") == text.count("tag {") + text.count('"tag" {')
    added = ("propagate_at_launch", "true")
    assert names(parse(text), text) == without(names(parse(after), after), added)
    assert () != set_argument(Source("m/main.tf", after), place_of(source), ("tag",), "x", "1")


@given(files(), st.sampled_from(("variable", "output", "resource")))
def test_an_added_block_is_all_that_is_new(text: str, type_: str) -> None:
    edits = add_block(Source("m/main.tf", text), type_, (f'{type_} "new" {{', "  a = 1", "}"))
    assume(not isinstance(edits[0], NotExact))
    after = applied(text, edits)

    assert () == parse(after).errors
    added = (type_, ["new"], [("a", "1")])
    assert names(parse(text), text) == [it for it in names(parse(after), after) if it != added]
    assert added in names(parse(after), after)
    assert after.endswith(text[-1]) or added == names(parse(after), after)[-1]


MAPPINGS = (
    *("{}", "{ }", "null", '{ a = "m" }', '{\n  a = "m" # c\n}', "local.x", "merge(local.x)"),
    *("merge(var.tags, local.x)", "merge(local.x, var.tags, { b = 1 })", "(local.x)"),
    *("merge(\n  local.x,\n  {\n    b = 1\n  },\n)", "merge(\n  var.tags,\n  local.x\n)"),
    *("merge([local.x]...)", "true ? local.x : {}", '{ for k, v in local.x : k => "m" }'),
    *("merge({}, {}, )", "merge(\n  var.tags, # the job's\n  local.x\n)", "merge(local.x # c\n)"),
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mapping", MAPPINGS)
def test_the_job_s_tags_override_those_of_the_module(mapping: str, line_end: str) -> None:
    text = f"tags = {mapping}{line_end}".replace("\n", line_end).replace("\r\r", "\r")
    source = Source("m/main.tf", text)
    edits = merge_last(source, argument_of(text).value, "var.tags")
    if "#" in mapping and "merge" in mapping:
        assert isinstance(edits[0], NotExact)
        return
    after = applied(text, edits)
    job = {"a": "job", "c": "job"}

    assert () == parse(after).errors
    expected = {**(tags_of(text, job) or {}), **job}
    assert expected == tags_of(after, job)
    assert 1 == after.count("var.tags")
    again = merge_last(Source("m/main.tf", after), argument_of(after).value, "var.tags")
    assert isinstance(again[0], NotExact) or after == "tags = var.tags" + line_end


def argument_of(text: str) -> Argument:
    argument = parse(text).arguments.get("tags")
    assert argument is not None
    return argument


def tags_of(text: str, job: dict[str, str]) -> Any:
    local = parse('tags = { a = "m", b = "m" }\n').arguments.get("tags")
    assert local is not None
    scope = Scope({"tags": value_of(job)}, {"x": local.value})
    value = evaluate(argument_of(text).value, scope)
    assert isinstance(value, Value)
    return plain(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf.json", '{"resource": {"aws_sqs_queue": {"job": {}}}}'),
        ("main.tf", f"{HEADER} {{ a = 1 }}\n"),
        ("main.tf", f"{HEADER} {{\n  a = 1 /* b */\n}}\n"),
        ("main.tf", f'{HEADER} {{\n}}\nvariable "x" {{\n'),
        ("main.tf", f"/* x */ {HEADER} {{\n}}\n"),
    ],
)
def test_what_cannot_be_edited_exactly_is_refused(name: str, text: str) -> None:
    source = Source(name, text)
    at = text.index('"job"')
    place = source.place(Node(at, at + 5))
    (edit,) = add_argument(source, place, (), "tags", "var.tags")
    assert isinstance(edit, NotExact)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, "bool"),
        (30, "number"),
        (1.5, "number"),
        ("a", "string"),
        ("${X}", "any"),
        (None, "any"),
        (["a", "b"], "list(string)"),
        (["a", 1], "any"),
        ([], "list(any)"),
        ({"a": 1, "b": 2}, "map(number)"),
        ({"a": 1, "b": "x"}, "object({ a = number, b = string })"),
        ({"a b": 1, "b": "x"}, "any"),
        ([{"a": 1, "b": "x"}], "list(object({ a = number, b = string }))"),
    ],
)
def test_the_type_of_a_new_variable_is_that_of_the_value(value: Any, type_: str) -> None:
    assert type_ == inferred_type(value)


CLEAN = (
    f"{HEADER} {{\n  name       = 1\n  fifo_queue = true # fifo\n\n  lifecycle {{\n  }}\n}}\n",
    f"{HEADER} {{\n  a = 1\n}}\n",
    f"{HEADER} {{}}\n",
    f"{HEADER} {{\n  list = [\n    1,\n  ]\n  depends_on = [a.b]\n}}\n",
    f"{HEADER} {{\n  text = <<EOT\nx\nEOT\n}}\n",
    f"{HEADER} {{\n  count = 2\n\n  name = 1\n}}\n",
)


@pytest.mark.parametrize("text", CLEAN)
def test_what_terraform_has_formatted_stays_formatted(text: str, tmp_path: Path) -> None:
    source = Source("m/main.tf", text)
    after = applied(text, add_argument(source, place_of(source), (), "tags", "var.tags"))
    after = applied(
        after, add_block(Source("m/main.tf", after), "variable", ('variable "x" {', "}"))
    )
    (tmp_path / "main.tf").write_text(after)
    if shutil.which("terraform"):
        done = subprocess.run(
            ["terraform", "fmt", "-check", "-diff"],
            cwd=tmp_path,
            env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (0, "") == (done.returncode, done.stdout)
