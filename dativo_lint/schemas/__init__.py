"""The shapes of jobs, assets, rules and settings, as JSON Schemas that editors can use too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from dativo_lint.typed import Any

SCHEMAS = ("job", "asset", "infrastructure", "rule", "settings")
"""The names of the schemas."""

_FOLDER = Path(__file__).parent
_SUFFIX = ".schema.json"


@cache
def schema(name: str) -> Mapping[str, Any]:
    """A JSON Schema (Draft 2020-12) by its name, one of `SCHEMAS`; not to be changed.

    It stands on its own: a schema that it refers to is among its `$defs`. `x-expected` says in
    words what a value should be, for messages; `x-near-misses` that an object is open, but that
    the names of its fields are known well enough to notice a slip of the pen.
    """
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}{_SUFFIX}").read_bytes())
    guests: dict[str, Any] = {}
    bundled: dict[str, Any] = _with_guests(found, guests)
    if guests:
        bundled["$defs"] = {**bundled.get("$defs", {}), **guests}
    return bundled


def resolved(root: Mapping[str, Any], reference: str) -> Any:
    """What a reference inside a schema, such as `#/$defs/text`, leads to."""
    found: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def part(root: Mapping[str, Any], route: Sequence[str]) -> Mapping[str, Any]:
    """The schema of a field below, standing on its own; raises KeyError where there is none."""
    found = root
    for name in route:
        found = _followed(root, found)["properties"][name]
    return {**_followed(root, found), "$defs": root.get("$defs", {})}


def _followed(root: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in found and "properties" not in found:
        found = resolved(root, found["$ref"])
    return found


def _with_guests(part: Any, guests: dict[str, Any]) -> Any:
    """A part of a schema with its references to other files turned to its own `$defs`."""
    if isinstance(part, list):
        return [_with_guests(item, guests) for item in part]
    if not isinstance(part, dict):
        return part
    turned = {key: _with_guests(value, guests) for key, value in part.items()}
    reference = turned.get("$ref")
    if isinstance(reference, str) and reference.endswith(_SUFFIX):
        name = reference.removesuffix(_SUFFIX)
        guests[name] = {key: it for key, it in schema(name).items() if key != "$schema"}
        turned["$ref"] = f"#/$defs/{name}"
    return turned
