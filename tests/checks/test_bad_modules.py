"""Jobs that name modules which nobody could use: a finding each, and the rest unharmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.documents.folder import DiskFolder, Folder
from dativo_lint.engine.selection import Given
from dativo_lint.findings.report import Report
from dativo_lint.settings.settings import settings_from

VARIABLES = 'variable "job_name" {\n  type = string\n}\n'
SOUND = """
infrastructure:
  terraform_module: ./sound
  terraform_vars: {retries: many}
"""
JOB = """
infrastructure:
  provider: aws
  tags: {Team: data}
  terraform_module: ./bad
  terraform_vars: {retries: 3}
"""
FILES: dict[str, str | bytes] = {
    "sound.yaml": SOUND,
    "bad.yaml": JOB,
    "sound/main.tf": 'variable "retries" {\n  type = number\n}\n',
    "bad/main.tf": VARIABLES,
}
BAD: dict[str, dict[str, str | bytes]] = {
    "a brace that is never closed": {"bad/x.tf": 'resource "aws_x" "y" {\n  tags = {\n'},
    "no configuration at all": {"bad/x.tf": "{{{{ ]]] ~~~ \x01"},
    "bytes that are no UTF-8": {"bad/x.tf": b'variable "\xff\xfe" {}\n'},
    "more bytes than are read": {"bad/x.tf": "# " + "x" * 5_000_000},
    "brackets without end": {"bad/x.tf": "locals {\n  x = " + "[" * 50_000 + "\n}\n"},
    "conditionals without end": {"bad/x.tf": "locals {\n  x = " + "1 ? 1 : " * 50_000 + "1\n}\n"},
    "templates in templates": {"bad/x.tf": "locals {\n  x = " + '"${' * 20_000 + "\n}\n"},
    "JSON that is none": {"bad/x.tf.json": '{"variable": {"a": '},
    "JSON nested without end": {
        "bad/x.tf.json": '{"locals":' + '{"a":' * 5_000 + "1" + "}" * 5_001
    },
    "JSON of another shape": {"bad/x.tf.json": "[1, null]"},
    "local values in a circle": {"bad/x.tf": "locals {\n  a = local.b\n  b = [local.a]\n}\n"},
    "module calls in a circle": {
        "bad/x.tf": 'module "a" {\n  source = "../other"\n}\n',
        "other/x.tf": 'module "b" {\n  source = "../bad"\n}\n',
    },
    "a module call of itself": {"bad/x.tf": 'module "a" {\n  source = "./"\n}\n'},
    "a module call out of the repository": {"bad/x.tf": 'module "a" {\n  source = "../../x"\n}\n'},
    "a variable twice": {"bad/x.tf": VARIABLES},
    "a reserved variable": {"bad/x.tf": 'variable "source" {}\n'},
    "a type that is none": {"bad/x.tf": 'variable "a" {\n  type = map(nothing)\n}\n'},
    "a name that is not declared": {"bad/x.tf": "locals {\n  a = var.nothing\n}\n"},
}


def lint(folder: Folder) -> Report:
    """The report on the two jobs of a folder."""
    given_ = Given(["bad.yaml", "sound.yaml"])
    return lint_folder(folder, given_, settings_from({}, Path("/")), today=date(2026, 1, 1))


def hold(report: Report) -> None:
    """The bad module is told, and of the sound one all that is to be told."""
    assert () == report.crashes
    told = [it for it in report.findings if it.rule.id == "unreadable-module"]
    assert told
    assert all(len(it.message) < 1_000 for it in told)
    sound = [it.rule.id for it in report.findings if it.place.path == "sound.yaml"]
    assert "mistyped-module-variable" in sound


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_a_bad_module_is_told_and_harms_nothing_else(files: dict[str, str | bytes]) -> None:
    hold(lint(MemoryFolder({**FILES, **files})))


@pytest.mark.parametrize("target", ["file", "folder", "nowhere"])
def test_a_link_out_of_the_repository_is_told_and_not_followed(tmp_path: Path, target: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "repository"
    outside.mkdir()
    (outside / "secret.tf").write_text('variable "hunter2" {}\n')
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(str(text))
    if target == "folder":
        (root / "bad" / "main.tf").write_text('module "a" {\n  source = "./linked"\n}\n')
        (root / "bad" / "linked").symlink_to(outside)
    else:
        name = "secret.tf" if target == "file" else "gone.tf"
        (root / "bad" / "linked.tf").symlink_to(outside / name)
    report = lint(DiskFolder(root))
    hold(report)
    assert "hunter2" not in repr(report.findings)


def test_expressions_that_would_run_on_are_given_up() -> None:
    costly = "length([for a in range(400) : [for b in range(400) : [for c in range(400) : c]]])"
    blocks = "".join(
        f'variable "v{n}" {{\n  default = 1\n  validation {{\n    condition = {costly} > var.v{n}\n'
        f'    error_message = "x."\n  }}\n}}\n'
        f'resource "aws_sqs_queue" "q{n}" {{\n  tags = {{ Team = "${{{costly}}}" }}\n}}\n'
        for n in range(50)
    )
    report = lint(MemoryFolder({**FILES, "bad/x.tf": blocks}))
    assert () == report.crashes
    assert report.unresolved


words = st.lists(
    st.sampled_from(
        [
            'variable "tags" {}\n', 'variable "x" {\n', "}\n", "type = ", "map(string)\n",
            "default = ",
            "validation {\n", "condition = ", 'error_message = "${var.x}"\n', "var.x", "local.a\n",
            'resource "aws_sqs_queue" "q" {\n', "tags = ", "merge(var.tags, { Team = 1 })\n",
            "count = ", "0\n", "for_each = ", 'module "m" {\n', 'source = "./m"\n', "locals {\n",
            "a = ", "[for k, v in var.tags : v]\n", 'output "o" {\n', "value = ", "each.value\n",
            'provider "aws" {\n', "default_tags {\n", "(", ")", "null\n", '"${', '}"\n',
            " == ", " && ",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=200)
@given(words, words)
def test_no_module_makes_a_rule_crash(main: str, called: str) -> None:
    files = {**FILES, "bad/main.tf": main, "bad/m/main.tf": called}
    assert () == lint(MemoryFolder(files)).crashes
