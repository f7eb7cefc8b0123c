"""The shapes of jobs, assets, rules and settings, as JSON Schemas that editors can use too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SCHEMAS = ("job", "asset", "infrastructure", "rule", "settings")
"""The names of the schemas."""


def schema(name: str) -> Mapping[str, Any]:
    """A JSON Schema (Draft 2020-12) by its name, one of `SCHEMAS`; not to be changed.

    It stands on its own: a schema that it refers to is among its `$defs`. `x-expected` says in
    words what a value should be, for messages; `x-near-misses` that an object is open, but that
    the names of its fields are known well enough to notice a slip of the pen.
    """
    from dativo_lint.schemas.bundles import BUNDLES  # large, and not for what the cache tells

    return BUNDLES[name]


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
