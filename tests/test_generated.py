"""What is generated from the rules is what the rules say today."""

from __future__ import annotations

import os
from pathlib import Path

from dativo_lint.rulebook.index import INDEX, builtin_texts, index_of
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.pages import pages

DOCS = Path(__file__).parent.parent / "docs" / "rules"


def test_the_documentation_of_rules_is_generated_from_them() -> None:
    expected = pages(builtin_rules(whole=True))
    if os.environ.get("ACCEPT"):
        DOCS.mkdir(parents=True, exist_ok=True)
        for stale in DOCS.glob("*.md"):
            stale.unlink()
        for name, text in expected.items():
            (DOCS / name).write_text(text, "utf-8")

    assert expected == {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}


def test_the_index_is_made_from_the_rules_of_today() -> None:
    expected = index_of(builtin_texts())
    if os.environ.get("ACCEPT"):
        INDEX.write_bytes(expected)

    assert expected == INDEX.read_bytes()
