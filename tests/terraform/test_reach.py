"""What the tags of resources hang on, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from plain_values import plain

from dativo_lint.terraform.calls import ModuleTree, read_tree
from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Reach, Site, Tracer
from dativo_lint.terraform.tagging import PlannedTags, planned_tags, tagged_resources
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import Value, map_value, text, unknown


class Routes:
    """Tags of resources whose types begin with `aws_`, and of one with blocks."""

    def arguments(self, type_: str) -> tuple[tuple[str, ...], ...]:
        if type_ == "aws_group":
            return (("tag",),)
        return (("tags",), ("inner", "tags")) if type_.startswith("aws_") else ()

    def defaults(self, type_: str) -> tuple[tuple[str, ...], ...]:
        return () if type_ == "aws_group" else (("default_tags", "tags"),)


def tree(main: str, **modules: str) -> ModuleTree:
    """A module and those in folders below it."""
    files = {"m/main.tf": main, **{f"m/{name}/main.tf": it for name, it in modules.items()}}
    return read_tree(MemoryFolder(files), "m")


def reached(main: str, expression: str, **modules: str) -> Reach:
    """What an output of the module takes its value from."""
    found = tree(f'{main}\noutput "it" {{\n  value = {expression}\n}}\n', **modules)
    written = found.module.outputs["it"].value
    assert written is not None
    return Tracer().reach(Site(written, (found,), {}))


def planned(found: ModuleTree, variables: Mapping[str, Value]) -> dict[str, PlannedTags | None]:
    """The tags of each resource, or of each instance of it, by its address; None without any."""
    planner = Planner(variables)
    return {
        (tags.address if tags is not None else it.address): tags
        for it in tagged_resources(found, Routes())
        for tags in planned_tags(it, planner) or (None,)
    }


def told(found: PlannedTags | None) -> dict[str, object] | None:
    return None if found is None else {key: plain(it) for key, it in found.entries.items()}


TAGS = {"tags": map_value(STRING, {"a": text("1"), "b": text("2")})}


def test_a_value_is_followed_through_everything_that_hands_it_on() -> None:
    main = """
variable "tags" {}
variable "other" {}
locals {
  one = merge(local.two, {})
  two = [for it in var.tags : it][0]
}
resource "aws_x" "y" {
  for_each = local.one
  tags     = { a = each.value }
}
module "c" {
  source = "./c"
  input  = aws_x.y["k"].tags
}
"""
    called = 'variable "input" {}\noutput "o" {\n  value = upper(var.input)\n}\n'
    found = reached(main, "module.c.o", c=called)
    assert ({"tags"}, set()) == (set(found.variables), set(found.unsure))
    assert not reached(main, "module.c.none.x", c=called).unsure
    assert not reached(main, '"other"', c=called).variables


def test_what_cannot_be_followed_is_named() -> None:
    main = 'data "aws_x" "y" {}\nmodule "far" {\n  source = "a/b/c"\n}\nresource "aws_x" "y" {}\n'
    for expression, name in (
        ("data.aws_x.y.tags", "data.aws_x.y"),
        ("module.far.tags", "module.far"),
        ("var.gone", "var.gone"),
        ("local.gone", "local.gone"),
        ("aws_x.gone.tags", "aws_x.gone"),
        ("aws_x.y.tags_all", "aws_x.y"),
    ):
        assert {name} == set(reached(main, expression).unsure)
    assert not reached(main, "aws_x.y.arn").unsure


def test_names_in_a_circle_end() -> None:
    main = 'locals {\n  a = [local.b, var.x]\n  b = local.a\n}\nvariable "x" {}\n'
    assert {"x"} == set(reached(main, "local.b").variables)
    assert "local.a" not in reached(main, "local.b").unsure


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefxyz"))))
def test_reach_is_all_that_a_way_leads_to(needs: dict[str, set[str]]) -> None:
    def name(it: str) -> str:
        return f"var.{it}" if it in "xyz" else f"local.{it}"

    lines = [f"  {it} = [{', '.join(map(name, sorted(of)))}]\n" for it, of in needs.items()]
    main = (
        "".join(f'variable "{it}" {{}}\n' for it in "xyz") + "locals {\n" + "".join(lines) + "}\n"
    )
    found, pending = {"a"}, ["a"]
    while pending:
        for it in needs.get(pending.pop(), ()):
            pending += [it] if it not in found else []
            found.add(it)
    reach = reached(main, "local.a")
    assert {it for it in found if it in "xyz"} == set(reach.variables)
    assert {f"local.{it}" for it in found if it not in "xyz" and it not in needs} == set(
        reach.unsure
    )


def test_tags_are_those_of_the_provider_under_those_of_the_resource() -> None:
    main = """
variable "tags" {}
provider "aws" {
  default_tags {
    tags = merge(var.tags, { c = "provider" })
  }
}
resource "aws_x" "none" {}
resource "aws_x" "own" {
  tags = { a = "own", d = null }
}
resource "aws_x" "deep" {
  inner {
    tags = { e = 5 }
  }
}
resource "aws_x" "absent" {
  count = length(var.tags) > 5 ? 1 : 0
}
resource "other_x" "no" {}
data "aws_x" "no" {}
"""
    found = planned(tree(main), TAGS)
    default = {"a": "1", "b": "2", "c": "provider"}
    assert {
        "aws_x.none": default,
        "aws_x.own": default | {"a": "own"},
        "aws_x.deep": default | {"e": 5},
        "aws_x.absent": None,
    } == {address: told(it) for address, it in found.items()}
    assert not any(it.doubt for it in found.values() if it)


def test_called_modules_are_planned_with_what_they_are_given() -> None:
    main = """
variable "tags" {}
module "c" {
  source = "./c"
  labels = merge(var.tags, { name = module.d.name })
}
module "d" {
  source = "./d"
}
"""
    found = tree(
        main,
        c='variable "labels" {\n  type = map(string)\n}\nvariable "n" {\n  default = 3\n}\n'
        'resource "aws_x" "y" {\n  tags = merge(var.labels, { n = var.n })\n}\n',
        d='output "name" {\n  value = upper("d")\n}\n',
    )
    expected = {"a": "1", "b": "2", "name": "D", "n": 3}
    assert {"module.c.aws_x.y": expected} == {
        it: told(of) for it, of in planned(found, TAGS).items()
    }


def test_modules_that_depend_on_each_other_are_unknown() -> None:
    main = """
module "c" {
  source = "./c"
  in     = module.d.out
}
module "d" {
  source = "./c"
  in     = module.c.out
}
"""
    called = (
        'variable "in" {}\noutput "out" {\n  value = var.in\n}\n'
        'resource "aws_x" "y" {\n  tags = var.in\n}\n'
    )
    for it in planned(tree(main, c=called), {}).values():
        assert it is not None
        assert it.doubt


def test_tags_in_blocks_are_tags() -> None:
    main = """
variable "tags" {}
resource "aws_group" "own" {
  tag {
    key   = "a"
    value = "1"
  }
}
resource "aws_group" "repeated" {
  dynamic "tag" {
    for_each = var.tags
    content {
      key   = tag.key
      value = tag.value
    }
  }
}
"""
    found = planned(tree(main), TAGS)
    own, repeated = found["aws_group.own"], found["aws_group.repeated"]
    assert {"a": "1"} == told(own)
    assert {"a": "1", "b": "2"} == told(repeated)


def test_what_is_not_known_is_doubted() -> None:
    main = 'variable "tags" {}\nresource "aws_x" "y" {\n  tags = merge(var.tags, { a = 1 })\n}\n'
    (it,) = planned(tree(main), {"tags": unknown("why not")}).values()
    assert it is not None
    assert "why not" == it.doubt


def test_many_resources_and_long_ways_take_linear_steps() -> None:
    count = 3000
    chain = "".join(f"  a{n} = local.a{n + 1}\n" for n in range(count))
    resources = "".join(
        f'resource "aws_x" "r{n}" {{\n  tags = local.a{n}\n}}\n' for n in range(count)
    )
    found = tree(f'variable "t" {{}}\nlocals {{\n{chain}  a{count} = var.t\n}}\n{resources}')
    tracer = Tracer()
    reaches = [tracer.reach(*it.sites) for it in tagged_resources(found, Routes())]
    assert count == len(reaches)
    assert {"t"} == set(reaches[0].variables)
    assert reaches[-1].variables or reaches[-1].unsure
