"""Tags that are made by recipe are those that evaluating gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subject_samples import SCALARS, written

from dativo_lint.rulebook.taggable import taggable
from dativo_lint.subject.assemble import Assembler
from dativo_lint.subject.inputs import inputs_for
from dativo_lint.subject.library import Library
from dativo_lint.subject.module_tags import Tagging, given_tags
from dativo_lint.subject.subject import Subject
from dativo_lint.terraform.recipes import Recipe, recipe_of
from dativo_lint.texts.folder import MemoryFolder

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
"""
COUNTS = st.sampled_from(("", "count = 0", "count = 2", "count = null", "count = var.days - 7"))
USUAL = ('"a"', "var.environment", "var.finops_project", "var.name", "local.text")
ODD = ('"\u00e9"', '"$${x}"', "7", "null", "var.days", "var.tags", "var.none", "each.value")
USUAL_FORMS = ("lower({})", "upper({})", '"<${{{}}}-x>"', "({})")
ODD_FORMS = ('coalesce({}, "b")', "[{}]")


def texts_of(atoms: tuple[str, ...], forms: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(atoms),
        lambda inner: st.one_of([st.builds(form.format, inner) for form in forms]),
        max_leaves=2,
    )


def maps_of(
    atoms: tuple[str, ...], keys: tuple[str, ...], texts: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    items = st.lists(st.tuples(st.sampled_from(keys), texts), max_size=4)
    written_out = st.builds(
        lambda pairs: f"{{ {', '.join(f'{key} = {value}' for key, value in pairs)} }}", items
    )
    return st.recursive(
        st.one_of(st.sampled_from(atoms), written_out),
        lambda inner: st.builds(
            lambda parts: f"merge({', '.join(parts)})", st.lists(inner, min_size=1, max_size=3)
        ),
        max_leaves=3,
    )


USUAL_TEXTS = texts_of(USUAL, USUAL_FORMS)
USUAL_MAPS = maps_of(("var.tags", "var.more", "local.map"), ("Team", '"Name"', "b"), USUAL_TEXTS)
TEXTS = texts_of(USUAL + ODD, USUAL_FORMS + ODD_FORMS)
MAPS = maps_of(
    ("var.tags", "var.more", "var.few", "var.name", "local.map", "null"),
    ("Team", '"Name"', "b", "(var.name)"),
    TEXTS,
)


@st.composite
def modules(draw: st.DrawFn, maps: st.SearchStrategy[str], texts: st.SearchStrategy[str]) -> str:
    """A module with some resources, a provider and a call."""
    parts = [f"locals {{\n map = {draw(maps)}\n text = {draw(texts)}\n}}\n"]
    for number in range(draw(st.integers(1, 3))):
        body = f" {draw(COUNTS)}\n tags = {draw(maps)}\n"
        parts.append(f'resource "aws_s3_bucket" "r{number}" {{\n{body}}}\n')
    if draw(st.booleans()):
        parts.append(f'provider "aws" {{\n default_tags {{\n tags = {draw(maps)}\n }}\n}}\n')
    if draw(st.booleans()):
        given_to = f" tags = {draw(maps)}\n name = {draw(texts)}\n"
        parts.append(f'module "inner" {{\n source = "../inner"\n{given_to}}}\n')
    return "".join(parts)


BLOCKS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.dictionaries(
            st.one_of(st.sampled_from(("Team", "Env", "b")), st.text("aB$\u00e9{", max_size=3)),
            st.one_of(st.text("aB$\u00e9{", max_size=3), SCALARS),
            max_size=3,
        ),
        "terraform_vars": st.fixed_dictionaries(
            {},
            optional={
                "name": SCALARS,
                "days": st.sampled_from((1, "2", None)),
                "more": st.one_of(SCALARS, st.dictionaries(st.text("ab", max_size=1), SCALARS)),
            },
        ),
    },
)


def job_of(module: str, block: dict[str, Any], top: dict[str, Any]) -> Subject:
    infrastructure = {"terraform_module": "./m", **block}
    text = written({**top, "infrastructure": infrastructure})
    files = {"job.yaml": text, "m/main.tf": VARIABLES + module, "inner/main.tf": INNER}
    library = Library(MemoryFolder(files))
    assembler = Assembler(library, {}, tagging=Tagging(taggable))
    return assembler.subject(library.reading("job.yaml").documents[0])


def recipe_for(subject: Subject) -> Recipe | None:
    return recipe_of(it.tagged for it in subject.tagged_resources)


def hold_against_evaluating(subject: Subject) -> None:
    assert subject.handover is not None
    quick = subject.given_tags
    slow = tuple(given_tags(subject.tagged_resources, subject.handover))
    assert [it.traced for it in slow] == [it.traced for it in quick]
    for made, evaluated in zip(quick, slow, strict=True):
        assert (evaluated.texts, evaluated.doubt) == (made.texts, made.doubt)
        told = [
            [(key, it.type, repr(it.data), it.weight) for key, it in one.planned.entries.items()]
            for one in (made, evaluated)
        ]
        assert told[0] == told[1]


TOPS = st.fixed_dictionaries(
    {},
    optional={
        "environment": SCALARS,
        "finops": st.fixed_dictionaries({"project": SCALARS}),
        "asset_path": st.just("nowhere.yaml"),
    },
)
PLAIN = st.text("aB-3", max_size=3)
PLAIN_BLOCKS = st.fixed_dictionaries(
    {"tags": st.dictionaries(st.sampled_from(("Team", "Env", "b", "0")), PLAIN)},
    optional={"terraform_vars": st.fixed_dictionaries({"name": PLAIN})},
)
PLAIN_TOPS = st.fixed_dictionaries(
    {"environment": PLAIN, "finops": st.fixed_dictionaries({"project": PLAIN.filter(bool)})}
)


@given(modules(MAPS, TEXTS), BLOCKS, TOPS)
def test_tags_that_jobs_are_given_are_those_that_evaluating_gives(
    module: str, block: dict[str, Any], top: dict[str, Any]
) -> None:
    hold_against_evaluating(job_of(module, block, top))


@given(modules(USUAL_MAPS, USUAL_TEXTS), PLAIN_BLOCKS, PLAIN_TOPS)
def test_what_a_recipe_gives_is_what_evaluating_gives(
    module: str, block: dict[str, Any], top: dict[str, Any]
) -> None:
    hold_against_evaluating(job_of(module, block, top))


@given(modules(USUAL_MAPS, USUAL_TEXTS), BLOCKS, TOPS)
def test_odd_values_for_a_recipe_end_as_evaluating_has_them(
    module: str, block: dict[str, Any], top: dict[str, Any]
) -> None:
    hold_against_evaluating(job_of(module, block, top))


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


def test_common_modules_have_a_recipe_that_can_be_followed() -> None:
    subject = job_of(SIMPLE, {"tags": {"b": "1", "a": "2"}}, TOP)
    recipe = recipe_for(subject)
    assert recipe is not None
    assert subject.handover is not None
    assert inputs_for(recipe.needs, subject.handover) is not None
    hold_against_evaluating(subject)
    one, two, inner = subject.given_tags
    assert (("Env", "prod"), ("Name", "n-n"), ("a", "2"), ("b", "1")) == one.texts
    assert ("Name", "x-p") in inner.texts
    assert two.texts is one.texts


@pytest.mark.parametrize(
    "module",
    [
        "locals {\n map = merge(local.map, {})\n}\n",
        "locals {\n map = merge(local.other)\n other = merge(local.map)\n}\n",
        f"locals {{\n map = {{ a = {'(' * 150}var.name{')' * 150} }}\n}}\n",
        "locals {\n m0 = merge(var.tags, var.tags)\n"
        + "".join(f" m{it + 1} = merge(local.m{it}, local.m{it})\n" for it in range(30))
        + " map = local.m30\n}\n",
    ],
)
def test_what_turns_in_a_circle_or_grows_without_end_has_no_recipe(module: str) -> None:
    module += 'resource "aws_s3_bucket" "r" { tags = local.map }\n'
    assert recipe_for(job_of(module, {}, {})) is None


@pytest.mark.parametrize(
    "block",
    [
        {"tags": {"a": "${OWNER}"}},
        {"tags": {"a": "$", "b": "{"}},
        {"tags": {"e\u0301": "1"}},
        {"tags": {"a": 1, "b": True}},
        {"tags": {"a": "x" * 9_000}},
        {"tags": {f"k{number}": "v" for number in range(65)}},
        {"tags": ["a"]},
        {"terraform_vars": "${VARS}"},
        {"terraform_vars": {"name": 3}},
        {"terraform_vars": {"name": None, "tags": {"a": None}}},
    ],
)
def test_what_terraform_might_make_something_else_of_is_evaluated(block: dict[str, Any]) -> None:
    hold_against_evaluating(job_of(SIMPLE, block, TOP))
