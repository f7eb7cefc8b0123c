"""What is generated from the package is what the package says today."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from reference_pages import NAV, commands_page, rules_in_navigation, settings_page

from dativo_lint.rulebook.index import INDEX, builtin_texts, index_of
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.pages import pages
from dativo_lint.schemas import schema
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import settings_from

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs" / "rules"
ACCEPT = os.environ.get("ACCEPT") == "1"


def test_the_documentation_of_rules_is_generated_from_them() -> None:
    expected = pages(builtin_rules(whole=True))
    if ACCEPT:
        DOCS.mkdir(parents=True, exist_ok=True)
        for stale in DOCS.glob("*.md"):
            stale.unlink()
        for name, text in expected.items():
            (DOCS / name).write_text(text, "utf-8")

    actual = {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}
    assert expected == actual, "run: make docs"


def test_the_index_is_made_from_the_rules_of_today() -> None:
    expected = index_of(builtin_texts())
    if ACCEPT:
        INDEX.write_bytes(expected)

    assert expected == INDEX.read_bytes(), "run: make docs"


@pytest.mark.parametrize(("name", "page"), [("cli", commands_page), ("settings", settings_page)])
def test_a_reference_has_every_option_and_every_setting(
    name: str, page: Callable[[], str], agrees_with_file: Callable[[str, Path], None]
) -> None:
    agrees_with_file(page(), PROJECT / "docs" / "reference" / f"{name}.md")


def test_the_navigation_of_the_site_has_every_rule(
    agrees_with_file: Callable[[str, Path], None],
) -> None:
    file = PROJECT / "mkdocs.yml"
    own = file.read_text("utf-8").partition(NAV)[0]
    agrees_with_file(f"{own}{NAV}{rules_in_navigation(builtin_rules())}", file)


def test_every_example_of_a_setting_is_accepted() -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", settings_page(), re.DOTALL | re.MULTILINE)
    together = {name: value for text in examples for name, value in yaml.safe_load(text).items()}
    assert set(schema("settings")["properties"]) == set(together)
    RuleSets(builtin_rules(), settings_from(together, PROJECT))
