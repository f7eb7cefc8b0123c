"""What is generated from the rules is what the rules say today."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dativo_lint.rulebook import index
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.pages import pages
from dativo_lint.schemas import bundling

DOCS = Path(__file__).parent.parent / "docs" / "rules"
PACKAGE = Path(index.__file__).parent
TEXTS = {index.RULES: index.rule_texts(), index.TAGGABLE: index.taggable_texts()}


def test_the_documentation_of_rules_is_generated_from_them() -> None:
    expected = pages(builtin_rules(whole=True))
    if os.environ.get("ACCEPT"):
        DOCS.mkdir(parents=True, exist_ok=True)
        for stale in DOCS.glob("*.md"):
            stale.unlink()
        for name, text in expected.items():
            (DOCS / name).write_text(text, "utf-8")

    assert expected == {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}


@pytest.mark.parametrize("module", TEXTS)
def test_an_index_is_made_from_the_files_of_today(module: str) -> None:
    file = PACKAGE / f"{module.rpartition('.')[2]}.py"
    expected = index.index_of(TEXTS[module])
    if os.environ.get("ACCEPT"):
        file.write_text(expected, "utf-8")

    assert expected == file.read_text("utf-8")


def test_the_schemas_that_runs_import_are_those_of_the_files() -> None:
    file = Path(bundling.__file__).with_name("bundles.py")
    expected = bundling.bundles()
    if os.environ.get("ACCEPT"):
        file.write_text(expected, "utf-8")

    assert expected == file.read_text("utf-8")
