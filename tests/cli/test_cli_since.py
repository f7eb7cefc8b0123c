"""`--since` and `--diff-only` on the command line: what is affected, what is new, what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, OWN_RULE, with_module

from dativo_lint.reports import REPORTS

RUNNER = """\
runner: {orchestrator: {schedules: [{name: daily, config: jobs/orders.yaml, cron: "0 2 * * *"}]}}
"""
READING = f'{MODULE}locals {{\n  text = file("${{path.module}}/texts/a.txt")\n}}\n'
CALLING = f'{READING}module "inner" {{\n  source = "../inner"\n}}\n'
START = {
    **FILES,
    "jobs/other.yaml": JOB.replace("assets/orders", "assets/other"),
    "assets/other.yaml": ASSET,
    "jobs/module.yaml": with_module(JOB.replace("assets/orders", "assets/other")),
    "modules/job/main.tf": CALLING,
    "modules/inner/main.tf": 'output "text" {\n  value = 1\n}\n',
    "modules/job/texts/a.txt": "a\n",
    "configs/runner.yaml": RUNNER,
    "README.md": "text\n",
    "policy/own-rule.yaml": OWN_RULE,
    ".dativo-lint.yml": "rule_folders: [policy]\n",
}
BOTH = {"jobs/orders.yaml", "jobs/other.yaml"}
ALL = {*BOTH, "jobs/module.yaml"}
FORMS = tuple(sorted(set(REPORTS) - {"concise", "rdjson"}))
"""All forms but two: one line a finding and nothing else, and what reviewdog has no place for."""


def git(folder: Path, *arguments: str) -> str:
    options = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always")
    command = ["git", "-C", folder, *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(repository: Repository) -> None:
    git(repository.folder, "add", "-A")
    git(repository.folder, "commit", "-q", "--allow-empty", "-m", "change")


@pytest.fixture
def old(repository: Repository) -> Repository:
    """A repository with a commit, `main`, from which the branch `work` goes on."""
    repository.write(START)
    git(repository.folder, "init", "-q", "-b", "main")
    commit(repository)
    git(repository.folder, "switch", "-q", "-c", "work")
    return repository


def judged(repository: Repository, *arguments: str) -> set[str]:
    """The files with jobs that are judged since main: all of them break the shop's rule."""
    code, out, err = repository.run("--since", "main", "--format", "json", *arguments)
    assert code in (0, 1), err
    return {
        it["place"]["path"]
        for it in json.loads(out)["findings"]
        if it["rule"] in ("own-rule", "unreadable-file") and it["place"]["path"].startswith("jobs")
    }


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("README.md", "other\n", set()),
        ("README.md", None, set()),
        ("values.yaml", "replicas: 2\n", set()),
        ("jobs/orders.yaml", JOB + "\n", {"jobs/orders.yaml"}),
        ("jobs/new.yaml", JOB, {"jobs/new.yaml"}),
        ("jobs/orders.yaml", None, set()),
        ("assets/orders.yaml", ASSET + "\n", {"jobs/orders.yaml"}),
        ("assets/orders.yaml", None, {"jobs/orders.yaml"}),
        ("jobs/assets/orders.yaml", ASSET, set()),
        ("connectors/iceberg.yaml", "a: [", ALL),
        ("modules/job/main.tf", MODULE, {"jobs/module.yaml"}),
        ("modules/job/more.tf", "\n", {"jobs/module.yaml"}),
        ("modules/job/main.tf", None, {"jobs/module.yaml"}),
        ("modules/inner/main.tf", "\n", {"jobs/module.yaml"}),
        ("modules/inner/main.tf", None, {"jobs/module.yaml"}),
        ("modules/job/texts/a.txt", "b\n", {"jobs/module.yaml"}),
        ("modules/job/texts/a.txt", None, {"jobs/module.yaml"}),
        ("configs/runner.yaml", RUNNER.replace("daily", "hourly"), {"jobs/orders.yaml"}),
        ("configs/runner.yaml", RUNNER.replace("orders", "other"), BOTH),
        ("configs/runner.yaml", None, {"jobs/orders.yaml"}),
        ("runner.yaml", RUNNER, {"jobs/orders.yaml"}),
        ("policy/own-rule.yaml", OWN_RULE + "\n", ALL),
        (".dativo-lint.yml", START[".dativo-lint.yml"] + "\n", ALL),
    ],
)
def test_a_change_affects_what_depends_on_it(
    old: Repository, path: str, text: str | None, expected: set[str], is_committed: bool
) -> None:
    if text is None:
        (old.folder / path).unlink()
    else:
        old.write({path: text})
    if is_committed:
        commit(old)

    assert expected == judged(old)


def test_what_happened_at_the_other_side_of_the_merge_base_is_no_change(old: Repository) -> None:
    git(old.folder, "switch", "-q", "main")
    old.write({"assets/other.yaml": ASSET + "\n"})
    commit(old)
    git(old.folder, "switch", "-q", "work")
    old.write({"assets/orders.yaml": ASSET + "\n"})

    assert {"jobs/orders.yaml"} == judged(old)


def test_links_and_submodules_affect_what_is_behind_them(old: Repository, tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    (modules / "job").mkdir(parents=True)
    git(modules, "init", "-q")
    (modules / "job" / "main.tf").write_text(MODULE)
    git(modules, "add", "-A")
    git(modules, "commit", "-q", "-m", "first")
    git(old.folder, "submodule", "add", "-q", str(modules), "vendor")
    (old.folder / "linked").symlink_to("assets")
    vendored = with_module(JOB).replace("./modules/job", "./vendor/job")
    old.write(
        {"jobs/vendored.yaml": vendored, "jobs/linked.yaml": JOB.replace("assets/", "linked/")}
    )
    git(old.folder, "switch", "-q", "-c", "next")
    commit(old)
    git(old.folder, "branch", "-f", "main")
    assert set() == judged(old)

    (old.folder / "vendor/job/main.tf").write_text(f"{MODULE}\n")
    git(old.folder / "vendor", "commit", "-q", "-a", "-m", "second")
    assert {"jobs/vendored.yaml"} == judged(old)
    (old.folder / "linked").unlink()
    (old.folder / "linked").symlink_to("other")
    assert {"jobs/vendored.yaml", "jobs/linked.yaml"} == judged(old)


def test_settings_in_a_project_file_affect_all_and_dependencies_do_not(old: Repository) -> None:
    (old.folder / ".dativo-lint.yml").unlink()
    project = "[project]\nname = 'a'\n"
    table = "[tool.dativo-lint]\nrule_folders = ['policy']\n"
    old.write({"sub/pyproject.toml": project, "pyproject.toml": project + table})
    commit(old)
    git(old.folder, "branch", "-f", "main")
    old.write({"sub/pyproject.toml": f"{project}version = '1'\n"})
    assert set() == judged(old)
    old.write({"pyproject.toml": project})

    out = old.run("--since", "main", "--format", "json")[1]

    assert json.loads(out)["summary"]["jobs"] == 3


def test_paths_select_among_what_is_affected(old: Repository) -> None:
    old.write({"connectors/iceberg.yaml": "a: ["})

    assert {"jobs/other.yaml"} == judged(old, "jobs/other.yaml", "assets")
    assert ALL == judged(old, "jobs") == judged(old, "job*")
    assert {"jobs/other.yaml"} == judged(old, "jobs/ot*.yaml")
    for path in ("nothing.yaml", "nothing*", "["):
        assert old.run("--since", "main", path)[0] == 2


def test_the_root_may_be_a_folder_of_the_repository(old: Repository) -> None:
    below = {f"part/{path}": text for path, text in START.items()}
    old.write(below)
    commit(old)
    git(old.folder, "branch", "-f", "main")
    old.write({"part/assets/orders.yaml": ASSET + "\n", "assets/other.yaml": ASSET + "\n"})
    old.write({"part/jobs/orders.yaml": JOB.replace("provider: aws", "provider: azure")})

    code, out, err = old.run(
        "--root", ".", "--since", "main", "--diff-only", "--format", "concise", below="part"
    )

    assert (code, err) == (1, "")
    assert {line.partition(":")[0] for line in out.splitlines()} == {"jobs/orders.yaml"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_counts_or_marks_what_was_there(old: Repository, form: str) -> None:
    old.write({"jobs/orders.yaml": BAD_JOB})

    code, out, _ = old.run("--since", "main", "--diff-only", "--format", form)

    assert code == 1
    assert "main" in out
    assert "unknown-provider" in out


def test_sarif_and_json_tell_new_findings_from_those_that_were_there(old: Repository) -> None:
    old.write({"jobs/orders.yaml": BAD_JOB})
    arguments = ("--since", "main", "--diff-only", "--format")

    results = json.loads(old.run(*arguments, "sarif")[1])["runs"][0]["results"]
    report = json.loads(old.run(*arguments, "json")[1])

    states = {(it["ruleId"], it["baselineState"]) for it in results}
    assert {("own-rule", "unchanged"), ("unknown-provider", "new")} <= states
    assert {one["kind"] for it in results for one in it.get("suppressions", ())} == {"external"}
    assert {"ref": "main", "diff_only": True} == report["since"]
    assert {"unknown-provider"} == {it["rule"] for it in report["findings"]}
    assert {"own-rule"} == {it["rule"] for it in report["baselined"]}


@pytest.mark.parametrize("paths", [(), ("moved/other.yaml",), ("moved",)])
def test_a_renamed_file_keeps_its_findings(old: Repository, paths: tuple[str, ...]) -> None:
    (old.folder / "moved").mkdir()
    git(old.folder, "mv", "jobs/other.yaml", "moved/other.yaml")

    code, out, err = old.run("--since", "main", "--diff-only", "--format", "concise", *paths)

    assert (code, out, err) == (0, "", "")


def test_a_folder_that_is_gone_can_be_named(old: Repository) -> None:
    git(old.folder, "mv", "jobs", "moved")

    assert judged(old, "jobs") == set()
    assert old.run("--since", "main", "never")[0] == 2


def test_what_a_new_rule_or_setting_finds_is_new(old: Repository) -> None:
    old.write({"policy/own-rule.yaml": OWN_RULE.replace("warning", "error")})
    assert old.run("--since", "main", "--diff-only", "-q")[1].startswith(
        "No new problems in 3 jobs"
    )
    old.write({".dativo-lint.yml": "", "policy/own-rule.yaml": OWN_RULE})
    commit(old)
    git(old.folder, "branch", "-f", "main")
    old.write({".dativo-lint.yml": START[".dativo-lint.yml"]})

    out = old.run("--since", "main", "--diff-only", "-q")[1]

    assert out.startswith("3 warnings in 3 jobs")


def test_where_the_commit_cannot_be_judged_every_finding_is_new(old: Repository) -> None:
    old.write({".dativo-lint.yml": "presett: x\n"})
    commit(old)
    git(old.folder, "branch", "-f", "main")
    old.write({".dativo-lint.yml": START[".dativo-lint.yml"]})

    _, out, err = old.run("--since", "main", "--diff-only", "-q")

    assert out.startswith("3 warnings")
    assert "warning: main cannot be judged, so every finding counts as new" in err


def test_a_baseline_accepts_in_both_states_before_they_are_compared(old: Repository) -> None:
    assert old.run("baseline", "create")[0] == 0
    commit(old)
    git(old.folder, "branch", "-f", "main")
    old.write({"jobs/orders.yaml": BAD_JOB})

    out = old.run(
        "--since", "main", "--diff-only", "-q", "--baseline", ".dativo-lint-baseline.json"
    )[1]

    assert out == "1 error in 1 job (5 files) affected since main; 1 in the baseline\n"


def test_git_changes_nothing_and_starts_no_program(old: Repository) -> None:
    program = old.folder.parent / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {old.folder.parent}/ran\nexec cat\n")
    program.chmod(0o755)
    for key in ("filter.x=y.clean", "filter.x=y.smudge", "filter.x=y.process", "diff.x.textconv"):
        git(old.folder, "config", key, str(program))
    for key in ("diff.external", "diff.x.command", "core.fsmonitor", "core.sshCommand"):
        git(old.folder, "config", key, str(program))
    git(old.folder, "config", "filter.x=y.required", "true")
    hook = old.folder / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(program)
    attributes = "* filter=x=y diff=x\n*.yaml export-ignore export-subst\n"
    old.write({".gitattributes": attributes, "jobs/orders.yaml": BAD_JOB, "new.yaml": "a: 1\n"})
    for path in (old.folder / "jobs/other.yaml", old.folder / "README.md"):
        os.utime(path)
    index = (old.folder / ".git/index").read_bytes()
    (old.folder.parent / "ran").unlink(missing_ok=True)

    code, out, err = old.run("--since", "main", "--diff-only", "--format", "concise")

    assert (code, err) == (1, "")
    assert {line.partition(":")[0] for line in out.splitlines()} == {"jobs/orders.yaml"}
    assert not (old.folder.parent / "ran").exists()
    assert index == (old.folder / ".git/index").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "mein"], 'git does not know "mein"'),
        (["--since", "released"], 'did you mean "origin/released"?'),
        (["--since", "^main"], 'git does not know "^main"'),
        (["--since", "main:jobs"], 'git does not know "main:jobs"'),
        (["--since", "main^{tree}"], "--since: main^{tree}^{commit}: expected commit type"),
        (["--since", "main..work"], 'git does not know "main..work"'),
        (["--since", "-x"], '"-x" is not a commit'),
        (["--since", "--output=x"], '"--output=x" is not a commit'),
        (["--since", ""], '"" is not a commit'),
        (["--since", "alone"], '"alone" and HEAD have no commit in common'),
        (["--since", "main", "--changed", "jobs"], "--changed"),
        (["--since", "main", "-"], "-"),
        (["--since", "main", "--plan", "x.json"], "--plan"),
        (["--since", "main", "--job", "x.yaml"], "--job"),
        (["--diff-only"], "expected --since REF"),
        (["--since", "main", "../x"], "outside the repository"),
    ],
)
def test_a_wrong_use_is_a_usage_error_that_says_what_to_do(
    old: Repository, arguments: list[str], message: str
) -> None:
    git(old.folder, "update-ref", "refs/remotes/origin/released", "HEAD")
    tree = git(old.folder, "commit-tree", "-m", "alone", "HEAD^{tree}").strip()
    git(old.folder, "branch", "alone", tree)

    code, out, err = old.run(*arguments)

    assert (code, out, message in err) == (2, "", True), err


def test_a_shallow_clone_is_told_how_to_get_deep(old: Repository, tmp_path: Path) -> None:
    commit(old)
    clone = Repository(tmp_path / "clone", old.patch, old.captured)
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{old.folder}", "clone")

    code, _, err = clone.run("--since", "origin/main")

    assert (code, "fetch-depth: 0" in err) == (2, True), err


def test_a_partial_clone_is_enough_to_lint_but_not_to_compare(
    old: Repository, tmp_path: Path
) -> None:
    old.write({"jobs/orders.yaml": BAD_JOB})
    commit(old)
    git(old.folder, "config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone", old.patch, old.captured)
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{old.folder}", "clone")

    assert clone.run("--since", "origin/main", "-q")[0] == 1
    code, _, err = clone.run("--since", "origin/main", "--diff-only")

    assert (code, "the clone lacks objects; expected one that is not partial" in err) == (2, True)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["rm", "-rf", ".git"], "is not in a git repository"),
        (["git", "update-ref", "-d", "refs/heads/work"], "HEAD has no commit yet"),
        (["true"], "git is not installed"),
    ],
)
def test_without_a_usable_repository_the_run_says_so(
    old: Repository, command: list[str], message: str
) -> None:
    subprocess.run(command, cwd=old.folder, check=True)
    if command == ["true"]:
        old.patch.setenv("PATH", str(old.folder))

    code, _, err = old.run("--since", "main")

    assert (code, message in err) == (2, True), err
