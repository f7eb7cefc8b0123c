"""Where settings are found, what they may say, and what is told against them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from repository_samples import ASSET, BAD_JOB, JOB, memory, write

from dativo_lint.api import lint_folder
from dativo_lint.documents.document import Document
from dativo_lint.documents.folder import read_content
from dativo_lint.engine.selection import Given
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.jobs.condition import condition
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Severity
from dativo_lint.schemas import schema
from dativo_lint.settings.files import find_settings
from dativo_lint.settings.presets import PRESETS
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings, known_settings, settings_from

ROOT = Path("/repository")
RULES = {rule.id: rule for rule in builtin_rules()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of a repository with folders in it."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "a" / "b").mkdir(parents=True)
    return tmp_path / "repository"


def lint(data: Mapping[str, Any], folder: MemoryFolder) -> Report:
    """Lint all jobs of a folder under settings."""
    paths = [path for path in folder.files if path.startswith("jobs/")]
    return lint_folder(folder, Given(paths), settings_from(data, ROOT))


def found(data: Mapping[str, Any], folder: MemoryFolder) -> dict[str, Severity]:
    """The rules that are broken, with the severity of their findings."""
    return {finding.rule.id: finding.severity for finding in lint(data, folder).findings}


def vars_of(settings: Settings) -> dict[str, Any]:
    """Every setting by name."""
    return {name: getattr(settings, name) for name in known_settings()}


def told(root: Path, text: str, name: str = ".dativo-lint.yml") -> list[str]:
    """What is told against a settings file."""
    write(root, {name: text})
    with pytest.raises(UsageError) as misuse:
        RuleSets(RULES.values(), find_settings(root))
    return str(misuse.value).splitlines()


def test_without_a_file_everything_is_as_by_default(root: Path) -> None:
    settings = find_settings(root / "a")

    assert (str(root), None, {}) == (settings.root, settings.file, settings.origins)
    assert vars_of(Settings(str(root))) == vars_of(settings)


def test_the_file_of_the_root_counts_wherever_a_run_starts(root: Path) -> None:
    write(root, {".dativo-lint.yml": "select: [finops]", "a/.dativo-lint.yaml": "preset: strict"})

    assert ("finops",) == find_settings(root / "a" / "b").select == find_settings(root).select


def test_nothing_is_looked_for_above_the_root(root: Path) -> None:
    write(root.parent, {".dativo-lint.yml": "nonsense: 1", "pyproject.toml": "nonsense"})

    assert find_settings(root / "a" / "b").file is None


def test_the_root_is_found_from_a_folder_that_is_reached_by_a_link(root: Path) -> None:
    write(root, {".dativo-lint.yml": "select: [finops]"})
    write(root.parent, {"elsewhere/.dativo-lint.yml": "select: [destinations]"})
    link = root.parent / "elsewhere" / "link"
    link.symlink_to(root / "a")

    assert ("finops",) == find_settings(link).select


def test_a_relative_folder_is_where_a_search_may_start(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {".dativo-lint.yml": "select: [finops]"})
    monkeypatch.chdir(root / "a")

    assert ("finops",) == find_settings(Path("b")).select


def test_a_table_in_pyproject_says_the_same(root: Path) -> None:
    table = """\
[tool.dativo-lint]
select = "finops"
fail_on = "note"
[tool.dativo-lint.rules.missing-project]
severity = "error"
[[tool.dativo-lint.overrides]]
when = {environment = ["dev", "test"]}
rules.missing-owner.severity = "off"
"""
    write(root, {"pyproject.toml": table})

    settings = find_settings(root / "a")

    assert str(root / "pyproject.toml") == settings.file
    assert (("finops",), Severity.NOTE) == (settings.select, settings.fail_on)
    assert "error" == settings.rules["missing-project"].severity
    assert condition({"environment": ["test", "dev"]}) == settings.overrides[0].when


@pytest.mark.parametrize(
    "project", ["", "[project]\ndependencies = ['dativo-lint']\n", "tool = 'dativo-lint'\n"]
)
def test_a_pyproject_without_the_table_is_passed_by(root: Path, project: str) -> None:
    write(root, {".dativo-lint.yml": "select: [finops]", "a/pyproject.toml": project})

    assert ("finops",) == find_settings(root / "a").select


def test_the_yaml_file_comes_before_the_table(root: Path) -> None:
    write(root, {"pyproject.toml": "[tool.dativo-lint]\nselect=['sinks']", ".dativo-lint.yml": ""})

    assert () == find_settings(root).select


def test_a_file_can_be_named_and_none_can_be_asked_for(root: Path) -> None:
    write(root, {".dativo-lint.yml": "select: [destinations]", "other.yml": "select: [finops]"})

    assert ("finops",) == find_settings(root, file=root / "other.yml").select
    assert () == find_settings(root, isolated=True).select
    with pytest.raises(UsageError, match=r"settings file not found: .*none\.yml"):
        find_settings(root, file=root / "none.yml")


def test_rule_folders_are_seen_from_the_settings_file(root: Path) -> None:
    write(root, {"a/shared.yml": "rule_folders: [../policy, own]"})

    expected = (str(root / "policy"), str(root / "a" / "own"))
    assert expected == find_settings(root, file=root / "a" / "shared.yml").rule_folders


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}\n"])
def test_an_empty_file_says_nothing(root: Path, text: str) -> None:
    write(root, {".dativo-lint.yml": text})

    settings = find_settings(root)

    assert str(root / ".dativo-lint.yml") == settings.file
    assert {} == settings.origins


WRONG = {
    "selct: [finops]": ['.dativo-lint.yml:1:1: unknown setting "selct"; did you mean "select"?'],
    "select: 5": [".dativo-lint.yml:1:9: select is 5; expected a list of names"],
    "preset: strickt": [
        (
            '.dativo-lint.yml:1:9: preset is "strickt"; expected one of: minimal, recommended, '
            'strict, or the path of a YAML file; did you mean "strict"?'
        )
    ],
    "rules: {missing-owner: {severity: on}}": [
        (
            ".dativo-lint.yml:1:35: rules.missing-owner.severity is true; expected one "
            "of: error, warning, note, off"
        )
    ],
    "rules: {missing-owner: 5}": [
        (
            ".dativo-lint.yml:1:24: rules.missing-owner is 5; expected error, warning, note, "
            "off, or a mapping with severity or params"
        )
    ],
    "rules: {misssing-owner: {severity: note}}": [
        '.dativo-lint.yml:1:9: rules: unknown rule "misssing-owner"; did you mean "missing-owner"?'
    ],
    "select: [finop]\nignore: [zzz]": [
        '.dativo-lint.yml:1:1: select: unknown rule or family "finop"; did you mean "finops"?',
        '.dativo-lint.yml:2:1: ignore: unknown rule or family "zzz"',
    ],
    "suppressions:\n  require: {owner: [Error, eror, finops, 'missing-*'], ticket: missing-ownr}": [
        (
            '.dativo-lint.yml:2:3: suppressions.require: unknown rule or family "eror"; did you '
            'mean "error"?'
        ),
        (
            '.dativo-lint.yml:2:3: suppressions.require: unknown rule or family "missing-ownr"; '
            'did you mean "missing-owner"?'
        ),
    ],
    "suppressions: {never: [finop]}": [
        (
            '.dativo-lint.yml:1:16: suppressions.never: unknown rule or family "finop"; did you '
            'mean "finops"?'
        ),
    ],
    "suppressions: {require: {owners: [error]}, nevr: x}": [
        (
            '.dativo-lint.yml:1:26: unknown setting "suppressions.require.owners"; did you mean '
            '"owner"?'
        ),
        '.dativo-lint.yml:1:44: unknown setting "suppressions.nevr"; did you mean "never"?',
    ],
    "ignores: [{rules: finops, paths: a, owner: 1, tiket: b}]": [
        '.dativo-lint.yml:1:44: ignores[0].owner is 1 (a number); expected a string: "1"',
        '.dativo-lint.yml:1:47: unknown setting "ignores[0].tiket"; did you mean "ticket"?',
    ],
    "limits: {nesting: 0, file_bytes: x}": [
        ".dativo-lint.yml:1:19: limits.nesting is 0; expected a whole number from 1 to 500",
        '.dativo-lint.yml:1:34: limits.file_bytes is "x"; expected a whole number of at least 1',
    ],
    "rules:\n  malformed-cost-center:\n    params: {patern: x}": [
        (
            '.dativo-lint.yml:2:3: malformed-cost-center: unknown field "params.patern"; '
            'did you mean "pattern"?'
        )
    ],
    "rules:\n  untagged-resource: {params: {keys: [Owner]}}": [
        (
            '.dativo-lint.yml:2:3: untagged-resource: params: set "keys" under missing-cloud-tag '
            "instead"
        )
    ],
    "rules:\n  malformed-cost-center:\n    params: {pattern: '(a+)+('}": [],
    "overrides:\n- when: {environment: dev}\n  rules: {nope: {severity: note}}": [
        '.dativo-lint.yml:3:11: rules: unknown rule "nope"'
    ],
    "overrides:\n- rules: {missing-owner: {severity: note}}": [
        ".dativo-lint.yml:2:3: overrides[0].when is missing; expected a mapping of fields to values"
    ],
    "- 1": [".dativo-lint.yml:1:1: expected a mapping of settings"],
    "a: [": [],
    "on: 1": [],
    "select: []\nselect: []": [],
    "a: 1\n---\nb: 1": [".dativo-lint.yml:3:1: expected one document of settings"],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_its_place_and_what_was_expected(root: Path, text: str) -> None:
    lines = told(root, text)

    assert all(line.startswith(".dativo-lint.yml:") for line in lines)
    if WRONG[text]:
        assert WRONG[text] == [line.partition("; known")[0] for line in lines]


TABLES = {
    "selct = []": ['pyproject.toml:2:1: unknown setting "selct"; did you mean "select"?'],
    "[tool.dativo-lint.limits]\nnesting = 0": [
        "pyproject.toml:3:1: limits.nesting is 0; expected a whole number from 1 to 500"
    ],
    'rules."missing-owner".severity = "of"': [
        (
            'pyproject.toml:2:1: rules.missing-owner.severity is "of"; expected one of: '
            'error, warning, note, off; did you mean "off"?'
        )
    ],
    '[[tool.dativo-lint.overrides]]\nwhen = {a = "b"}\nrules = {}\n'
    '[[tool.dativo-lint.overrides]]\nwhen = {a = "b"}\n'
    '[tool.dativo-lint.overrides.rules.missing-owner]\nseverity = "x"': [
        (
            'pyproject.toml:8:1: overrides[1].rules.missing-owner.severity is "x"; '
            "expected one of: error, warning, note, off"
        )
    ],
    "select = [": ["pyproject.toml:3:1: invalid value"],
    "select = [" + "[" * 5_000: [],
    "date = " + "9" * 5_000: [],
    "\x00": [],
}


@pytest.mark.parametrize("text", TABLES, ids=lambda text: text[:40])
def test_what_is_wrong_in_a_table_is_told_with_its_line(root: Path, text: str) -> None:
    lines = told(root, f"[tool.dativo-lint]\n{text}\n", "pyproject.toml")

    assert all(line.startswith("pyproject.toml:") for line in lines)
    if TABLES[text]:
        assert TABLES[text] == [line.partition("; known")[0] for line in lines]


@pytest.mark.parametrize("content", [b"\xff", b"[tool.dativo-lint]\nselect = '\xff'"])
def test_a_table_in_a_wrong_encoding_is_told(root: Path, content: bytes) -> None:
    (root / "pyproject.toml").write_bytes(content + b"# dativo-lint")

    with pytest.raises(UsageError, match=r"pyproject\.toml:1:1: byte 0xff cannot be read"):
        find_settings(root)


def test_a_settings_file_that_cannot_be_opened_is_told(root: Path) -> None:
    with pytest.raises(UsageError, match=r"settings file is not a file: .*/a"):
        find_settings(root, file=root / "a")


@pytest.mark.parametrize("name", [".dativo-lint.yml", "named.yml"])
def test_a_settings_file_that_nobody_can_read_is_told(root: Path, name: str) -> None:
    file = root / name
    for make in (lambda: file.symlink_to(name), file.mkdir, lambda: os.mkfifo(file)):
        make()
        with pytest.raises(UsageError, match=r"settings file .*\.yml"):
            find_settings(root, file=None if name.startswith(".") else file)
        file.rmdir() if file.is_dir() else file.unlink()


@pytest.mark.parametrize("name", [".dativo-lint.yml", "pyproject.toml"])
def test_a_settings_file_outside_of_the_repository_is_not_shown(root: Path, name: str) -> None:
    text = "[tool.dativo-lint]\nsecret = 1\n" if name.endswith("toml") else "secret: 1\n"
    write(root.parent, {"outside": text})
    (root / name).symlink_to(root.parent / "outside")

    with pytest.raises(UsageError, match=r"is a link out of the repository") as error:
        find_settings(root)
    assert "secret" not in str(error.value)


def test_two_settings_files_in_a_folder_are_told(root: Path) -> None:
    for name in (".dativo-lint.yml", ".dativo-lint.yaml"):
        (root / name).write_text("preset: strict\n")

    with pytest.raises(UsageError, match=r"two settings files: .*\.yml and .*\.yaml; expected one"):
        find_settings(root / "a")


def test_outside_of_a_repository_the_folder_of_the_settings_file_is_the_root(
    tmp_path: Path,
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / ".dativo-lint.yml").write_text("preset: strict\n")

    assert str(tmp_path / "a") == find_settings(tmp_path / "a" / "b").root
    assert ("strict",) == find_settings(tmp_path / "a" / "b").preset
    assert str(tmp_path) == find_settings(tmp_path).root


def test_a_pattern_that_is_too_large_is_told() -> None:
    with pytest.raises(UsageError, match=r"jobs: a pattern of 200000 characters is too long"):
        settings_from({"jobs": ["a", "?*" * 100_000]}, ROOT)


KEYS = st.one_of(st.sampled_from(known_settings()), st.text(max_size=5))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(KEYS, st.sampled_from(["missing-owner", "severity"])), inner),
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
@examples(max_examples=60)
def test_whatever_a_file_says_is_settings_or_misuse(data: dict[str, Any]) -> None:
    with contextlib.suppress(UsageError):
        RuleSets(RULES.values(), settings_from(data, ROOT))


def test_a_severity_is_changed_and_a_rule_turned_off() -> None:
    folder = memory(jobs__bad=BAD_JOB)

    assert {"unknown-provider": Severity.ERROR} == found({}, folder)
    assert {"unknown-provider": Severity.NOTE} == found(
        {"rules": {"unknown-provider": {"severity": "note"}}}, folder
    )
    assert {} == found({"rules": {"unknown-provider": {"severity": "off"}}}, folder)


def test_select_and_ignore_take_rules_and_families() -> None:
    folder = memory(jobs__bad=BAD_JOB.replace("FIN-001", "FIN-002"))

    assert {"unknown-provider", "conflicting-cost-center"} == set(found({}, folder))
    assert {"unknown-provider"} == set(found({"select": ["compute"]}, folder))
    assert {"unknown-provider"} == set(found({"ignore": "conflicts"}, folder))
    assert {"conflicting-cost-center"} == set(
        found({"select": ["conflicting-cost-center", "suppressions"]}, folder)
    )
    assert {"conflicting-cost-center"} == set(
        found({"select": ["conflicting-cost-center"], "ignore": ["conflicts"]}, folder)
    )


def test_parameters_are_laid_over_those_of_a_rule_and_wake_one_that_awaits_them() -> None:
    wanted = {"rules": {"malformed-cost-center": {"params": {"pattern": "CC-[0-9]+"}}}}

    assert {} == found({}, memory())
    assert {"malformed-cost-center"} == set(found(wanted, memory()))


def test_overrides_hold_for_the_jobs_that_they_name_and_later_ones_win() -> None:
    data = {
        "overrides": [
            {
                "when": {"tenant_id": ["ACME", "other"]},
                "rules": {"unknown-provider": {"severity": "warning"}},
            },
            {
                "when": {"tenant_id": "acme", "environment": "production"},
                "rules": {"unknown-provider": {"severity": "note"}},
            },
        ]
    }

    def severity(**words: str) -> Severity:
        job = BAD_JOB
        for name, word in words.items():
            before = {"tenant_id": "acme", "environment": "production"}[name]
            job = job.replace(f"{name}: {before}", f"{name}: {word}", 1)
        return found(data, memory(jobs__bad=job))["unknown-provider"]

    assert Severity.NOTE == severity()
    assert Severity.WARNING == severity(environment="${ENVIRONMENT}")
    assert Severity.WARNING == severity(tenant_id="Other")
    assert Severity.ERROR == severity(tenant_id="third")


def test_an_override_reaches_the_rules_about_the_file_of_its_job() -> None:
    data = {
        "overrides": [
            {"when": {"tenant_id": "acme"}, "rules": {"duplicate-key": {"severity": "off"}}}
        ]
    }
    twice = f"{JOB}asset: orders\n"

    assert {"duplicate-key"} == set(found({}, memory(jobs__twice=twice)))
    assert {} == found(data, memory(jobs__twice=twice))
    other = twice.replace("tenant_id: acme", "tenant_id: other")
    assert {"duplicate-key"} == set(found(data, memory(jobs__twice=other)))


def test_an_override_is_held_though_no_job_of_the_run_meets_it(root: Path) -> None:
    text = """\
overrides:
- when: {tenant_id: nobody}
  rules:
    malformed-cost-center: {params: {pattern: "("}}
"""
    (line,) = told(root, text)

    assert line.startswith(".dativo-lint.yml:4:5: malformed-cost-center: params: ")


def test_rules_that_only_an_override_wakes_are_among_those_that_ran() -> None:
    pattern = {"malformed-cost-center": {"params": {"pattern": "CC-[0-9]+"}}}
    data = {"overrides": [{"when": {"tenant_id": "acme"}, "rules": pattern}]}

    assert "malformed-cost-center" in {rule.id for rule in lint(data, memory()).rules}
    assert "malformed-cost-center" not in {rule.id for rule in lint({}, memory()).rules}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_only_what_there_is(preset: str) -> None:
    settings = settings_from({"preset": preset}, ROOT)

    RuleSets(RULES.values(), settings)
    assert set(settings.rules) <= set(RULES)
    families = {rule.family for rule in RULES.values()}
    assert set(settings.ignore) <= set(RULES) | families


def test_a_stricter_preset_runs_no_fewer_rules() -> None:
    minimal, recommended, strict = (
        RuleSets(RULES.values(), settings_from({"preset": preset}, ROOT)).usual.ids
        for preset in PRESETS
    )

    assert minimal < recommended < strict


def test_strict_wakes_rules_that_are_silent_otherwise() -> None:
    asset = ASSET.replace("{name: id, type: string}", "{name: email, type: string}")
    folder = MemoryFolder({**memory().files, "assets/orders.yaml": asset})

    assert {} == found({}, folder)
    assert "unclassified-column" in found({"preset": "strict"}, folder)


def test_what_a_shop_says_goes_over_its_preset() -> None:
    settings = settings_from(
        {
            "preset": "minimal",
            "select": ["finops", "compute"],
            "rules": {"missing-project": {"severity": "note"}},
        },
        ROOT,
    )
    ready = RuleSets(RULES.values(), settings).usual

    assert "missing-project" in ready.ids
    assert {"finops", "compute"} == {rule.family for rule in ready.all}


def test_the_command_line_goes_over_the_file_and_adds_to_what_it_ignores(root: Path) -> None:
    text = "preset: minimal\nselect: [destinations]\nignore: [invalid-aws-tag]"
    write(root, {".dativo-lint.yml": text})

    settings = find_settings(
        root, over={"select": ["compute"], "ignore": ["unknown-provider"], "fail_on": "note"}
    )

    assert ("compute",) == settings.select
    assert {"finops", "invalid-aws-tag", "unknown-provider"} <= set(settings.ignore)
    assert Severity.NOTE == settings.fail_on
    assert "command line" == settings.origins["select"]
    assert "preset minimal, .dativo-lint.yml:3:1, command line" == settings.origins["ignore"]


def test_origins_tell_the_line_of_every_setting(root: Path) -> None:
    text = """\
preset: strict
rules:
  missing-owner: {severity: note}
limits:
  nesting: 50
sinks: {dagster: {namespaces: finops}}
prefixes: {/srv/: .}
"""
    write(root, {".dativo-lint.yml": text})

    origins = find_settings(root).origins

    assert ".dativo-lint.yml:1:1" == origins["preset"]
    assert "preset strict, .dativo-lint.yml:3:3" == origins["rules.missing-owner"]
    assert "preset strict" == origins["rules.missing-project"]
    assert ".dativo-lint.yml:5:3" == origins["limits.nesting"]
    assert ".dativo-lint.yml:6:9" == origins["sinks.dagster"]
    assert ".dativo-lint.yml:7:1" == origins["prefixes"]


def test_a_file_outside_the_root_is_named_in_full(root: Path) -> None:
    write(root.parent, {"shared.yml": "selct: 1"})

    with pytest.raises(UsageError, match=rf"{root.parent}/shared\.yml:1:1: unknown setting .selct"):
        find_settings(root, file=root.parent / "shared.yml")


def test_the_settings_in_the_documentation_are_settings() -> None:
    text = (Path(__file__).parent.parent / "docs" / "settings.md").read_text("utf-8")
    documented = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])

    RuleSets(RULES.values(), settings_from(documented, ROOT))
    assert set(schema("settings")["properties"]) == set(documented)


def test_settings_made_by_hand_need_no_more_than_a_root() -> None:
    report = lint_folder(memory(), Given(["jobs/orders.yaml"]), Settings(root=ROOT))

    assert () == report.findings


@pytest.mark.parametrize(
    "rules",
    [
        "missing-owner: off",
        "missing-owner: 'off'",
        "missing-owner: {severity: off}",
        "missing-owner: {severity: 'off'}",
        "missing-owner: no",
    ],
)
def test_a_rule_is_turned_off_quoted_or_not_in_short_or_at_length(root: Path, rules: str) -> None:
    write(root, {".dativo-lint.yml": f"rules: {{{rules}}}\n"})

    assert "missing-owner" not in RuleSets(RULES.values(), find_settings(root)).usual.ids


@pytest.mark.parametrize(
    ("field", "near"),
    [
        ("enviroment", "environment"),
        ("infrastructure.provder", "infrastructure.provider"),
        ("finops.costcenter", "finops.cost_center"),
        ("paths", "path"),
    ],
)
def test_an_override_for_a_field_that_no_job_has_is_refused_with_the_nearest(
    root: Path, field: str, near: str
) -> None:
    write(root, {".dativo-lint.yml": f"overrides:\n- when: {{{field}: a}}\n  rules: {{}}\n"})

    with pytest.raises(UsageError, match=rf"yml:2:10: overrides\[0\].*{field}.*; .*{near}"):
        find_settings(root)


@pytest.mark.parametrize("field", ["source.anything", "infrastructure.tags.Team", "tenant_id"])
def test_an_override_may_hold_for_any_field_that_a_job_may_have(root: Path, field: str) -> None:
    write(root, {".dativo-lint.yml": f"overrides:\n- when: {{{field}: a}}\n  rules: {{}}\n"})

    assert 1 == len(find_settings(root).overrides)


def test_an_override_may_be_for_the_files_that_globs_match() -> None:
    def job(path: str, text: str = "tenant_id: acme\n") -> Document:
        return read_content(path, text.encode()).documents[0]

    data = {
        "overrides": [
            {"when": {"path": "legacy/"}, "rules": {"missing-owner": "off"}},
            {"when": {"path": ["*.yml"], "tenant_id": "acme"}, "rules": {"missing-owner": "note"}},
        ]
    }
    rule_sets = RuleSets(RULES.values(), settings_from(data, "/"))

    assert (1,) == rule_sets.overrides_of(job("legacy/a.yaml"))
    assert (1, 2) == rule_sets.overrides_of(job("legacy/a.yml"))
    assert () == rule_sets.overrides_of(job("jobs/a.yml", "tenant_id: other"))
    assert ((1,), ()) == tuple(map(rule_sets.overrides_of_file, ("legacy/a.yml", "assets/a.yml")))
