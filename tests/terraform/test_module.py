from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.terraform.module import Module, read_module
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import UNREAD, literal


def module(limits: Limits = Limits(), **files: str | bytes) -> Module:
    """The module made of these files; `__` in a name stands for a dot."""
    texts = {f"m/{name.replace('__', '.')}": text for name, text in files.items()}
    return read_module(MemoryFolder(texts), "m", limits)


def told(found: Module) -> list[str]:
    return [f"{error.place}: {error.message}" for error in found.errors]


WHOLE = """
terraform {
  required_version = ">= 1.5, < 2.0"
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { team = "data" }
  }
}

provider "aws" {
  alias = "other"
}

variable "region" {
  type        = string
  description = "where"
}

variable "count-of" {
  type      = number
  default   = 3
  nullable  = false
  sensitive = true

  validation {
    condition     = var.count-of > 0
    error_message = "Positive."
  }
}

locals {
  tags = { a = 1 }
}

module "inner" {
  source  = "./inner"
  count   = 2
  tags    = local.tags
}

resource "aws_ecs_service" "this" {
  tags = local.tags
  network {
    subnets = []
  }
}

data "aws_region" "now" {}

output "arn" {
  value     = aws_ecs_service.this.arn
  sensitive = true
}
"""


def test_a_module_tells_what_it_declares() -> None:
    found = module(main__tf=WHOLE)
    assert [] == told(found)
    assert ["region", "count-of"] == [*found.variables]
    assert ["arn"] == [*found.outputs]
    assert ["tags"] == [*found.locals]
    assert ["inner"] == [*found.calls]
    assert ["aws_ecs_service.this", "data.aws_region.now"] == [*found.resources]
    assert [("aws", None), ("aws", "other")] == [(it.name, it.alias) for it in found.providers]
    assert [">= 1.5, < 2.0"] == [it.constraint for it in found.required_version]


def test_a_variable_tells_what_is_asked_of_it() -> None:
    variables = module(main__tf=WHOLE).variables
    region, count = variables["region"], variables["count-of"]
    assert (True, True, False, "where") == (
        region.required,
        region.nullable,
        region.sensitive,
        region.description,
    )
    assert (False, False, True) == (count.required, count.nullable, count.sensitive)
    assert count.default_expr is not None
    assert 3 == literal(count.default_expr.expression)
    [validation] = count.validations
    assert "var.count-of > 0" == str(validation.condition)
    assert "m/main.tf:29:21" == str(validation.condition and validation.condition.place)


def test_the_content_of_a_block_is_at_hand() -> None:
    found = module(main__tf=WHOLE)
    service = found.resources["aws_ecs_service.this"].content
    assert ["tags"] == [*service.arguments]
    [network] = service.blocks("network")
    assert ["subnets"] == [*network.content.arguments]
    [tags] = found.providers[0].content.blocks("default_tags")
    assert ["tags"] == [*tags.content.arguments]


def test_a_call_tells_its_arguments_from_its_own_settings() -> None:
    call = module(main__tf=WHOLE).calls["inner"]
    assert ["tags"] == [*call.arguments]
    assert ["count", "source"] == sorted(call.meta)
    assert call.address is not None
    assert "local" == call.address.kind


def test_every_file_of_the_folder_counts_and_no_other() -> None:
    found = module(
        a__tf='variable "a" {}\n',
        b__tf='variable "b" {}\n',
        **{
            "readme__md": "variable",
            "x__tf__bak": 'variable "x" {}\n',
            "__hidden__tf": 'variable "h" {}\n',
            "y__tf~": 'variable "y" {}\n',
            "inner/main__tf": 'variable "i" {}\n',
            "values__tfvars": "a = 1\n",
        },
    )
    assert ["a", "b"] == [*found.variables]
    assert ["m/a.tf", "m/b.tf"] == [file.path for file in found.files]


def test_an_override_file_changes_what_it_names_and_keeps_the_rest() -> None:
    found = module(
        a_override__tf=(
            'variable "x" {\n  default = 2\n}\n'
            'resource "t" "r" {\n  tags = {}\n  b {\n    v = 2\n  }\n}\n'
            "locals {\n  l = 2\n}\n"
        ),
        main__tf=(
            'variable "x" {\n  type = number\n  description = "d"\n}\n'
            'resource "t" "r" {\n  name = 1\n  tags = 1\n  b {\n    v = 1\n  }\n  c {}\n}\n'
            "locals {\n  l = 1\n}\n"
        ),
    )
    assert [] == told(found)
    variable = found.variables["x"]
    assert ("number", "2", "d") == (
        str(variable.type_expr),
        str(variable.default_expr),
        variable.description,
    )
    content = found.resources["t.r"].content
    assert {"name": "1", "tags": "{}"} == {k: str(v) for k, v in content.arguments.items()}
    assert [("c", []), ("b", ["2"])] == [
        (it.type, [str(value) for value in it.content.arguments.values()]) for it in content.nested
    ]
    assert "2" == str(found.locals["l"].value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('variable "a" {}\nvariable "a" {}\n', 'm/main.tf:2:10: duplicate variable: "a"'),
        ('output "a" {\nvalue=1\n}\noutput "a" {\nvalue=1\n}\n', "m/main.tf:4:8: duplicate output"),
        ('variable "version" {}\n', 'm/main.tf:1:10: invalid variable name: "version"'),
        ('variable "a.b" {}\n', 'm/main.tf:1:10: invalid variable name: "a.b"'),
        ('variable "a" {\n  typ = string\n}\n', 'm/main.tf:2:3: unsupported argument: "typ"; did'),
        ('variable "a" {\n  type = "string"\n}\n', "m/main.tf:2:10: invalid quoted type"),
        (
            'variable "a" {\n  default = null\n  nullable = false\n}\n',
            "m/main.tf:2:13: invalid default: null, where nullable is false",
        ),
        ('variable "a" {\n  sensitive = "x"\n}\n', "m/main.tf:2:15: sensitive: expected true"),
        ("variable {}\n", "m/main.tf:1:10: missing name for variable"),
        ('variable "a" "b" {}\n', "m/main.tf:1:14: extraneous label"),
        ('vairable "a" {}\n', 'm/main.tf:1:1: unsupported block type: "vairable"; did you mean'),
        ("x = 1\n", 'm/main.tf:1:1: unsupported argument: "x"'),
        ('output "a" {}\n', 'm/main.tf:1:12: missing required argument: "value"'),
        ('module "a" {}\n', 'm/main.tf:1:12: missing required argument: "source"'),
        (
            'terraform {\n  required_version = "x"\n}\n',
            "m/main.tf:2:22: invalid version constraint",
        ),
    ],
)
def test_what_terraform_refuses_is_an_error_at_its_place(text: str, message: str) -> None:
    [error] = told(module(main__tf=text))
    assert error.startswith(message)


def test_what_came_with_a_later_terraform_is_no_error() -> None:
    text = 'variable "a" {\n  deprecated = "use b"\n  const = true\n  ephemeral = true\n}\n'
    found = module(main__tf=text)
    assert [] == told(found)
    assert "use b" == found.variables["a"].deprecated


def test_a_broken_block_hides_neither_itself_nor_the_others() -> None:
    found = module(
        a__tf='variable "a" {\n  default = [\n}\nvariable "b" {}\n', b__tf='variable "c" {}\n'
    )
    assert ["m/a.tf:3:1: invalid expression: expected the start of an expression"] == told(found)
    assert {"a": False, "b": True, "c": True} == {
        name: variable.required for name, variable in found.variables.items()
    }
    assert not found.complete


def test_a_file_of_opentofu_takes_the_place_of_its_namesake() -> None:
    found = module(
        a__tf='variable "lost" {}\n',
        a__tofu='language {\n  compatible_with {\n    opentofu = ">= 1.12"\n  }\n}\n'
        'variable "a" {}\n',
        b__tf__json='{"variable": {"gone": {}}}',
        b__tofu__json='{"variable": {"b": {}}}',
        c__tf='variable "c" {}\noutput "o" {\n  type  = string\n  value = var.c\n}\n',
        c_override__tofu='variable "c" {\n  default = 1\n}\n',
        d__tofu__json='{"variable": {"d": {}}}',
    )
    assert not found.errors
    assert ["a", "b", "c", "d"] == [*found.variables]
    assert not found.variables["c"].required


def test_a_folder_without_configuration_is_an_error() -> None:
    assert ['m:1:1: the module folder "m" holds no .tf or .tofu file'] == told(
        module(readme__md="")
    )
    missing = read_module(MemoryFolder({}), "nowhere")
    assert ['nowhere:1:1: there is no module folder "nowhere"'] == told(missing)
    outside = read_module(MemoryFolder({}), "../x")
    assert ['../x:1:1: the module folder "../x" is outside the repository'] == told(outside)


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.tf"
    outside.write_text('variable "outside" {}\n', encoding="utf-8")
    folder = tmp_path / "root" / "m"
    folder.mkdir(parents=True)
    (folder / "good.tf").write_text('variable "good" {}\n', encoding="utf-8")
    (folder / "bad.tf").write_bytes(b'variable "b\xffd" {}\n')
    (folder / "broken.tf").symlink_to("nowhere.tf")
    (folder / "out.tf").symlink_to(outside)
    (folder / "folder.tf").mkdir()
    found = read_module(DiskFolder(tmp_path / "root"), "m")
    assert ["good"] == [*found.variables]
    places = [str(error.place) for error in found.errors]
    assert ["m/bad.tf:1:12", "m/broken.tf:1:1", "m/out.tf:1:1"] == places
    assert not found.complete


def test_a_file_over_the_limit_is_an_error() -> None:
    [error] = told(module(Limits(file_bytes=20), main__tf="# " + "x" * 100))
    assert "limits.file_bytes" in error


def test_json_syntax_declares_the_same() -> None:
    native = module(
        main__tf=(
            'variable "x" {\n  type = list(string)\n  default = ["${y}"]\n  nullable = false\n'
            '  validation {\n    condition = length(var.x) > 0\n    error_message = "e"\n  }\n}\n'
            'output "o" {\n  value = var.x[0]\n}\n'
            'locals {\n  l = "a ${var.x[0]}"\n}\n'
            'module "m" {\n  source = "./m"\n  a = { b = 1.50 }\n}\n'
            'resource "t" "r" {\n  tags = { (var.x[0]) = local.l }\n}\n'
        )
    )
    written = {
        "//": "a comment",
        "variable": {
            "x": {
                "type": "list(string)",
                "default": ["${y}"],
                "nullable": False,
                "validation": [{"condition": "${length(var.x) > 0}", "error_message": "e"}],
            }
        },
        "output": {"o": {"value": "${var.x[0]}"}},
        "locals": [{"l": "a ${var.x[0]}"}],
        "module": {"m": [{"source": "./m", "a": {"b": 1.50}}]},
        "resource": {"t": {"r": {"tags": {"${var.x[0]}": "${local.l}"}}}},
    }
    found = module(main__tf__json=json.dumps(written))
    assert [] == told(found)
    for names in ("variables", "outputs", "locals", "calls"):
        assert [*getattr(native, names)] == [*getattr(found, names)]
    assert [*native.resources] == [*found.resources]
    variable = found.variables["x"]
    assert variable.default_expr is not None
    assert ["${y}"] == literal(variable.default_expr.expression)
    assert '"list(string)"'.strip('"') == str(variable.type_expr)
    assert not variable.nullable
    [validation] = variable.validations
    assert validation.condition is not None
    place = validation.condition.place
    line = json.dumps(written)
    assert line[place.column - 1 :].startswith("${length(var.x) > 0}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "m/main.tf.json:1:1: incorrect JSON value type: a configuration is"),
        ('{"locals": {"a": NaN}}', "m/main.tf.json:1:18: incorrect JSON value type: NaN is"),
        ('{"variable": {"a": 1}}', "m/main.tf.json:1:20: incorrect JSON value type: expected an"),
        ('{"vairable": {}}', 'm/main.tf.json:1:2: unsupported block type: "vairable"'),
        ('{"variable": {"a": {"typ": 1}}}', 'm/main.tf.json:1:21: unsupported argument: "typ"'),
        ('{"locals": {"a": "${b"}}', "m/main.tf.json:1:19: unclosed template interpolation"),
        ('{"locals": {"a": "x${b c}"}}', "m/main.tf.json:1:24: extra characters after"),
        ('{"variable": {"a": {"type": "list("}}}', "m/main.tf.json:1:35: missing expression"),
        ('{"a": ', "m/main.tf.json:1:"),
    ],
)
def test_a_mistake_in_json_syntax_is_an_error_at_its_place(text: str, message: str) -> None:
    [error, *_] = told(module(main__tf__json=text))
    assert error.startswith(message)


def test_a_limit_beyond_pythons_own_is_no_trap() -> None:
    deep = Limits(nesting=1_000_000)
    text = '{"locals": {"a": ' + "[" * 50_000 + "]" * 50_000 + "}}"
    assert ["m/main.tf.json:1:1: too deeply nested to be read"] == told(
        module(deep, main__tf__json=text)
    )
    native = told(module(deep, main__tf="locals {\n" + "b {\n" * 50_000))
    assert any("too deeply nested" in error for error in native)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-1.5", "-1.5"),
        ('["a", [true, null]]', "['a', [True, None]]"),
        ('{ a = 1, "b" = (2), a = 3 }', "{'a': 3, 'b': 2}"),
        ("var.x", None),
        ('"a${b}"', None),
        ("[f(1)]", None),
        ("{ (a) = 1 }", None),
        ("1 + 1", None),
        ("-true", None),
    ],
)
def test_a_literal_is_read_as_it_stands(text: str, value: str | None) -> None:
    found = literal(parse(f"a = {text}\n").arguments["a"].value)
    assert value == (None if found is UNREAD else str(found))


@given(st.binary() | st.text().map(str.encode))
def test_no_content_raises(content: bytes) -> None:
    assert isinstance(module(main__tf=content, main__tf__json=content), Module)
