from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from answer_forms import as_answer
from record_files import EXPRESSIONS, FILES, RECORD
from record_modules import version_at_hand
from terraform_oracle import ask_expressions

from dativo_lint.documents.folder import DiskFolder
from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.versions import EPOCHS

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
UNKNOWN = {
    # What is no text, is a folder, or may lie elsewhere is left alone.
    *('file("${path.module}/t/bin")', 'fileexists("${path.module}/t")'),
    'file("./t/data.json")',
    # Terraform reads these patterns in a way of its own.
    *(
        'fileset("${path.module}/f", "**/**/*.json")',
        'fileset("${path.module}/f", "{a/b,a}/*.json")',
    ),
    'fileset("${path.module}/f", "*.{json,{yaml,x}}")',
}


def answers(folder: Path) -> dict[str, Any]:
    for name, content in FILES.items():
        (folder / "m" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "m" / name).write_bytes(content)
    lines = (f"  l{at} = {expression}\n" for at, expression in enumerate(EXPRESSIONS))
    (folder / "m" / "main.tf").write_text(f"locals {{\n{''.join(lines)}}}\n", encoding="utf-8")
    module = read_module(DiskFolder(folder), "m")
    scope = Scope(texts=module.texts)
    found = (evaluate(local.value.expression, scope, EPOCHS[1]) for local in module.locals.values())
    return dict(zip(EXPRESSIONS, map(as_answer, found), strict=True))


def test_functions_make_of_files_what_terraform_makes_of_them(tmp_path: Path) -> None:
    ours = answers(tmp_path)
    assert UNKNOWN == {expression for expression, answer in ours.items() if "unknown" in answer}
    for expression, answer in RECORDED["answers"]:
        if expression not in UNKNOWN and "error" not in answer:
            assert answer == ours[expression], expression
        elif expression not in UNKNOWN:
            assert "error" in ours[expression], expression


def test_what_lies_outside_of_the_module_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "link").symlink_to("/etc/passwd")
    (tmp_path / "m" / "large").write_text("x" * 100_000, encoding="utf-8")
    paths = ("../secret", "link", "large", "t/../../secret")
    text = "".join(f'  l{at} = file("${{path.module}}/{it}")\n' for at, it in enumerate(paths))
    (tmp_path / "m" / "main.tf").write_text(f"locals {{\n{text}}}\n", encoding="utf-8")
    module = read_module(DiskFolder(tmp_path), "m")
    assert ({}, {}) == (module.texts.files, module.texts.sets)


def test_the_terraform_at_hand_says_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    if version_at_hand() == RECORDED["terraform"]:
        found = ask_expressions("", "{}", EXPRESSIONS, FILES)
        assert dict(RECORDED["answers"]) == dict(zip(EXPRESSIONS, found, strict=True))
