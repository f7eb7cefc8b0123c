"""The shapes of jobs, assets, rules and settings, as JSON Schemas that editors can use too."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import json

SCHEMAS = (
    "job", "asset", "connector", "infrastructure", "runner", "rule", "settings", "baseline",
)  # fmt: skip
"""The names of the schemas, each in a file `NAME.schema.json`."""


@cache
def schema(name: str) -> Mapping[str, Any]:
    """A JSON Schema (Draft 2020-12) by its name, one of `SCHEMAS`; not to be changed.

    It stands on its own: a schema that it refers to is among its `$defs`. `x-expected` says in
    words what a value should be, for messages; `x-near-misses` that an object is open, but that
    the names of its fields are known well enough to notice a typo.
    """
    with open(os.path.join(os.path.dirname(__file__), f"{name}.schema.json"), "rb") as file:
        text = file.read()
    guests = [guest for guest in SCHEMAS if f'"{guest}.schema.json"'.encode() in text]
    for guest in guests:
        text = text.replace(f"{guest}.schema.json".encode(), f"#/$defs/{guest}".encode())
    data: dict[str, Any] = json.decode(text)
    for guest in guests:
        parts = schema(guest).items()
        data["$defs"][guest] = {key: value for key, value in parts if key != "$schema"}
    return data


def resolved(root: Mapping[str, Any], reference: str) -> Any:
    """What a reference inside a schema, such as `#/$defs/text`, leads to."""
    target: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        target = target[step.replace("~1", "/").replace("~0", "~")]
    return target


def part(root: Mapping[str, Any], route: Sequence[str]) -> Mapping[str, Any]:
    """The schema of a field below, standing on its own; raises KeyError where there is none."""
    target = _followed(root, root)
    for name in route:
        target = _followed(root, target["properties"][name])
    return {**target, "$defs": root.get("$defs", {})}


def _followed(root: Mapping[str, Any], target: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in target and "properties" not in target:
        target = resolved(root, target["$ref"])
    return target
