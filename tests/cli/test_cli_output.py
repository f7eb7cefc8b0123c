"""What a run prints and writes, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, JOB

import dativo_lint.checks.allowed_rows
from dativo_lint import api
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.jobs.job import Job
from dativo_lint.reports import REPORTS

ESCAPE = "\x1b[31m"


@pytest.fixture
def bad(repository: Repository) -> Repository:
    """A repository with one clean job, and one with an error."""
    repository.write({"jobs/bad.yaml": BAD_JOB})
    return repository


def test_the_exit_code_tells_clean_found_and_misused(bad: Repository) -> None:
    assert 0 == bad.run("jobs/orders.yaml")[0]
    assert 1 == bad.run("jobs/bad.yaml")[0]
    assert 2 == bad.run("jobs/none.yaml")[0]


def test_fail_on_says_how_severe_a_finding_has_to_be(repository: Repository) -> None:
    asset = repository.folder / "assets/orders.yaml"
    lines = asset.read_text().splitlines()
    asset.write_text("\n".join(line for line in lines if "dativo-lint" not in line))
    wanted = "rules: {dagster-metadata-only: {severity: note}}\n"
    repository.write({".dativo-lint.yml": wanted})

    assert "1 note in 1 job" in repository.run()[1]
    assert [0, 0, 1] == [
        repository.run("--fail-on", level)[0] for level in ("error", "warning", "note")
    ]
    repository.write({".dativo-lint.yml": f"fail_on: note\n{wanted}"})
    assert 1 == repository.run()[0]
    assert 0 == repository.run("--fail-on", "error")[0]


def test_exit_zero_forgives_findings_and_nothing_else(bad: Repository) -> None:
    assert 0 == bad.run("--exit-zero")[0]
    assert 2 == bad.run("--exit-zero", "nowhere.yaml")[0]


@pytest.mark.parametrize("name", REPORTS)
def test_every_form_goes_to_standard_output_or_to_a_file(bad: Repository, name: str) -> None:
    code, printed, _ = bad.run("--format", name)
    assert 1 == code
    assert (1, "") == bad.run("--format", f"{name}=report", "--format", "github=github")[::2]

    assert printed == (bad.folder / "report").read_bytes().decode()
    assert "unknown-provider" in printed


def test_commands_to_build_services_are_printed_beside_text(bad: Repository) -> None:
    forms = ("text", "github", "azure", "teamcity")
    code, out, _ = bad.run(*(f"--format={form}" for form in forms))
    assert 1 == code
    assert "".join(bad.run("--format", form)[1] for form in forms) == out


def test_a_run_of_sarif_is_named_and_what_fails_it_is_a_failure_of_junit(
    bad: Repository,
) -> None:
    bad.run("--sarif-category", "aws", "--format", "sarif=a.sarif", "--format", "junit=b.xml")

    (run,) = json.loads((bad.folder / "a.sarif").read_bytes())["runs"]
    assert {"id": "aws/"} == run["automationDetails"]
    assert 'failures="1"' in (bad.folder / "b.xml").read_text()


def test_sarif_has_the_hash_of_the_line_that_was_checked(bad: Repository) -> None:
    def line_hash(*arguments: str, stdin: bytes = b"") -> str:
        options = ("--select", "unknown-provider", "--format", "sarif")
        (run,) = json.loads(bad.run(*options, *arguments, stdin=stdin)[1])["runs"]
        (result,) = run["results"]
        return str(result["partialFingerprints"]["primaryLocationLineHash"])

    on_disk = line_hash("jobs/bad.yaml")
    assert re.fullmatch("[1-9a-f][0-9a-f]*:1", on_disk)
    edited = BAD_JOB.replace("azure", "azur").encode()
    assert on_disk != line_hash("-", "--stdin-filename", "jobs/bad.yaml", stdin=edited)
    bad.write({"jobs/bad.yaml": edited})
    assert line_hash("jobs/bad.yaml") == line_hash(
        "-", "--stdin-filename", "jobs/bad.yaml", stdin=edited
    )


def test_what_sarif_leaves_out_is_told(bad: Repository) -> None:
    bad.patch.setattr("dativo_lint.reports.as_sarif.RESULTS", 0)
    code, out, err = bad.run("--format", "sarif")

    assert 1 == code
    assert [] == json.loads(out)["runs"][0]["results"]
    assert err.startswith("dativo-lint: warning: SARIF: ")
    assert err.count("\n") == 1


def test_sarif_may_be_of_alerts_only(bad: Repository) -> None:
    comment = "# dativo-lint: ignore[unknown-provider] because it is a test"
    bad.write({"jobs/bad.yaml": re.sub("(provider: .*)", rf"\1  {comment}", BAD_JOB)})

    for options, count in (((), 1), (("--sarif-alerts-only",), 0)):
        out = bad.run("--select", "unknown-provider", "--format", "sarif", *options)[1]
        assert count == len(json.loads(out)["runs"][0]["results"]), options


def test_where_all_forms_go_to_files_people_still_get_theirs(bad: Repository) -> None:
    _, out, _ = bad.run("--format", "json=a.json", "--format", "sarif=b.sarif")

    assert "1 error in 2 jobs" in out
    assert 1 == json.loads((bad.folder / "a.json").read_bytes())["version"]
    assert "2.1.0" == json.loads((bad.folder / "b.sarif").read_bytes())["version"]


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        (["jsno"], 'unknown format "jsno"; expected one of: text,'),
        (["json", "sarif"], "json and sarif cannot share standard output"),
        (["json", "text"], "json and text cannot share standard output"),
        (["json=a", "sarif=a"], "two forms cannot be written to one file"),
        (["json=no/such/folder/a"], "cannot write no/such/folder/a"),
        (["json=jobs"], "cannot write jobs: it is a folder"),
        (["=a"], "unknown format"),
    ],
)
def test_a_form_that_cannot_be_had_is_misuse_before_anything_is_judged(
    bad: Repository, formats: list[str], told: str
) -> None:
    arguments = [it for form in formats for it in ("--format", form)]

    code, out, err = bad.run(*arguments)

    assert (2, "") == (code, out)
    assert told in err
    assert ["assets", "connectors", "jobs"] == sorted(
        it.name for it in bad.folder.iterdir() if it.name != ".git"
    )


def test_a_file_is_written_whole_and_nothing_lies_beside_it(bad: Repository) -> None:
    target = bad.folder / "out" / "a.json"
    target.parent.mkdir()
    target.write_text("before")
    target.chmod(0o640)

    bad.run("--format", "json=out/a.json")

    assert ["a.json"] == [it.name for it in target.parent.iterdir()]
    assert 0o640 == target.stat().st_mode & 0o777
    assert 1 == json.loads(target.read_bytes())["version"]


def test_a_file_that_is_a_link_stays_one(bad: Repository) -> None:
    (bad.folder / "out").mkdir()
    (bad.folder / "a.json").symlink_to("out/real.json")

    bad.run("--format", "json=a.json")

    assert (bad.folder / "a.json").is_symlink()
    assert 1 == json.loads((bad.folder / "out/real.json").read_bytes())["version"]


def test_a_report_can_go_to_a_device(bad: Repository) -> None:
    assert 1 == bad.run("--format", "json=/dev/null")[0]
    assert Path("/dev/null").is_char_device()


def test_in_actions_annotations_and_a_summary_come_by_themselves(
    bad: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))

    _, out, _ = bad.run()

    assert "1 error in 2 jobs" in out
    assert "::error " in out
    assert "unknown-provider" in (tmp_path / "summary").read_text()


@pytest.mark.parametrize("form", ["json", "sarif", "github", "markdown"])
def test_in_actions_nothing_is_mixed_into_a_form_for_machines(
    bad: Repository, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    _, before, _ = bad.run("--format", form)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert before == bad.run("--format", form)[1]


def test_in_actions_a_report_in_a_file_still_leaves_annotations(
    bad: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert "::error " in bad.run("--format", "sarif=a.sarif")[1]


def test_a_summary_that_cannot_be_written_fails_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/nowhere/summary")

    code, _, err = repository.run()

    assert 0 == code
    assert "no job summary" in err


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        ({}, None, False),
        ({"FORCE_COLOR": "1"}, None, True),
        ({"FORCE_COLOR": "0"}, None, False),
        ({"FORCE_COLOR": ""}, None, False),
        ({"NO_COLOR": "1"}, None, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, None, True),
        ({"FORCE_COLOR": "1"}, "--color=never", False),
        ({"NO_COLOR": "1"}, "--color=always", True),
    ],
)
def test_colour_is_used_where_it_is_asked_for(
    bad: Repository,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    option: str | None,
    coloured: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    _, out, _ = bad.run(*([option] if option else []))

    assert coloured == ("\x1b[" in out)


def test_a_report_in_a_file_is_never_coloured(bad: Repository) -> None:
    bad.run("--color=always", "--format", "text=a.txt")

    assert "\x1b" not in (bad.folder / "a.txt").read_text()


def test_open_questions_are_counted_and_can_be_listed(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": JOB.replace("4096", "${MEMORY}")})

    code, counted, _ = repository.run()
    listed = repository.run("--show-unresolved")[1]

    assert 0 == code
    assert "unresolved value" in counted
    assert "${MEMORY}" not in counted
    assert "jobs/orders.yaml:14:14: unresolved:" in listed


@pytest.mark.parametrize(("jobs", "more"), [(3, ""), (4, "1 more file"), (9, "6 more files")])
def test_of_many_jobs_with_one_defect_some_are_named_and_the_others_counted(
    repository: Repository, jobs: int, more: str
) -> None:
    job = "infrastructure:\n  provider: aws\n  terraform_module: modules/job\n"
    repository.write({f"jobs/{number}.yaml": job for number in range(jobs)})
    repository.write(
        {"modules/job/main.tf": 'variable "a" {}\n', ".dativo-lint.yml": "jobs: [jobs/]\n"}
    )

    _, out, _ = repository.run("--select", "unused-infrastructure-metadata")

    assert 3 == out.count('infrastructure.provider is "aws"')
    assert [f"and the same in {more}"] * bool(more) == re.findall("and the same in .*", out)


def test_as_many_unresolved_values_are_listed_as_are_counted(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": JOB.replace("provider: aws", "provider: ${CLOUD}")})

    lines = repository.run("--show-unresolved", "--format", "concise")[1].splitlines()
    (counted,) = re.findall(r"(\d+) unresolved value", repository.run()[1])

    assert int(counted) == sum(" unresolved: " in line for line in lines)


def broken_check(_: Any, job: Job) -> Iterator[Violation | Unresolved]:
    """A check that answers once and then fails."""
    yield Violation(job.field("asset_path"), f"{ESCAPE}seen")
    raise RuntimeError(f"{ESCAPE}boom")


def test_a_check_that_fails_is_told_with_its_rule_and_job_and_all_else_is_reported(
    bad: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dativo_lint.checks.allowed_rows.Check, "judge", broken_check)

    for arguments in ([], ["--exit-zero"]):
        code, out, _ = bad.run(*arguments)
        assert 3 == code
        assert "internal error: rule unknown-provider failed on jobs/bad.yaml" in out
        assert "RuntimeError: \\x1b[31mboom" in out
        assert "jobs/bad.yaml:8:13: error: \\x1b[31mseen" in out
        assert ESCAPE not in out


def test_an_error_of_the_tool_itself_is_told_without_a_traceback(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"{ESCAPE}boom")

    monkeypatch.setattr(api, "all_rules", fail)

    code, out, err = repository.run()

    assert (3, "") == (code, out)
    assert "internal error: RuntimeError: \\x1b[31mboom (" in err
    assert "Traceback" not in err


def test_an_interrupted_run_says_so(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "all_rules", interrupt)

    code, _, err = repository.run()

    assert 128 + signal.SIGINT == code
    assert "dativo-lint: interrupted" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fromat", "json"],
        ["check", "--preset", "strickt"],
        ["explain"],
        ["schema", "jobs"],
        ["tags", "jobs/orders.yaml", "more"],
        ["check", "--config", "a.yml", "--isolated"],
        ["--format"],
    ],
    ids=" ".join,
)
def test_misuse_of_the_command_line_is_told_in_one_line(
    repository: Repository, arguments: list[str]
) -> None:
    code, out, err = repository.run(*arguments)

    assert (2, "") == (code, out)
    assert err.startswith("dativo-lint: ")
    assert 1 == err.count("\n")
    assert err.split(": ")[1][0].islower() or err.split(": ")[1].startswith("--")


def test_a_reader_who_leaves_early_changes_no_exit_code(bad: Repository) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dativo_lint", "--format", "sarif", "--format", "text=a.txt"],
        cwd=bad.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate()

    assert (1, b"") == (process.returncode, err)
    assert "unknown-provider" in (bad.folder / "a.txt").read_text()


def test_a_full_disk_behind_standard_output_is_misuse(bad: Repository) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dativo_lint"],
            cwd=bad.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert 2 == done.returncode
    assert done.stderr.startswith(b"dativo-lint: cannot write to standard output")
    assert 1 == done.stderr.count(b"\n")


def test_closed_output_changes_no_exit_code(bad: Repository) -> None:
    script = f"exec {sys.executable} -m dativo_lint >&- 2>&-"

    done = subprocess.run(["/bin/sh", "-c", script], cwd=bad.folder, check=False)

    assert 1 == done.returncode


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_letters_are_printed_in_any_locale(repository: Repository, locale: str) -> None:
    repository.write({"jobs/bad.yaml": JOB.replace("provider: aws", "provider: açaí-雲")})
    environment = {"LC_ALL": locale, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    done = repository.start("jobs/bad.yaml", environment=environment)

    assert (1, b"") == (done.returncode, done.stderr)
    assert 'provider is "açaí-雲"' in done.stdout.decode()


def test_what_a_terminal_would_obey_is_neutralised_everywhere(repository: Repository) -> None:
    provider = 'provider: "\\e[31mred\\u202e\\n::error::x"'
    name = "jobs/\x1b[31m\n::error::.yaml"
    repository.write({name: JOB.replace("provider: aws", provider)})

    for form in REPORTS:
        _, out, err = repository.run("--format", form)
        assert not {"\x1b", "\u202e"} & set(out + err)
        assert not any(line.startswith("::error::") for line in out.splitlines())


def test_two_runs_print_the_same(bad: Repository) -> None:
    first = bad.start("--format", "sarif", environment={"PYTHONHASHSEED": "1"})
    second = bad.start("--format", "sarif", environment={"PYTHONHASHSEED": "2"})

    assert first.stdout == second.stdout
    assert b"" != first.stdout


def test_the_version_is_told(repository: Repository) -> None:
    code, out, _ = repository.run("--version")

    assert 0 == code
    assert f"dativo-lint {dativo_lint.__version__}\n" == out


@pytest.mark.parametrize("command", [(), ("check",), ("tags",), ("rules",), ("config",)])
def test_help_fits_a_terminal_and_leaves_no_word_out(
    repository: Repository, command: tuple[str, ...]
) -> None:
    code, out, _ = repository.run(*command, "--help")

    assert 0 == code
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "...\n" not in re.sub(r"\[?(ARGS|PATHS|RULES)\]?\.\.\.", "", out)


def test_nothing_but_what_is_asked_for_is_written(bad: Repository) -> None:
    def every() -> set[str]:
        return {os.path.join(at, it) for at, _, names in os.walk(bad.folder) for it in names}

    before = every()
    for command in ([], ["rules"], ["config"], ["tags", "jobs/bad.yaml"], ["schema", "job"]):
        bad.run(*command)

    assert before == every()


def test_quiet_prints_the_summary_and_twice_nothing(bad: Repository) -> None:
    assert bad.run("-q")[1].count("\n") == 1
    assert bad.run("-qq")[:2] == (1, "")
    assert bad.run("-q", "--format", "json")[1].startswith("{")


def test_statistics_count_findings_by_rule(bad: Repository) -> None:
    _, out, _ = bad.run("--statistics")

    assert any(line.split()[:3] == ["1", "error", "unknown-provider"] for line in out.splitlines())
    assert "bad.yaml" not in out


def test_a_word_that_is_nearly_a_command_gets_a_suggestion(bad: Repository) -> None:
    code, _, err = bad.run("chekc")

    assert (code, 'did you mean "check"?' in err) == (2, True)


@pytest.mark.parametrize("name", ["unknown-*", "Unknown-Provider", "COMPUTE", "comp*"])
def test_rules_are_selected_by_globs_and_in_any_case(bad: Repository, name: str) -> None:
    assert "unknown-provider" in bad.run("--select", name, "--format", "concise")[1]
    assert "unknown-provider" not in bad.run("--ignore", name, "--format", "concise")[1]


def test_a_glob_that_no_rule_fits_is_a_usage_error(bad: Repository) -> None:
    code, _, err = bad.run("--select", "unkown-*")

    assert (code, '--select: unknown rule or family "unkown-*"' in err) == (2, True)
