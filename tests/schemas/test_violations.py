"""What is wrong with a document, found quickly and told in words."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from schema_samples import JOB, SOUND, VALUES, changed

from dativo_lint.schemas import SCHEMAS, schema
from dativo_lint.schemas.fields import Route
from dativo_lint.schemas.violations import MOST, Shape, validator_class, violations

SHAPES = {name: Shape(schema(name)) for name in SCHEMAS}
VALIDATORS = {name: validator_class()(schema(name)) for name in SCHEMAS}


@pytest.mark.parametrize(("name", "sound"), SOUND)
def test_a_sound_document_has_no_violations(name: str, sound: dict[str, Any]) -> None:
    assert [] == list(violations(sound, schema(name)))


def with_named_fields(data: Any) -> Any:
    """A document without keys that are not strings, of which a JSON Schema can say nothing."""
    if isinstance(data, dict):
        return {key: with_named_fields(it) for key, it in data.items() if isinstance(key, str)}
    return [with_named_fields(item) for item in data] if isinstance(data, list) else data


def is_wrong(shape: Shape, route: Route) -> bool:
    """Whether an unknown field is wrong, and not only a typo in an open place."""
    place = shape.fields.at(route[:-1])
    return place is not None and place.is_closed


@settings(max_examples=500)
@given(changed())
def test_a_document_is_wrong_if_and_only_if_jsonschema_does_not_accept_it(
    case: tuple[str, Any],
) -> None:
    name, document = case
    shape = SHAPES[name]
    unknown = [route for route, _ in shape.unknown(document) if is_wrong(shape, route)]
    misshapen = list(shape.misshapen(document))
    is_valid = VALIDATORS[name].is_valid(with_named_fields(document))
    assert is_valid == (not unknown and not misshapen)
    assert not (misshapen and shape.accepts(document))


@pytest.mark.parametrize(
    "kind", ["null", "boolean", "integer", "number", "string", "array", "object"]
)
@given(value=VALUES)
def test_no_value_has_a_type_that_jsonschema_denies_it(kind: str, value: Any) -> None:
    schema = {"properties": {"x": {"type": kind}}}
    is_valid = validator_class()(schema).is_valid({"x": value})
    assert is_valid == (not list(violations({"x": value}, schema)))


@given(changed())
def test_a_violation_says_what_was_expected_and_is_told_once(case: tuple[str, Any]) -> None:
    name, document = case
    told = list(SHAPES[name].misshapen(document))
    assert len(told) == len(set(told))
    assert all("; expected " in message for _, message in told)
    assert not any("None" in message or "${" in message.split("expected")[1] for _, message in told)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        -(1 << 40_000),
        1 << 40_000,
        {1: {"a": 1}, None: 2, (1, 2): [3]},
        {"a": {1, 2}},
        b"\xff",
        [("a", 1)],
        "x" * 100_000,
        [[[[[[[]]]]]]],
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("field", [*JOB, "other"])
def test_no_value_that_yaml_can_make_is_too_odd_to_be_told(field: str, value: Any) -> None:
    for document in ({**JOB, field: value}, {**JOB, field: {field: value}}, value):
        for _, message in violations(document, schema("job")):
            assert len(message) < 300


def test_a_document_nested_as_deep_as_the_limits_allow_is_told() -> None:
    nested: Any = 1
    for _ in range(500):
        nested = {"a": [nested]}
    told = dict(violations({**JOB, "tenant_id": nested}, schema("job")))
    assert {("tenant_id",): "is a mapping; expected the name of a tenant"} == told


def test_keys_that_are_no_text_are_passed_over_with_all_below_them() -> None:
    job = {**JOB, 1: 2, "infrastructure": {"provider": "aws", "tags": {True: 1, "Team": 2}}}
    told = dict(violations(job, schema("job")))
    assert {("infrastructure", "tags", "Team"): 'is 2 (a number); expected a string: "2"'} == told


@pytest.mark.parametrize("block", ["tags", "unknown"])
def test_more_violations_than_anybody_reads_are_not_told(block: str) -> None:
    many = {f"t{number}": number for number in range(3000)}
    infrastructure = (
        {"provider": "aws", "tags": many} if block == "tags" else {**many, "provider": ""}
    )
    told = list(violations({**JOB, "infrastructure": infrastructure}, schema("job")))
    assert MOST + 1 == len(told)
    route, message = told[-1]
    assert () == route
    assert f"more than {MOST} problems" in message


def test_the_whole_document_is_the_subject_where_it_is_no_mapping() -> None:
    assert [((), "the document is a list; expected a mapping")] == list(
        violations([1], schema("job"))
    )


def test_of_alternatives_the_item_that_is_wrong_is_told() -> None:
    assert [(("select", 1), 'is 2 (a number); expected a string: "2"')] == list(
        violations({"select": ["finops", 2]}, schema("settings"))
    )


def test_the_spelling_of_a_value_is_told_where_yaml_reads_it_as_another() -> None:
    spelled = {("tenant_id",): "012", ("environment",): "on", ("asset",): "5"}.get
    job = {**JOB, "tenant_id": 10, "environment": True, "asset": 5}
    assert {
        ("tenant_id",): 'is 012, which YAML reads as 10; expected a string: "012"',
        ("environment",): 'is on, which YAML reads as true; expected a string: "on"',
        ("asset",): 'is 5 (a number); expected a string: "5"',
    } == dict(SHAPES["job"].misshapen(job, spelled))


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer", "minimum": 1}, 0, "is 0; expected 1 or more"),
        (
            {"type": "string", "maxLength": 1},
            "ab",
            'is "ab"; expected a string of at most 1 characters',
        ),
        ({"type": "array", "minItems": 2}, [1], "is a list; expected a list of at least 2"),
        ({"pattern": "a+"}, "b", 'is "b"; expected a string that matches a+'),
        ({"enum": ["a", "b", "c"]}, "d", 'is "d"; expected one of: a, b, c'),
        ({"type": ["string", "array"]}, 1, "is 1 (a number); expected a string or a list"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "is a mapping; expected other fields"),
    ],
)
def test_a_schema_without_words_of_its_own_is_put_into_words(
    schema: dict[str, Any], value: Any, message: str
) -> None:
    told = list(violations({"x": value}, {"properties": {"x": schema}}))
    assert [(("x",), message)] == told


def test_fields_that_a_pattern_knows_are_not_unknown() -> None:
    schema = {"patternProperties": {"^x-": True}, "additionalProperties": False, "properties": {}}
    assert [] == list(violations({"x-a": 1}, schema))


def test_jsonschema_is_imported_only_for_a_document_that_is_not_accepted() -> None:
    program = (
        "import sys\n"
        "from dativo_lint.schemas import schema\n"
        "from dativo_lint.schemas.violations import violations\n"
        "assert not list(violations({'preset': 'strict'}, schema('settings')))\n"
        "assert 'jsonschema' not in sys.modules\n"
        "assert list(violations({'fail_on': 'eror'}, schema('settings')))\n"
        "assert 'jsonschema' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
