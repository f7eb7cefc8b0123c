"""The story, from texts to a report, and what a program in Python may ask for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from job_samples import ASSETS, JOBS, VALUES, written
from memory_folder import MemoryFolder
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, memory, with_module, write

import dativo_lint.checks.allowed_rows
from dativo_lint import derive_tags, lint, load_job
from dativo_lint.api import lint_folder, load_jobs
from dativo_lint.engine.selection import Given
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.files import find_settings
from dativo_lint.settings.settings import settings_from

NEW_YEAR = date(2026, 1, 1)
ALLOW = "# dativo-lint: ignore[unknown-provider] because the pilot runs there"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean repository, which is the current folder."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    write(tmp_path / "repository", FILES)
    monkeypatch.chdir(tmp_path / "repository")
    return tmp_path / "repository"


def report(folder: MemoryFolder, *named: str, today: date = NEW_YEAR, **data: Any) -> Report:
    """Lint named files of a folder, or all, under settings."""
    paths = named or tuple(sorted(folder.files))
    return lint_folder(
        folder,
        Given(paths, changed=True, all_files=lambda: sorted(folder.files)),
        settings_from(data, Path("/repository")),
        today=today,
    )


def found(*arguments: Any, **data: Any) -> list[str]:
    """The rules that are broken, in the order of the report."""
    return [finding.rule.id for finding in report(*arguments, **data).findings]


def test_a_program_can_lint_files(repository: Path) -> None:
    write(repository, {"jobs/bad.yaml": BAD_JOB})

    clean = lint(["jobs/orders.yaml"])
    bad = lint([Path("jobs")], find_settings(repository))

    assert ((), 1, 4) == (clean.findings, clean.jobs, clean.files)
    assert ["unknown-provider"] == [finding.rule.id for finding in bad.findings]
    assert 2 == bad.jobs
    assert "jobs/bad.yaml:12:13" == str(bad.findings[0].place)


def test_a_program_can_ask_who_set_a_tag(repository: Path) -> None:
    write(repository, {"jobs/orders.yaml": f"{JOB}finops: {{cost_center: FIN-002}}\n"})

    tags = derive_tags(load_job("jobs/orders.yaml"))

    assert "FIN-002" == tags["finops.cost_center"].text
    assert [("asset", "FIN-001"), ("job", "FIN-002")] == [
        (word.layer.value, word.written) for word in tags["finops.cost_center"].trail
    ]
    assert "1.0" == tags["infrastructure.vcpu"].text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("none.yaml", r"none\.yaml: no such file"),
        ("jobs", "jobs is not a file"),
        ("jobs/*.yaml", r"jobs/\*\.yaml is not a file"),
        ("connectors/iceberg.yaml", "contains no job"),
        ("broken.yaml", r"broken\.yaml:2:1: "),
        ("two.yaml", "contains 2 jobs; expected one"),
        ("../two.yaml", "is outside the repository"),
    ],
)
def test_to_load_what_is_not_one_job_is_misuse(repository: Path, path: str, told: str) -> None:
    write(repository, {"broken.yaml": "infrastructure: [\n", "two.yaml": f"{JOB}---\n{JOB}"})

    with pytest.raises(UsageError, match=told):
        load_job(path)


def test_several_jobs_of_a_file_can_be_loaded(repository: Path) -> None:
    write(repository, {"two.yaml": f"{JOB}---\n{JOB}"})

    assert [0, 1] == [job.config.number for job in load_jobs("two.yaml")]


def test_progress_is_told_after_each_file() -> None:
    told: list[tuple[int, int]] = []
    folder = memory(jobs__second=JOB)

    lint_folder(
        folder,
        Given(sorted(folder.files), changed=True),
        settings_from({}, Path("/")),
        progress=lambda done, total: told.append((done, total)),
    )

    count = len(folder.files)
    assert [(number, count) for number in range(1, count + 1)] == told


def test_findings_are_sorted_by_place_and_told_once() -> None:
    asset = ASSET.replace("retention_days: 365", "retention_days: never")
    files = {**FILES, "assets/orders.yaml": asset, "jobs/z.yaml": BAD_JOB, "jobs/a.yaml": BAD_JOB}

    places = [str(it.place) for it in report(MemoryFolder(files)).findings]

    assert ["assets/orders.yaml:14:19", "jobs/a.yaml:12:13", "jobs/z.yaml:12:13"] == places


def test_fingerprints_outlive_lines_that_are_put_above() -> None:
    def prints(job: str) -> list[str]:
        return [it.fingerprint for it in report(memory(jobs__bad=job)).findings]

    bad = BAD_JOB.replace("FIN-001", "FIN-002")

    assert 2 == len(set(prints(bad)))
    assert prints(bad) == prints(f"# a comment\n\n{bad}")


def test_an_allowance_accepts_and_the_rest_stands() -> None:
    job = BAD_JOB.replace("azure", f"azure  {ALLOW}").replace("FIN-001", "FIN-002")

    result = report(memory(jobs__bad=job))

    assert ["conflicting-cost-center"] == [it.rule.id for it in result.findings]
    (allowed,) = [it for it in result.suppressed if it.place.path == "jobs/bad.yaml"]
    assert allowed.suppression is not None
    assert "the pilot runs there" == allowed.suppression.reason


def test_an_allowance_at_a_field_that_is_absent_stands_at_its_nearest_ancestor() -> None:
    job = JOB.replace("  memory_mb: 4096\n", "")
    allowed = job.replace(
        "infrastructure:",
        "infrastructure:  # dativo-lint: ignore[missing-compute-size] because it has a default",
    )

    assert ["missing-compute-size"] == found(memory(jobs__orders=job))
    assert [] == found(memory(jobs__orders=allowed))


def test_an_allowance_without_a_sensible_end_allows_nothing() -> None:
    job = BAD_JOB.replace("azure", f"azure  {ALLOW.replace('because', 'until spring because')}")

    assert ["unknown-provider", "suppression-without-reason"] == found(memory(jobs__bad=job))


def test_an_allowance_holds_until_the_end_of_its_last_day() -> None:
    job = BAD_JOB.replace("azure", f"azure  {ALLOW.replace('because', 'until 2026-01-01 because')}")

    assert ["expiring-suppression"] == found(memory(jobs__bad=job))
    later = [it.rule.id for it in report(memory(jobs__bad=job), today=date(2026, 1, 2)).findings]
    assert ["unknown-provider", "expired-suppression"] == later


def test_nobody_allows_what_the_rules_about_allowances_find() -> None:
    job = JOB.replace("azure", "aws").replace(
        "provider: aws", "provider: aws  # dativo-lint: ignore[unused-suppression] because x"
    )

    assert ["unused-suppression"] == found(memory(jobs__orders=job))


UNUSED = JOB.replace("provider: aws", f"provider: aws  {ALLOW}")


def test_an_allowance_without_a_defect_is_unused() -> None:
    assert ["unused-suppression"] == found(memory(jobs__orders=UNUSED))


@pytest.mark.parametrize(
    "data",
    [
        {"ignore": ["unknown-provider"]},
        {"rules": {"unknown-provider": {"severity": "off"}}},
        {
            "overrides": [
                {"when": {"tenant_id": "acme"}, "rules": {"unknown-provider": {"severity": "off"}}}
            ]
        },
    ],
    ids=str,
)
def test_an_allowance_for_a_rule_that_does_not_run_is_not_unused(data: dict[str, Any]) -> None:
    assert [] == found(memory(jobs__orders=UNUSED), **data)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("assets/orders.yaml", "${ASSET}"),
        ("provider: aws ", "provider: ${PROVIDER} "),
        ("    Environment: production\n", "    Environment: production\n---\na: [\n"),
    ],
)
def test_what_was_not_seen_whole_has_no_unused_allowance(before: str, after: str) -> None:
    assert "unused-suppression" not in found(memory(jobs__orders=UNUSED.replace(before, after)))


def test_of_a_file_that_other_jobs_use_too_no_allowance_is_unused() -> None:
    asset = f"{ASSET}# dativo-lint: ignore[missing-owner] because x\nx: 1\n"
    folder = MemoryFolder({**FILES, "assets/orders.yaml": asset})

    assert [] == found(folder, "jobs/orders.yaml")
    assert ["unused-suppression"] == found(folder, "assets/orders.yaml")
    assert ["unused-suppression"] == found(folder)


def test_of_an_asset_that_no_job_uses_only_what_was_looked_at_can_be_unused() -> None:
    text = "# dativo-lint: ignore[missing-owner, unknown-field] because x\n"
    files = {"assets/orders.yaml": ASSET + text + "x: 1\n"}

    (finding,) = report(MemoryFolder(files)).findings

    assert "unused suppression: unknown-field reports nothing here" == finding.message


def test_after_a_crash_no_suppression_of_its_rule_is_unused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(dativo_lint.checks.allowed_rows.Check, "judge", fail)

    result = report(memory(jobs__orders=UNUSED))

    assert "unknown-provider" in {crash.rule.id for crash in result.crashes}
    assert () == result.findings


def test_an_asset_that_cannot_be_read_is_told_once_and_asks_no_question_of_its_jobs() -> None:
    jobs = {f"jobs/{number}.yaml": JOB for number in range(5)}
    folder = MemoryFolder({**FILES, **jobs, "assets/orders.yaml": f"{ASSET}x: [\n"})

    result = report(folder)

    assert ["unreadable-file"] == [it.rule.id for it in result.findings]
    assert () == result.unresolved


def test_the_same_secret_is_shown_by_no_form() -> None:
    job = with_module(terraform_vars="{password: 01234567, size: 010, extra: x}")
    folder = MemoryFolder({**FILES, "jobs/orders.yaml": job, "modules/job/main.tf": MODULE})

    result = report(folder)

    assert "undeclared-module-variable" in {it.rule.id for it in result.findings}
    for form in REPORTS.values():
        assert "01234567" not in form(result)


JOB_FILES = st.one_of(
    JOBS,
    st.dictionaries(
        st.sampled_from(
            ["asset_path", "source_connector_path", "infrastructure", "finops", "logging", "asset"]
        ),
        VALUES,
    ),
)


@given(JOB_FILES, ASSETS, st.dictionaries(st.sampled_from(["runner", "x"]), VALUES))
@examples(max_examples=40)
def test_whatever_files_hold_no_check_fails_and_every_form_is_made(
    job: dict[Any, Any], asset: dict[Any, Any], runner: dict[Any, Any]
) -> None:
    files = {
        "jobs/job.yaml": written({"asset_path": "asset.yaml", **job}),
        "asset.yaml": written(asset),
        "runner.yaml": written(runner),
    }

    result = report(MemoryFolder(files), preset="strict", jobs=["jobs/*"])

    assert () == result.crashes
    assert 1 == result.jobs
    prints = [it.fingerprint for it in (*result.findings, *result.suppressed)]
    assert len(prints) == len(set(prints))
    for form in REPORTS.values():
        form(result)


LINES = (with_module() + "finops:\n  cost_center: FIN-001\n").splitlines()


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES) - 1),
            st.sampled_from(
                [
                    "",
                    "~",
                    "[]",
                    "{}",
                    "${X}",
                    "12",
                    ".nan",
                    "2024-01-01",
                    "012",
                    "[a, {b: c}]",
                    "!x y",
                    "&a [1]",
                    "*a",
                    "!!binary aGk=",
                    "'\\0'",
                    '"\\e"',
                    "gcp",
                    "ec2",
                    "9" * 400,
                ]
            ),
        ),
        max_size=3,
    )
)
@examples(max_examples=60)
def test_whatever_the_fields_of_a_job_say_no_check_fails(changes: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for number, value in changes:
        lines[number] = f"{lines[number].split(':')[0]}: {value}"
    files = {**FILES, "jobs/orders.yaml": "\n".join(lines), "modules/job/main.tf": MODULE}

    result = report(MemoryFolder(files), preset="strict")

    assert () == result.crashes


def test_every_rule_that_ran_is_among_those_of_the_report() -> None:
    ran = {rule.id for rule in report(memory()).rules}

    wanted = [
        rule for rule in builtin_rules() if not rule.requires_params and not rule.off_by_default
    ]
    assert ran == {rule.id for rule in wanted}
