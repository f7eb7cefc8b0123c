"""The pages of rules: whole, and safe from what stands in their examples."""

from __future__ import annotations

import pytest
import yaml
from markdown_it import MarkdownIt

from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.pages import page, pages
from dativo_lint.rulebook.rule import Rule

RULES = builtin_rules(whole=True)


def fences(rule: Rule) -> list[tuple[str, str]]:
    """The fenced blocks of a rule's page: language and text."""
    return [(it.info, it.content) for it in MarkdownIt().parse(page(rule)) if it.type == "fence"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_file_and_every_finding_of_an_example_is_shown_as_it_is(rule: Rule) -> None:
    shown = fences(rule)
    for example in rule.examples:
        for text in example.files.values():
            assert text.rstrip() in [it.rstrip() for _, it in shown]
        lines = [f"{it.at}: {it.says}" for it in example.findings]
        told = ["".join(c if c.isprintable() else repr(c)[1:-1] for c in line) for line in lines]
        assert not told or ("text", "\n".join(told) + "\n") in shown


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_holds_nothing_that_makes_a_file_binary(rule: Rule) -> None:
    assert page(rule).replace("\n", "").isprintable()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_settings_of_an_example_are_shown_as_a_settings_file(rule: Rule) -> None:
    shown = page(rule).split("`.dativo-lint.yml`\n\n```yaml\n")[1:]
    files = [yaml.safe_load(text.split("\n```")[0]) for text in shown]
    for example in rule.examples:
        said = dict(example.settings)
        if example.params:
            said["rules"] = {**said.get("rules", {}), rule.id: {"params": dict(example.params)}}
        assert not said or said in files


def test_the_index_leads_to_every_page() -> None:
    files = pages(RULES)
    links = {name for name in files if f"({name})" in files["README.md"]}
    assert set(files) == links | {"README.md"}
