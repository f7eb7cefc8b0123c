"""A baseline on the command line: made, gone by, brought up to date, shown."""

from __future__ import annotations

import json
import subprocess

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, FILES, JOB, MODULE, with_module

from dativo_lint.reports import REPORTS

FILE = ".dativo-lint-baseline.json"
BAD = {**FILES, "jobs/orders.yaml": BAD_JOB}
FORMS = tuple(sorted(set(REPORTS) - {"concise", "rdjson"}))
"""All forms but two: one line a finding and nothing else, and what reviewdog has no place for."""


@pytest.fixture
def old(repository: Repository) -> Repository:
    """A repository with findings that a baseline accepts."""
    repository.write(BAD)
    assert repository.run()[0] == 1
    assert repository.run("baseline", "create", "--reason", "as it was")[0] == 0
    return repository


def git(repository: Repository, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, cwd=repository.folder, check=True, capture_output=True)


def entries(repository: Repository) -> list[dict[str, object]]:
    data = json.loads((repository.folder / FILE).read_text(encoding="utf-8"))
    listed: list[dict[str, object]] = data["entries"]
    return listed


def test_what_is_in_the_baseline_fails_no_run_and_what_is_new_does(old: Repository) -> None:
    assert old.run("check", "--baseline", FILE)[0] == 0
    old.write({"jobs/new.yaml": BAD_JOB})

    code, out, _ = old.run("check", "--baseline", FILE, "--format", "concise")

    assert code == 1
    assert {line.split(":")[0] for line in out.splitlines()} == {"jobs/new.yaml"}


@pytest.mark.parametrize("arguments", [["baseline", "create"], ["baseline", "show"], ["check"]])
def test_a_baseline_outside_the_repository_is_refused(
    repository: Repository, arguments: list[str]
) -> None:
    code, _, err = repository.run(*arguments, "--baseline", "../outside.json")

    assert code == 2
    assert "outside" in err
    assert "baseline create" not in err
    assert not (repository.folder.parent / "outside.json").exists()


def test_the_settings_can_name_the_baseline(old: Repository) -> None:
    old.write({".dativo-lint.yml": f"baseline: {FILE}\n"})

    assert old.run()[0] == 0
    assert old.run("check", "--no-baseline")[0] == 1


@pytest.mark.parametrize("form", FORMS)
def test_every_form_counts_or_marks_what_the_baseline_accepts(old: Repository, form: str) -> None:
    _, out, _ = old.run("check", "--baseline", FILE, "--format", form)

    assert "baseline" in out


def test_sarif_tells_new_results_from_known_ones(old: Repository) -> None:
    old.write({"jobs/new.yaml": BAD_JOB})
    out = old.run("check", "--baseline", FILE, "--format", "sarif")[1]

    results = json.loads(out)["runs"][0]["results"]
    states = {
        (one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], one["baselineState"])
        for one in results
        if one.get("kind") != "open"
    }
    assert states == {("jobs/orders.yaml", "unchanged"), ("jobs/new.yaml", "new")}


def test_lines_may_move(old: Repository) -> None:
    old.write({"jobs/orders.yaml": f"# one line more\n\n{BAD_JOB}"})

    assert old.run("check", "--baseline", FILE, "--ratchet")[0] == 0


def test_what_was_fixed_is_told_and_fails_under_ratchet_until_it_is_removed(
    old: Repository,
) -> None:
    old.write({"jobs/orders.yaml": JOB})

    code, out, _ = old.run("check", "--baseline", FILE, "--format", "concise")
    assert code == 0
    assert "[stale-baseline-entry]" in out
    assert old.run("check", "--baseline", FILE, "--ratchet")[0] == 1
    assert old.run("check", "--baseline", FILE, "--ratchet", "--select", "finops")[0] == 0
    assert old.run("baseline", "update")[0] == 0
    assert entries(old) == []
    assert old.run("check", "--baseline", FILE, "--ratchet")[0] == 0


def test_a_run_over_a_part_leaves_the_other_entries_alone(old: Repository) -> None:
    old.write({"jobs/orders.yaml": JOB, "jobs/other.yaml": BAD_JOB})
    before = entries(old)

    code, out, _ = old.run("check", "jobs/other.yaml", "--baseline", FILE, "--format", "json")
    assert json.loads(out)["baseline"]["stale"] == 0
    assert code == 1
    assert old.run("baseline", "update", "--add", "jobs/other.yaml")[0] == 0

    after = entries(old)
    assert [entry for entry in after if entry["path"] == "jobs/orders.yaml"] == before
    assert any(entry["path"] == "jobs/other.yaml" for entry in after)


def test_update_adds_nothing_unless_it_is_asked_to(old: Repository) -> None:
    old.write({"jobs/new.yaml": BAD_JOB})
    before = entries(old)

    assert old.run("baseline", "update")[0] == 0
    assert entries(old) == before
    assert old.run("baseline", "update", "--add", "--owner", "orders")[0] == 0
    added = [entry for entry in entries(old) if entry["path"] == "jobs/new.yaml"]
    assert {entry["owner"] for entry in added} == {"orders"}
    assert old.run("check", "--baseline", FILE)[0] == 0


def test_a_deleted_file_leaves_nothing_in_the_baseline(old: Repository) -> None:
    (old.folder / "jobs/orders.yaml").unlink()
    old.write({"jobs/good.yaml": JOB, "jobs/broken.yaml": "infrastructure: {provider: aws"})

    assert old.run("baseline", "update")[0] == 0

    assert [entry for entry in entries(old) if entry["path"] == "jobs/orders.yaml"] == []


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_renamed_file_keeps_its_entries(repository: Repository, is_committed: bool) -> None:
    repository.write(BAD)
    git(repository, "init", "-q")
    assert repository.run("baseline", "create")[0] == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "first")
    count = len(entries(repository))
    for old_name, new_name in (("orders", "moved"), ("moved", "again")):
        git(repository, "mv", f"jobs/{old_name}.yaml", f"jobs/{new_name}.yaml")
        if is_committed:
            git(repository, "commit", "-qm", "move")

    assert repository.run("check", "--baseline", FILE, "--ratchet")[0] == 0
    assert repository.run("baseline", "update")[0] == 0
    assert {entry["path"] for entry in entries(repository)} == {"jobs/again.yaml"}
    assert len(entries(repository)) == count


def test_a_renamed_file_keeps_its_entries_below_a_root_inside_the_repository(
    repository: Repository,
) -> None:
    repository.write({f"part/{path}": text for path, text in BAD.items()})
    git(repository, "init", "-q")
    part = ("--root", "part", "--baseline", f"part/{FILE}", "part")
    assert repository.run("baseline", "create", *part)[0] == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "first")
    git(repository, "mv", "part/jobs/orders.yaml", "part/jobs/moved.yaml")

    assert repository.run("check", *part, "--ratchet")[0] == 0


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31"])
def test_any_day_that_an_entry_names_can_be_looked_up(old: Repository, since: str) -> None:
    git(old, "init", "-q")
    git(old, "add", "-A")
    git(old, "commit", "-qm", "first")
    entry = {"path": "gone.yaml", "rule": "unknown-provider", "field": "", "since": since}
    old.write({FILE: json.dumps({"version": 1, "entries": [entry]})})

    code, _, err = old.run("check", "--baseline", FILE)

    assert (code, err) == (1, "")


def test_to_look_up_renames_runs_no_program_of_the_repository(old: Repository) -> None:
    git(old, "init", "-q")
    program = old.folder / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {old.folder}/ran\n", encoding="utf-8")
    program.chmod(0o755)
    git(old, "config", "gpg.program", str(program))
    git(old, "config", "log.showSignature", "true")
    git(old, "add", "-A")
    git(old, "commit", "-qm", "first")
    git(old, "mv", "jobs/orders.yaml", "jobs/moved.yaml")
    git(old, "commit", "-qm", "move")
    commit = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"], cwd=old.folder, check=True, capture_output=True
    ).stdout
    head, _, message = commit.partition(b"\n\n")
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = (
        subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
            cwd=old.folder,
            input=head + b"\n" + signature + b"\n\n" + message,
            check=True,
            capture_output=True,
        )
        .stdout.decode()
        .strip()
    )
    git(old, "reset", "-q", "--soft", signed)

    assert old.run("check", "--baseline", FILE, "--ratchet")[0] == 0

    assert not (old.folder / "ran").exists()


def test_an_entry_that_has_expired_can_be_accepted_again(repository: Repository) -> None:
    repository.write(BAD)
    details = ("--until", "2999-01-01", "--owner", "me", "--reason", "legacy")
    assert repository.run("baseline", "create", *details)[0] == 0
    file = repository.folder / FILE
    today = entries(repository)[0]["since"]
    file.write_text(file.read_text().replace("2999", "2020").replace(today, "2019-01-01"))
    assert repository.run("check", "--baseline", FILE)[0] == 1

    options = ("--add", "--until", "2999-01-01", "--owner", "you")
    assert repository.run("baseline", "update", *options)[0] == 0

    known = {
        tuple(map(it.get, ("since", "until", "owner", "reason"))) for it in entries(repository)
    }
    assert known == {("2019-01-01", "2999-01-01", "you", "legacy")}
    assert repository.run("check", "--baseline", FILE)[0] == 0


@pytest.mark.parametrize("broken", ["modules/job/main.tf", "assets/orders.yaml"])
def test_what_a_broken_file_leaves_unknown_stays_in_the_baseline(
    repository: Repository, broken: str
) -> None:
    job = with_module(terraform_vars="{odd: 1}").replace("aws", "azure")
    repository.write({**FILES, "jobs/module.yaml": job, "modules/job/main.tf": MODULE})
    assert repository.run("baseline", "create")[0] == 0
    before = entries(repository)
    assert "undeclared-module-variable" in {it["rule"] for it in before}
    repository.write({broken: "asset: {"})

    assert "stale" not in repository.run("check", "--baseline", FILE, "--ratchet")[1]
    assert repository.run("baseline", "update")[0] == 0
    assert entries(repository) == before


def test_an_entry_of_a_value_that_is_not_known_any_more_is_not_stale(old: Repository) -> None:
    job = BAD_JOB.replace("provider: azure", "provider: ${PROVIDER}")
    old.write({"jobs/orders.yaml": job})

    assert "unknown-provider" not in old.run("check", "--baseline", FILE, "--ratchet")[1]
    assert old.run("baseline", "update")[0] == 0
    assert "unknown-provider" in {it["rule"] for it in entries(old)}


def test_an_expired_entry_of_a_fixed_finding_is_stale_and_update_removes_it(
    old: Repository,
) -> None:
    rule = "unknown-provider"
    entry = next(it for it in entries(old) if it["rule"] == rule)
    file = old.folder / FILE
    file.write_text(
        file.read_text().replace(f'"rule": "{rule}"', f'"rule": "{rule}", "until": "2020-01-01"')
    )
    job = old.folder / str(entry["path"])
    job.write_text(job.read_text().replace("azure", "aws"))

    code, out, _ = old.run("check", "--baseline", FILE, "--ratchet", "--format", "concise")
    assert (code, out.count("stale-baseline-entry"), out.count("expired-suppression")) == (1, 1, 0)

    assert "1 removed" in old.run("baseline", "update")[1]
    assert rule not in {it["rule"] for it in entries(old)}


def test_what_may_never_be_suppressed_is_neither_accepted_nor_kept(old: Repository) -> None:
    before = entries(old)
    old.write({".dativo-lint.yml": "suppressions: {never: unknown-provider}\n"})
    rules = {entry["rule"] for entry in before}
    assert "unknown-provider" in rules

    code, out, _ = old.run("check", "--baseline", FILE, "--format", "json")
    found = [(it["place"]["path"], it["rule"]) for it in json.loads(out)["findings"]]
    assert code == 1
    assert found == [(FILE, "forbidden-suppression"), ("jobs/orders.yaml", "unknown-provider")]

    assert "1 removed, 0 added" in old.run("baseline", "update", "--add")[1]
    assert {entry["rule"] for entry in entries(old)} == rules - {"unknown-provider"}
    (old.folder / FILE).unlink()
    told = old.run("baseline", "create")[1]
    assert "left out: 1 finding of rules that may never be suppressed" in told
    assert {entry["rule"] for entry in entries(old)} == rules - {"unknown-provider"}


def test_new_entries_have_a_ticket_and_an_owner(repository: Repository) -> None:
    repository.write(BAD)
    repository.write({".dativo-lint.yml": "suppressions: {require: {ticket: ['*']}}\n"})

    assert repository.run("baseline", "create", "--owner", "me", "--ticket", "FIN-1")[0] == 0

    assert {(it["owner"], it["ticket"]) for it in entries(repository)} == {("me", "FIN-1")}
    assert repository.run("check", "--baseline", FILE)[0] == 0


def test_an_entry_of_tomorrow_is_no_day_old(old: Repository) -> None:
    file = old.folder / FILE
    file.write_text(file.read_text().replace(str(entries(old)[0]["since"]), "2999-01-01"))

    rows = old.run("baseline", "show", "--format", "csv")[1].splitlines()

    assert {row.rpartition(",")[2] for row in rows[1:]} == {"0"}


def test_show_counts_by_rule_owner_and_age(old: Repository) -> None:
    by = json.loads(old.run("baseline", "show", "--format", "json")[1])["by"]

    total = {sum(group["findings"] for group in groups.values()) for groups in by.values()}
    assert list(by) == ["rule", "owner", "age"]
    assert total == {len(entries(old))}
    assert (
        len(old.run("baseline", "show", "--format", "csv")[1].splitlines()) == len(entries(old)) + 1
    )
    assert "under 30 days" in old.run("baseline", "show")[1]
    assert "expired" not in old.run("baseline", "show")[1]
    file = old.folder / FILE
    file.write_text(file.read_text().replace('"rule"', '"until": "2020-01-01", "rule"', 1))
    assert old.run("baseline", "show")[1].endswith(", 1 expired\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("baseline", "create"), "update --add"),
        (("check", "--baseline", "no.json"), "dativo-lint baseline create"),
        (("check", "--ratchet"), "--baseline FILE"),
        (("check", "--baseline", FILE, "--no-baseline"), "--no-baseline"),
        (("check", "--baseline", "../b.json"), "outside the repository"),
        (("baseline", "update", "--owner", "me"), "--add"),
        (("baseline", "update", "--add", "--until", "soon"), "YYYY-MM-DD"),
        (("baseline", "update", "--add", "--until", "2020-01-01"), "today or a later day"),
        (
            ("check", "--add-suppressions", "legacy", "--until", "2020-01-01"),
            "today or a later day",
        ),
        (("check", "--add-suppressions", "legacy", "--until", "soon"), 'is "soon"; expected a day'),
        (("check", "--until", "2999-01-01"), "--until needs --add-suppressions"),
        (("baseline", "show", "--baseline", "jobs/orders.yaml"), "jobs/orders.yaml:1:1"),
    ],
)
def test_a_wrong_use_is_a_usage_error_that_says_what_to_do(
    old: Repository, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = old.run(*arguments)

    assert (code, message in err) == (2, True), err
