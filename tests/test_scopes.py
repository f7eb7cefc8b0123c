"""Settings of folders, presets and overrides: what applies to a file, and where it is set."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import ASSET, BAD_JOB, FILES, JOB, write

from dativo_lint.api import all_rules, lint
from dativo_lint.documents.document import Document
from dativo_lint.documents.folder import read_content
from dativo_lint.engine.run import Means
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.rulebook.index import builtin_path
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.files import find_settings
from dativo_lint.settings.identity import identity_of
from dativo_lint.settings.presets import PRESETS
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import settings_from

RULES = builtin_rules()
DAY = date(2026, 1, 1)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the same bad job twice, of two teams."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    write(folder, {**FILES, "a/jobs/bad.yaml": BAD_JOB, "b/jobs/bad.yaml": BAD_JOB})
    monkeypatch.chdir(folder)
    return folder


def check(root: Path, *paths: str, **options: Any) -> Report:
    """A report over some paths."""
    settings = find_settings(root, **options)
    return lint([str(root / path) for path in paths or (".",)], settings, today=DAY)


def severities(report: Report, rule: str = "unknown-provider") -> dict[str, str]:
    """The severity of a rule's findings, by file."""
    found = report.findings
    return {it.place.path: it.severity.value for it in found if it.rule.id == rule}


# What the settings of a tree are, folded by hand.

IDS = ("missing-owner", "missing-project", "conflicting-cost-center", "ambiguous-list-merge")
FOLDERS = ("", "a", "a/b", "a/b/c", "d")


def rules_of(ids: tuple[str, ...] = IDS) -> Any:
    """Settings of some rules; only those with keys get parameters."""
    severity = st.sampled_from(["error", "warning", "note", "off"])
    params = st.sampled_from([{}, {"keys": ["finops.project"]}, {"keys": ["governance.owner"]}])
    full = st.fixed_dictionaries({"params": params}, optional={"severity": severity})
    return st.fixed_dictionaries(
        {}, optional={id: st.one_of(severity, *([full] if "missing" in id else [])) for id in ids}
    )


FILE = st.fixed_dictionaries(
    {},
    optional={
        "root": st.booleans(),
        "preset": st.lists(st.sampled_from(PRESETS), max_size=2),
        "ignore": st.lists(
            st.sampled_from([*IDS, "finops", "conflict*", "governance"]), max_size=2
        ),
        "rules": rules_of(),
        "overrides": st.lists(
            st.fixed_dictionaries(
                {
                    "when": st.sampled_from(
                        [{"tenant": "acm?"}, {"path": "c/"}, {"path": "b/*.yaml", "tenant": "x"}]
                    ),
                    "rules": rules_of(),
                }
            ),
            max_size=2,
        ),
    },
)
BUILT_IN = yaml.safe_load((Path(builtin_path()) / "presets.yaml").read_text("utf-8"))


def folded(files: dict[str, dict[str, Any]], folder: str, tenant: str) -> dict[str, Any]:
    """The severity and keys of each rule for a job `x.yaml` in a folder, by a naive fold."""
    state: dict[str, dict[str, Any]] = {}

    def lay(rules: dict[str, Any], ignore: list[str] | None = None) -> None:
        if ignore is None:
            ignore = []
        for id, written in rules.items():
            setting = written if isinstance(written, dict) else {"severity": written}
            rule = state.setdefault(id, {"params": {}})
            rule["params"] = {**rule["params"], **setting.get("params", {})}
            rule["severity"] = setting.get("severity") or rule.get("severity")
        for rule in RULES:
            names = [rule.id, rule.family]
            starts = any(name.startswith("conflict") for name in names)
            if any(name in names or (name == "conflict*" and starts) for name in ignore):
                state.setdefault(rule.id, {"params": {}})["severity"] = "off"

    for at in FOLDERS:
        if at not in files or (at and not f"{folder}/".startswith(f"{at}/")):
            continue
        data = files[at]
        if data.get("root") and at:
            state.clear()
        for preset in data.get("preset", []):
            lay(
                BUILT_IN.get(preset, {}).get("rules", {}),
                BUILT_IN.get(preset, {}).get("ignore", []),
            )
        lay(data.get("rules", {}), data.get("ignore", []))
        inside = f"{folder}/x.yaml"[len(f"{at}/") if at else 0 :].lstrip("/")
        for override in data.get("overrides", []):
            when = override["when"]
            path, wanted = when.get("path", ""), when.get("tenant", "")
            in_c = path == "c/" and "c" in inside.split("/")[:-1]
            in_b = path == "b/*.yaml" and inside.startswith("b/") and (inside.count("/") == 1)
            if path and not (in_c or in_b):
                continue
            if wanted and not (tenant.lower() == wanted or (wanted == "acm?" and tenant == "ACME")):
                continue
            lay(override["rules"])
    result = {}
    for rule in RULES:
        setting = state.get(rule.id, {"params": {}})
        params = {**rule.params, **setting["params"]}
        severity = setting.get("severity")
        is_off = severity == "off" or (rule.off_by_default and not severity)
        if not is_off and all(name in params for name in rule.requires_params):
            result[rule.id] = (severity or rule.severity.value, params.get("keys"))
    return result


@examples(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(FOLDERS), FILE, max_size=5),
    st.sampled_from(FOLDERS),
    st.sampled_from(["ACME", "x", "other"]),
)
def test_the_settings_of_a_job_are_the_fold_of_those_above_it(
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[str, dict[str, Any]],
    folder: str,
    tenant: str,
) -> None:
    root = tmp_path_factory.mktemp("tree")
    (root / ".git").mkdir()
    for at, data in files.items():
        write(root, {f"{at}/.dativo-lint.yml".lstrip("/"): json.dumps(data)})
    path = f"{folder}/x.yaml".lstrip("/")
    job = read_content(path, f"tenant_id: {tenant}\n".encode()).documents[0]

    rules = RuleSets(RULES, find_settings(root)).for_job(job)

    effective = {it.id: (it.severity.value, it.params.get("keys")) for it in rules.all}
    assert folded(files, folder, tenant) == effective
    shutil.rmtree(root)


TREE = {
    ".dativo-lint.yml": "ignore: [dagster-metadata-only]\n",
    "a/.dativo-lint.yml": "rules: {unknown-provider: warning}\n",
    "a/jobs/.dativo-lint.yaml": "ignores: [{rules: [lost-tag], paths: '*.yaml', reason: x}]\n",
    "b/pyproject.toml": "[tool.dativo-lint]\nrules.unknown-provider = 'note'\n",
}


def test_a_report_is_the_same_from_every_folder_in_every_order_and_from_the_cache(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, TREE)
    paths = ["a/jobs/bad.yaml", "b/jobs/bad.yaml", "jobs"]
    reports = []
    for below in (".", "a", "b/jobs"):
        monkeypatch.chdir(root / below)
        for order in (paths, paths[::-1]):
            for means in (Means(), Means(cache=tmp_path / "cache"), Means(2)):
                full = [str(root / path) for path in order]
                report = lint(full, find_settings(Path.cwd()), today=DAY, means=means)
                reports.append("".join(REPORTS["json"](report)))

    assert 1 == len(set(reports))
    assert {"a/jobs/bad.yaml": "warning", "b/jobs/bad.yaml": "note"} == severities(check(root))
    alone = lint([str(root / "a" / "jobs")], find_settings(root / "a" / "jobs"), today=DAY)
    assert {"a/jobs/bad.yaml": "warning"} == severities(alone)


def test_a_settings_file_that_is_root_keeps_off_what_is_above(root: Path) -> None:
    write(root, {".dativo-lint.yml": "preset: minimal\nrules: {unknown-provider: off}\n"})
    assert {} == severities(check(root))

    write(root, {"a/.dativo-lint.yml": "root: true\n"})
    assert {"a/jobs/bad.yaml": "error"} == severities(check(root))
    assert {} == severities(check(root, over={"ignore": ["unknown-provider"]}))


def test_a_rule_that_is_ignored_above_is_on_again_where_its_severity_is_set(root: Path) -> None:
    write(root, {".dativo-lint.yml": "ignore: [compute]\n"})
    write(root, {"a/.dativo-lint.yml": "rules: {unknown-provider: note}\n"})

    assert {"a/jobs/bad.yaml": "note"} == severities(check(root))


def test_a_finding_follows_the_settings_of_the_file_that_is_judged(root: Path) -> None:
    """A job is judged with its asset, a file by itself."""
    twice = ASSET.replace("FIN-001", "FIN-009") + "name: orders\n"
    write(
        root, {"assets/orders.yaml": twice, "a/.dativo-lint.yml": "rules: {duplicate-key: off}\n"}
    )
    assert "error" == severities(check(root, "a"), "duplicate-key")["assets/orders.yaml"]

    write(root, {"assets/.dativo-lint.yml": "rules: {duplicate-key: note, missing-project: off}\n"})
    assert "note" == severities(check(root, "a"), "duplicate-key")["assets/orders.yaml"]

    before = severities(check(root), "conflicting-cost-center")
    write(root, {"assets/.dativo-lint.yml": "rules: {conflicting-cost-center: off}\n"})
    assert before == severities(check(root), "conflicting-cost-center") != {}


def test_a_suppression_is_judged_under_the_settings_of_its_file(root: Path) -> None:
    unused = JOB.replace("aws\n", "aws  # dativo-lint: ignore[unknown-provider] because of it\n")
    write(root, {"a/jobs/bad.yaml": unused, "b/jobs/bad.yaml": unused})
    write(root, {"a/.dativo-lint.yml": "rules: {unused-suppression: off}\n"})

    assert {"b/jobs/bad.yaml": "warning"} == severities(check(root), "unused-suppression")


def test_ignores_of_a_folder_accept_what_is_in_it(root: Path) -> None:
    ignores = "ignores: [{rules: [unknown-provider], paths: [jobs/], reason: moved}]\n"
    write(root, {"a/.dativo-lint.yml": ignores})

    report = check(root)

    assert {"b/jobs/bad.yaml": "error"} == severities(report)
    assert ["a/jobs/bad.yaml"] == [it.place.path for it in report.suppressed]


def test_a_folder_whose_name_is_a_glob_is_only_itself(root: Path) -> None:
    ignores = "ignores: [{rules: [unknown-provider], paths: ['*.yaml'], reason: x}]\n"
    write(root, {"[ab]/.dativo-lint.yml": ignores, "[ab]/bad.yaml": BAD_JOB})

    assert {"a/jobs/bad.yaml", "b/jobs/bad.yaml"} == severities(check(root)).keys()


def test_a_settings_file_that_is_named_or_none_switches_those_of_folders_off(root: Path) -> None:
    write(root, {**TREE, "other.yml": ""})

    for options in ({"file": root / "other.yml"}, {"isolated": True}):
        assert {"error"} == {*severities(check(root, **options)).values()}


WRONG = {
    "fail_on: note": (
        'a/.dativo-lint.yml:1:1: "fail_on" is a setting of the whole run; expected it in '
        ".dativo-lint.yml, or a start with --root a"
    ),
    "rules: {unknown-provdier: off}": (
        'a/.dativo-lint.yml:1:9: rules: unknown rule "unknown-provdier"; did you mean '
        '"unknown-provider"?'
    ),
    "rules: {missing-owner: {params: {kes: [a]}}}": (
        'a/.dativo-lint.yml:1:9: missing-owner: unknown field "params.kes"; did you mean "keys"?'
    ),
    "ignore: [finop]": (
        'a/.dativo-lint.yml:1:1: ignore: unknown rule or family "finop"; did you mean "finops"?'
    ),
    "overrides: [{when: {tennant: x}, rules: {}}]": (
        "a/.dativo-lint.yml:1:21: overrides[0].when.tennant is not a field of a job; "
        'did you mean "tenant"?'
    ),
    "root: 1": "a/.dativo-lint.yml:1:7: root is 1 (a number); expected true or false",
    "preset: strickt": (
        'a/.dativo-lint.yml:1:9: preset is "strickt"; expected one of: minimal, recommended, '
        'strict, or the path of a YAML file; did you mean "strict"?'
    ),
    "preset: ../../x.yaml": (
        'a/.dativo-lint.yml:1:9: preset "../../x.yaml": the file is outside the repository'
    ),
    "preset: [strict, link.yaml]": (
        'a/.dativo-lint.yml:1:18: preset "link.yaml": the file is outside the repository'
    ),
    "preset: loop.yaml": (
        'a/loop.yaml:1:9: preset "./loop.yaml": it is based on itself: a/.dativo-lint.yml -> '
        "a/loop.yaml -> a/loop.yaml"
    ),
    "preset: run.yaml": (
        'a/run.yaml:1:1: "jobs" is not a setting of presets; expected preset, ignore, rules, '
        "overrides"
    ),
    "preset: [" + "wide.yaml, " * 60 + "]": "a/wide.yaml:1:18: preset: more than 100 presets",
    "a: [": "a/.dativo-lint.yml:2:1:",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:30])
def test_what_is_wrong_in_a_folder_fails_the_runs_over_it_and_no_other(
    root: Path, text: str
) -> None:
    write(root, {".dativo-lint.yml": "", "a/.dativo-lint.yml": f"{text}\n"})
    write(root, {"a/loop.yaml": "preset: ./loop.yaml\n", "a/run.yaml": "jobs: []\n"})
    write(root, {"a/wide.yaml": "preset: [strict, strict]\n", "../x.yaml": "{}\n"})
    (root / "a" / "link.yaml").symlink_to(root.parent / "x.yaml")

    for means in (Means(), Means(2)):
        with pytest.raises(UsageError) as error:
            lint([str(root)], find_settings(root), means=means)
        assert str(error.value).startswith(WRONG[text])
    assert {"b/jobs/bad.yaml": "error"} == severities(check(root, "b"))

    write(root, {".dativo-lint.yml": "exclude: [a/]\n"})
    assert {"b/jobs/bad.yaml": "error"} == severities(check(root))


def test_what_is_wrong_in_a_project_file_is_told_with_its_folder(root: Path) -> None:
    write(root, {"a/pyproject.toml": "[tool.dativo-lint]\nignore = [\n"})

    with pytest.raises(UsageError, match=r"^a/pyproject\.toml:3:1: "):
        check(root)


def test_a_preset_of_a_shop_is_laid_below_the_settings_that_name_it(root: Path) -> None:
    overrides = "overrides: [{when: {tenant: acme}, rules: {missing-owner: note}}]"
    house = f"preset: minimal\nrules: {{unknown-provider: note}}\n{overrides}\n"
    write(root, {"policy/house.yaml": house, ".dativo-lint.yml": "preset: policy/house.yaml\n"})
    assert {"note"} == {*severities(check(root)).values()}

    more = "preset: [policy/house.yaml, strict]\nrules: {unknown-provider: warning}\n"
    write(root, {".dativo-lint.yml": more})
    rules = RuleSets(RULES, find_settings(root))

    def severity(id: str, tenant: str) -> str | None:
        job = read_content("x.yaml", f"tenant_id: {tenant}\n".encode()).documents[0]
        return next((it.severity.value for it in rules.for_job(job).all if it.id == id), None)

    assert ("warning", "error", "error") == (
        severity("unknown-provider", "acme"),
        severity("missing-owner", "acme"),
        severity("missing-project", "x"),
    )
    assert severity("conflicting-owner", "x") is None


def test_presets_and_settings_of_folders_are_part_of_the_identity(root: Path) -> None:
    write(root, {".dativo-lint.yml": "preset: house.yaml\n"})
    identities = []
    for path, text in (
        ("house.yaml", "rules: {unknown-provider: note}\n"),
        ("house.yaml", "rules: {unknown-provider: warning}\n"),
        ("a/.dativo-lint.yml", "rules: {unknown-provider: note}\n"),
        ("a/.dativo-lint.yml", "ignore: [unknown-provider]\n"),
        ("a/.dativo-lint.yml", "root: true\n"),
        ("b/.dativo-lint.yml", "root: true\n"),
    ):
        write(root, {path: text})
        identities.append(identity_of(find_settings(root)))

    assert len(identities) == len(set(identities))
    write(root, {"b/.dativo-lint.yml": "# moved\n\nroot: true\n"})
    assert identities[-1] == identity_of(find_settings(root))


@pytest.mark.parametrize("changed", ["a/.dativo-lint.yml", "a/house.yaml"])
def test_a_changed_settings_file_judges_what_is_below_it(root: Path, changed: str) -> None:
    write(root, {"a/.dativo-lint.yml": "preset: house.yaml\n", "a/house.yaml": "rules: {}\n"})

    report = lint([changed], find_settings(root), changed=True)

    assert {"a/jobs/bad.yaml"} == severities(report).keys()
    assert 1 == report.jobs


def test_a_changed_settings_file_judges_the_jobs_that_use_what_is_below_it(root: Path) -> None:
    write(root, {"connectors/.dativo-lint.yml": "rules: {duplicate-key: off}\n"})

    assert 3 == lint(["connectors/.dativo-lint.yml"], find_settings(root), changed=True).jobs


def test_a_deleted_settings_file_judges_what_was_below_it(root: Path) -> None:
    report = lint(["a/.dativo-lint.yml"], find_settings(root), changed=True)

    assert {"a/jobs/bad.yaml"} == severities(report).keys()


def test_globs_of_a_folder_that_match_nothing_are_told(root: Path) -> None:
    text = """\
overrides: [{when: {path: [jbos/, jobs/]}, rules: {missing-owner: off}}]
ignores: [{rules: [lost-tag], paths: [none.yaml], reason: x}]
"""
    write(root, {"a/.dativo-lint.yml": text})

    assert (
        (
            'a/.dativo-lint.yml:1:28: overrides[0].when.path: no file matches "jbos/"'
            '; did you mean "jobs"?'
        ),
        'a/.dativo-lint.yml:2:39: ignores[0].paths: no file matches "none.yaml"',
    ) == check(root).warnings


def test_without_git_the_highest_settings_file_is_at_the_root(root: Path) -> None:
    (root / ".git").rmdir()
    write(root, {".dativo-lint.yml": "", "a/.dativo-lint.yml": "rules: {unknown-provider: note}\n"})

    assert {str(root)} == {find_settings(root / at).root for at in (".", "a", "a/jobs", "b")}
    assert {"a/jobs/bad.yaml": "note", "b/jobs/bad.yaml": "error"} == severities(check(root))

    write(root, {"a/.dativo-lint.yml": "root: true\nfail_on: note\n"})
    assert str(root / "a") == find_settings(root / "a" / "jobs").root


@pytest.mark.parametrize(
    ("when", "job", "applies"),
    [
        ({"tenant": "acme"}, "tenant_id: ACME", True),
        ({"tenant": ["b*", "ac?e"]}, "tenant_id: Acme", True),
        ({"tenant": "*"}, "asset: x", False),
        ({"tenant_id": "acme"}, "tenant_id: acme", True),
        ({"environment": "prod*"}, "environment: production", True),
        ({"environment": "prod"}, "finops: {environment: prod}", True),
        ({"environment": "prod"}, "environment: dev\nfinops: {environment: prod}", False),
        ({"environment": "prod"}, "finops: {environment: '${ENV}'}", False),
        ({"provider": ["aws", "gcp"]}, "infrastructure: {provider: AWS}", True),
        ({"provider": "aws"}, "infrastructure: {provider: gcp}", False),
        ({"path": "x/"}, "asset: x", True),
        ({"path": "y/"}, "asset: x", False),
        ({"path": "*.yaml", "provider": "g*"}, "infrastructure: {provider: gcp}", True),
    ],
)
def test_an_override_is_for_a_path_tenant_environment_or_provider(
    when: dict[str, Any], job: str, applies: bool
) -> None:
    data = {"overrides": [{"when": when, "rules": {"missing-owner": "note"}}]}
    document: Document = read_content("x/job.yaml", f"{job}\n".encode()).documents[0]
    rules = RuleSets(RULES, settings_from(data, "/")).for_job(document)

    assert applies == any(
        it.id == "missing-owner" and it.severity is Severity.NOTE for it in rules.all
    )


def test_rules_that_are_alike_in_several_folders_are_prepared_once(root: Path) -> None:
    write(root, TREE)
    settings = find_settings(root)
    rules = RuleSets(all_rules(settings), settings)

    def prepared(path: str) -> dict[str, Rule]:
        return {it.rule.id: it.rule for it in rules.for_file(path).of("job")}

    usual, other = prepared("x.yaml"), prepared("a/x.yaml")
    assert ["unknown-provider"] == [id for id in usual if usual[id] is not other[id]]
