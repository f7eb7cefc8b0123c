"""Bundling: each schema with those that it refers to, as the text of a module that runs import.

Reading the files takes 3 ms of a run over one file, with the import of `json`; importing what is
made of them here takes 0.5 ms. `make docs` writes the module, and a test holds it to the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dativo_lint.schemas import SCHEMAS

_FOLDER = Path(__file__).parent
_SUFFIX = ".schema.json"
_HEAD = '''\
"""Made from the files of schemas by `make docs`: each with the schemas that it refers to."""

from __future__ import annotations

from typing import Any

BUNDLES: dict[str, dict[str, Any]] = {'''


def bundles() -> str:
    """The text of the module that holds all schemas."""
    return "\n".join([_HEAD, *(f"    {it!r}: {bundled(it)!r}," for it in SCHEMAS), "}", ""])


@cache
def bundled(name: str) -> Mapping[str, Any]:
    """A schema as its file has it, but standing on its own; not to be changed."""
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}{_SUFFIX}").read_bytes())
    guests: dict[str, Any] = {}
    made: dict[str, Any] = _with_guests(found, guests)
    if guests:
        made["$defs"] = {**made.get("$defs", {}), **guests}
    return made


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
        guests[name] = {key: it for key, it in bundled(name).items() if key != "$schema"}
        turned["$ref"] = f"#/$defs/{name}"
    return turned
