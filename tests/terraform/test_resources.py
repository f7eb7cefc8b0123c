from __future__ import annotations

import json

import pytest
from memory_folder import MemoryFolder

from dativo_lint.terraform.calls import ModuleTree, read_tree
from dativo_lint.terraform.declarations import Resource
from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.tagging import (
    provider_for,
    sites_at,
    tagged_resources,
)


def resource(body: str, type_: str = "aws_x") -> Resource:
    text = f'resource "{type_}" "r" {{\n{body}\n}}\n'
    [found] = read_module(MemoryFolder({"m/main.tf": text}), "m").resources.values()
    return found


def values(found: Resource, *route: str) -> list[str]:
    return [str(site.written) for site in sites_at(found.content, route, ())]


def test_an_argument_is_found_through_the_blocks_it_stands_in() -> None:
    found = resource(
        "tags = var.tags\nsettings {\n  labels = 1\n  inner {\n    labels = 2\n  }\n}\n"
        "settings {\n  labels = 3\n}"
    )
    assert ["var.tags"] == values(found, "tags")
    assert ["1", "3"] == values(found, "settings", "labels")
    assert ["2"] == values(found, "settings", "inner", "labels")
    assert [] == values(found, "settings", "tags")
    assert [] == values(found, "nothing", "labels")


def test_a_dynamic_block_tells_what_it_goes_through() -> None:
    found = resource(
        'dynamic "settings" {\n  for_each = var.all\n  iterator = it\n'
        "  content {\n    labels = it.value\n  }\n}\n"
        'dynamic "other" {\n  for_each = []\n  content {\n    labels = 1\n  }\n}'
    )
    [site] = sites_at(found.content, ("settings", "labels"), ())
    [(iterator, for_each)] = site.names.items()
    assert ("it.value", "var.all", "it") == (
        str(site.written),
        str(for_each),
        iterator,
    )


def test_json_syntax_gives_the_same() -> None:
    body = {
        "tags": {"a": 1},
        "settings": [{"labels": 1}, {"labels": 2}],
        "dynamic": {"settings": {"for_each": "${var.all}", "content": {"labels": 3}}},
        "lifecycle": {"ignore_changes": ["tags"]},
        "provider": "aws.east",
    }
    providers = {"aws": [{"alias": "west"}, {"alias": "east"}]}
    text = json.dumps({"resource": {"aws_x": {"r": body}}, "provider": providers})
    tree = read_tree(MemoryFolder({"m/main.tf.json": text}), "m")
    [found] = tree.module.resources.values()
    assert ["1", "2", "3"] == values(found, "settings", "labels")
    assert "east" == alias_of(tree, found)


def alias_of(tree: ModuleTree, found: Resource) -> str | None:
    configured = provider_for((tree,), found)
    return configured[0].alias if configured else "none"


class Tags:
    def arguments(self, type_: str) -> tuple[tuple[str, ...], ...]:
        return (("tag",),)

    def defaults(self, type_: str) -> tuple[tuple[str, ...], ...]:
        return ()


def test_tags_may_be_a_block_each() -> None:
    text = (
        'resource "aws_x" "r" {\ntag {\n  key = "a"\n  value = var.a\n}\n'
        'dynamic "tag" {\n  for_each = var.tags\n  content {\n    key = tag.key\n  }\n}\n}'
    )
    [tagged] = tagged_resources(read_tree(MemoryFolder({"m/main.tf": text}), "m"), Tags())
    pairs = [
        [str(site.written) if site else "" for site in (it.key, it.value)] for it in tagged.blocks
    ]
    assert [['"a"', "var.a"], ["tag.key", ""]] == pairs


@pytest.mark.parametrize(
    ("body", "type_", "provider"),
    [
        ("", "aws_s3_bucket", 'provider "aws" {}'),
        ("", "google_x", 'provider "google" {}'),
        ("provider = aws.east", "aws_x", 'provider "aws" {\n  alias = "east"\n}'),
        ("provider = google-beta", "google_x", 'provider "google-beta" {}'),
    ],
)
def test_a_provider_is_named_or_follows_from_the_type(body: str, type_: str, provider: str) -> None:
    text = f'resource "{type_}" "r" {{\n{body}\n}}\n'
    tree = read_tree(MemoryFolder({"m/main.tf": text + provider}), "m")
    other = read_tree(MemoryFolder({"m/main.tf": text + 'provider "x" {}'}), "m")
    [found] = tree.module.resources.values()
    assert alias_of(tree, found) in (None, "east")
    assert "none" == alias_of(other, found)


def provider(region: str, alias: str = "") -> str:
    line = f'  alias = "{alias}"\n' if alias else ""
    return f'provider "aws" {{\n{line}  region = "{region}"\n}}\n'


def served(files: dict[str, str]) -> dict[str, str]:
    """The region of the provider of each resource, by the calls that lead to its module."""
    found = read_tree(MemoryFolder(files), "m")
    regions = {}
    for chain in found.chains():
        for it in chain[-1].module.resources.values():
            regions[f"{chain[-1].key}/{it.name}"] = region_of(chain, it)
    return regions


def region_of(chain: tuple[ModuleTree, ...], found: Resource) -> str:
    configured = provider_for(chain, found)
    return str(configured[0].content.arguments["region"]).strip('"') if configured else "none"


def test_a_called_module_has_the_providers_of_its_caller() -> None:
    inner = (
        'resource "aws_x" "plain" {}\n'
        'resource "aws_x" "named" {\n  provider = aws.src\n}\n'
        'module "deeper" {\n  source = "./deeper"\n}\n'
    )
    files = {
        "m/main.tf": (
            provider("one")
            + provider("two", "east")
            + 'resource "aws_x" "r" {\n  provider = aws.east\n}\n'
            + 'module "as" {\n  source = "./inner"\n}\n'
            + 'module "given" {\n  source = "./inner"\n'
            + "  providers = {\n    aws     = aws.east\n    aws.src = aws\n  }\n}\n"
        ),
        "m/inner/main.tf": inner,
        "m/inner/deeper/main.tf": 'resource "aws_x" "r" {}\n',
    }
    assert {
        "/r": "two",
        "as/plain": "one",
        "as/named": "none",
        "as.deeper/r": "one",
        "given/plain": "two",
        "given/named": "one",
        "given.deeper/r": "two",
    } == served(files)


def test_a_module_with_its_own_provider_uses_that() -> None:
    files = {
        "m/main.tf": provider("one") + 'module "a" {\n  source = "./a"\n}\n',
        "m/a/main.tf": provider("own") + 'resource "aws_x" "r" {}\n',
    }
    assert {"a/r": "own"} == served(files)


def test_default_tags_are_at_hand() -> None:
    text = (
        'provider "aws" {\n  default_tags {\n    tags = { team = "x" }\n  }\n}\n'
        'provider "google" {\n  default_labels = { team = "y" }\n}\n'
    )
    aws, google = read_module(MemoryFolder({"m/main.tf": text}), "m").providers
    [tags] = sites_at(aws.content, ("default_tags", "tags"), ())
    [labels] = sites_at(google.content, ("default_labels",), ())
    assert ('{ team = "x" }', '{ team = "y" }') == (str(tags.written), str(labels.written))
