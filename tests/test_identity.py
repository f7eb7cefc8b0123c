"""A result is of one tool, with its packages, rules and settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from repository_samples import OWN_RULE

from dativo_lint.settings import identity
from dativo_lint.settings.identity import identity_of
from dativo_lint.settings.settings import settings_from


def identity_under(root: Path = Path("/a"), **data: Any) -> str:
    return identity_of(settings_from(data, root))


def test_what_decides_nothing_changes_nothing() -> None:
    assert identity_under() == identity_under(Path("/b"), fail_on="note")


@pytest.mark.parametrize(
    "data",
    [
        {"preset": "strict"},
        {"select": ["finops"]},
        {"rules": {"missing-owner": {"severity": "off"}}},
        {"overrides": [{"when": {"tenant_id": ["a", "b"]}, "rules": {"missing-owner": {}}}]},
        {"limits": {"nesting": 50}},
        {"prefixes": {"/srv/": "."}},
    ],
)
def test_every_setting_that_decides_is_part_of_it(data: dict[str, Any]) -> None:
    assert identity_under() != identity_under(**data)
    assert identity_under(**data) == identity_under(**data)


def test_rules_of_the_shop_are_part_of_it_by_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "policy" / "own-rule.yaml"
    file.parent.mkdir()
    found = []
    for text in (OWN_RULE, f"{OWN_RULE}# more\n", OWN_RULE):
        file.write_text(text)
        found.append(identity_under(tmp_path, rule_folders=["policy"]))

    assert found[0] == found[2] != found[1]


def test_the_packages_that_read_and_word_are_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = identity_under()
    (tmp_path / "site-packages" / "PyYAML-99.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site-packages")])

    assert before != identity_under()


def test_code_that_is_edited_is_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, rules = tmp_path / "dativo_lint", tmp_path / "rules"
    (package / "checks").mkdir(parents=True)
    rules.mkdir()
    (package / "checks" / "a.py").write_text("")
    monkeypatch.setattr(identity, "_PACKAGE", str(package))
    monkeypatch.setattr(identity, "builtin_path", lambda: str(rules))
    found = [identity_under()]
    for file in (package / "checks" / "a.py", rules / "a.yaml"):
        file.write_text("# edited\n")
        found.append(identity_under())

    assert 3 == len(set(found))
