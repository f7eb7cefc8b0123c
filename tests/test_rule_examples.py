"""Every rule is tested by its own examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from memory_folder import MemoryFolder
from msgspec.structs import replace

from dativo_lint.api import lint_folder
from dativo_lint.documents.document import Limits
from dativo_lint.documents.yaml_dialect import needs_exact
from dativo_lint.engine.selection import Given
from dativo_lint.findings.report import Report
from dativo_lint.fixes.choosing import Wanted
from dativo_lint.fixes.rounds import Fixed, fix_all
from dativo_lint.rulebook.index import builtin_path
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Example, Rule
from dativo_lint.settings.settings import settings_from

RULES = builtin_rules(whole=True)
IDS = frozenset(rule.id for rule in RULES)


def lint_example(rule: Rule, example: Example, edited: Mapping[str, bytes] = {}) -> Report:
    """Run one rule on an example's tiny repository, on the first day of 2026."""
    given = dict(example.settings)
    said = dict(given.pop("rules", {}))
    if example.params or rule.off_by_default:
        said[rule.id] = {"params": dict(example.params), "severity": rule.severity.value}
    # Rules about suppressions judge comments, which need the findings of the rules they name.
    needed = [it for it in RULES if it.id in said or rule.family == "suppressions"] or [rule]
    settings = settings_from({**given, "rules": said}, Path("/"))
    rules = {it.id: it for it in (*needed, rule)}.values()
    paths = [path for path in example.files if path.endswith((".yaml", ".yml", ".json"))]
    report = lint_folder(
        MemoryFolder({**example.files, **edited}), Given(paths, changed=True), settings, rules,
        today=date(2026, 1, 1),
    )  # fmt: skip
    ours = tuple(it for it in report.findings if it.rule.id == rule.id)
    return replace(report, findings=ours)


CASES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule in RULES
    for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_an_example_gives_exactly_its_findings(rule: Rule, example: Example) -> None:
    report = lint_example(rule, example)

    expected = [(finding.at, finding.says) for finding in example.findings]
    found = [(f"{it.place.path} {it.place.field}".rstrip(), it.message) for it in report.findings]
    assert () == report.crashes
    assert expected == found


def fix_example(rule: Rule, files: Mapping[str, str], example: Example) -> Fixed:
    """Apply all fixes of a rule to the files of an example."""
    return fix_all(
        lambda edited: lint_example(rule, example, {**_encoded(files), **edited}),
        lambda path: files[path].encode(),
        str,
        Wanted(unsafe=rule.fixable == "unsafe"),
    )


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode(errors="surrogatepass") for path, text in files.items()}


FIXABLE = [case for case in CASES if case.values[0].fixable]


@pytest.mark.parametrize(("rule", "example"), FIXABLE)
def test_fixes_change_exactly_what_an_example_shows(rule: Rule, example: Example) -> None:
    result = fix_example(rule, example.files, example)
    after = {path: content.decode() for path, content in result.after.items()}

    if example.fixed:
        assert dict(example.fixed) == after
    gone = Counter(it.fingerprint for it in result.fixed)
    assert len(example.findings) - len(result.report.findings) == gone.total()
    assert {} == fix_example(rule, {**example.files, **after}, example).after


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_whether_it_can_be_fixed(rule: Rule) -> None:
    fixes = [
        fix
        for it in rule.examples
        for each in lint_example(rule, it).findings
        for fix in each.fixes
    ]
    kinds = {"safe" if fix.is_safe else "unsafe" for fix in fixes}

    assert (rule.fixable or None) == ("safe" if "safe" in kinds else min(kinds, default=None))
    assert bool(rule.fixable) == any(example.fixed for example in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_shows_what_is_clean_and_what_breaks_it(rule: Rule) -> None:
    assert any(not example.findings for example in rule.examples)
    assert any(example.findings for example in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_who_says_so_and_what_to_do(rule: Rule) -> None:
    assert all(source.url.startswith("https://") for source in rule.sources)
    assert rule.sources
    assert rule.fix.endswith(".")
    assert len(rule.summary) <= 80
    assert not rule.summary.endswith(".")


def test_no_two_rules_share_a_summary() -> None:
    assert len(RULES) == len({rule.summary for rule in RULES}) == len(IDS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_written_so_that_it_is_read_quickly(rule: Rule) -> None:
    # Every run reads every rule: a question mark in brackets, a tag or a tab would make PyYAML's
    # own parser read it, which takes as long as twenty other rules.
    path = Path(builtin_path()) / rule.family / f"{rule.id}.yaml"
    text = path.read_text("utf-8").partition("\nexamples:")[0]
    assert not needs_exact(text, Limits().nesting)
