"""Asks `terraform plan` what functions make of files beside a module, and records its answers.

    python tests/terraform/record_files.py

writes `data/files.json`.
"""

from __future__ import annotations

from pathlib import Path

from record_modules import version_at_hand
from terraform_oracle import ask_expressions, write_record

RECORD = Path(__file__).parent / "data" / "files.json"
FILES = {
    "t/list.tpl": b"hi ${name}\n%{ for x in l ~}\n- ${x}\n%{ endfor ~}\n",
    "t/value.tpl": b"${v}",
    "t/broken.tpl": b"${v",
    "t/data.json": b'{"a": 1}\n',
    "t/text.txt": b"caf\xc3\xa9 e\xcc\x81\r\n",
    "t/bin": b"\xff",
    "f/1.json": b"",
    "f/2.yaml": b"",
    "f/a/3.json": b"",
    "f/a/b/4.json": b"",
    "f/a/b/5.yml": b"",
    "f/.h/6.json": b"",
    "t/.hidden.tpl": b"",
    "top.tpl": b"",
}
EXPRESSIONS = [
    'templatefile("${path.module}/t/list.tpl", {name = "x", l = [1, 2]})',
    'templatefile("${path.module}/t/value.tpl", {v = [1]})',
    'templatefile("${path.module}/t/value.tpl", {v = null})',
    'templatefile("${path.module}/t/value.tpl", {})',
    'templatefile("${path.module}/t/value.tpl", [])',
    'templatefile("${path.module}/t/broken.tpl", {v = 1})',
    'templatefile("${path.module}/nowhere", {})',
    'file("${path.module}/t/data.json")',
    'jsondecode(file("${path.module}/t/../t/data.json")).a',
    'file("${path.module}/t/text.txt")',
    'file("${path.module}/t/bin")',
    'file("${path.module}/nowhere")',
    'fileexists("${path.module}/t/data.json")',
    'fileexists("${path.module}/nowhere")',
    'fileexists("${path.module}/t")',
    'fileset(path.module, "t/*.tpl")',
    'fileset("${path.module}/t", "*.json")',
    'fileset("${path.module}/t", "nowhere/*")',
    'fileset(path.module, "*.tpl")',
    'fileset("${path.module}/t", "**")',
    'fileset("${path.module}/f", "**")',
    'fileset("${path.module}/f", "**/*.json")',
    'fileset("${path.module}/f", "a/**")',
    'fileset("${path.module}/f", "a/**/*")',
    'fileset("${path.module}/f", "*.{json,yaml}")',
    'fileset("${path.module}/f", "{a,.h}/*.json")',
    'fileset("${path.module}/f", "**/*.{json,yml}")',
    'fileset("${path.module}/f", "a**")',
    'fileset("${path.module}/f", "**.json")',
    'fileset("${path.module}/f", "**/b/*")',
    'fileset("${path.module}/f", "*.{j*,y*}")',
    'fileset("${path.module}/f", "x{y}.json")',
    'fileset("${path.module}/f", "{}")',
    'fileset("${path.module}/f", "/1.json")',
    'fileset("${path.module}/f", "a//3.json")',
    'fileset("${path.module}/f", "**/")',
    'fileset("${path.module}/f", "**/**/*.json")',
    'fileset("${path.module}/f", "{a/b,a}/*.json")',
    'fileset("${path.module}/f", "*.{json,{yaml,x}}")',
    'fileset("${path.module}/f", "?.json")',
    'core::file("${path.module}/t/data.json")',
    'file("./t/data.json")',
]

if __name__ == "__main__":
    found = ask_expressions("", "{}", EXPRESSIONS, FILES)
    pairs = zip(EXPRESSIONS, found, strict=True)
    write_record(RECORD, version_at_hand(), [list(pair) for pair in pairs])
