"""The schemas themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dativo_lint.schemas import SCHEMAS, part, resolved, schema
from dativo_lint.schemas.fields import Fields, fields_of
from dativo_lint.schemas.violations import Shape


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a schema."""
    if isinstance(schema, dict):
        yield schema
        for below in schema.values():
            yield from parts_of(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from parts_of(below)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_of_draft_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert "https://json-schema.org/draft/2020-12/schema" == schema(name)["$schema"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_stands_on_its_own(name: str) -> None:
    references = [it["$ref"] for it in parts_of(schema(name)) if isinstance(it.get("$ref"), str)]
    assert all(resolved(schema(name), reference) for reference in references)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_default_and_every_example_of_a_field_is_a_value_for_it(name: str) -> None:
    for found in parts_of(schema(name)):
        if isinstance(found.get("examples"), list):
            shape = Shape({**found, "$defs": schema(name).get("$defs", {})})
            assert [] == [it for it in found["examples"] if not shape.accepts(it)]
            assert "default" not in found or shape.accepts(found["default"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_expected_is_known_of_every_field_that_must_be_there(name: str) -> None:
    def required(schema: Any, fields: Fields, root: Any) -> Iterator[str]:
        while "$ref" in schema:
            yield from required(resolved(root, schema["$ref"]), fields, root)
            break
        for field in schema.get("required", ()):
            below = fields.at((field,))
            if below is None or not (below.expected or below.kind):
                yield field
        for field, below in schema.get("properties", {}).items():
            yield from required(below, fields.named[field], root)

    assert [] == list(required(schema(name), fields_of(schema(name)), schema(name)))


def test_a_part_of_a_schema_is_the_schema_of_a_field() -> None:
    shape = Shape(part(schema("job"), ("infrastructure", "tags")))
    assert shape.accepts({"Team": "data"})
    assert not shape.accepts({"Team": 1})
    with pytest.raises(KeyError):
        part(schema("job"), ("infrastructure", "tag"))


@pytest.mark.parametrize("name", ["job", "asset"])
def test_what_a_pattern_asks_for_is_written_in_words(name: str) -> None:
    whole = schema(name)
    tests = [part for it in parts_of(whole) if "if" in it for part in parts_of(it["if"])]
    branches = [part for it in parts_of(whole) for part in it.get("anyOf", ())]
    for part_ in parts_of(whole):
        if isinstance(part_.get("pattern"), str) and part_ not in [*tests, *branches]:
            assert "x-expected" in part_ or part_ == whole["$defs"].get("open"), part_
