"""How messages show values."""

from __future__ import annotations

from typing import Any

import pytest

from dativo_lint.documents.quoting import quoted


@pytest.mark.parametrize(("value", "text"), [({"password": "x"}, "a mapping"), (["x"], "a list")])
def test_what_a_mapping_or_a_list_contains_is_not_shown(value: Any, text: str) -> None:
    assert quoted(value) == text
