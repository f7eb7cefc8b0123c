"""Fixes in modules: one edit for all jobs where the module has to change, or a reason why not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.fixes.choosing import Wanted
from dativo_lint.fixes.rounds import Fixed, fix_all
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import settings_from

RULES = {rule.id: rule for rule in builtin_rules(whole=True)}
MODULE = "modules/job/main.tf"
JOB = """\
infrastructure:
  terraform_module: ./modules/job
  tags: {Team: data}
"""
QUEUE = 'resource "aws_sqs_queue" "job" {\n  name = "jobs"\n}\n'
TAGS = 'variable "tags" {\n  type = map(string)\n}\n'
ARGUMENT = '  name = "jobs"\n  tags = var.tags\n'


def fixed(files: Mapping[str, str], *rules: str) -> Fixed:
    """What all fixes of some rules make of a repository."""
    contents = {path: text.encode() for path, text in files.items()}
    jobs = [path for path in files if path.endswith(".yaml")]
    return fix_all(
        lambda edited: lint_folder(
            MemoryFolder({**contents, **edited}),
            Given(jobs, changed=True),
            settings_from({}, Path("/")),
            [RULES[rule] for rule in rules],
        ),
        contents.__getitem__,
        str,
        Wanted(unsafe=True),
    )


def after(files: Mapping[str, str], *rules: str) -> dict[str, str]:
    return {path: text.decode() for path, text in fixed(files, *rules).after.items()}


def test_what_forty_jobs_find_in_a_module_is_one_edit() -> None:
    files = {f"jobs/{number}.yaml": JOB for number in range(40)}
    result = fixed({**files, MODULE: TAGS + QUEUE}, "untagged-resource")
    assert [MODULE] == [finding.place.path for finding in result.fixed]
    assert {MODULE: TAGS + QUEUE.replace('  name = "jobs"\n', ARGUMENT)} == {
        path: text.decode() for path, text in result.after.items()
    }


def test_a_called_module_gets_the_tags_through_its_call() -> None:
    called = "modules/queue/main.tf"
    call = 'module "queue" {\n  source = "../queue"\n}\n'
    files = {"job.yaml": JOB, MODULE: TAGS + call, called: 'variable "tags" {}\n' + QUEUE}
    assert after(files, "untagged-resource") == {
        MODULE: TAGS + call.replace('"../queue"\n', '"../queue"\n  tags   = var.tags\n'),
        called: files[called].replace('  name = "jobs"\n', ARGUMENT),
    }


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({MODULE: QUEUE}, ""),
        ({MODULE: 'variable "tags" {\n  type = list(string)\n}\n' + QUEUE}, ""),
        ({MODULE: TAGS + 'resource "aws_sqs_queue" "a" { name = "x" }\n'}, "on one line"),
        (
            {MODULE: TAGS, f"{MODULE}.json": '{"resource": {"aws_sqs_queue": {"job": {}}}}'},
            "main.tf.json is written in JSON syntax",
        ),
        (
            {MODULE: TAGS + QUEUE, "modules/job/b_override.tf": 'variable "tags" {\n  type =\n}\n'},
            "",
        ),
    ],
)
def test_what_cannot_be_tagged_exactly_is_left_alone(files: dict[str, str], reason: str) -> None:
    result = fixed({"job.yaml": JOB, **files}, "untagged-resource")
    assert {} == result.after
    reasons = [why for _, why in result.refused]
    assert bool(reason) == bool(reasons)
    assert all(reason in why for why in reasons)


@pytest.mark.parametrize("inside", ["", "  name = <<-X\n    a\n  X\n", "  a = 1 # b\n  # c\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_group_without_tags_gets_a_block_for_each(inside: str, end: str) -> None:
    group = f'{TAGS}resource "aws_autoscaling_group" "a" {{\n{inside}}}\n'.replace("\n", end)
    files = {"job.yaml": JOB, MODULE: group}
    rules = ("untagged-resource", "unpropagated-tags", "job-tags-not-applied", "unreadable-module")
    text = after(files, *rules)[MODULE]
    blank = "\n" if inside else ""
    block = f'{blank}  dynamic "tag" {{\n    for_each = var.tags\n    content {{\n'
    above, _, below = text.replace(end, "\n").partition(block)
    assert above.endswith(f'"a" {{\n{inside.rstrip()}{blank and chr(10)}')
    assert below.endswith(
        "propagate_at_launch = true\n    }\n  }\n" + inside[len(inside.rstrip()) :][1:] + "}\n"
    )
    assert text.count("\r") in (0, text.count("\n"))


def test_labels_that_the_cloud_refuses_are_not_set() -> None:
    bucket = 'resource "google_storage_bucket" "job" {\n  name = "jobs"\n}\n'
    job = JOB.replace("infrastructure:\n", "infrastructure:\n  provider: gcp\n")
    files = {"job.yaml": job, MODULE: TAGS + bucket}
    result = fixed(files, "untagged-resource", "invalid-gcp-label")
    assert {} == result.after
    assert "invalid-gcp-label" in result.refused[0][1]


def declared(files: Mapping[str, str], variables: str) -> dict[str, str]:
    job = f"infrastructure:\n  terraform_module: ./modules/job\n  terraform_vars: {variables}\n"
    other = "infrastructure:\n  terraform_module: ./modules/job\n"
    repository = {"a.yaml": job, "b.yaml": other, **files}
    return after(repository, "undeclared-module-variable", "missing-module-variable")


def test_a_declared_variable_has_the_type_of_its_value_and_need_not_be_set_by_others() -> None:
    variables = "modules/job/variables.tf"
    files = {MODULE: 'variable "first" {\n  default = 1\n}\n', variables: "# none yet\n"}
    assert declared(files, "{zones: [a, b], days: 30}") == {
        variables: '# none yet\nvariable "zones" {\n  type    = list(string)\n  default = null\n}\n'
        '\nvariable "days" {\n  type    = number\n  default = null\n}\n'
    }


def test_a_variable_is_declared_below_the_others_with_their_line_ends() -> None:
    text = 'variable "first" {\r\n  default = 1\r\n} # one\r\nlocals {\r\n}'
    block = '\r\n\r\nvariable "zone" {\r\n  default = null\r\n}\r\n'
    assert declared({MODULE: text}, '{zone: "${ZONE}"}') == {
        MODULE: text.replace("# one", "# one" + block)
    }


def test_any_number_of_variables_is_declared_or_renamed_in_one_run() -> None:
    declared_in = 'variable "timeout" {\n}\noutput "o" {\n  value = 1\n}\n'
    names = {f"v{number}x{number % 7}" for number in range(60)}
    values = ", ".join(f"{name}: 1" for name in sorted(names))
    text = declared({MODULE: declared_in}, f"{{{values}, timeuot: 5}}")
    assert text["a.yaml"].endswith(", timeout: 5}\n")
    module = text[MODULE]
    assert module.count("variable ") == 61
    assert "\n\n\n" not in module
    assert module.endswith('default = null\n}\n\noutput "o" {\n  value = 1\n}\n')


@pytest.mark.parametrize("name", ["count", "a b", "1x"])
def test_a_name_that_no_variable_can_have_is_not_declared(name: str) -> None:
    assert {} == declared({MODULE: 'variable "first" {\n  default = 1\n}\n'}, f'{{"{name}": 1}}')


def test_terraform_finds_a_local_module_after_the_fix(tmp_path: Path) -> None:
    files = {
        "job.yaml": JOB,
        MODULE: 'module "names" {\n  source = "shared/names/aws"\n}\n',
        "modules/job/shared/names/aws/main.tf": 'output "name" {\n  value = "jobs"\n}\n',
    }
    edited = after(files, "invalid-module-source")
    assert {MODULE: files[MODULE].replace('"shared', '"./shared')} == edited
    for path, text in {**files, **edited}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    if shutil.which("terraform"):
        done = subprocess.run(
            ["terraform", "init", "-backend=false", "-no-color"],
            cwd=tmp_path / "modules" / "job",
            env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (0, "") == (done.returncode, done.stderr)


def test_a_source_in_json_syntax_is_corrected_too() -> None:
    path = f"{MODULE}.json"
    text = '{"module": {"names": {"source": "shared/names"}}}\n'
    files = {"job.yaml": JOB, path: text, "modules/job/shared/names/main.tf": "locals {\n}\n"}
    assert {path: text.replace('"shared', '"./shared')} == after(files, "invalid-module-source")
