"""Plans as Terraform writes them, cut down to what is read of them."""

from __future__ import annotations

import json
import re
from typing import Any

from dativo_lint.documents.document import Document
from dativo_lint.documents.json_reader import read_json

_ADDRESS = re.compile(r"(\w+)\.(\w+)(?:\[[^]]*])?\Z")


def change(
    address: str,
    after: dict[str, Any] | None,
    unknown: Any = None,
    sensitive: Any = None,
    actions: tuple[str, ...] = ("create",),
    mode: str = "managed",
) -> dict[str, Any]:
    """An entry of `resource_changes`; the type is told by the address."""
    found = _ADDRESS.search(address)
    assert found is not None
    return {
        "address": address,
        "mode": mode,
        "type": found[1],
        "name": found[2],
        "change": {
            "actions": [*actions],
            "before": None,
            "after": after,
            "after_unknown": {} if unknown is None else unknown,
            "after_sensitive": {} if sensitive is None else sensitive,
        },
    }


def plan_text(*changes: dict[str, Any], **more: Any) -> str:
    """A plan with some changes, one value a line."""
    data = {"format_version": "1.2", "resource_changes": [*changes], **more}
    return json.dumps(data, indent=1, ensure_ascii=False)


def plan(*changes: dict[str, Any], **more: Any) -> Document:
    """As `plan_text`, read."""
    reading = read_json("plan.json", plan_text(*changes, **more).encode())
    assert not reading.faults
    return reading.documents[0]
