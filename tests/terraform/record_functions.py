"""Asks `terraform metadata functions` for the functions of the language, and records its answer.

    python tests/terraform/record_functions.py

writes `data/functions.json`.
"""

from __future__ import annotations

import json
from tempfile import TemporaryDirectory
from typing import Any

from expression_corpus import DATA
from record_modules import version_at_hand
from terraform_oracle import run, write_record

RECORD = DATA / "functions.json"


def ask() -> list[list[Any]]:
    """Of each function: its name, its parameters, and the one that may be repeated."""
    with TemporaryDirectory() as folder:
        told = json.loads(run(folder, "metadata", "functions", "-json"))["function_signatures"]
    return [
        [name, [_told(it) for it in signature.get("parameters", [])], _variadic(signature)]
        for name, signature in sorted(told.items())
        if "::" not in name
    ]


def _told(parameter: dict[str, Any]) -> list[Any]:
    return [parameter["name"], parameter["type"], bool(parameter.get("is_nullable"))]


def _variadic(signature: dict[str, Any]) -> list[Any] | None:
    found = signature.get("variadic_parameter")
    return None if found is None else _told(found)


if __name__ == "__main__":
    write_record(RECORD, version_at_hand(), ask())
