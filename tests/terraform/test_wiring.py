"""What calls hand over and take back, held against what is called."""

from __future__ import annotations

from memory_folder import MemoryFolder

from dativo_lint.terraform.calls import read_tree
from dativo_lint.terraform.module_errors import miswired


def told(call: str, called: str, rest: str = "") -> list[str]:
    files = {
        "m/main.tf": f'module "x" {{\n  source = "./x"\n{call}\n}}\n{rest}\n',
        "m/x/main.tf": called,
    }
    return [error.message for error in miswired(read_tree(MemoryFolder(files), "m"))]


ONE = 'variable "a" {}\nvariable "b" {\n  default = 1\n}\noutput "o" {\n  value = 1\n}\n'


def test_a_call_that_fits_is_wired() -> None:
    assert [] == told("  a = 1", ONE, 'output "p" {\n  value = [module.x.o, module.x]\n}')


def test_arguments_are_those_that_the_module_declares() -> None:
    assert told("  b = 1\n  c = 1", ONE) == [
        'missing required argument: module "x" requires "a"',
        'unsupported argument: module "x" has no variable "c"',
    ]


def test_literal_arguments_fit_the_types_of_their_variables() -> None:
    called = """
variable "n" {
  type     = number
  nullable = false
}
variable "l" {
  type    = list(string)
  default = []
}
"""
    assert [] == told('  n = "1"\n  l = [1, true]', called)
    assert [] == told("  n = local.n\n  l = null", called, 'locals {\n  n = "x"\n}')
    assert told('  n = "x"\n  l = [1, {}]', called) == [
        'invalid value for input variable "n": a number is required',
        'invalid value for input variable "l": element 1: string required',
    ]
    assert told("  n = null", called) == [
        'invalid value for input variable "n": required variable may not be set to null'
    ]


def test_outputs_of_several_instances_are_named_behind_the_index() -> None:
    rest = (
        'output "p" {\n  value = [module.x["k"].o, module.x["k"].q, module.x[*].q, module.x.k.o]\n}'
    )
    assert told("  a = 1\n  for_each = { k = 1 }", ONE, rest) == [
        'unsupported attribute: module "x" has no output "q"',
        'unsupported attribute: module "x" has no output "q"',
    ]
    assert told("  a = 1", ONE, 'output "p" {\n  value = module.x.k\n}') == [
        'unsupported attribute: module "x" has no output "k"'
    ]


def test_a_called_module_that_was_not_read_whole_may_declare_anything() -> None:
    assert [] == told("  c = 1", f"{ONE}variable", 'output "p" {\n  value = module.x.k\n}')


PASSING = """
variable "a" {}
variable "b" {
  default = 1
}
output "o" {
  value = var.a
}
output "fixed" {
  value = var.b
}
"""
OTHER = """
module "y" {{
  source = "./x"
  a      = {value}
}}
locals {{
  between = module.y.o
}}
"""


def test_calls_that_hand_each_other_their_outputs_are_a_circle() -> None:
    circle = (
        "cycle: module.x(var.a) -> module.y.o -> module.y(var.a) -> module.x.o -> module.x(var.a)"
    )
    assert [circle] == told("  a = module.y.o", PASSING, OTHER.format(value="module.x.o"))
    assert ["cycle: module.x(var.a) -> module.x.o -> module.x(var.a)"] == told(
        "  a = [module.x]", PASSING
    )
    (through,) = told("  a = local.between", PASSING, OTHER.format(value="module.x.o"))
    assert "cycle: module.x(var.a) -> local.between -> module.y.o" in through
    for value in ("module.x.fixed", "1"):
        assert [] == told("  a = module.y.o", PASSING, OTHER.format(value=value))


def test_folders_that_call_each_other_are_a_circle() -> None:
    files = {
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    }
    tree = read_tree(MemoryFolder(files), "a")
    errors = [error.message for *_, it in tree.chains() for error in it.errors]
    assert ["module calls form a cycle: a -> b -> a"] == errors
