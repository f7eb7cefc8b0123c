"""What each variable of a job's module is given, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import VALUES, loaded, written
from memory_folder import MemoryFolder
from plain_values import plain

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.module_inputs import (
    Input,
    ModuleInputs,
    called_inputs,
    converted,
    epochs_of,
    in_terraform,
)
from dativo_lint.terraform.calls import read_tree
from dativo_lint.terraform.judge import convert_input, judge_rules
from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.run import Scope


def inputs(text: str, module: str, asset: str = "") -> ModuleInputs:
    """The inputs of a module in the folder `m`."""
    files = {"job.yaml": text, "m/main.tf": module, **({"asset.yaml": asset} if asset else {})}
    found = loaded(MemoryFolder(files)).module_inputs
    assert found is not None
    return found


def given_to(
    infrastructure: dict[str, Any], variable: str, name: str = "x", top: str = ""
) -> Input:
    """What a job with such a block gives a variable."""
    block = {"terraform_module": "./m", **infrastructure}
    text = f"{top}\ninfrastructure: {json.dumps(block)}"
    return inputs(text, f'variable "{name}" {{\n{variable}\n}}\n').inputs[name]


def value(infrastructure: dict[str, Any], type_: str, name: str) -> Any:
    made = given_to(infrastructure, f"type = {type_}", name).converted
    assert made.mismatch is None
    return plain(made.value)


@pytest.mark.parametrize(
    ("block", "type_", "name", "expected"),
    [
        ({"provider": "AWS"}, "string", "infrastructure_provider", "aws"),
        ({"compute_type": "Fargate"}, "string", "infrastructure_compute_type", "Fargate"),
        ({"memory_mb": "2048"}, "string", "infrastructure_memory_mb", "2048"),
        ({"memory_mb": 2048.0}, "number", "infrastructure_memory_mb", 2048),
        ({"vcpu": 1}, "string", "infrastructure_vcpu", "1"),
        ({"vcpu": 0.25}, "string", "infrastructure_vcpu", "0.25"),
        ({"tags": {"A": "b", "C": None}}, "map(string)", "tags", {"A": "b"}),
        ({"tags": {"A": "b"}}, "string", "infrastructure_A", "b"),
        ({"resource_refs": {"a": "b"}}, "map(string)", "resource_refs", {"a": "b"}),
        ({"terraform_vars": {"y": [1, True]}}, "list(string)", "y", ["1", "true"]),
        ({}, "string", "terraform_module", "./m"),
    ],
)
def test_values_are_those_of_the_platforms_model(
    block: dict[str, Any], type_: str, name: str, expected: object
) -> None:
    assert expected == value(block, type_, name)


def test_tags_of_all_layers_are_texts() -> None:
    text = "asset_path: asset.yaml\nfinops: {project: 7}\ninfrastructure: {terraform_module: ./m}"
    asset = "asset:\n  finops: {cost_center: FIN-001}\n  team: {owner: a@x.io}\n"
    names = ("finops_cost_center", "finops_project", "governance_owner")
    module = "".join(f'variable "{name}" {{}}\n' for name in names)
    found = inputs(text, module, asset).inputs
    assert ["FIN-001", "7", "a@x.io"] == [plain(found[name].converted.value) for name in names]


def test_what_the_job_says_itself_wins_over_the_platform() -> None:
    found = given_to({"vcpu": 1, "terraform_vars": {"x": 5}}, "", "x")
    assert (5, True) == (
        plain(found.converted.value),
        found.source is not None and found.source.is_own,
    )
    shadowed = {"vcpu": 1, "terraform_vars": {"infrastructure_vcpu": 5}}
    assert 5 == plain(given_to(shadowed, "", "infrastructure_vcpu").converted.value)


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ({}, "job_name"),
        ({}, "tags"),
        ({"terraform_vars": {"x": "${X}"}}, "x"),
        ({"terraform_vars": "${X}"}, "x"),
        ({"terraform_vars": "${X}", "vcpu": 1}, "infrastructure_vcpu"),
        ({"terraform_vars": {"x": {"${K}": 1}}}, "x"),
        ({"memory_mb": "lots"}, "infrastructure_memory_mb"),
        ({"tags": ["a"]}, "tags"),
    ],
)
def test_what_only_the_running_job_knows_is_unknown(block: dict[str, Any], name: str) -> None:
    made = given_to(block, "", name).converted
    assert not made.value.is_known
    assert made.mismatch is None


def test_what_is_open_in_a_part_leaves_the_rest_known() -> None:
    made = given_to({"terraform_vars": {"x": {"a": "${A}", "b": [1, "p-${B}"]}}}, "").converted
    assert made.value.is_known
    assert not made.value.whole
    assert 1 == made.value.data["b"].data[0].data


def test_an_asset_that_cannot_be_read_leaves_its_tags_unknown() -> None:
    text = (
        "asset_path: gone.yaml\nfinops: {project: p, business_tags: [a]}\n"
        "infrastructure: {terraform_module: ./m}"
    )
    names = ("finops_cost_center", "finops_project", "finops_business_tags", "vpc")
    found = inputs(text, "".join(f'variable "{name}" {{}}\n' for name in names)).inputs
    known = [found[name].converted.value.is_known for name in names]
    assert [False, True, False, False] == known
    mismatches = [it.converted.mismatch.kind for it in found.values() if it.converted.mismatch]
    assert ["missing"] == mismatches


def test_conditions_are_judged_with_all_values() -> None:
    module = """
variable "low" {}
variable "high" {
  validation {
    condition     = var.high > var.low && var.high < local.most
    error_message = "Between ${var.low} and ${local.most}."
  }
}
locals {
  most = var.low + 5
}
"""
    text = "infrastructure: {terraform_module: ./m, terraform_vars: {low: 1, high: %s}}"
    for high, outcome in ((3, "holds"), (6, "fails"), ('"${H}"', "unknown")):
        found = inputs(text % high, module)
        (verdict,) = found.verdicts("high")
        assert [outcome] == [it.outcome for it in verdict.answers]
        assert ("high", "low") == found.reads(verdict.validation)


def test_a_condition_on_what_is_declared_nowhere_says_nothing() -> None:
    module = """
variable "x" {
  validation {
    condition     = var.x == var.y
    error_message = "Different."
  }
}
"""
    found = inputs("infrastructure: {terraform_module: ./m, terraform_vars: {x: 1}}", module)
    assert () == found.verdicts("x")


def test_what_no_job_decides_is_the_same_for_all_and_the_rest_is_of_each() -> None:
    module = """
variable "n" {}
locals {
  short = 3
}
module "fixed" {
  source = "./inner"
  days   = local.short
}
module "passed" {
  source = "./inner"
  days   = var.n + local.short
}
module "counted" {
  source = "./inner"
  count  = var.n
  days   = 5
}
module "each" {
  source   = "./inner"
  for_each = toset(["2", "9"])
  days     = each.value
}
"""
    inner = """
variable "days" {
  validation {
    condition     = var.days > 7
    error_message = "Too short."
  }
}
"""
    tree = read_tree(MemoryFolder({"m/main.tf": module, "m/inner/main.tf": inner}), "m")
    block = "infrastructure: {terraform_module: ./m, terraform_vars: {n: %s}}"
    names = [
        [each.name for each in called_inputs(tree, inputs(block % number, module))]
        for number in (0, 1, 9)
    ]
    always = ["module.fixed.var.days", 'module.each["2"].var.days']
    passed, counted = "module.passed.var.days", "module.counted.var.days"
    assert [[*always, passed], [*always, passed, counted], [*always, counted]] == names


@given(VALUES)
def test_any_data_is_a_value_or_unknown(data: object) -> None:
    in_terraform(data)
    assert not in_terraform(ABSENT).is_known


@given(
    VALUES,
    st.sampled_from(["string", "number", "list(any)", "map(string)", "object({ a = string })"]),
)
def test_no_data_makes_a_handover_raise(data: object, type_: str) -> None:
    block = {"terraform_module": "./m", "terraform_vars": {"x": data}, "tags": data}
    module = f'variable "x" {{\n  type = {type_}\n}}\nvariable "tags" {{\n  type = {type_}\n}}\n'
    found = inputs(written({"infrastructure": block}), module)
    for it in found.inputs.values():
        assert it.converted.value.is_known or it.converted.mismatch or it.converted.value.reason


TYPES = ("string", "number", "bool", "any", "map(string)", "list(any)", "object({a = number})")
CONDITIONS = (
    'can(regex("^[a-z]+-[0-9]{2}$", var.x))',
    'contains(["a", 1], var.x)',
    "var.x == 3",
    "var.x > 3",
    "length(var.x) < 4 || var.y == 1",
    'alltrue([for it in var.x : can(regex("^[a-z]+$", it))])',
    "local.known",
    "null",
)


@given(st.sampled_from(TYPES), st.sampled_from(CONDITIONS), st.lists(VALUES, min_size=2))
def test_jobs_that_share_an_answer_would_each_get_the_same(
    type_: str, condition: str, values: list[object]
) -> None:
    text = f"""
variable "x" {{
  type = {type_}
  validation {{
    condition     = {condition}
    error_message = "Not ${{var.x}}."
  }}
}}
variable "y" {{ default = 1 }}
locals {{ known = var.x != null }}
"""
    module = read_module(MemoryFolder({"m/main.tf": text}), "m")
    variable = module.variables["x"]
    for value in [*values, *values]:
        fresh = convert_input(variable, in_terraform(value))
        shared = converted(variable, value)
        assert (repr(fresh.value), fresh.mismatch) == (repr(shared.value), shared.mismatch)
        block = {"terraform_module": "./m", "terraform_vars": {"x": value}}
        found = inputs(written({"infrastructure": block}), text)
        locals_ = {name: it.value.expression for name, it in found.module.locals.items()}
        scope = Scope(found.values, locals_)
        variable_again = found.module.variables["x"]
        if found.inputs["x"].converted.mismatch is None:
            expected = judge_rules(variable_again, scope, epochs_of(found.module))
            assert [it.answers for it in expected] == [it.answers for it in found.verdicts("x")]


def test_values_that_only_python_takes_for_equal_are_kept_apart() -> None:
    module = read_module(MemoryFolder({"m/main.tf": 'variable "x" {}'}), "m")
    values = (1, 1.0, True, "1", [1], [1.0], [True], ["1"], {1: "a"}, {"1": "a"}, 0.0, -0.0, None)
    for value in (*values, *values):
        fresh = convert_input(module.variables["x"], in_terraform(value))
        assert repr(fresh.value) == repr(converted(module.variables["x"], value).value)


def test_a_condition_that_takes_too_long_is_unknown() -> None:
    block = """
  validation {
    condition     = length([for a in range(1000) : [for b in range(1000) : a * b]]) > 0
    error_message = "No."
  }
"""
    found = inputs(
        "infrastructure: {terraform_module: ./m, terraform_vars: {x: 1}}",
        f'variable "x" {{{block}}}\n',
    )
    (verdict,) = found.verdicts("x")
    assert "unknown" == verdict.outcome
