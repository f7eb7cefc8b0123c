"""`merge` takes all the shards of one run, and says what is wrong with anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, MODULE, with_module

from dativo_lint.cli import main
from dativo_lint.reports import REPORTS

EXPECTED = (
    "expected JSON or SARIF of dativo-lint check --shard, or JSON of dativo-lint coverage --shard"
)


def shard(repository: Repository, number: int, *arguments: str, of: int = 2) -> str:
    """The report of a shard, in a file outside the repository."""
    file = str(
        repository.folder.parent / f"{repository.folder.name}-{number}-{len(arguments)}.json"
    )
    repository.run("check", f"--shard={number}/{of}", f"--format=json={file}", "-qq", *arguments)
    return file


@pytest.mark.parametrize("command", ["check", "coverage"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3/0", "a part and the number of parts, such as 3/8"),
        ("x/y", "a part and the number of parts, such as 3/8"),
        ("3", "a part and the number of parts, such as 3/8"),
        ("-1/8", "a part and the number of parts, such as 3/8"),
        ("", "a part and the number of parts, such as 3/8"),
        ("9/8", "1/8 to 8/8"),
        ("0/8", "1/8 to 8/8"),
    ],
)
def test_what_is_no_shard_is_a_usage_error(
    repository: Repository, command: str, written: str, expected: str
) -> None:
    assert (2, "", f'dativo-lint: --shard is "{written}"; expected {expected}\n') == repository.run(
        command, "--shard", written
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--changed",),
        ("-",),
        ("--plan", "plan.json"),
        ("--job", "jobs/orders.yaml"),
        ("--sink=aws",),
    ],
)
def test_a_shard_does_not_go_with_what_is_for_a_few_files(
    repository: Repository, arguments: tuple[str, ...]
) -> None:
    code, _, err = repository.run("check", "--shard=1/2", *arguments, stdin=b"a: 1")

    assert (2, "dativo-lint: --shard cannot be combined with") == (code, err[:44])


def test_a_named_file_on_which_jobs_depend_is_a_usage_error_of_its_shard(
    repository: Repository,
) -> None:
    answers = [
        repository.run("check", f"--shard={number}/2", "assets/orders.yaml")[::2]
        for number in (1, 2)
    ]

    message = "assets/orders.yaml is no readable job; with --shard, name its folder"
    assert (2, f"dativo-lint: {message}\n") in answers


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory"),
        (b"", f"{EXPECTED}"),
        (b"\xff\x00", f"{EXPECTED}"),
        (b"[" * 100_000, f"{EXPECTED}"),
        (b"[]", f"{EXPECTED}"),
        (b'{"shard": 1}', f"{EXPECTED}"),
        (b'{"runs": [{}]}', f"{EXPECTED}"),
        (b'{"shard": {"type": "coverage", "shard": {"number": 1, "of": 1}}}', f"{EXPECTED}"),
        (b'{"shard": {"digests": {"version": "0.0.1"}}}', "is of version 0.0.1; this is"),
    ],
)
def test_what_is_not_the_report_of_a_shard_is_a_usage_error(
    repository: Repository, content: bytes | None, message: str
) -> None:
    if content is not None:
        repository.write({"report.json": content})
    code, out, err = repository.run("merge", "report.json")

    assert (2, "") == (code, out)
    assert "report.json" in err
    assert message in err


def test_the_report_of_a_whole_run_cannot_be_merged(repository: Repository) -> None:
    for form in ("json", "sarif"):
        repository.run("check", f"--format={form}=whole.{form}")
        assert 2 == repository.run("merge", f"whole.{form}")[0]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (("--preset", "strict"), "preset, rules"),
        (("--select", "files"), "select"),
        (("--fail-on", "note"), "fail_on"),
        (("jobs",), "paths"),
    ],
)
def test_shards_of_other_runs_are_a_usage_error_that_says_in_what_they_differ(
    repository: Repository, change: tuple[str, ...], difference: str
) -> None:
    first, second = shard(repository, 1), shard(repository, 2, *change)
    message = f"{second} and {first} are reports of different runs; they differ in {difference}"

    assert (2, "", f"dativo-lint: {message}\n") == repository.run("merge", first, second)


def test_shards_of_other_settings_rules_and_numbers_are_a_usage_error(
    repository: Repository,
) -> None:
    first, other = shard(repository, 1), shard(repository, 2, of=3)
    assert "they differ in number of shards (3 and 2)" in repository.run("merge", first, other)[2]
    repository.write({".dativo-lint.yml": "rules: {missing-owner: {severity: note}}\n"})
    assert "they differ in rules" in repository.run("merge", first, shard(repository, 2))[2]


def test_shards_that_are_missing_or_there_twice_are_a_usage_error(repository: Repository) -> None:
    first, second = shard(repository, 1), shard(repository, 2)

    code, _, err = repository.run("merge", first, first)
    twice = f"shard 1/2 has two reports: {first} and {first}"
    missing = "shard 2/2 missing; expected the reports of all 2 shards"
    assert (2, f"dativo-lint: {twice}\n  {missing}\n") == (code, err)
    assert f"dativo-lint: {missing}\n" == repository.run("merge", first)[2]
    assert 0 == repository.run("merge", second, first)[0]
    many = shard(repository, 1, of=900_000)
    listed = "shard 2/900000, 3/900000, 4/900000 and 899,996 more"
    assert listed in repository.run("merge", many)[2]


def test_the_exit_code_of_a_merge_is_that_of_one_run(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    accept = ("--baseline", "accepted.json", "--ratchet")
    repository.run("baseline", "create", "--baseline", "accepted.json")
    for text, arguments in ((BAD_JOB, ()), (BAD_JOB, accept), ("a: 1", accept), ("a: 1", ())):
        repository.write({"jobs/bad.yaml": text})
        whole = repository.run("check", *arguments)
        shards = [shard(repository, number, *arguments) for number in (1, 2)]

        assert whole == repository.run("merge", *shards)
        assert 0 == repository.run("merge", *shards, "--exit-zero")[0]


def test_a_merge_elsewhere_has_no_hashes_of_lines(repository: Repository, tmp_path: Path) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    shards = [shard(repository, number) for number in (1, 2)]
    removed = tmp_path / "removed"

    for folder in (repository.folder, tmp_path, removed):
        removed.mkdir(exist_ok=True)
        repository.patch.chdir(folder)
        if folder == removed:
            removed.rmdir()
        assert main(["merge", *shards, "--format=sarif", "--sarif-alerts-only"]) == 1
        (run,) = json.loads(repository.captured.readouterr().out)["runs"]
        (result,) = run["results"]
        has_hash = "primaryLocationLineHash" in result["partialFingerprints"]
        assert has_hash is (folder == repository.folder)


def test_a_merge_shows_what_its_options_ask_for(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    shards = [shard(repository, number) for number in (1, 2)]

    for arguments in (
        ("-q",),
        ("-qq",),
        ("--statistics",),
        ("--format=sarif", "--sarif-category=a"),
    ):
        assert repository.run("check", *arguments) == repository.run("merge", *shards, *arguments)
    assert 'unknown format "cvs"' in repository.run("merge", *shards, "--format=cvs")[2]


def test_no_form_of_a_shard_shows_a_secret(repository: Repository) -> None:
    suppressed = with_module(
        terraform_vars="{password: hunter2, odd: 1} # dativo-lint: ignore[placeholder-value]"
    )
    broken = MODULE.replace("sensitive = true", 'sensitive = true\n  default = "hunter2\\q"')
    repository.write({"jobs/module.yaml": suppressed, "modules/job/main.tf": broken})
    for number in (1, 2):
        for form in REPORTS:
            code, out, _ = repository.run("check", f"--shard={number}/2", "--format", form)
            assert code in (0, 1)
            assert "hunter2" not in out


def test_nothing_to_check_in_any_shard_is_nothing_to_check(repository: Repository) -> None:
    (repository.folder / "jobs/orders.yaml").unlink()
    whole = repository.run("check")

    assert 2 == whole[0]
    assert whole == repository.run("merge", *(shard(repository, number) for number in (1, 2)))


def coverages(repository: Repository, *arguments: str) -> list[str]:
    """The coverage of two shards, in files outside the repository."""
    files = []
    for number in (1, 2):
        options = (f"--shard={number}/2", "--format=json", *arguments)
        out = repository.run("coverage", *options)[1]
        files.append(str(repository.folder.parent / f"{repository.folder.name}-{number}.coverage"))
        with open(files[-1], "w") as stream:
            stream.write(out)
    return files


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize(
    "arguments",
    [(), ("--by", "provider"), ("--missing", "--fail-under=100"), ("--key=infrastructure.Nope",)],
)
def test_merged_coverage_is_that_of_one_run_in_every_form(
    repository: Repository, form: str, arguments: tuple[str, ...]
) -> None:
    repository.write({f"jobs/{number}.yaml": BAD_JOB for number in range(4)})
    repository.write({"jobs/broken.yaml": "asset_path: [", "jobs/none.yaml": "asset_path: a.yaml"})
    whole = repository.run("coverage", "--format", form, *arguments)

    assert whole == repository.run("merge", *coverages(repository, *arguments), "--format", form)


def test_coverage_is_not_merged_with_anything_else(repository: Repository) -> None:
    files = [coverages(repository)[0], shard(repository, 2)]

    assert "they differ in command" in repository.run("merge", *files)[2]
    (repository.folder / "jobs/orders.yaml").unlink()
    message = "dativo-lint: nothing to check: no job in any of the shards\n"
    assert (2, "", message) == repository.run("merge", *coverages(repository))


def test_a_report_that_somebody_changed_ends_with_a_message(repository: Repository) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    with open(shard(repository, 1, of=1)) as stream:
        report = json.load(stream)
    rules = report["shard"]["rules"]
    report["shard"]["rules"] = [rule for rule in rules if rule["id"] != "unknown-provider"]
    repository.write({"changed.json": json.dumps(report)})
    code, _, err = repository.run("merge", "changed.json")

    assert (2, "dativo-lint: the reports were changed: there is no") == (code, err[:50]), err
