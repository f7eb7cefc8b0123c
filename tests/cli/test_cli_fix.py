"""Fixing: files are edited as a careful colleague would, or left alone."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from shutil import which

import pytest
from cli_samples import Repository

JOB = b"asset_path: asset.yaml\r\nfinops:\r\n  cost_center: 0123   # books\r\n  project: 1:30"
FIXED = JOB.replace(b"0123", b'"0123"').replace(b"1:30", b'"1:30"')
ONLY = ("--select", "yaml-implicit-type,unknown-field,unused-suppression", "--no-cache")


@pytest.fixture
def shop(repository: Repository) -> Repository:
    repository.write({"job.yaml": JOB, "asset.yaml": "asset:\n  name: a\n"})
    return repository


def test_safe_fixes_are_written_and_fail_the_commit_once(shop: Repository) -> None:
    code, out, _ = shop.run("check", "--fix", *ONLY)
    assert (code, (shop.folder / "job.yaml").read_bytes()) == (1, FIXED)
    assert out.endswith("; fixed 2\n")
    assert shop.run("check", "--fix", *ONLY)[0] == 0


def test_fixed_files_need_not_fail_a_run(shop: Repository) -> None:
    assert shop.run("check", "--fix", "--exit-zero-on-fix", *ONLY)[0] == 0


def test_a_diff_shows_what_would_change_and_writes_nothing(shop: Repository) -> None:
    code, out, err = shop.run("check", "--diff", *ONLY)
    assert (code, err) == (1, "dativo-lint: would fix 2 findings\n")
    assert "-  cost_center: 0123   # books\r\n" in out
    assert '+  project: "1:30"\n\\ No newline at end of file\n' in out
    assert (shop.folder / "job.yaml").read_bytes() == JOB


def test_a_diff_is_a_patch_for_names_of_any_characters(
    shop: Repository,
) -> None:
    (shop.folder / "job.yaml").unlink()
    names = ["my job.yaml", "ö ü.yaml", "x 2024-01-01.yaml", 'ö\t\n"\\.yaml', "\u202e##[a].yaml"]
    shop.write(dict.fromkeys(names, JOB))
    patch = shop.run("check", "--diff", *ONLY)[1].encode()
    tools = [tool for tool in (["git", "apply"], ["patch", "-p1", "--binary"]) if which(tool[0])]
    for tool in tools:
        shop.write(dict.fromkeys(names, JOB))
        subprocess.run(tool, input=patch, cwd=shop.folder, check=True, capture_output=True)
        assert [(shop.folder / name).read_bytes() for name in names] == [FIXED] * len(names)


@pytest.mark.parametrize("option", ["--exit-zero", "--exit-zero-on-fix"])
def test_a_diff_need_not_fail_a_run(shop: Repository, option: str) -> None:
    assert shop.run("check", "--diff", option, *ONLY)[0] == 0


def test_several_repositories_are_fixed_and_told_apart(shop: Repository) -> None:
    files = {"job.yaml": JOB, "asset.yaml": "asset:\n  name: a\n"}
    shop.write({f"{name}/{path}": text for name in "ab" for path, text in files.items()})
    for name in "ab":
        (shop.folder / name / ".git").mkdir()
    both = ("a", "b", *ONLY)
    _, out, _ = shop.run("check", "--diff", *both)
    assert [line for line in out.splitlines() if line.startswith("+++")] == [
        "+++ b/a/job.yaml",
        "+++ b/b/job.yaml",
    ]
    report = json.loads(shop.run("check", "--format", "json", *both)[1])
    places = [each["fixes"][0]["edits"][0]["place"]["path"] for each in report["findings"]]
    assert places == ["a/job.yaml", "a/job.yaml", "b/job.yaml", "b/job.yaml"]
    assert shop.run("check", "--fix", *both)[1].endswith("; fixed 4\n")
    assert [(shop.folder / name / "job.yaml").read_bytes() for name in "ab"] == [FIXED, FIXED]


def test_of_several_repositories_all_are_fixed_or_none(shop: Repository) -> None:
    files = {"job.yaml": JOB, "asset.yaml": "asset:\n  name: a\n"}
    shop.write({f"{name}/{path}": text for name in "ab" for path, text in files.items()})
    for name in "ab":
        (shop.folder / name / ".git").mkdir()
    (shop.folder / "b/job.yaml").unlink()
    code, out, err = shop.run("check", "--fix", "a", "b", *ONLY)
    assert (code, out) == (2, "")
    assert "nothing to check" in err
    assert (shop.folder / "a/job.yaml").read_bytes() == JOB


def test_only_the_findings_of_some_rules_are_fixed(shop: Repository) -> None:
    shop.write({"job.yaml": "asset_path: asset.yaml\nfinops: {cost_centre: a, project: 012}\n"})
    shop.run("check", "--fix-only", "unknown-*", *ONLY)
    text = (shop.folder / "job.yaml").read_text()
    assert text == "asset_path: asset.yaml\nfinops: {cost_center: a, project: 012}\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--fix-only", "unknown-feld"),
            'no rule "unknown-feld" ran; did you mean "unknown-field"?',
        ),
        (("--unsafe-fixes",), "--unsafe-fixes needs --fix or --diff"),
        (("--fix-at", "job"), "--fix-at needs --fix or --diff"),
        (("--exit-zero-on-fix",), "--exit-zero-on-fix needs --fix or --diff"),
        (("--fix", "-"), "--fix and --diff cannot be combined with -"),
        (("--diff", "--since", "HEAD"), "--fix and --diff cannot be combined with --since"),
        (("--fix", "--shard", "1/2"), "--fix and --diff cannot be combined with --shard"),
        (("--diff", "--format", "json"), "--diff shows no report"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    shop: Repository, options: tuple[str, ...], message: str
) -> None:
    code, _, err = shop.run("check", *options, *ONLY)
    assert code == 2
    assert message in err
    assert (shop.folder / "job.yaml").read_bytes() == JOB


def test_unsafe_fixes_are_made_only_if_wanted(shop: Repository) -> None:
    job = "infrastructure: {provider: aws, compute_type: lambda, memory_mb: 100}\n"
    shop.write({"job.yaml": job})
    sizes = ("--select", "invalid-lambda-size", "--no-cache")
    shop.run("check", "--fix", *sizes)
    assert (shop.folder / "job.yaml").read_text() == job
    shop.run("check", "--fix", "--unsafe-fixes", *sizes)
    assert (shop.folder / "job.yaml").read_text() == job.replace("100", "128")


def test_a_value_that_others_have_is_edited_once_if_all_need_it(shop: Repository) -> None:
    job = "asset_path: asset.yaml\nfinops: {cost_center: &x 012, project: *x}\n"
    shop.write({"job.yaml": job})
    assert shop.run("check", "--fix", *ONLY)[1].endswith("; fixed 2\n")
    assert (shop.folder / "job.yaml").read_text() == job.replace("012", '"012"')


def test_a_shared_value_is_edited_safely_only_if_it_is_safe_for_all_its_fields(
    shop: Repository,
) -> None:
    job = "infrastructure:\n  terraform_vars: {one: &x 012}\n  tags: {Build: *x}\n"
    shop.write({"job.yaml": job})
    rules = ("--select", "non-string-tag-value,yaml-implicit-type-in-vars", "--no-cache")
    _, out, _ = shop.run("check", "--fix", *rules)
    assert "safe fix" not in out
    assert (shop.folder / "job.yaml").read_text() == job
    assert shop.run("check", "--fix", "--unsafe-fixes", *rules)[1].endswith("; fixed 2\n")
    assert (shop.folder / "job.yaml").read_text() == job.replace("012", '"012"')


def test_a_value_that_others_use_is_left_alone_with_the_reason(shop: Repository) -> None:
    job = "asset_path: asset.yaml\nretry_config: {max_retries: &x 12}\n"
    shop.write({"job.yaml": job.replace("12", "012") + "finops: {project: *x}\n"})
    before = (shop.folder / "job.yaml").read_text()
    code, _, err = shop.run("check", "--fix", *ONLY)
    assert code == 1
    assert "yaml-implicit-type not fixed: it would change finops.project, too" in err
    assert (shop.folder / "job.yaml").read_text() == before
    _, out, err = shop.run("check", "--fix", "-q", *ONLY)
    assert err == "dativo-lint: 2 findings not fixed; without -q with reasons\n"
    assert "safe fix" not in out
    assert shop.run("check", "--fix", "-qq", *ONLY) == (1, "", "")
    assert "not fixed" not in shop.run("check", "--fix-only", "unknown-field", *ONLY)[2]


def test_a_fix_that_would_bring_a_new_finding_is_not_made(shop: Repository) -> None:
    shop.write({"job.yaml": "asset_path: asset.yaml\nfinops: {cost_centre: 012, project: 1:30}\n"})
    _, _, err = shop.run("check", "--fix", *ONLY)
    assert "not fixed: it would cause yaml-implicit-type at" in err
    text = (shop.folder / "job.yaml").read_text()
    assert text.endswith('finops: {cost_centre: 012, project: "1:30"}\n')


def test_a_diff_needs_no_place_to_write_to(
    shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: str) -> None:
        raise FileNotFoundError("no usable temporary directory")

    before = shop.run("check", "--diff", "--no-cache", *ONLY)
    monkeypatch.setattr(tempfile, "TemporaryDirectory", refused)
    assert shop.run("check", "--diff", "--no-cache", *ONLY) == before
    assert before[0] == 1


def test_a_file_that_changed_meanwhile_is_left_alone(
    shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dativo_lint.fixes import rounds

    fix_all = rounds.fix_all

    def slowly(*given: object) -> rounds.Fixed:
        result = fix_all(*given)  # type: ignore[arg-type]
        (shop.folder / "job.yaml").write_text("finops: {project: edited}\n")
        return result

    monkeypatch.setattr(rounds, "fix_all", slowly)
    code, _, err = shop.run("check", "--fix", *ONLY)
    assert code == 2
    assert "cannot write job.yaml: it was changed meanwhile" in err
    assert (shop.folder / "job.yaml").read_text() == "finops: {project: edited}\n"


def test_a_file_that_cannot_be_replaced_keeps_no_other_from_being_fixed(shop: Repository) -> None:
    shop.write({"linked.yaml": JOB})
    (shop.folder / "hard.yml").hardlink_to(shop.folder / "linked.yaml")
    broken = b"asset_path: asset.yaml\nfinops: {project: 012}\n---\n# \xff\n"
    shop.write({"broken.yaml": broken})
    code, _, err = shop.run("check", "--fix", *ONLY)
    assert code == 1
    assert "linked.yaml:3:16: yaml-implicit-type not fixed: it has another name (a hard" in err
    assert (
        "broken.yaml:2:19: yaml-implicit-type not fixed: the file has bytes that are no te" in err
    )
    contents = [(shop.folder / name).read_bytes() for name in ("linked.yaml", "broken.yaml")]
    assert contents == [JOB, broken]
    assert (shop.folder / "job.yaml").read_bytes() == FIXED


def test_forty_jobs_with_one_asset_are_one_edit(shop: Repository) -> None:
    jobs = {f"job{n}.yaml": "asset_path: asset.yaml\n" for n in range(40)}
    shop.write({**jobs, "job.yaml": "asset_path: asset.yaml\n"})
    shop.write({"asset.yaml": "asset:\n  compliance: {retention_days: 0365}\n"})
    _, out, _ = shop.run("check", "--fix", *ONLY)
    assert out.endswith("; fixed 1\n")
    text = (shop.folder / "asset.yaml").read_text()
    assert text == "asset:\n  compliance: {retention_days: 365}\n"


def edits(shop: Repository) -> Iterator[tuple[str, str]]:
    """What JSON and SARIF have as edits: the text of each."""
    found = json.loads(shop.run("check", "--format", "json", *ONLY)[1])["findings"]
    sarif = json.loads(shop.run("check", "--format", "sarif", *ONLY)[1])["runs"][0]["results"]
    for one, other in zip(found, sarif, strict=True):
        change = other["fixes"][0]["artifactChanges"][0]["replacements"][0]
        yield one["fixes"][0]["edits"][0]["text"], change["insertedContent"]["text"]


def test_reports_for_machines_carry_the_edits(shop: Repository) -> None:
    assert list(edits(shop)) == [('"0123"', '"0123"'), ('"1:30"', '"1:30"')]


def test_what_is_left_can_be_suppressed_with_a_reason(shop: Repository) -> None:
    text = "asset_path: asset.yaml\nfinops: {cost_centre: 012, project: 1:30}  # x\n"
    shop.write({"job.yaml": text})
    options = ("--add-suppressions", "of the move", "--until", "2999-01-01")
    code, out, _ = shop.run("check", *options, *ONLY)
    rules = "unknown-field, yaml-implicit-type"
    comment = f"dativo-lint: ignore[{rules}] until 2999-01-01 because of the move"
    assert (shop.folder / "job.yaml").read_text() == text.replace("# x", f"# x  # {comment}")
    assert (code, "2 suppressed findings" in out) == (0, True)


@pytest.mark.parametrize(
    "options",
    [
        ("--until", "2999-01-01"),
        ("--add-suppressions", "x", "--until", "soon"),
        ("--add-suppressions", "x", "--fix"),
        ("--add-suppressions", ""),
    ],
)
def test_a_suppression_needs_a_reason_and_a_day(shop: Repository, options: tuple[str, ...]) -> None:
    assert shop.run("check", *options, *ONLY)[0] == 2
    assert (shop.folder / "job.yaml").read_bytes() == JOB


FORTY = {
    f"jobs/{number}.yaml": "asset_path: asset.yaml\ninfrastructure:\n  tags: {Owner: a@acme.com}\n"
    for number in range(40)
}
UNOWNED = "asset:\n  name: a\n"
OWNED = f"{UNOWNED}  team:\n    owner: a@acme.com\n"


def changed(shop: Repository, before: Mapping[str, str], *options: str) -> dict[str, str]:
    """What fixing missing owners makes of some files."""
    shop.write(before)
    rules = ("--select", "*-owner,yaml-implicit-type")
    assert shop.run("check", "--fix", *options, *rules, "--no-cache", "jobs/", "-q")[0] == 1
    after = {path: (shop.folder / path).read_text() for path in before}
    return {path: text for path, text in after.items() if text != before[path]}


def test_what_forty_jobs_lack_is_added_to_their_asset_once(shop: Repository) -> None:
    files = {**FORTY, "asset.yaml": UNOWNED}
    assert changed(shop, files) == {"asset.yaml": OWNED}
    assert changed(shop, files, "--fix-at", "asset") == {"asset.yaml": OWNED}


def test_what_is_fixed_for_one_job_harms_no_other_that_uses_the_same_asset(
    shop: Repository,
) -> None:
    others = {path: text.replace("a@", "b@") for path, text in list(FORTY.items())[1:]}
    files = {**FORTY, **others, "asset.yaml": UNOWNED}
    shop.write(files)
    shop.run("check", "--fix", "--select", "*-owner", "--no-cache", "jobs/0.yaml")
    after = {path: (shop.folder / path).read_text() for path in files}
    assert [path for path in files if after[path] != files[path]] == ["jobs/0.yaml"]
    assert "owner: a@acme.com" in after["jobs/0.yaml"]


def test_what_forty_jobs_lack_is_added_to_each_if_asked_for(shop: Repository) -> None:
    files = {**FORTY, "asset.yaml": UNOWNED}
    assert set(changed(shop, files, "--fix-at", "job")) == set(FORTY)


def test_a_job_that_disagrees_with_the_others_gets_its_own_value(shop: Repository) -> None:
    odd = FORTY["jobs/7.yaml"].replace("a@", "b@") + "finops:\n  project: "
    # An edit that touches the one of the owner comes first.
    before = {**FORTY, "asset.yaml": UNOWNED, "jobs/7.yaml": f"{odd}1:30\n"}
    own = "governance_overrides:\n  owner: b@acme.com\n"
    assert changed(shop, before) == {"asset.yaml": OWNED, "jobs/7.yaml": f'{odd}"1:30"\n{own}'}
    # In the asset it would contradict that job.
    assert changed(shop, before, "--fix-at", "asset") == {"jobs/7.yaml": f'{odd}"1:30"\n'}


@pytest.mark.parametrize("jobs", [1, 40])
def test_a_conflict_with_an_asset_is_fixed_where_fewer_edits_do_it(
    shop: Repository, jobs: int
) -> None:
    others = {path: text.replace("a@", "b@") for path, text in list(FORTY.items())[jobs:]}
    shop.write({"asset.yaml": OWNED.replace("a@", "b@"), **FORTY, **others})
    code, out, _ = shop.run(
        "check", "--fix", "--unsafe-fixes", "--select", "*-owner", "--no-cache", "-q", "."
    )
    assert (code, out.endswith(f"; fixed {jobs}\n")) == (1, True)
    texts = [(shop.folder / path).read_text() for path in (*FORTY, "asset.yaml")]
    assert sum("a@" in text for text in texts) == (0 if jobs == 1 else 41)


IGNORES = """\
ignores:
- {rules: [unknown-field], paths: [job.yaml], reason: old}
- paths: [job.yaml]  # kept
  rules:
  - yaml-implicit-type
  - unknown-field  # old
  reason: all
fail_on: error
"""
LEFT = """\
ignores:
- paths: [job.yaml]  # kept
  rules:
  - yaml-implicit-type
  reason: all
fail_on: error
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (IGNORES, LEFT),
        (LEFT.replace("yaml-implicit-type", "unknown-field"), "fail_on: error\n"),
        (LEFT, LEFT),
    ],
)
def test_what_is_unused_in_the_settings_is_removed(
    shop: Repository, before: str, after: str
) -> None:
    shop.write({".dativo-lint.yml": before})
    _, out, _ = shop.run("check", "--fix-only", "unused-suppression", *ONLY)
    assert (shop.folder / ".dativo-lint.yml").read_text() == after
    assert "unused suppression" not in out


def test_settings_in_toml_are_not_edited(shop: Repository) -> None:
    table = '[[tool.dativo-lint.ignores]]\nrules = ["unknown-field"]\npaths = ["job.yaml"]\n'
    shop.write({"pyproject.toml": table + 'reason = "old"\n'})
    assert "unused suppression" in shop.run("check", "--fix", *ONLY)[1]
    assert (shop.folder / "pyproject.toml").read_text() == table + 'reason = "old"\n'


@pytest.mark.parametrize("options", [(), ("--fix-at", "job")])
def test_jobs_that_want_different_values_in_their_asset_get_their_own(
    shop: Repository, options: tuple[str, ...]
) -> None:
    job = "asset_path: asset.yaml\ninfrastructure: {tags: {CostCenter: FIN-00"
    shop.write({"job.yaml": f"{job}1}}}}\n", "other.yaml": f"{job}2}}}}\n"})
    shop.run("check", "--fix", *options, "--select", "missing-cost-center", "--no-cache")
    for name, number in (("job", 1), ("other", 2)):
        text = (shop.folder / f"{name}.yaml").read_text()
        assert text == f"{job}{number}}}}}\nfinops:\n  cost_center: FIN-00{number}\n"


def test_a_diff_shows_no_sensitive_value(shop: Repository) -> None:
    variables = 'variable "password" {\n  type      = string\n  sensitive = true\n}\n'
    job = "infrastructure:\n  terraform_module: ./m\n  terraform_vars: {password: hunter2}\n"
    shop.write({"m/main.tf": variables, "job.yaml": f"{job}  tags: {{Build: 012}}\n"})
    options = ("--diff", "--select", "non-string-tag-value", "--no-cache")
    _, out, _ = shop.run("check", *options)
    assert '+  tags: {Build: "012"}' in out
    assert " # a sensitive value is not shown\n" in out
    assert "hunter2" not in out


def test_what_can_be_fixed_in_the_job_alone_is_not_told_of_the_asset(shop: Repository) -> None:
    job = "asset_path: asset.yaml\ninfrastructure: {tags: {CostCenter: FIN-001}}\n"
    shop.write({"job.yaml": job})
    (shop.folder / "other.txt").hardlink_to(shop.folder / "asset.yaml")
    _, _, err = shop.run("check", "--fix", "--select", "missing-cost-center", "--no-cache")
    assert (shop.folder / "job.yaml").read_text() == f"{job}finops:\n  cost_center: FIN-001\n"
    assert err == ""


def test_what_cannot_be_fixed_in_several_ways_is_told_once_and_of_the_file_in_the_way(
    shop: Repository,
) -> None:
    shop.write(
        {"job.yaml": "asset_path: asset.yaml\ninfrastructure: {tags: {CostCenter: FIN-001}}\n"}
    )
    for name in ("job", "asset"):
        (shop.folder / f"{name}.txt").hardlink_to(shop.folder / f"{name}.yaml")
    options = ("check", "--fix", "--select", "missing-cost-center", "--no-cache")
    (line,) = shop.run(*options)[2].splitlines()
    assert "missing-cost-center not fixed: asset.yaml: it has another name (a hard link)" in line
    assert shop.run(*options, "-q")[2].startswith("dativo-lint: 1 finding not fixed")


def test_a_line_with_a_suppression_gets_no_second_one(shop: Repository) -> None:
    comment = "# dativo-lint: ignore[unknown-field] because x"
    job = f"asset_path: asset.yaml\nfinops: {{project: 012}}  {comment}\n"
    shop.write({"job.yaml": job})
    _, _, err = shop.run("check", "--add-suppressions", "y", *ONLY)
    assert "yaml-implicit-type not suppressed: another suppression is on its line" in err
    assert (shop.folder / "job.yaml").read_text() == job


def test_a_label_of_which_nothing_would_be_left_is_not_respelled(shop: Repository) -> None:
    job = 'infrastructure: {provider: gcp, tags: {one: "@", two: Big Team}}\n'
    shop.write({"job.yaml": job})
    options = ("--fix", "--unsafe-fixes", "--select", "invalid-gcp-label", "--no-cache")
    shop.run("check", *options)
    assert (shop.folder / "job.yaml").read_text() == job.replace("Big Team", "big-team")
