"""Options of every command: where they may be, what is said of slips, and what they do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB

from dativo_lint.cli.commands import COMMANDS

SUPPRESSED = BAD_JOB.replace(
    "provider: azure",
    "provider: azure  # dativo-lint: ignore[unknown-provider] until 2099-06-30 because of a pilot",
)


@pytest.fixture
def bad(repository: Repository) -> Repository:
    """A repository with one clean job, and one with an error."""
    repository.write({"jobs/bad.yaml": BAD_JOB})
    return repository


def test_the_sample_has_a_suppression() -> None:
    assert BAD_JOB != SUPPRESSED


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (["--config", "s.yml", "check", "jobs/"], ["check", "jobs/", "--config", "s.yml"]),
        (["--select", "compute", "jobs/"], ["check", "--select", "compute", "jobs/"]),
        (["-q", "--select=compute", "check"], ["check", "-q", "--select=compute"]),
        (["--format", "json", "rules"], ["rules", "--format", "json"]),
        (["--isolated", "explain", "missing-owner"], ["explain", "missing-owner", "--isolated"]),
        (["--root", ".", "tags", "jobs/bad.yaml"], ["tags", "jobs/bad.yaml", "--root", "."]),
    ],
)
def test_options_may_be_before_the_command(
    bad: Repository, before: list[str], behind: list[str]
) -> None:
    bad.write({"s.yml": "preset: minimal\n"})

    assert bad.run(*before) == bad.run(*behind)
    assert 2 != bad.run(*before)[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--selct", "x"], 'no such option: --selct; did you mean "--select"?'),
        (["--unsafe"], 'no such option: --unsafe; did you mean "--unsafe-fixes"?'),
        (["tags", "x", "--snik", "aws"], 'no such option: --snik; did you mean "--sink"?'),
        (
            ["--preset", "srict"],
            '--preset is "srict"; expected one of: minimal, recommended, strict; did',
        ),
        (["rules", "--check", "required_tags"], 'did you mean "required_tag"?'),
        (["rules", "missing-ownr"], 'unknown rule or family "missing-ownr"'),
        (
            ["rules", "--family", "finop"],
            '--family: unknown family "finop"; did you mean "finops"?',
        ),
        (["schema", "jbo"], 'argument NAME is "jbo"; expected one of'),
        (["cache", "inf"], "inf"),
        (["version"], 'unknown command or path "version"; did you mean "--version"?'),
        (["tags", "jobs", "--key", "CostCentr"], 'did you mean "infrastructure.CostCenter"?'),
        (["-q", "chekc"], 'unknown command or path "chekc"; did you mean "check"?'),
        (
            ["--extend-select", "missing-ownr"],
            '--extend-select: unknown rule or family "missing-ownr"',
        ),
    ],
)
def test_a_slip_gets_a_suggestion(bad: Repository, arguments: list[str], said: str) -> None:
    code, out, err = bad.run(*arguments)

    assert (2, "") == (code, out)
    assert said in err
    assert "did you mean" in err.lower()


@pytest.mark.parametrize("option", ["--strict", "--rule", "--warn"])
def test_the_dashes_of_options_make_none_like_another(bad: Repository, option: str) -> None:
    assert f"no such option: {option} (see" in bad.run(option)[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-v", "rules"], "-v is not an option of rules (see dativo-lint rules --help)"),
        (["--preset", "strict", "rules"], "--preset is not an option of rules (see"),
        (["--exclude=x", "tags", "J"], "--exclude is not an option of tags (see"),
        (["--select", ""], '--select is ""; expected a name'),
        (["--extend-select", "finops", "--ignore", ","], '--ignore is ""; expected a name'),
        (["rules", ""], 'RULES is ""; expected a name'),
        (["completion"], "expected one of: bash, zsh, fish (see"),
    ],
)
def test_a_usage_error_names_the_wrong_option(
    bad: Repository, arguments: list[str], said: str
) -> None:
    code, out, err = bad.run(*arguments)

    assert (2, "") == (code, out)
    assert said in err


@pytest.mark.parametrize("wrong", ["chekc", "--selct", "baseline"])
@pytest.mark.parametrize("color", [["--color", "always"], ["--color=never"]])
def test_an_error_in_the_arguments_has_the_colour_that_is_asked_for(
    bad: Repository, wrong: str, color: list[str]
) -> None:
    bad.patch.setenv("FORCE_COLOR", "1")

    assert ("always" in color) is ("\x1b[" in bad.run(wrong, *color, "shwo")[2])


def test_output_goes_whole_to_a_file_and_nothing_to_the_screen(bad: Repository) -> None:
    _, printed, _ = bad.run("--format", "json")

    assert (1, "", "") == bad.run("--format", "json", "-o", "a.json")
    assert printed == (bad.folder / "a.json").read_text()
    assert (1, "") == bad.run("--output", "a.txt")[:2]
    assert "jobs/bad.yaml:12:13: error:" in (bad.folder / "a.txt").read_text()


@pytest.mark.parametrize(
    "formats", [["json", "sarif"], ["json=b.json"], ["text", "statistics"]], ids=" ".join
)
def test_output_is_of_one_form(bad: Repository, formats: list[str]) -> None:
    arguments = [word for form in formats for word in ("--format", form)]

    code, out, err = bad.run(*arguments, "-o", "a")

    assert (2, "") == (code, out)
    assert "--output needs a single --format" in err
    assert not (bad.folder / "a").exists()


def test_output_is_not_touched_by_a_run_that_cannot_be_made(bad: Repository) -> None:
    (bad.folder / "a.json").write_text("before")

    assert 2 == bad.run("nowhere", "--format", "json", "-o", "a.json")[0]
    assert "before" == (bad.folder / "a.json").read_text()


def test_exclude_is_added_to_that_of_the_settings(bad: Repository) -> None:
    bad.write({".dativo-lint.yml": "exclude: [old/]\n", "old/bad.yaml": BAD_JOB})

    assert "bad.yaml" in bad.run("--format", "concise")[1]
    code, out, _ = bad.run("--exclude", "bad.yaml", "--exclude", "drafts/")
    assert (0, True) == (code, "in 1 job" in out)
    assert 1 == bad.run("jobs/bad.yaml", "--exclude", "bad.yaml")[0]  # as it was named
    told = json.loads(bad.run("config", "--format", "json")[1])["settings"]["exclude"]
    assert ["old/"] == told["value"]
    assert "too long" in bad.run("--exclude", "?*" * 100_000)[2]


def test_extend_select_adds_to_what_runs_and_extend_ignore_takes_away(bad: Repository) -> None:
    def rules(*arguments: str) -> set[str]:
        report = json.loads(bad.run("jobs", "--format", "json", *arguments)[1])
        return {rule["id"] for rule in report["rules"]}

    usual = rules()
    assert {"dagster-metadata-only"} == rules("--extend-select", "dagster-metadata-only") - usual
    few = rules("--select", "compute", "--extend-select", "missing-*")
    assert {"unknown-provider", "missing-owner"} <= few
    assert "invalid-job" not in few
    assert usual - rules("--extend-ignore", "compute") == usual & rules("--select", "compute")
    with_preset = rules("--preset", "minimal", "--extend-select", "finops")
    assert "missing-project" in with_preset - rules("--preset", "minimal")


def test_suppressed_findings_are_listed_with_reason_and_end(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": SUPPRESSED})
    reason = "because of a pilot (until 2099-06-30)"

    hidden = repository.run("jobs/bad.yaml")[1]
    assert "1 suppressed finding (list with --show-suppressed)" in hidden
    assert "pilot" not in hidden
    for form in ("text", "concise", "table"):
        code, out, _ = repository.run("jobs/bad.yaml", "--show-suppressed", "--format", form)
        assert 0 == code
        assert reason in out
        assert "suppressed" in out
        assert "[unknown-provider]" in out
        assert "--show-suppressed" not in out


def test_verbose_tells_what_was_read_and_skipped_and_why(bad: Repository) -> None:
    settings = "exclude: [old/]\npreset: minimal\n"
    bad.write({".dativo-lint.yml": settings, "old/a.yaml": BAD_JOB, "charts/v.yaml": "replicas: 2"})

    code, quiet, silence = bad.run()
    assert (code, quiet) == bad.run("-v")[:2]
    assert "" == silence
    lines = bad.run("-v")[2].splitlines()
    assert f"root: {bad.folder}" in lines
    assert f"settings file: {bad.folder / '.dativo-lint.yml'}" in lines
    assert "preset: minimal (.dativo-lint.yml:2:1)" in lines
    assert "read: jobs/bad.yaml" in lines
    assert "skipped: charts/v.yaml (neither a job nor used by one)" in lines
    assert "read: assets/orders.yaml" in lines
    assert not [line for line in lines if line.startswith("skipped: assets/")]
    assert "skipped: old/a.yaml (excluded: .dativo-lint.yml:1:1)" in lines
    assert not [line for line in lines if line.startswith("skipped: .dativo-lint")]


def test_verbose_names_files_from_the_current_folder(bad: Repository) -> None:
    bad.write({"charts/v.yaml": "replicas: 2"})
    lines = bad.run("-v", "..", below="jobs")[2].splitlines()

    assert {"read: bad.yaml", "read: ../assets/orders.yaml"} <= {*lines}
    assert "skipped: ../charts/v.yaml (neither a job nor used by one)" in lines


def test_verbose_tells_why_there_is_nothing_to_check(bad: Repository) -> None:
    code, _, err = bad.run("-v", "--exclude", "*.yaml")

    assert 2 == code
    assert "skipped: jobs/bad.yaml (excluded: command line)" in err


def test_the_same_is_read_with_a_cache_as_without(bad: Repository, tmp_path: Path) -> None:
    bad.write({"charts/v.yaml": "replicas: 2"})
    runs = [bad.run("-v", *where) for where in (["--no-cache"], *[["--cache-dir", "../c"]] * 2)]

    assert runs[0] == runs[1] == runs[2]


@pytest.mark.parametrize("name", sorted({*COMMANDS} - {"baseline", "cache"}))
def test_every_command_knows_color(bad: Repository, name: str) -> None:
    assert "--color" in bad.run(name, "--help")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["rules"],
        ["explain", "missing-owner"],
        ["explain", "finops"],
        ["tags", "jobs/bad.yaml"],
        ["coverage", "--key", "finops.cost_center"],
        ["config"],
        ["checks", "required_tag"],
        ["nowhere"],
    ],
    ids=" ".join,
)
def test_colour_is_used_in_every_command_as_it_is_asked_for(
    bad: Repository, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_coloured(*more: str) -> bool:
        _, out, err = bad.run(*arguments, *more)
        return "\x1b[" in out + err

    assert [False, True] == [is_coloured(), is_coloured("--color", "always")]
    plain = bad.run(*arguments)[1:]
    coloured = bad.run(*arguments, "--color=always")[1:]
    assert plain == tuple(re.sub(r"\x1b\[[0-9;]*m", "", text) for text in coloured)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert [True, False] == [is_coloured(), is_coloured("--color", "never")]


@pytest.mark.parametrize(
    ("words", "number", "item"),
    [
        ("dativo-lint ru", 1, "plain,rules"),
        ("dativo-lint --show-sup", 1, "plain,--show-suppressed"),
        ("dativo-lint explain missing-p", 2, "plain,missing-project"),
        ("dativo-lint check --select fino", 3, "plain,finops"),
        ("dativo-lint completion z", 2, "plain,zsh"),
        ("dativo-lint check --format sa", 3, "plain,sarif"),
        ("dativo-lint tags jo", 2, "file,jo"),
        ("dativo-lint jo", 1, "file,jo"),
    ],
)
def test_shells_complete_commands_options_and_rules(
    repository: Repository, words: str, number: int, item: str
) -> None:
    environment = {
        "_DATIVO_LINT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(number),
    }
    script = "import sys; from dativo_lint.cli import main; sys.exit(main())"
    done = repository.start(script=script, environment=environment)

    assert item in done.stdout.decode().splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(repository: Repository, shell: str) -> None:
    code, out, _ = repository.run("completion", shell)

    assert 0 == code
    assert f"{shell}_complete" in out


def test_version_tells_the_environment_only_when_asked(repository: Repository) -> None:
    plain = repository.run("--version")[1]
    lines = repository.run("--version", "-v")[1].splitlines()

    assert 1 == plain.count("\n")
    assert plain.strip() == lines[0]
    assert any(line.startswith("CPython 3.") for line in lines)
    assert any(line.startswith("msgspec ") for line in lines)
    assert lines == repository.run("-v", "--version")[1].splitlines()
