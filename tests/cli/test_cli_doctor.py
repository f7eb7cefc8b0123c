"""The command doctor: what is in the way of a good answer, and what was not recognised and why."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Repository
from repository_samples import ASSET, JOB

from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.engine.survey import NEARLY
from dativo_lint.jobs.kinds import nearly

SIGNS = "tenant_id: acme\nsource_connector: postgres\n"
RUNNER = "runner: {orchestrator: {schedules: [{name: a, config: jobs/orders.yaml}]}}\n"


@pytest.fixture
def sick(repository: Repository) -> Repository:
    """A repository of git, where git really knows it, without Terraform, which is slow to start."""
    which = shutil.which
    only_ours = partial(which, path=str(repository.folder / "bin"))
    found = {"terraform": only_ours, "tofu": only_ours}
    repository.patch.setattr("shutil.which", lambda name: found.get(name, which)(name))
    (repository.folder / ".git").rmdir()
    subprocess.run(["git", "init", "-q", repository.folder], check=True)
    return repository


def examined(repository: Repository, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the data of a run of the command."""
    code, out, err = repository.run("doctor", "--format", "json", *arguments)
    assert "" == err
    data: dict[str, Any] = json.loads(out)
    return code, data


def states(data: Mapping[str, Any], check: str) -> list[tuple[str, str]]:
    """The states and details of one check."""
    return [(it["state"], it["details"]) for it in data["checks"] if it["check"] == check]


def test_a_healthy_repository_has_no_problem(sick: Repository) -> None:
    code, data = examined(sick)
    _, table, _ = sick.run("doctor")

    assert (0, []) == (code, data["unrecognised"])
    assert {"job": 1, "asset": 1, "connector": 2} == {
        noun: count for noun, count in data["files"].items() if count
    }
    assert not [check for check in data["checks"] if check["state"] == "problem"]
    assert "1 job (aws 1), 1 asset, 2 connectors" in table
    assert {"dativo-lint", "packages", "git", "settings", "rules", "cache", "hook", "files"} <= {
        check["check"] for check in data["checks"]
    }


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("asset_path: [a.yaml]\ntenant_id: a\n", "asset_path is a list; expected the path"),
        (SIGNS, "it has source_connector, but a job has asset_path, source_connector_path or"),
        (f"job:\n  {JOB.replace(chr(10), chr(10) + '  ')}", '"job" holds a job; expected its'),
        (f"jobs: [{{{SIGNS.strip().replace(chr(10), ', ')}, asset_path: a.yaml}}]", '"jobs" holds'),
        ("assets: {team: {owner: a@b.c}, compliance: {}}\n", 'did you mean "asset"?'),
        ("tenant_id: 0f\nassets: {path: a}\n", ""),
        ("asset_path: /static\n", ""),
        ("dataset_path: a.yaml\ninfrastructure: {providers: [aws]}\n", ""),
        ("assets: {js: a.js, css: b.css}\n", ""),
        ("apiVersion: v1\nkind: ConfigMap\nsource_connector: a\n", ""),
        (JOB, ""),
        (ASSET, ""),
        ("- a\n", ""),
        ("- asset_path: a.yaml\n", "it holds a list of jobs; expected each in a"),
    ],
)
def test_a_document_that_is_nearly_one_of_dativo_is_told_from_others(
    text: str, details: str
) -> None:
    (document,) = read_yaml("a.yaml", text.encode()).documents
    message = nearly(document)

    assert details in message
    assert bool(details) is bool(message)


def test_what_is_not_recognised_has_its_reason(sick: Repository) -> None:
    texts = {
        "jobs/near.yaml": f"job: {{{SIGNS.strip().replace(chr(10), ', ')}, asset_path: a.yaml}}",
        "jobs/list.json": '[{"asset_path": "a.yaml"}, {"asset_path": "b.yaml"}]',
        "old/orders.yaml": JOB,
        "build/orders.yaml": JOB,
        "build/other.yaml": "a: 1\n",
        "node_modules/a/orders.yaml": JOB,
        "charts/values.yaml": "replicas: 2\n",
        "charts/template.yaml": "{{ if .a }}\nb: 1\n{{ end }}\n",
        "jobs/orders.yaml.j2": JOB,
        "more.json": "{",
        "jobs/broken.yaml": JOB + "]",
        "jobs/template.yaml": JOB.replace("acme", "{{ tenant }}"),
        "empty.yml": "# nothing\n",
        ".gitignore": "build\nnode_modules\n",
        ".dativo-lint.yml": "exclude: [old/]\nlimits: {file_bytes: 5000}\n",
        "large.yaml": f"a: {'x' * 5000}\n",
    }
    sick.write(texts)
    code, data = examined(sick)
    reasons = {file["path"]: file["reason"].partition(":")[0] for file in data["unrecognised"]}

    assert 1 == code
    assert reasons == {
        "jobs/near.yaml": NEARLY,
        "jobs/list.json": NEARLY,
        "old/orders.yaml": "excluded",
        "build/orders.yaml": "a job, but ignored by git",
        "charts/values.yaml": "no field of Dativo",
        "charts/template.yaml": "a template; lint the files that are made from it",
        "jobs/orders.yaml.j2": "a template; lint the files that are made from it",
        "more.json": "invalid YAML or JSON",
        "jobs/broken.yaml": "invalid YAML or JSON",
        "jobs/template.yaml": "a template; lint the files that are made from it",
        "empty.yml": "empty",
        "large.yaml": "too large",
    }
    assert (1, 2) == (data["files"]["job"], data["files"]["unreadable file"])
    (list_of_jobs, (state, details)) = states(data, "file")
    assert (
        "problem",
        "jobs/list.json: it holds a list of jobs; expected each in a document of its own",
    ) == list_of_jobs
    assert ("problem", True) == (state, details.startswith('jobs/near.yaml: "job" holds a job'))
    _, grouped, _ = sick.run("doctor")
    _, listed, _ = sick.run("doctor", "-v")
    assert all(path in listed for path in reasons)
    assert "3      a template; lint the files that" in grouped


def test_files_of_one_reason_are_counted_and_only_some_are_named(sick: Repository) -> None:
    sick.write({f"jobs/{number}.yaml": SIGNS for number in range(9)})
    code, data = examined(sick)

    assert (1, 4) == (code, len(states(data, "file")))
    assert "6 more of these; -v lists them" == states(data, "file")[-1][1]
    assert "and 6 more" in " ".join(sick.run("doctor")[1].split())
    assert 9 == sick.run("doctor", "-v")[1].count(NEARLY)


@pytest.mark.parametrize(
    ("files", "check", "details"),
    [
        ({".dativo-lint.yml": "prset: strict\n"}, "settings", 'unknown setting "prset"'),
        ({"jobs/.dativo-lint.yml": "jobs: [a]\n"}, "settings", "is a setting of the whole run"),
        ({".dativo-lint.yml": "jobs: [a.yaml]\n"}, "settings", 'no file matches "a.yaml"'),
        ({".dativo-lint.yml": "ignore: [nothing]\n"}, "rules", 'unknown rule or family "nothing"'),
        ({".dativo-lint.yml": "rule_folders: [a]\n"}, "rules", "a"),
    ],
)
def test_settings_that_cannot_be_used_are_problems(
    sick: Repository, files: dict[str, str], check: str, details: str
) -> None:
    sick.write(files)
    code, data = examined(sick)

    assert 1 == code
    assert [it for it in states(data, check) if it[0] == "problem" and details in it[1]]
    assert 1 == data["files"]["job"]


def test_arguments_that_exclude_each_other_are_a_usage_error(sick: Repository) -> None:
    code, out, err = sick.run("doctor", "--config", "a.yml", "--isolated")

    assert (2, "") == (code, out)
    assert "--config names a settings file, and --isolated asks for none" in err


def test_without_a_job_there_is_a_problem(sick: Repository) -> None:
    for folder in ("jobs", "assets", "connectors"):
        subprocess.run(["rm", "-r", sick.folder / folder], check=True)
    code, data = examined(sick)

    assert 1 == code
    assert [("problem", True)] == [
        (state, details.startswith("nothing to check")) for state, details in states(data, "files")
    ]


def test_a_runner_file_that_the_settings_do_not_name_is_noted(sick: Repository) -> None:
    sick.write({"ops/daily.yaml": RUNNER})
    assert [("note", "ops/daily.yaml is not in the setting runners: not used")] == states(
        examined(sick)[1], "runner file"
    )
    sick.write({".dativo-lint.yml": "runners: [ops/daily.yaml]\n"})
    assert [] == states(examined(sick)[1], "runner file")


def test_the_hook_is_looked_for_where_git_runs_it(sick: Repository) -> None:
    def hook() -> tuple[str, str]:
        ((state, details),) = states(examined(sick)[1], "hook")
        return state, details

    assert "none in .pre-commit-config.yaml" in hook()[1]
    sick.write({".pre-commit-config.yaml": "repos: [{hooks: [{id: dativo-lint-fix}]}]\n"})
    assert ("note", True) == (hook()[0], "dativo-lint-fix: not installed here" in hook()[1])
    sick.write({".git/hooks/pre-commit": ""})
    assert ("ok", "dativo-lint-fix") == hook()
    subprocess.run(["git", "config", "core.hooksPath", "ours"], cwd=sick.folder, check=True)
    assert "note" == hook()[0]
    sick.write({"ours/pre-commit": ""})
    assert ("ok", "dativo-lint-fix") == hook()


def test_what_is_wrong_with_git_is_told_without_secrets(sick: Repository, tmp_path: Path) -> None:
    address = "https://user:hunter2@example.com/a.git"
    subprocess.run(["git", "remote", "add", "origin", address], cwd=sick.folder, check=True)
    for form in ("table", "json"):
        assert "hunter2" not in "".join(map(str, sick.run("doctor", "--format", form)))
    sick.write({".git/shallow": ""})
    commit = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a", "--allow-empty"]
    subprocess.run(["git", *commit], cwd=sick.folder, check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{sick.folder}", clone], check=True)
    assert "a shallow clone" in sick.run("doctor", "--root", str(clone))[1]
    (sick.folder / ".git/HEAD").unlink()
    code, data = examined(sick)
    assert (1, "problem") == (code, states(data, "git")[0][0])


def test_without_git_the_rest_is_examined(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.folder / ".git").rmdir()
    monkeypatch.setenv("PATH", "/nowhere")
    code, data = examined(repository)

    assert (0, [("note", "git is not installed")]) == (code, states(data, "git"))
    assert 1 == data["files"]["job"]


def test_packages_below_the_tested_ones_are_problems(
    sick: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dativo_lint.cli.commands.doctor.version", lambda name: "0.0.9")
    code, data = examined(sick)

    assert 1 == code
    assert ("problem", "click 0.0.9 is older than 8.1") in states(data, "packages")


def test_a_program_of_the_repository_is_never_run(
    sick: Repository,
) -> None:
    sick.write({"bin/terraform": "#!/bin/sh\ntouch ran\necho Terraform v9.9.9\n"})
    (sick.folder / "bin/terraform").chmod(0o755)
    ((state, details),) = states(examined(sick)[1], "terraform")

    assert ("ok", False) == (state, "9.9.9" in details)
    assert not list(sick.folder.rglob("ran"))


def test_the_version_of_terraform_is_shown(sick: Repository, tmp_path: Path) -> None:
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho Terraform v9.9.9; env >env\n")
    program.chmod(0o755)
    sick.patch.setattr("shutil.which", lambda name: str(program) if name == "terraform" else None)

    assert [("ok", "9.9.9; it is never needed")] == states(examined(sick)[1], "terraform")
    assert "CHECKPOINT_DISABLE=1" in (tmp_path / "env").read_text()


def test_hostile_names_and_fields_make_no_terminal_do_anything(sick: Repository) -> None:
    red = "\x1b[31m"
    sick.write(
        {
            f"jobs/{red}.yaml": SIGNS + 'asset_path: "\\e[31m##[error]"\n',
            "jobs/provider.yaml": JOB.replace("provider: aws", 'provider: "\\e[31m##[error]"'),
        }
    )
    for arguments in ([], ["-v"], ["--format", "json"]):
        _, out, err = sick.run("doctor", *arguments)
        assert (False, False) == (red in out + err, "##[" in out + err)
