from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_addresses import ADDRESSES, RECORD

from dativo_lint.terraform.address import Kind, classify_source

RECORDED: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))
GETTERS: dict[Kind, tuple[str, ...]] = {
    "git": ("git",),
    "mercurial": ("hg",),
    "archive": ("http", "https"),
    "s3": ("s3",),
    "gcs": ("gcs",),
    "absolute": ("file",),
    "local": ("local",),
    "registry": ("registry",),
    "invalid": ("invalid",),
}


def test_every_address_is_recorded() -> None:
    assert {*ADDRESSES} == {*RECORDED}


@pytest.mark.parametrize(("source", "answer"), RECORDED.items())
def test_an_address_is_what_terraform_takes_it_for(source: str, answer: str) -> None:
    assert answer in GETTERS[classify_source(source).kind]


def test_a_path_without_its_dot_is_told_what_it_lacks() -> None:
    found = classify_source("modules/dativo-job")
    assert ("invalid", "./modules/dativo-job") == (found.kind, found.suggestion)
    assert found.reason


@pytest.mark.parametrize(
    ("source", "suggestion"),
    [
        ("gitlab.com/o/r", "git::https://gitlab.com/o/r"),
        ("ssh://git@h/x.git", "git::ssh://git@h/x.git"),
        ("s3://b/k", "s3::https://s3.amazonaws.com/b/k"),
        ("s3::s3://b/k", "s3::https://s3.amazonaws.com/b/k"),
        ("gs://b/k", "gcs::https://www.googleapis.com/storage/v1/b/k"),
        (" ./x", "./x"),
        ("https://h/x.git", "git::https://h/x.git"),
        ("https://github.com/o/r", "git::https://github.com/o/r"),
    ],
)
def test_a_near_miss_is_told_what_may_be_meant(source: str, suggestion: str) -> None:
    assert suggestion == classify_source(source).suggestion


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("./modules/x", "./modules/x"),
        ("./x/../y/", "./y"),
        ("../x", "../x"),
        (".\\modules\\x", "./modules/x"),
        ("./x?ref=v1", "./x?ref=v1"),
        ("./", "."),
    ],
)
def test_a_local_address_gives_its_path(source: str, path: str) -> None:
    found = classify_source(source)
    assert ("local", path, False) == (found.kind, found.package, found.is_fetched)


def test_the_parts_of_a_fetched_address_are_told_apart() -> None:
    found = classify_source("git::https://example.com/x.git//modules/y?ref=v1.2.0")
    assert "https://example.com/x.git?ref=v1.2.0" == found.package
    assert "example.org" == classify_source("example.org/a/b/c").host
    assert "registry.terraform.io" == classify_source("a/b/c//d").host


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("source", "version", "pin"),
    [
        (f"git::https://h/x?ref={COMMIT}", None, "commit"),
        (f"git@h:x.git?ref={COMMIT.upper()}", None, "commit"),
        ("github.com/o/r?ref=v1.2.3", None, "tag"),
        ("github.com/o/r?ref=release/1.2", None, "tag"),
        ("github.com/o/r?depth=1&ref=main", None, "branch"),
        ("github.com/o/r?ref=refs/heads/v1", None, "branch"),
        ("github.com/o/r?ref=v1", None, "tag"),
        ("github.com/o/r", None, "none"),
        ("github.com/o/r?ref=", None, "none"),
        ("a/b/c", "1.2.3", "version"),
        ("a/b/c", "= 1.2.3", "version"),
        ("a/b/c", "~> 1.2", "range"),
        ("a/b/c", ">= 1, < 2", "range"),
        ("a/b/c", None, "none"),
        ("https://h/m.zip", None, "none"),
        ("./x", None, "none"),
    ],
)
def test_an_address_is_as_firm_as_its_reference(source: str, version: str | None, pin: str) -> None:
    found = classify_source(source, version)
    assert pin == found.pin
    assert (pin in ("commit", "version", "tag")) == found.is_pinned


@pytest.mark.parametrize("source", ["./x", "github.com/o/r", "https://h/m.zip", "/abs"])
def test_a_version_goes_with_a_registry_address_only(source: str) -> None:
    assert "invalid" == classify_source(source, "1.0.0").kind


def test_a_registry_address_that_names_a_folder_looks_local() -> None:
    found = classify_source("modules/dativo-job/aws", is_folder=lambda path: path.endswith("/aws"))
    assert found.looks_local
    assert "./modules/dativo-job/aws" == found.suggestion
    assert not classify_source("modules/dativo-job/aws", is_folder=lambda _: False).looks_local
    assert not classify_source("example.com/a/b/c", is_folder=lambda _: True).looks_local


@pytest.mark.parametrize("source", ["${var.x}", "./${x}", "git::https://h/${x}?ref=1"])
def test_a_source_with_an_expression_is_open(source: str) -> None:
    assert "open" == classify_source(source).kind


@given(st.text(st.sampled_from("abA.:/\\@?#=%-_1 \n") | st.characters()))
def test_every_text_is_of_some_kind(source: str) -> None:
    found = classify_source(source, is_folder=lambda _: False)
    assert bool(found.reason) == (found.kind == "invalid")
