"""Rule files: those of the tool, and those of a shop, which may be anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import OWN_RULE, write

from dativo_lint.checks import CHECKS, params_schema
from dativo_lint.errors import UsageError
from dativo_lint.rulebook import index, load
from dativo_lint.rulebook.load import builtin_rules, hold_yields_to, own_rules, read_rule
from dativo_lint.rulebook.rule import Rule

TAKEN = {rule.id: rule for rule in builtin_rules()}
PARAMS: dict[str, Any] = {
    rule.check: dict(rule.params) for rule in builtin_rules() if not rule.requires_params
}


def own(folder: Path, **files: str | bytes) -> tuple[Rule, ...]:
    """The rules of a folder below a root, given its files; `a__b` names a/b.yaml."""
    named = {f"policy/{path.replace('__', '/')}.yaml": text for path, text in files.items()}
    write(folder, named)
    return own_rules(folder / "policy", TAKEN, folder)


def told(folder: Path, **files: str | bytes) -> list[str]:
    """What is told against the rules of a folder."""
    with pytest.raises(UsageError) as misuse:
        own(folder, **files)
    return str(misuse.value).splitlines()


def test_the_rules_of_the_tool_read_the_same_with_and_without_their_examples() -> None:
    def parts(rule: Rule) -> tuple[object, ...]:
        return (
            rule.id, rule.family, rule.summary, rule.why, rule.fix, rule.severity, rule.check,
            rule.params, rule.when, rule.requires_params, rule.sources,
        )  # fmt: skip

    whole = builtin_rules(whole=True)

    assert [parts(rule) for rule in whole] == [parts(rule) for rule in builtin_rules()]
    assert all(rule.examples for rule in whole)


def test_a_folder_is_a_family_and_what_lies_beside_it_is_the_shops_own(tmp_path: Path) -> None:
    second = OWN_RULE.replace("own-rule", "second-rule")

    first_rule, second_rule = own(tmp_path, **{"own-rule": OWN_RULE, "money__second-rule": second})

    assert ("own-rule", "own") == (first_rule.id, first_rule.family)
    assert ("second-rule", "money") == (second_rule.id, second_rule.family)
    assert "policy/own-rule.yaml:1:5" == str(first_rule.place)


def test_rules_are_found_whatever_their_suffix_and_depth_and_hidden_files_are_not(
    tmp_path: Path,
) -> None:
    write(
        tmp_path,
        {
            "policy/a/b/own-rule.yml": OWN_RULE,
            "policy/.draft.yaml": "a: [",
            "policy/.git/x.yaml": "a: [",
            "policy/README.md": "a: [",
        },
    )

    assert ["own-rule"] == [rule.id for rule in own_rules(tmp_path / "policy", TAKEN, tmp_path)]


@pytest.mark.parametrize("files", [{}, {"policy/README.md": ""}])
def test_a_folder_without_rules_is_misuse(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)

    with pytest.raises(UsageError, match=r"rule folder policy (not found|has no rule files)"):
        own_rules(tmp_path / "policy", TAKEN, tmp_path)


def changed(before: str, after: str) -> str:
    assert before in OWN_RULE
    return OWN_RULE.replace(before, after)


WRONG = {
    changed("severity: warning", "severity: warn"): [
        '5:11: severity is "warn"; expected one of: error, warning, note; did you mean "warning"?'
    ],
    changed("why: Because this shop says so.\n", ""): [
        "1:1: why is missing; expected a string",
    ],
    changed("severity: warning", "severty: warning"): [
        '5:1: unknown field "severty"; did you mean "severity"?'
    ],
    changed("severity: warning", "severity: high\nowner: me"): [
        '5:11: severity is "high"; expected one of: error, warning, note',
        '6:1: unknown field "owner"',
    ],
    changed("id: own-rule", "id: other-rule"): [
        "1:5: id: other-rule differs from the name of the file"
    ],
    changed("id: own-rule", "id: Own_Rule"): [
        '1:5: id is "Own_Rule"; expected lowercase words joined by dashes'
    ],
    changed("check: required_tag", "check: require_tag"): [
        '6:8: check: unknown check "require_tag"; did you mean "required_tag"?'
    ],
    changed("keys: [infrastructure.Wanted]", "keys: 5, kyes: []"): [
        "7:16: params.keys is 5 (a number); expected a list",
        '7:19: unknown field "params.kyes"; did you mean "keys"?',
    ],
    changed("params: {keys: [infrastructure.Wanted]}\n", ""): [
        "1:1: params.keys is missing; expected a list"
    ],
    changed("sources:", "requires_params: [kyes]\nsources:"): [
        '8:19: requires_params: required_tag has no parameter "kyes"; did you mean "keys"?'
    ],
    changed(
        "check: required_tag\nparams: {keys: [infrastructure.Wanted]}",
        "check: readable_file\nparams: {faults: [limit]}\nwhen: {a: b}",
    ): ["8:1: when: readable_file judges no jobs; expected no condition"],
    "a: [\n": ["2:1: "],
    "": ["1:1: the file is empty or has only comments"],
    "- a\n": ["1:1: the document is a list; expected a mapping"],
    f"{OWN_RULE}---\n{OWN_RULE}": ["14:1: expected one rule in a file"],
    f"{OWN_RULE}id: own-rule\n": ["13:1: "],
    f"{OWN_RULE}on: 1\n": ["13:1: "],
    changed("check: required_tag", "check: [a]"): ["6:1: check is a list; expected "],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_rule_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    lines = told(tmp_path, **{"own-rule": text})

    assert len(WRONG[text]) == len(lines)
    for expected, line in zip(WRONG[text], lines, strict=True):
        assert line.startswith(f"policy/own-rule.yaml:{expected}")


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "[z-a]", "a{1,99999}"])
def test_a_pattern_that_cannot_be_used_or_could_run_away_is_misuse(
    tmp_path: Path, pattern: str
) -> None:
    rule = changed("required_tag", "allowed_values").replace(
        "params: {keys: [infrastructure.Wanted]}",
        f"params: {{of: [infrastructure.Wanted], pattern: '{pattern}'}}",
    )

    (line,) = told(tmp_path, **{"own-rule": rule})

    assert line.startswith("policy/own-rule.yaml:7:1: own-rule: params: ")


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    lines = told(tmp_path, a="a: [\n", b="b: [\n", **{"own-rule": OWN_RULE})

    assert ["policy/a.yaml:2:1", "policy/b.yaml:2:1"] == [
        ":".join(line.split(":")[:3]) for line in lines
    ]


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    (line,) = told(tmp_path, **{"missing-owner": OWN_RULE.replace("own-rule", "missing-owner")})
    assert line == (
        "policy/missing-owner.yaml:1:5: id: rule missing-owner already exists in "
        "rules/governance/missing-owner.yaml"
    )

    (line,) = told(tmp_path / "other", **{"a__own-rule": OWN_RULE, "b__own-rule": OWN_RULE})
    assert line.endswith("rule own-rule already exists in policy/a/own-rule.yaml")


def test_a_pipe_among_the_rules_is_misuse_and_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, {"policy/own-rule.yaml": OWN_RULE})
    os.mkfifo(tmp_path / "policy" / "pipe.yaml")

    with pytest.raises(UsageError, match=r"policy/pipe\.yaml:1:1: it is a named pipe"):
        own_rules(tmp_path / "policy", TAKEN, tmp_path)


def test_a_rule_that_awaits_a_parameter_need_not_give_it(tmp_path: Path) -> None:
    text = changed("params: {keys: [infrastructure.Wanted]}", "requires_params: [keys]")

    (rule,) = own(tmp_path, **{"own-rule": text})

    assert ("keys",) == rule.requires_params


BROKEN = {
    "why: Because": ("whi: Because", ["1:1: why is missing", '3:1: unknown field "whi"']),
    "severity: warning": ("severity: warn", ['5:11: severity is "warn"; expected one of: error']),
    "check: required_tag": ("check: require_tag", ['6:8: check: unknown check "require_tag"']),
    "fix: Set": ("fix: a: Set", ["4:"]),
    "id: own-rule": ("- own-rule", ["2:"]),
    "keys: [": ("kyes: [", ["7:1: params.keys is missing", '7:10: unknown field "params.kyes"']),
    "infrastructure.Wanted": ("finops.projct", ['7:1: own-rule: params: unknown tag "finops.proj']),
}


@pytest.mark.parametrize("before", BROKEN)
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_wrong_with_a_rule_of_the_tool_is_told_with_its_place(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    after, expected = BROKEN[before]
    text = OWN_RULE.replace(before, after)
    write(tmp_path, {"finops/own-rule.yaml": text, "taggable.yaml": "{}"})
    monkeypatch.setattr(index, "builtin_path", lambda: tmp_path)
    monkeypatch.setattr(load, "builtin_index", index.builtin_index.__wrapped__)

    with pytest.raises(UsageError) as error:
        builtin_rules.__wrapped__(whole=whole)

    lines = str(error.value).splitlines()
    assert len(expected) == len(lines)
    for start, line in zip(expected, lines, strict=True):
        assert line.startswith(f"rules/finops/own-rule.yaml:{start}")


def test_a_rule_yields_only_to_rules_that_there_are(tmp_path: Path) -> None:
    (rule,) = own(tmp_path, **{"own-rule": OWN_RULE + "yields_to: [missing-ownr]\n"})
    message = (
        r'^policy/own-rule.yaml:1:5: own-rule: yields_to: unknown rule "missing-ownr"; did you '
    )

    with pytest.raises(UsageError, match=message):
        hold_yields_to({**TAKEN, rule.id: rule})
    hold_yields_to(TAKEN)


def test_rules_do_not_yield_to_each_other(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        **{
            "own-rule": OWN_RULE + "yields_to: [second-rule]\n",
            "second-rule": OWN_RULE.replace("own", "second") + "yields_to: [own-rule]\n",
        },
    )

    with pytest.raises(UsageError, match="own-rule -> second-rule -> own-rule"):
        hold_yields_to({rule.id: rule for rule in rules})


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(),
    st.text(alphabet="a(.*[{", max_size=6),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("name", CHECKS)
@given(data=st.data())
@examples(max_examples=20)
def test_whatever_a_check_is_told_it_takes_or_it_is_misuse(name: str, data: st.DataObject) -> None:
    params = dict(PARAMS.get(name, {}))
    names = sorted(params_schema(name)["properties"])
    changes = st.dictionaries(st.sampled_from(names), VALUES, max_size=3) if names else st.just({})
    params.update(data.draw(changes))
    rule = {**yaml.safe_load(OWN_RULE), "check": name, "params": params}
    try:
        read_rule("own-rule.yaml", yaml.safe_dump(rule).encode(), "own")
    except UsageError as misuse:
        assert "own-rule.yaml:" in str(misuse)  # noqa: PT017


@given(st.binary(max_size=60))
@examples(max_examples=100)
def test_whatever_a_rule_file_holds_it_is_a_rule_or_misuse(content: bytes) -> None:
    with pytest.raises(UsageError):
        read_rule("own-rule.yaml", content, "own")
