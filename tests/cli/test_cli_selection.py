"""Which jobs a run judges, as the command line is given them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, OWN_RULE, with_module

from dativo_lint.cli import main

RUNNER = """\
runner:
  orchestrator:
    schedules:
      - {name: nightly, config: jobs/orders.yaml, tags: {team: data}}
"""


def judged(repository: Repository, *arguments: str, below: str = ".", stdin: bytes = b"") -> int:
    """How many jobs a run judges."""
    code, out, err = repository.run("--format", "json", *arguments, below=below, stdin=stdin)
    assert code in (0, 1), err
    summary: dict[str, int] = json.loads(out)["summary"]
    return summary["jobs"]


def test_a_clean_repository_is_clear(repository: Repository) -> None:
    code, out, _ = repository.run()

    assert 0 == code
    assert "No problems in 1 job (4 files)" in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (".",),
        ("jobs",),
        ("jobs/",),
        ("jobs/orders.yaml",),
        ("./jobs/../jobs/orders.yaml",),
        ("jobs/*.yaml",),
        ("**/*.yaml",),
        ("jobs/orders.yaml", "jobs", "."),
        ("assets/orders.yaml",),
        ("assets",),
        ("connectors/iceberg.yaml",),
    ],
    ids=" ".join,
)
def test_a_job_is_found_by_its_file_folder_glob_and_what_it_uses(
    repository: Repository, arguments: tuple[str, ...]
) -> None:
    assert 1 == judged(repository, *arguments)


def test_arguments_are_seen_from_the_current_folder(repository: Repository) -> None:
    assert 1 == judged(repository, "orders.yaml", below="jobs")
    assert 1 == judged(repository, "../jobs/orders.yaml", below="assets")
    assert 1 == judged(repository, below="jobs")


def test_absolute_arguments_are_taken_through_symbolic_links_too(
    repository: Repository, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(repository.folder)

    assert 1 == judged(repository, str(repository.folder / "jobs" / "orders.yaml"))
    assert 1 == judged(repository, str(link / "jobs" / "orders.yaml"))


def test_all_missing_and_outside_arguments_are_told_at_once(repository: Repository) -> None:
    paths = ("jobs", "nowhere.yaml", "no/where", "../else.yaml", "jbs", "jobs/oders.yaml", "*.yam")
    code, out, err = repository.run(*paths)

    assert 2 == code
    assert "" == out
    assert "nowhere.yaml: no such file or folder" in err
    assert "*.yam: the glob matches no file\n" in err
    assert "no/where: no such file or folder\n" in err
    assert 'jbs: no such file or folder; did you mean "jobs"?' in err
    assert 'jobs/oders.yaml: no such file or folder; did you mean "jobs/orders.yaml"?' in err
    assert "../else.yaml is outside the repository" in err


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "nothing"},
        {"values.yaml": "replicas: 2\n"},
        {"chart.yaml": "a: {{ b }}\n"},
    ],
    ids=str,
)
def test_nothing_to_check_is_misuse(repository: Repository, files: dict[str, str]) -> None:
    for path in FILES:
        (repository.folder / path).unlink()
    repository.write(files)

    code, out, err = repository.run()

    assert (2, "") == (code, out)
    assert "nothing to check" in err


def test_a_named_file_that_concerns_no_job_is_misuse(repository: Repository) -> None:
    repository.write({"values.yaml": "replicas: 2\n"})

    code, _, err = repository.run("values.yaml")

    assert 2 == code
    assert "values.yaml is not a Dativo job, and no job uses it" in err


def test_several_documents_in_a_file_are_several_jobs(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": f"{JOB}---\n{JOB}---\n{JOB}"})

    assert 3 == judged(repository, "jobs/orders.yaml")


def test_a_json_job_is_a_job(repository: Repository) -> None:
    repository.write({"jobs/b.json": '{"asset_path": "assets/orders.yaml"}'})

    assert 1 == judged(repository, "jobs/b.json")


def test_a_job_in_a_wide_encoding_is_found_by_walking(repository: Repository) -> None:
    repository.write({"jobs/wide.yaml": JOB.encode("utf-16")})

    assert 2 == judged(repository, "jobs")


@pytest.mark.parametrize("spelled", [r'"inf\x72astructure"', '"infra\\\n  structure"'])
def test_escapes_do_not_hide_a_job(repository: Repository, spelled: str) -> None:
    repository.write({"jobs/odd.yaml": f"? {spelled}\n: {{provider: azure}}\n"})

    assert 2 == judged(repository, "jobs")


def test_the_jobs_setting_makes_a_file_a_job_whatever_its_shape(repository: Repository) -> None:
    repository.write({".dativo-lint.yml": "jobs: [odd/]\n", "odd/a.yaml": "- 1\n"})

    code, out, _ = repository.run("--format", "json", "odd")

    assert 1 == code
    told = [(it["place"]["path"], it["rule"]) for it in json.loads(out)["findings"]]
    assert [("odd/a.yaml", "invalid-job")] == told


@pytest.mark.parametrize("beside", [{}, {"jobs/orders.yaml": JOB}])
def test_a_list_of_jobs_is_a_finding_wherever_it_is(
    repository: Repository, beside: dict[str, str]
) -> None:
    shutil.rmtree(repository.folder / "jobs")
    repository.write({"odd/a.yaml": f"- {JOB}".replace("\n", "\n  ").rstrip(), **beside})

    code, out, _ = repository.run("--format", "json")

    assert 1 == code
    told = [(it["place"]["path"], it["rule"]) for it in json.loads(out)["findings"]]
    assert [("odd/a.yaml", "invalid-job")] == [it for it in told if it[0] == "odd/a.yaml"]
    assert len(beside) == json.loads(out)["summary"]["jobs"]


def test_a_job_that_only_a_typo_hides_is_never_passed_over(repository: Repository) -> None:
    misspelt = "asset_pth: assets/orders.yaml\ntenant_id: acme\n"
    nested = f"job: {{{misspelt.strip().replace(chr(10), ', ').replace('pth', 'path')}}}\n"
    lone, in_brackets = "asset_pth: assets/orders.yaml\n", '{"source_conector_path": "a.yaml"}'
    repository.write({"jobs/misspelt.yaml": misspelt, "jobs/nested.yaml": nested})
    repository.write({"jobs/lone.yaml": lone, "jobs/lone.json": in_brackets})
    repository.write({"jobs/broken.yaml": f"{lone}finops: [\n"})
    several = ("--no-cache", "--processes", "2")
    runs = [repository.run("--format", "concise", *it) for it in (several, (), ())]
    code, out, err = runs[0]

    assert runs == [runs[0]] * 3
    assert 1 == code
    assert 'jobs/misspelt.yaml:1:1: error: asset_pth is not a known field; did you mean "as' in out
    assert "nested" not in out
    assert 'dativo-lint: warning: jobs/nested.yaml is not checked: "job" holds a job;' in err
    assert 'lone.yaml is not checked: "asset_pth" is not a known field; did you mean "as' in err
    assert 'lone.json is not checked: "source_conector_path" is not a known field; did' in err
    assert "jobs/broken.yaml:3:1: error: expected" in out

    code, _, err = repository.run("jobs/lone.yaml")
    assert 2 == code
    assert 'lone.yaml is not checked: "asset_pth"' in err


def test_an_empty_file_that_the_settings_call_a_job_is_a_finding(repository: Repository) -> None:
    repository.write({".dativo-lint.yml": "jobs: [odd/]\n", "odd/a.yaml": ""})

    code, out, _ = repository.run()

    assert 1 == code
    assert "odd/a.yaml:1:1: error:" in out


def test_what_the_settings_exclude_is_passed_over_but_not_when_it_is_named(
    repository: Repository,
) -> None:
    repository.write({".dativo-lint.yml": "exclude: [old/]\n", "old/a.yaml": BAD_JOB})

    assert 1 == judged(repository)
    assert 1 == judged(repository, "assets/orders.yaml")
    assert 1 == judged(repository, "old/a.yaml")
    assert 0 == judged(repository, "--changed", "old/a.yaml")


def test_what_git_ignores_is_passed_over_but_not_when_it_is_named(repository: Repository) -> None:
    repository.write({".gitignore": "build/\n", "build/a.yaml": BAD_JOB})

    assert 1 == judged(repository)
    assert 1 == judged(repository, "build/a.yaml")


def test_dependents_are_found_beyond_the_given_files_and_nothing_else_is(
    repository: Repository,
) -> None:
    other = BAD_JOB.replace("assets/orders.yaml", "assets/other.yaml")
    repository.write({"jobs/other.yaml": other, "assets/other.yaml": ASSET})

    code, out, _ = repository.run("--format", "json", "assets/orders.yaml")

    assert 0 == code
    assert 1 == json.loads(out)["summary"]["jobs"]


def test_an_asset_that_no_job_uses_is_judged_by_itself(repository: Repository) -> None:
    broken = ASSET.replace("retention_days: 365", "retention_days: never")
    repository.write({"assets/alone.yaml": broken})

    for arguments in (["assets/alone.yaml"], ["."], ["--changed", "assets/alone.yaml"]):
        code, out, _ = repository.run(*arguments)
        assert 1 == code
        assert 'assets/alone.yaml:14:19: error: compliance.retention_days is "never"' in out


def test_given_a_file_of_a_module_the_jobs_that_run_in_it_are_judged(
    repository: Repository,
) -> None:
    repository.write(
        {
            "jobs/in_module.yaml": with_module(),
            "modules/job/main.tf": MODULE,
            "modules/job/inner/main.tf": "",
            "modules/other/main.tf": MODULE,
        }
    )

    assert 1 == judged(repository, "modules/job/main.tf")
    assert 1 == judged(repository, "modules/job/inner/main.tf")
    assert 0 == judged(repository, "--changed", "modules/other/main.tf")


def test_given_the_settings_or_a_rule_every_job_is_judged(repository: Repository) -> None:
    repository.write(
        {
            ".dativo-lint.yml": "rule_folders: [policy]\n",
            "policy/own-rule.yaml": OWN_RULE,
            "jobs/second.yaml": JOB,
        }
    )

    assert 2 == judged(repository, "--changed", ".dativo-lint.yml")
    assert 2 == judged(repository, "policy/own-rule.yaml")


def test_given_a_runner_file_the_jobs_that_it_schedules_are_judged(
    repository: Repository,
) -> None:
    repository.write({"configs/runner.yaml": RUNNER, "jobs/second.yaml": JOB})

    assert 1 == judged(repository, "configs/runner.yaml")
    assert 1 == judged(repository, "--changed", "configs/runner.yaml")


def test_a_runner_file_is_read_for_the_jobs_that_it_schedules(repository: Repository) -> None:
    runner = RUNNER.replace("tags: {team: data}", "tags: {environment: staging}")
    repository.write({"configs/runner.yaml": runner})

    code, out, _ = repository.run("jobs/orders.yaml")

    assert 1 == code
    assert "configs/runner.yaml:4:" in out


@pytest.mark.parametrize("runners", ["deploy/*.yaml", "**/night.yaml", "deploy/night.yaml"])
def test_the_settings_name_other_runner_files(repository: Repository, runners: str) -> None:
    runner = RUNNER.replace("tags: {team: data}", "tags: {environment: staging}")
    settings = f"runners: ['{runners}']\n"
    repository.write({".dativo-lint.yml": settings, "deploy/night.yaml": runner})

    assert "deploy/night.yaml:4:" in repository.run("jobs/orders.yaml")[1]


def test_changed_files_that_concern_no_job_are_no_misuse(repository: Repository) -> None:
    repository.write({"values.yaml": "replicas: 2\n", "chart.yaml": "a: {{ b }}\n"})
    changed = ("values.yaml", "chart.yaml", "deleted.yaml", "deleted.tf", "README.md")

    code, out, _ = repository.run("--changed", *changed)

    assert 0 == code
    assert "no Dativo job affected (5 files)" in out


def test_a_deleted_asset_judges_the_jobs_that_still_use_it(repository: Repository) -> None:
    (repository.folder / "assets/orders.yaml").unlink()

    code, out, _ = repository.run("--changed", "assets/orders.yaml")

    assert 1 == code
    assert 'asset_path "assets/orders.yaml": file not found' in out


def test_a_deleted_asset_judges_the_jobs_for_which_another_takes_its_place(
    repository: Repository,
) -> None:
    worse = ASSET.replace("retention_days: 365", "retention_days: never")
    repository.write({"jobs/assets/orders.yaml": worse})
    assert 0 == repository.run("jobs/orders.yaml")[0]
    (repository.folder / "assets/orders.yaml").unlink()

    assert 1 == repository.run("--changed", "assets/orders.yaml")[0]


def test_what_a_module_reads_is_what_its_jobs_depend_on(repository: Repository) -> None:
    tags = 'resource "aws_s3_bucket" "b" {\n  tags = { X = file("${path.module}/x.txt") }\n}\n'
    job = JOB + "  terraform_module: ./module\n"
    repository.write({"jobs/orders.yaml": job, "module/main.tf": tags, "module/x.txt": "bad?~"})

    assert "invalid-aws-tag" in repository.run("--changed", "module/x.txt")[1]


@pytest.mark.parametrize("source", ["../child", "../link", "../middle"])
@pytest.mark.parametrize("is_moved", [True, False])
def test_a_module_that_is_taken_away_judges_the_jobs_whose_modules_call_it(
    repository: Repository, source: str, is_moved: bool
) -> None:
    folder = repository.folder
    call = 'module "c" {\n  source = "%s"\n}\n'
    repository.write(
        {
            "jobs/orders.yaml": f"{JOB}  terraform_module: ./modules/job\n",
            "modules/job/main.tf": call % source,
            "modules/middle/main.tf": call % "../child",
            "modules/child/main.tf": "",
        }
    )
    (folder / "modules/link").symlink_to("child")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init",), ("add", "--all"), ("commit", "-m", "all")):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    select = ("--select", "unreadable-module")
    cache = (*select, "--cache-dir", str(folder.parent / "cache"))
    assert 0 == repository.run(*cache)[0]
    what = "mv modules/child modules/kid" if is_moved else "rm -r modules/child"
    subprocess.run(["git", *what.split()], cwd=folder, check=True, capture_output=True)
    renamed = ["modules/kid/main.tf"] * is_moved

    for means in (cache, cache, (*select, "--no-cache")):
        code, out, err = repository.run(*means, "--changed", *renamed)
        assert (1, "") == (code, err)
        assert "there is no folder modules/" in out


def test_commits_that_git_does_not_know_are_a_usage_error(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=repository.folder, check=True)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "nowhere")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")

    code, _, err = repository.run("--changed", "jobs/orders.yaml")

    assert (code, "nowhere...HEAD" in err) == (2, True)


def test_a_job_on_standard_input_stands_at_its_path(repository: Repository) -> None:
    arguments = ("-", "--stdin-filename", "jobs/new.yaml")

    code, out, _ = repository.run(*arguments, stdin=BAD_JOB.encode())

    assert 1 == code
    assert 'jobs/new.yaml:12:13: error: provider is "azure"' in out
    assert not (repository.folder / "jobs/new.yaml").exists()


def test_standard_input_takes_the_place_of_the_file_on_the_disk(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": BAD_JOB})
    absolute = str(repository.folder / "jobs" / "orders.yaml")

    assert 0 == repository.run("-", "--stdin-filename", absolute, stdin=JOB.encode())[0]
    below = repository.run("-", "--stdin-filename", "orders.yaml", stdin=JOB.encode(), below="jobs")
    assert 0 == below[0]


def test_an_asset_on_standard_input_judges_the_jobs_that_use_it(repository: Repository) -> None:
    poor = ASSET.replace("cost_center: FIN-001", "cost_center: FIN-002").encode()
    (repository.folder / "assets/orders.yaml").unlink()

    code, out, _ = repository.run("-", "--stdin-filename", "assets/orders.yaml", stdin=poor)

    assert 1 == code
    assert "conflicting cost centers" in out


def test_standard_input_needs_no_name_and_a_name_needs_standard_input(
    repository: Repository,
) -> None:
    assert "stdin.yaml:12:13: error" in repository.run("-", stdin=BAD_JOB.encode())[1]
    assert 2 == repository.run("jobs", "--stdin-filename", "jobs/new.yaml")[0]
    assert 2 == repository.run("-", "--stdin-filename", "../new.yaml", stdin=b"")[0]


def test_an_empty_standard_input_is_a_finding(repository: Repository) -> None:
    code, out, _ = repository.run("-", "--stdin-filename", "jobs/new.yaml", stdin=b"")

    assert 1 == code
    assert "jobs/new.yaml:1:1: error:" in out


def test_a_job_that_two_arguments_stand_for_is_judged_once(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})

    _, out, _ = repository.run("--format", "json", "jobs/bad.yaml", "jobs", "jobs/*.yaml", ".")

    assert 1 == len(json.loads(out)["findings"])


def test_a_file_whose_name_is_no_text_is_linted(repository: Repository) -> None:
    path = os.fsencode(repository.folder) + b"/jobs/\xff.yaml"
    with open(path, "wb") as stream:
        stream.write(BAD_JOB.encode())

    code, out, _ = repository.run()

    assert 1 == code
    assert r"jobs/\udcff.yaml:12:13: error:" in out


def test_a_nested_project_is_read_from_its_own_folder(repository: Repository) -> None:
    nested = {f"team/project/{path}": text for path, text in FILES.items()}
    for path in FILES:
        (repository.folder / path).unlink()
    repository.write(nested)

    assert "No problems in 1 job (4 files)" in repository.run()[1]
    assert "No problems in 1 job (4 files)" in repository.run(below="team/project/jobs")[1]


def test_a_run_from_elsewhere_takes_the_repository_of_its_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "jobs").mkdir()
    (repository / "jobs" / "a.yaml").write_text("infrastructure: {provider: azure}\n")
    (repository / ".dativo-lint.yml").write_text("select: [unknown-provider]\n")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / ".git").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)

    for given in (repository / "jobs" / "a.yaml", repository):
        assert 1 == main(["check", str(given)])
        assert 'repository/jobs/a.yaml:1:28: error: provider is "azure"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        ({"assets/orders.yaml": ASSET}, []),
        ({"assets/orders.yaml": ASSET}, ["assets"]),
        ({"jobs/orders.yaml": JOB, ".dativo-lint.yml": "exclude: [jobs]\n"}, []),
        ({"jobs/orders.yaml": JOB, ".gitignore": "jobs\n"}, []),
        ({"values.yaml": "infrastructure: {replicas: 2}\n"}, ["."]),
    ],
)
def test_a_walk_that_finds_no_job_has_nothing_to_check_whatever_was_read(
    repository: Repository, files: dict[str, str], arguments: list[str]
) -> None:
    shutil.rmtree(repository.folder / "jobs")
    repository.write(files)

    code, out, err = repository.run(*arguments)

    assert (2, "") == (code, out)
    assert "nothing to check" in err


@pytest.mark.parametrize(
    ("settings", "arguments", "words"),
    [
        ("", ["--select", "malformed-cost-center"], "malformed-cost-center needs pattern"),
        ("", ["--select", "finops", "--ignore", "finops"], "no rule can run"),
        ("rules: {unreadable-file: {severity: 'off'}}", ["--select", "unreadable-file"], "no rule"),
        ("jobs: ['jbos/**']\n", [], '.dativo-lint.yml:1:8: jobs: no file matches "jbos/**"'),
    ],
)
def test_what_can_find_nothing_is_a_usage_error(
    repository: Repository, settings: str, arguments: list[str], words: str
) -> None:
    repository.write({".dativo-lint.yml": settings})

    code, _, err = repository.run(*arguments)

    assert 2 == code
    assert words in err


@pytest.mark.parametrize("name", ["jobs", "rendered", "runners"])
def test_each_glob_of_what_is_to_be_checked_matches_something(
    repository: Repository, name: str
) -> None:
    """One that matches nothing is a slip, though another one matches."""
    settings = f"{name}:\n  - jobs/*.yaml\n  - jbos/**/*.yaml\n  - assets/none*.yaml\n"
    repository.write({".dativo-lint.yml": settings, "jobs/odd.yaml": JOB})

    code, out, err = repository.run()

    assert (2, "") == (code, out)
    assert (
        f'.dativo-lint.yml:3:5: {name}: no file matches "jbos/**/*.yaml"; did you mean "jobs"?'
        in err
    )
    assert f'.dativo-lint.yml:4:5: {name}: no file matches "assets/none*.yaml"\n' in err
    assert "jobs/*.yaml" not in err
    for arguments in (["jobs"], ["jobs/odd.yaml"], ["--changed", "jobs/odd.yaml"]):
        assert "no file matches" not in repository.run(*arguments)[2]


def test_what_takes_nothing_away_is_a_warning(repository: Repository) -> None:
    settings = """\
exclude: [jobs/odd.yaml, jbos/, modules/]
prefixes: {/app/: ., /srv/: srv}
overrides:
  - when: {path: [jobs/, legacy]}
    rules: {missing-owner: off}
ignores:
  - {rules: [missing-owner], paths: [jobs/, nowhere.yaml, "*.tf", "modules/**"], reason: not ours}
"""
    files = {"jobs/odd.yaml": JOB, "modules/job/main.tf": ""}
    repository.write({".dativo-lint.yml": settings, **files})

    code, out, err = repository.run()

    assert 0 == code, out
    assert [
        '.dativo-lint.yml:1:26: exclude: no file matches "jbos/"; did you mean "jobs"?',
        '.dativo-lint.yml:4:26: overrides[0].when.path: no file matches "legacy"',
        '.dativo-lint.yml:7:45: ignores[0].paths: no file matches "nowhere.yaml"',
        '.dativo-lint.yml:2:1: prefixes: the target "srv" of "/srv/" is not a folder',
    ] == [line.removeprefix("dativo-lint: warning: ") for line in err.splitlines()]
    assert "" == repository.run("jobs")[2]


def test_a_job_in_wide_characters_without_a_mark_is_broken_not_passed_over(
    repository: Repository,
) -> None:
    repository.write({"jobs/wide.yaml": JOB.encode("utf-16-le")})

    code, out, _ = repository.run("--select", "files")

    assert 1 == code
    assert "jobs/wide.yaml:1:2: error" in out


@pytest.mark.parametrize("suffix", ["yaml", "yml", "YAML", "Yml", "json", "JSON"])
def test_every_spelling_of_a_suffix_is_alike_walked_and_named(
    repository: Repository, suffix: str
) -> None:
    shutil.rmtree(repository.folder / "jobs")
    asset = f"assets/a.{suffix}"
    job = {"asset_path": asset, "infrastructure": {"provider": "azure"}}
    repository.write({f"jobs/a.{suffix}": json.dumps(job), asset: '{"asset": {"name": "a"}}'})

    for arguments in ([], ["jobs"], [f"jobs/a.{suffix}"], [f"jobs/*.{suffix}"], [asset]):
        code, out, _ = repository.run("--select", "unknown-provider", *arguments)
        assert 1 == code
        assert f"jobs/a.{suffix}:1:" in out
        assert "1 job" in out
