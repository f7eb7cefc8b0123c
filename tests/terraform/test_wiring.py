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
