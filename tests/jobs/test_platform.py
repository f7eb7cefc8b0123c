"""What the platform refuses when it loads a job is an error here, and what it takes is none."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from memory_folder import MemoryFolder
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
)

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.settings import settings_from

PLATFORM = yaml.safe_load(Path(__file__).with_name("platform.yaml").read_text("utf-8"))
RULES = (
    "invalid-job",
    "invalid-asset",
    "non-string-tag-value",
    "non-string-key",
    "unknown-provider",
)
LEFT_OUT = object()
VALUES: list[Any] = [
    LEFT_OUT, None, True, 7, -7, 3.0, 1.5, "7", "yes", "text", "", date(2026, 1, 1), [], ["text"],
    [7], {}, {"name": "text"}, {"name": 7}, {"name": None}, {"name": {}}, {True: "text"}, {None: 7},
]  # fmt: skip
Route = tuple[Any, ...]


def _provider(value: str) -> str:
    assert value.lower() in ("aws", "gcp")
    return value


TYPES: dict[str, Any] = {
    "string": str,
    "filled": Annotated[str, StringConstraints(min_length=1)],
    "provider": Annotated[str, AfterValidator(_provider)],
    "integer": int,
    "number": float,
    "boolean": bool,
    "strings": list[str],
    "integers": list[int],
    "mapping": dict[str, Any],
    "mappings": list[dict[str, Any]],
    "strings by name": dict[str, str],
}


def model(name: str) -> type[BaseModel]:
    """A model of the platform, by its name in the table."""
    fields: dict[str, Any] = {}
    for number, (field, spelled) in enumerate(PLATFORM["models"][name].items()):
        type_ = spelled.removeprefix("optional ").removesuffix(" or null")
        kind = TYPES.get(type_) or (list[model("Role")] if type_ == "roles" else model(type_))
        if spelled.endswith(" or null"):
            fields[f"f{number}"] = (kind | None, Field(None, alias=field))
        else:
            default = None if spelled.startswith("optional ") else ...
            fields[f"f{number}"] = (kind, Field(default, alias=field))
    return create_model(name, **fields)


WRITTEN = Draft202012Validator(PLATFORM["written"])
JOB, ASSET = model("Job"), model("Asset")


def is_refused(kind: str, data: Any) -> bool:
    """Whether the platform refuses a job or an asset."""
    if has_other_keys(data):
        return True
    if kind == "job":
        return not WRITTEN.is_valid(data) or _does_not_fit(JOB, data)
    return _does_not_fit(ASSET, data) or _lacks_rotation(data)


def has_other_keys(data: Any) -> bool:
    """Whether a mapping in a document has keys that are not strings."""
    if isinstance(data, dict):
        return any(not isinstance(key, str) or has_other_keys(it) for key, it in data.items())
    return isinstance(data, list) and any(map(has_other_keys, data))


def _does_not_fit(model: type[BaseModel], data: Any) -> bool:
    try:
        model.model_validate(data)
    except ValidationError:
        return True
    return False


def _lacks_rotation(data: Any) -> bool:
    monitoring = (data.get("data_quality") or {}).get("monitoring") or {}
    is_enabled = monitoring.get("enabled") in (True, 1, "yes")
    return is_enabled and not monitoring.get("oncall_rotation")


def routes(data: Any, route: Route = ()) -> Iterator[Route]:
    """The routes to all that stands in a document."""
    steps = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for step, below in steps:
        yield (*route, step)
        yield from routes(below, (*route, step))


def changed(data: Any, route: Route, value: Any) -> Any:
    """A copy of a document with another value at a route, or none."""
    data = copy.deepcopy(data)
    holder = data
    for step in route[:-1]:
        holder = holder[step]
    if value is LEFT_OUT:
        del holder[route[-1]]
    else:
        holder[route[-1]] = value
    return data


def cases(kind: str) -> Iterator[tuple[Route, Any, Any]]:
    """Route, value and document for every field and every value that it may get.

    Beside the block of the field, a document has what every document must have.
    """
    good = PLATFORM["good"][kind]
    needed = {name: good[name] for name in PLATFORM["required"][kind]}
    for route in routes(good):
        small = {**needed, route[0]: good[route[0]]}
        for value in VALUES:
            yield route, value, changed(small, route, value)


def is_stricter(route: Route) -> bool:
    """Whether the linter has more to ask of a field than the platform."""
    names = [step for step in route if isinstance(step, str)]
    fields = {".".join(names[:count]) for count in range(1, len(names) + 1)}
    return not fields.isdisjoint(PLATFORM["stricter"])


@pytest.mark.parametrize("kind", ["job", "asset", "wrapped"])
def test_what_the_platform_refuses_is_an_error_and_what_it_takes_is_none(kind: str) -> None:
    shape = "job" if kind == "job" else "asset"
    tried = list(cases(shape))
    files = {}
    for number, (_, _, data) in enumerate(tried):
        files[f"{number}.yaml"] = yaml.dump(
            {"asset": data} if kind == "wrapped" else data, Dumper=yaml.CSafeDumper
        )
        if kind != "job":
            files[f"job/{number}.yaml"] = f"asset_path: {number}.yaml\n"
    rules = [rule for rule in builtin_rules() if rule.id in RULES]
    report = lint_folder(
        MemoryFolder(files), Given(list(files), changed=True), settings_from({}, Path("/")), rules
    )
    errors = {it.place.path for it in report.findings if it.severity is Severity.ERROR}

    wrong = []
    for number, (route, value, data) in enumerate(tried):
        refused, told = is_refused(shape, data), f"{number}.yaml" in errors
        if refused != told and (refused or not is_stricter(route)):
            wrong.append((route, "left out" if value is LEFT_OUT else value, refused))
    assert [] == wrong


@pytest.mark.parametrize("kind", ["job", "asset"])
def test_the_good_ones_are_good_to_both(kind: str) -> None:
    assert not is_refused(kind, PLATFORM["good"][kind])
