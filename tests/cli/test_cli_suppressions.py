"""Findings that somebody accepted in a module or in the settings, and of what use that is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB, JOB

BROKEN = """\
variable "tags" {{
  type = map(string)
}}

{before}
resource "aws_s3_bucket" "lake" {{{header}
  bucket = "a//b#c" {line}
  {above}
  count  = "{{" == "" ? 1 : missing.thing {beside}
}}
"""
FORMS = ("# {}", "// {}", "/* {} */")
RULE = "unreadable-module"
ALLOW = f"dativo-lint: ignore[{RULE}] because it is a test"


def found(repository: Repository, *arguments: str) -> Sequence[tuple[str, str]]:
    """Path and rule of each finding of a run."""
    told = json.loads(repository.run("--format", "json", *arguments)[1])
    return [(it["place"]["path"], it["rule"]) for it in told["findings"]]


def module(**comments: str) -> str:
    return BROKEN.format(
        **{**dict.fromkeys(("before", "header", "line", "above", "beside"), ""), **comments}
    )


@pytest.fixture
def module_repository(repository: Repository) -> Repository:
    repository.write({"jobs/orders.yaml": f"{JOB}  terraform_module: ./modules/job\n"})
    return repository


@pytest.mark.parametrize(
    ("form", "where"),
    [
        *((form, where) for form in FORMS for where in ("before", "above", "beside", "header")),
        *(
            (form, where)
            for form in ("/*\n  {}\n*/", "/**\n * {}\n */")
            for where in ("before", "above")
        ),
    ],
)
def test_a_comment_in_a_module_accepts_what_is_found_there(
    module_repository: Repository, form: str, where: str
) -> None:
    repository = module_repository
    path = ("modules/job/main.tf", RULE)
    repository.write({"modules/job/main.tf": module()})
    assert path in found(repository)

    repository.write({"modules/job/main.tf": module(**{where: form.format(ALLOW)})})

    rules = found(repository)
    assert path not in rules
    assert not [rule for file, rule in rules if file == path[0] and "suppression" in rule]


def test_a_text_in_a_module_is_no_comment(module_repository: Repository) -> None:
    text = f'locals {{\n  a = "# {ALLOW}"\n  b = <<E\n# {ALLOW}\nE\n}}\n'
    module_repository.write({"modules/job/main.tf": text + module()})

    assert ("modules/job/main.tf", RULE) in found(module_repository)


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        ("dativo-lint: ignore[untagged-resource] because of it", "unused-suppression"),
        ("dativo-lint: ignore[untagged-resource]", "unused-suppression"),
        ("dativo-lint: ignore[no-such-rule] because of it", "unknown-rule-in-suppression"),
        (
            "dativo-lint: ignore[untagged-resource] until 2001-01-01 because of it",
            "expired-suppression",
        ),
    ],
)
def test_comments_in_modules_are_watched(
    module_repository: Repository, comment: str, rule: str
) -> None:
    text = f'variable "tags" {{\n  type = map(string) // {comment}\n}}\n'
    module_repository.write({"modules/job/main.tf": text})

    assert ("modules/job/main.tf", rule) in found(module_repository)
    if rule == "unused-suppression":
        # Other jobs may use the module.
        for paths in (("jobs",), ("modules/job/*.tf", "jobs/*.yaml")):
            assert ("modules/job/main.tf", rule) not in found(module_repository, *paths)
        for arguments in (("modules/job/main.tf",), ("--changed", "modules/job/main.tf")):
            assert ("modules/job/main.tf", rule) in found(module_repository, *arguments)
        # All of its jobs were judged, but one of them is not whole.
        lost = JOB.replace("assets/orders", "assets/lost") + "  terraform_module: modules/job\n"
        module_repository.write({"jobs/lost.yaml": lost})
        assert ("modules/job/main.tf", rule) not in found(module_repository, *arguments)
        assert ("modules/job/main.tf", rule) not in found(module_repository)


def ignores(**entry: object) -> dict[str, str]:
    return {".dativo-lint.yml": json.dumps({"ignores": [entry]})}


def test_settings_accept_findings_in_the_files_that_globs_match(repository: Repository) -> None:
    bad = json.dumps({"asset_path": "assets/orders.yaml", "infrastructure": {"provider": "azure"}})
    repository.write({"legacy/a.json": bad, "jobs/bad.yaml": BAD_JOB})
    repository.write(ignores(rules=["unknown-provider"], paths="legacy/", reason="retired"))
    bad_job = ("jobs/bad.yaml", "unknown-provider")

    for arguments in ((), ("legacy/a.json", "jobs/bad.yaml")):
        told = [it for it in found(repository, *arguments) if it[1] == "unknown-provider"]
        assert [bad_job] == told
    assert 0 == repository.run("--select", "unknown-provider", "legacy")[0]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({"reason": "none", "paths": ["nowhere/"]}, "unused-suppression"),
        ({"paths": ["jobs/"]}, "suppression-without-reason"),
        ({"reason": "none", "paths": ["jobs/"], "until": "2001-01-01"}, "expired-suppression"),
        (
            {"reason": "none", "paths": ["jobs/"], "rules": ["no-such-rule"]},
            "unknown-rule-in-suppression",
        ),
    ],
)
def test_what_settings_accept_is_watched(
    repository: Repository, entry: dict[str, object], rule: str
) -> None:
    repository.write(
        {"jobs/bad.yaml": BAD_JOB, **ignores(**{"rules": "unknown-provider", **entry})}
    )

    assert (".dativo-lint.yml", rule) in found(repository)
    if rule == "unused-suppression":
        assert (".dativo-lint.yml", rule) not in found(repository, "jobs/orders.yaml")


def test_what_settings_require_and_forbid_goes_for_their_own_entries(
    repository: Repository,
) -> None:
    entry = {"rules": ["unknown-provider"], "paths": ["jobs/"], "reason": "none"}
    repository.write({"jobs/bad.yaml": BAD_JOB})
    told = []
    for policy in ({"require": {"ticket": "error"}}, {"never": "COMPUTE"}):
        settings = {"ignores": [entry], "suppressions": policy}
        repository.write({".dativo-lint.yml": json.dumps(settings)})
        told.append([rule for _, rule in found(repository)])

    assert told == [["incomplete-suppression"], ["forbidden-suppression", "unknown-provider"]]


@pytest.mark.parametrize("empty", ["rules", "paths"])
def test_an_entry_that_can_accept_nothing_is_refused(repository: Repository, empty: str) -> None:
    entry = {"rules": ["unknown-provider"], "paths": ["jobs/"], "reason": "none", empty: []}
    repository.write(ignores(**entry))
    code, _, err = repository.run()
    assert (code, f"ignores[0].{empty} is an empty list; expected a list of" in err) == (2, True)


def test_a_day_that_is_none_is_refused_with_its_place(repository: Repository) -> None:
    repository.write(ignores(rules="unknown-provider", paths="jobs", until="soon"))

    code, _, err = repository.run()

    assert 2 == code
    assert 'ignores[0].until is "soon"; expected a day, YYYY-MM-DD' in err
