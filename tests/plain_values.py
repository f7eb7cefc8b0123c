"""Values of Terraform as plain data."""

from __future__ import annotations

from typing import Any

from dativo_lint.terraform.types import NUMBER
from dativo_lint.terraform.values import Unknown, Value


def plain(value: Value) -> Any:
    """A value as plain data: None, bool, int, float, str, list, dict; `Unknown` as it is."""
    data = value.data
    if isinstance(data, tuple):
        return [plain(part) for part in data]
    if isinstance(data, dict):
        return {name: plain(part) for name, part in data.items()}
    if value.type is NUMBER and data is not None and not isinstance(data, (int, Unknown)):
        return float(data)
    return data
