"""The tags that the resources of a job's module would be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from job_samples import loaded, written
from memory_folder import MemoryFolder

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.job import Job

VARIABLES = """
variable "tags" { type = map(string) }
variable "more" { default = { Team = "data" } }
variable "few" {
  type    = map(string)
  default = { Team = "few", Days = 3 }
}
variable "environment" { type = string }
variable "finops_project" {}
variable "name" { default = "n" }
variable "days" {
  type    = number
  default = 7
}
"""
INNER = """
variable "tags" { type = map(string) }
variable "name" { type = string }
resource "aws_s3_bucket" "inner" {
  tags = merge(var.tags, { Name = var.name })
}
output "tags" { value = var.tags }
output "name" { value = "out-${var.name}" }
"""


def job_of(
    module: str, block: dict[str, Any], top: dict[str, Any], more: Mapping[str, str] = {}
) -> Job:
    infrastructure = {"terraform_module": "./m", **block}
    text = written({**top, "infrastructure": infrastructure})
    files = {"job.yaml": text, "m/main.tf": VARIABLES + module, "inner/main.tf": INNER}
    return loaded(MemoryFolder({**files, **more}))


SIMPLE = """
locals { tags = merge(var.tags, { Env = lower(var.environment), Name = "n-${var.name}" }) }
resource "aws_s3_bucket" "one" { tags = local.tags }
resource "aws_s3_bucket" "two" { tags = local.tags }
resource "aws_s3_bucket" "none" {
  count = 0
  tags  = local.tags
}
module "inner" {
  source = "../inner"
  tags   = local.tags
  name   = "x-${var.finops_project}"
}
"""
TOP = {"environment": "PROD", "finops": {"project": "p"}}


def given_to(module: str, block: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The texts of the tags by the address of the resource."""
    return {it.address: dict(it.texts) for it in job_of(module, block, TOP).resources}


def test_a_resource_is_given_the_tags_that_its_expressions_come_to() -> None:
    found = given_to(SIMPLE, {"tags": {"b": "1", "a": "2"}})
    tags = {"Env": "prod", "Name": "n-n", "a": "2", "b": "1"}
    inner = {**tags, "Name": "x-p"}
    expected = {"aws_s3_bucket.one": tags, "aws_s3_bucket.two": tags}
    assert {**expected, "module.inner.aws_s3_bucket.inner": inner} == found


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"tags": {"a": "${OWNER}"}}, {"a": ABSENT, "Name": "n-n"}),
        ({"tags": {"a": "$", "b": "{"}}, {"a": "$", "b": "{", "Name": "n-n"}),
        ({"tags": {"e\u0301": "1"}}, {"\u00e9": "1", "Name": "n-n"}),
        ({"tags": {"a": 1, "b": True}}, {"a": "1", "b": "true", "Name": "n-n"}),
        ({"tags": {"a": "x" * 9_000}}, {"a": "x" * 9_000, "Name": "n-n"}),
        ({"tags": {}, "terraform_vars": {"name": 3}}, {"Name": "n-3"}),
        ({"terraform_vars": {"name": "m", "tags": {"a": None}}}, {"Name": "n-m"}),
    ],
)
def test_odd_values_are_given_as_terraform_has_them(
    block: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert {**expected, "Env": "prod"} == given_to(SIMPLE, block)["aws_s3_bucket.one"]


@pytest.mark.parametrize("block", [{"tags": ["a"]}, {"terraform_vars": "${VARS}"}])
def test_tags_that_are_not_known_leave_a_doubt(block: dict[str, Any]) -> None:
    assert all(it.doubt for it in job_of(SIMPLE, block, TOP).resources)


CHAINED = """
module "a" {
  source = "../inner"
  tags   = var.tags
  name   = "a"
}
module "b" {
  source = "../inner"
  tags   = module.a.tags
  name   = module.a.name
}
module "c" {
  source   = "../inner"
  for_each = { x = "1", y = "2" }
  tags     = { fixed = "f", key = each.key }
  name     = "c"
}
module "d" {
  source = "../inner"
  count  = 2
  tags   = module.c["x"].tags
  name   = count.index == 5 ? "no" : "d"
}
module "e" {
  source = "../inner"
  tags   = module.d[1].tags
  name   = module.e.name
}
resource "aws_s3_bucket" "one" {
  for_each = toset(["k"])
  tags     = { key = each.key, value = upper(each.value) }
}
resource "aws_s3_bucket" "two" {
  for_each = { k = { team = "t", part = "p" }, l = { team = "t", part = "q" } }
  tags     = merge(var.tags, each.value)
}
resource "aws_s3_bucket" "count" {
  count = length(var.tags)
  tags  = { index = count.index }
}
resource "aws_s3_bucket" "none" {
  for_each = {}
  tags     = { key = each.key }
}
module "none" {
  source = "../inner"
  count  = var.environment == "PROD" ? 0 : 1
  tags   = {}
  name   = "none"
}
"""


def test_outputs_of_one_call_are_known_to_another_and_so_is_what_instances_share() -> None:
    found = given_to(CHAINED, {"tags": {"own": "1"}})
    inner = "module.{}.aws_s3_bucket.inner"
    assert {
        inner.format("a"): {"own": "1", "Name": "a"},
        inner.format("b"): {"own": "1", "Name": "out-a"},
        inner.format('c["x"]'): {"fixed": "f", "key": "x", "Name": "c"},
        inner.format('c["y"]'): {"fixed": "f", "key": "y", "Name": "c"},
        inner.format("d"): {"fixed": "f", "key": "x", "Name": "d"},
        inner.format("e"): {"fixed": "f", "key": "x", "Name": ABSENT},
        "aws_s3_bucket.one": {"key": "k", "value": "K"},
        'aws_s3_bucket.two["k"]': {"own": "1", "team": "t", "part": "p"},
        'aws_s3_bucket.two["l"]': {"own": "1", "team": "t", "part": "q"},
        "aws_s3_bucket.count": {"index": "0"},
    } == found


CALL = 'module "inner" {\n source = "../inner"\n tags = local.map\n name = "a"\n}\n'


@pytest.mark.parametrize(
    "module",
    [
        "locals {\n map = merge(local.map, {})\n}\n",
        "locals {\n map = merge(local.other)\n other = merge(local.map)\n}\n",
        f"locals {{\n map = {{ a = {'(' * 150}var.name{')' * 150} }}\n}}\n",
        "locals {\n m0 = merge(var.tags, var.tags)\n"
        + "".join(f" m{it + 1} = merge(local.m{it}, local.m{it})\n" for it in range(30))
        + " map = local.m30\n}\n",
        "locals {\n map = module.inner.gone\n}\n" + CALL,
    ],
)
def test_what_turns_in_a_circle_or_grows_without_end_ends(module: str) -> None:
    module += 'resource "aws_s3_bucket" "r" { tags = local.map }\n'
    assert "aws_s3_bucket.r" in given_to(module, {"tags": {"a": "1"}})


TRAILS = """
variable "cost_center" { default = "none" }
locals {
  base = { Env = var.environment, Fixed = "yes", Team = "module" }
}
resource "aws_s3_bucket" "one" {
  tags = merge(local.base, var.tags, var.is_big ? {} : { Project = upper(var.finops_project) }, {
    Both    = "${var.finops_project}-${var.environment}"
    Default = var.cost_center
    Team    = "module"
  })
}
variable "is_big" { default = false }
"""


def test_the_trail_of_a_tag_is_that_of_the_values_in_its_expression() -> None:
    job = job_of(TRAILS, {"tags": {"project": "other", "Team": "job", "Plain": "p"}}, TOP)
    trails = {
        entry.key: [word.at.name for word in entry.tag.trail]
        for resource in job.resources_in("aws")
        for entry in resource.entries
        if entry.tag is not None
    }
    assert trails == {
        "Env": ["environment"],
        "Fixed": ["aws_s3_bucket.one.Fixed"],
        "Team": ["aws_s3_bucket.one.Team"],
        "project": ["infrastructure.tags.project"],
        "Plain": ["infrastructure.tags.Plain"],
        "Project": ["finops.project"],
        "Both": ["environment", "finops.project"],
        "Default": ["aws_s3_bucket.one.Default"],
    }


CHILD = """
variable "tags" {}
variable "name" { default = "n" }
resource "aws_s3_bucket" "inner" {
  tags = { Key = try(var.tags.gone, var.tags.Team), Name = var.name }
}
output "team" { value = { Team = var.tags["Team"], Name = var.name } }
"""
FOLLOWED = {
    "{ for k, v in var.tags : lower(k) => upper(v) }": ("key", "infrastructure.tags.KEY"),
    '{ for k, v in var.tags : v => k if k != "KEY" }': ("data", "infrastructure.tags.Team"),
    '{ for item in [{ k = "Key", v = var.environment }] : item.k => item.v }': (
        "Key",
        "environment",
    ),
    "merge([for k, v in var.tags : { (k) = v }]...)": ("Team", "infrastructure.tags.Team"),
    "merge([{ Key = var.environment }, { Key = var.finops_project }]...)": (
        "Key",
        "finops.project",
    ),
    "{ Key = try(var.tags.gone, var.few.gone, var.finops_project) }": ("Key", "finops.project"),
    '{ Key = coalesce(null, "", var.environment, var.finops_project) }': ("Key", "environment"),
    '{ Key = lookup(var.tags, "Team", var.environment) }': ("Key", "infrastructure.tags.Team"),
    '{ Key = lookup(var.tags, "gone", var.environment) }': ("Key", "environment"),
    '{ Key = var.environment == "PROD" ? var.finops_project : var.name }': (
        "Key",
        "finops.project",
    ),
    '{ Key = "${try(var.tags.gone, var.environment)}-x" }': ("Key", "environment"),
    "{ Key = element(values({ a = var.environment }), 3) }": ("Key", "environment"),
    '{ Key = var.environment == var.name ? var.tags.Team : "none" }': ("Key", None),
    "{ Key = coalesce(data.aws_x.y.id, var.environment) }": ("Key", None),
    "{ Key = values({ a = var.environment, b = var.finops_project })[0] }": ("Key", None),
    '{ Key = "fixed" }': ("Key", None),
    "{ Key = module.child.team.Team }": ("Key", "infrastructure.tags.Team"),
    "{ Key = module.child.team.Name }": ("Key", None),
    "tomap(module.child.team)": ("Team", "infrastructure.tags.Team"),
    'local.by_name["b"]': ("Key", "finops.project"),
}


@pytest.mark.parametrize("expression", FOLLOWED)
def test_a_trail_leads_through_expressions_to_the_field_or_to_the_module(expression: str) -> None:
    key, field = FOLLOWED[expression]
    job = job_of(
        f"""
locals {{
  by_name = {{
    for name, value in {{ a = var.environment, b = var.finops_project }} : name => {{ Key = value }}
  }}
}}
module "child" {{
  source = "../child"
  tags   = {{ for k, v in var.tags : k => v }}
}}
resource "aws_s3_bucket" "one" {{ tags = {expression} }}
""",
        {"tags": {"KEY": "data", "Team": "data"}},
        TOP,
        {"child/main.tf": CHILD},
    )
    found = {it.address: it for it in job.resources_in("aws")}
    tag = next(it.tag for it in found["aws_s3_bucket.one"].entries if it.key == key)
    assert tag is not None
    assert [field or f"aws_s3_bucket.one.{key}"] == [it.at.name for it in tag.trail]
    assert (tag.at.place.path == "job.yaml") is (field is not None)
    inner = {it.key: it.tag for it in found["module.child.aws_s3_bucket.inner"].entries}
    assert ["infrastructure.tags.Team"] == [it.at.name for it in inner["Key"].trail]


INSTANCES = """
resource "aws_s3_bucket" "one" {
  for_each = { a = { team = var.environment }, b = { team = var.finops_project } }
  tags     = { Key = each.key, Team = each.value.team }
}
module "c" {
  source   = "../inner"
  for_each = { x = var.environment, y = var.finops_project }
  tags     = { Key = each.key, Team = each.value }
  name     = "c"
}
resource "aws_s3_bucket" "taken" {
  tags = module.c["y"].tags
}
resource "aws_autoscaling_group" "group" {
  dynamic "tag" {
    for_each = merge(var.tags, { Env = var.environment })
    content {
      key   = tag.key
      value = tag.value
    }
  }
}
"""


def test_each_instance_and_each_repeated_block_has_its_own_trail() -> None:
    job = job_of(INSTANCES, {"tags": {"Team": "t"}}, TOP)
    trails = {
        f"{resource.address} {entry.key}": entry.tag.at.name
        for resource in job.resources_in("aws")
        for entry in resource.entries
        if entry.tag is not None
    }
    one, called = "aws_s3_bucket.one", 'module.c["{}"].aws_s3_bucket.inner'
    assert trails == {
        f'{one}["a"] Key': f'{one}["a"].Key',
        f'{one}["a"] Team': "environment",
        f'{one}["b"] Key': f'{one}["b"].Key',
        f'{one}["b"] Team': "finops.project",
        f"{called.format('x')} Key": f"{called.format('x')}.Key",
        f"{called.format('x')} Name": f"{called.format('x')}.Name",
        f"{called.format('x')} Team": "environment",
        f"{called.format('y')} Key": f"{called.format('y')}.Key",
        f"{called.format('y')} Name": f"{called.format('y')}.Name",
        f"{called.format('y')} Team": "finops.project",
        "aws_s3_bucket.taken Key": "aws_s3_bucket.taken.Key",
        "aws_s3_bucket.taken Team": "finops.project",
        "aws_autoscaling_group.group Env": "environment",
        "aws_autoscaling_group.group Team": "infrastructure.tags.Team",
    }


@pytest.mark.parametrize(
    "module",
    [
        'locals { map = merge(var.tags, { a = "1" }) }',
        'locals { map = { for key, value in merge(var.tags, { a = "1" }) : key => value } }',
        'locals { map = tomap(merge(merge({ a = "0" }, var.tags), { "a" = "1" }...)) }',
        'locals { map = merge(var.tags, { (lower("A")) = "1" }) }',
    ],
)
def test_odd_expressions_have_a_trail(module: str) -> None:
    resource = 'resource "aws_s3_bucket" "one" { tags = local.map }\n'
    job = job_of(f"{module}\n{resource}", {"tags": {"a": "2", "b": "3"}}, TOP)
    for resource_tags in job.resources_in("aws"):
        assert all(entry.tag is not None and entry.tag.trail for entry in resource_tags.entries)
