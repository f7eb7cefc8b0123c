"""Secrets: nothing shows what a module calls sensitive or ephemeral, or what comes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from memory_folder import MemoryFolder

from dativo_lint.api import lint_folder
from dativo_lint.cli import main
from dativo_lint.engine.selection import Given
from dativo_lint.findings.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.settings.settings import settings_from

JOB = """\
infrastructure:
  provider: aws
  terraform_module: ./modules/job
  terraform_vars: {{{given}}}
"""
MODULE = """\
variable "token" {{
  sensitive = true
  default   = {default}
}}
"""


def report(given: str, default: str) -> Report:
    files = {
        "job.yaml": JOB.format(given=given),
        "modules/job/main.tf": MODULE.format(default=default),
    }
    return lint_folder(
        MemoryFolder(files),
        Given(["job.yaml"]),
        settings_from({}, Path("/")),
        today=date(2026, 1, 1),
    )


@pytest.mark.parametrize("form", sorted(REPORTS))
@pytest.mark.parametrize(
    ("given", "default", "set_by", "secret"),
    [
        ("token: 07071", "null", "yaml-implicit-type-in-vars", "07071"),
        ("token: s3cret, country: NO", "null", "yaml-implicit-type-in-vars", "s3cret"),
        ("token: {s3cret: [{k: 07071}]}", "null", "yaml-implicit-type-in-vars", "s3cret"),
        ("token: {s3cret: 1, s3cret: 2}", "null", "duplicate-key", "s3cret"),
        ("token: {a: {1: s3cret}}", "null", "non-string-key", "s3cret"),
        ("token: s3cret, country: ]", "null", "unreadable-file", "s3cret"),
        ("country: DE", '"s3cret\\q"', "unreadable-module", "s3cret"),
        ("country: DE", '[var.nope, "s3cret"]', "unreadable-module", "s3cret"),
    ],
)
def test_no_form_shows_a_secret(
    form: str, given: str, default: str, set_by: str, secret: str
) -> None:
    found = report(given, default)
    assert set_by in {finding.rule.id for finding in found.findings}
    assert secret not in "".join(REPORTS[form](found))


MADE = """\
infrastructure:
  provider: aws
  terraform_module: ./modules/job
  terraform_vars: {{word: {word}}}
  tags: {{CostCenter: FIN-001, Owner: other, CostCentre: else}}
"""
TAGS = """\
variable "word" {{}}
variable "own" {{
  sensitive = true
  default = "HUSH?own"
}}
module "inner" {{
  source = "../inner"
  word   = var.word
}}
locals {{
  made = {made}
}}
resource "aws_s3_bucket" "b" {{
  tags = merge({{ Owner = {value}, CostCentre = "${{{value}}}?" }}, {{ {last} }})
}}
"""
INNER = """\
variable "word" {
  ephemeral = true
  validation {
    condition = false
    error_message = "no ${var.word}"
  }
}
output "hidden" {
  sensitive = true
  value     = "HUSH?out"
}
output "same" {
  value = { a = upper(var.word), b = "seen" }
}
"""


def shown(
    made: str,
    value: str,
    folder: Path,
    captured: pytest.CaptureFixture[str],
    last: str = 'CostCenter = "FIN-001"',
) -> str:
    """All that the commands print of a job whose module gives a resource a value."""
    for name, text in {
        ".dativo-lint.yml": "rules: {missing-cloud-tag: {params: {keys: [Owner, CostCentre]}}}",
        "job.yaml": MADE.format(word="word"),
        "aws.json": '{"sink": "aws", "job": "job.yaml", "tags": {"Owner": "HUSH?"}}',
        "modules/job/main.tf": TAGS.format(made=made, value=value, last=last),
        "modules/inner/main.tf": INNER,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for form in REPORTS:
        main(["check", str(folder), "--no-cache", "--show-unresolved", "--format", form])
    for arguments in (["--format", "table"], ["--format", "json"], ["--format", "rendered"]):
        main(["tags", str(folder / "job.yaml"), "--sink", "aws", *arguments])
        if arguments[1] != "rendered":
            main(
                [
                    "module",
                    str(folder / "modules/job"),
                    "--job",
                    str(folder / "job.yaml"),
                    *arguments,
                ]
            )
    out, err = captured.readouterr()
    return out + err


@pytest.mark.parametrize(
    ("made", "value"),
    [
        ('sensitive("HUSH?")', "local.made"),
        ('{a = [sensitive("HUSH?"), "b"]}', "local.made.a[0]"),
        ('sensitive(["HUSH?", "b"])', "local.made[0]"),
        ('concat(["a"], [sensitive("HUSH?")])', "local.made[1]"),
        ('[for it in ["?"] : upper("${sensitive("hush")}${it}")]', "one(local.made)"),
        ('{for k, v in sensitive({a = "HUSH?"}) : k => v}', "local.made.a"),
        ('toset([sensitive("HUSH?")])', "tolist(local.made)[0]"),
        ('tomap({a = sensitive("HUSH?")})', 'lookup(local.made, "a", "")'),
        ('sensitive(true) ? "HUSH?" : "b"', "local.made"),
        ('try(var.own, "b")', "local.made"),
        ('jsonencode({"a?" = sensitive("HUSH")})', "local.made"),
        ('base64decode("SFVTSD8=")', "sensitive(local.made)"),
        ('templatestring(local.text, {a = sensitive("HUSH")})\n  text = "$${a}?"', "local.made"),
        ('{ (sensitive("HUSH?")) = "a" }', "keys(local.made)[0]"),
        ('"%{ for it in [var.own] }${it}%{ endfor }"', "local.made"),
        ('tonumber("x${sensitive("HUSH?")}")', "local.made"),
        ('"${sensitive("HUSH?")}${aws_s3_bucket.b.id}"', "local.made"),
        ('aws_s3_bucket.b.id == "a" ? sensitive("HUSH?") : "b"', "local.made"),
        ('provider::other::made(sensitive("HUSH?"))', "local.made"),
        ("1", "module.inner.hidden"),
        ("1", "module.inner.same.a"),
        ("module.inner", "local.made.hidden"),
        ("1", "var.own"),
    ],
)
def test_no_command_shows_what_comes_of_a_secret(
    made: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(made, value, tmp_path, capsys)
    assert "CostCenter" in text
    assert [] == [line for line in text.splitlines() if "HUSH?" in line or "WORD" in line]


def test_what_is_not_secret_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = 'nonsensitive(sensitive("open?"))'
    assert "open?" in shown(made, "local.made", tmp_path, capsys)
    assert "seen" in shown("1", "module.inner.same.b", tmp_path, capsys)


def test_tags_under_a_secret_key_are_all_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown('"HUSH?"', "local.made", tmp_path, capsys, last='(sensitive("KEY")) = "a"')
    assert "they are sensitive" in text
    assert not any(word in text.replace('"made"', "") for word in ("KEY", "Owner is HUSH?"))


def test_a_message_that_quotes_a_secret_is_terraforms_own_sentence() -> None:
    module = """
variable "word" {
  sensitive = true
  validation {
    condition     = var.word == "other"
    error_message = "no ${upper(var.word)}"
  }
}
"""
    files = {"job.yaml": JOB.format(given="word: hush"), "modules/job/main.tf": module}
    settings = settings_from({}, Path("/"))
    found = lint_folder(MemoryFolder(files), Given(["job.yaml"]), settings)
    text = "".join("".join(REPORTS[form](found)) for form in REPORTS)
    assert "failed-module-validation" in text
    assert "HUSH" not in text
