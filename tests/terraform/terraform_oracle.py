"""Asks a terraform on the path what types, expressions and validation blocks come to.

Modules of variables and outputs only need neither providers nor a network; a run takes a tenth of
a second. Each question is asked under a number, so that one run answers hundreds of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

Answer = dict[str, Any]
"""`value` (numbers as texts) and `type`, or `error` (summary and detail), or `unknown`."""


def run(folder: str, *arguments: str) -> str:
    """What terraform says in a folder when it is given these arguments."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TF_CLI_CONFIG_FILE": os.devnull,
        "CHECKPOINT_DISABLE": "1",
    }
    done = subprocess.run(
        ["terraform", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def _errors(said: str) -> list[dict[str, Any]]:
    """The errors among the lines that `terraform plan -json` says."""
    lines = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    found = [line["diagnostic"] for line in lines if line.get("type") == "diagnostic"]
    return [it for it in found if it["severity"] == "error"]


def _detail(error: dict[str, Any]) -> str:
    """The detail of an error without what differs from run to run."""
    detail = str(error["detail"])
    if "goroutine" in detail:
        return "panic"
    return re.sub(r" \(at [^)]*\)", "", detail)


def ask_expressions(
    declared: str,
    values: str,
    expressions: Sequence[str],
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> list[Answer]:
    """What expressions come to in a module that declares some variables, with files beside it.

    `values` are those of the variables, in JSON.
    """
    answers: dict[int, Answer] = {}
    with TemporaryDirectory() as folder:
        Path(folder, "declared.tf").write_text(declared, encoding="utf-8")
        Path(folder, "values.tfvars.json").write_text(values, encoding="utf-8")
        for name, content in files.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_bytes(content)
        while True:
            asked = [at for at in range(len(expressions)) if at not in answers]
            lines = [f'output "o{at}" {{ value = [{expressions[at]}] }}' for at in asked]
            Path(folder, "main.tf").write_text("\n".join(lines) + "\n", encoding="utf-8")
            plan = ("plan", "-json", "-input=false", "-out=plan", "-var-file=values.tfvars.json")
            failed: dict[int, Answer] = {}
            for error in _errors(run(folder, *plan)):
                if not (error.get("range") or {}).get("filename") == "main.tf":
                    raise ValueError(error)
                at = asked[error["range"]["start"]["line"] - 1]
                failed.setdefault(at, {"error": [error["summary"], _detail(error)]})
            answers |= failed
            if not failed:
                break
        shown = json.loads(run(folder, "show", "-json", "plan"), parse_float=str, parse_int=str)
        outputs = shown["planned_values"].get("outputs", {})
        for at in asked:
            found = outputs.get(f"o{at}", {})
            if "value" in found and not shown["output_changes"][f"o{at}"].get("after_unknown"):
                answers[at] = {"value": found["value"][0], "type": found["type"][1][0]}
            else:
                answers[at] = {"unknown": True}
    return [answers[at] for at in range(len(expressions))]


def ask_conversions(cases: Sequence[tuple[str, str]]) -> list[Answer]:
    """What variables of a type take that are given a value, in JSON."""
    answers: dict[int, Answer] = {}
    with TemporaryDirectory() as folder:
        while True:
            asked = [at for at in range(len(cases)) if at not in answers]
            _write_variables(folder, {at: cases[at] for at in asked})
            plan = ("plan", "-json", "-input=false", "-out=plan", "-var-file=values.tfvars.json")
            failed: dict[int, Answer] = {}
            for error in _errors(run(folder, *plan)):
                at, sentence = _misfit(error, asked)
                failed.setdefault(at, {"error": [error["summary"], sentence]})
            answers |= failed
            if not failed:
                break
        shown = json.loads(run(folder, "show", "-json", "plan"), parse_float=str, parse_int=str)
        for at in asked:
            found = shown["planned_values"]["outputs"][f"o{at}"]
            answers[at] = {"value": found["value"][0], "type": found["type"][1][0]}
    return [answers[at] for at in range(len(cases))]


_LINES_OF_CASE = 6


def _write_variables(folder: str, cases: dict[int, tuple[str, str]]) -> None:
    blocks = [
        f'variable "v{at}" {{\n  type = {type_}\n}}\noutput "o{at}" {{\n  value = [var.v{at}]\n}}\n'
        for at, (type_, _) in cases.items()
    ]
    values = ",\n".join(f'"v{at}": {value}' for at, (_, value) in cases.items())
    Path(folder, "main.tf").write_text("".join(blocks), encoding="utf-8")
    Path(folder, "values.tfvars.json").write_text(f"{{{values}}}", encoding="utf-8")


def _misfit(error: dict[str, Any], asked: Sequence[int]) -> tuple[int, str]:
    """The number of the variable that an error is about, and its last sentence."""
    detail = error["detail"].removesuffix(".")
    if error["range"]["filename"] == "main.tf":
        return asked[(error["range"]["start"]["line"] - 1) // _LINES_OF_CASE], detail
    found = re.search(r"var\.v([0-9]+) [^:]*:[^:]*: (.*)\Z", detail, re.DOTALL)
    if found is None:
        raise ValueError(error)
    return int(found[1]), found[2]


def ask_verdict(declared: str, values: str) -> list[list[str]]:
    """What Terraform says against the values of a module's variables: summaries and details."""
    with TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text(declared, encoding="utf-8")
        Path(folder, "values.tfvars.json").write_text(values, encoding="utf-8")
        plan = ("plan", "-json", "-input=false", "-var-file=values.tfvars.json")
        errors = _errors(run(folder, *plan))
    checked = re.compile(r"\s*This was checked by the validation rule at .*", re.DOTALL)
    return sorted([it["summary"], checked.sub("", _detail(it))] for it in errors)


def write_record(path: Path, version: str | None, rows: Iterable[Any]) -> None:
    """Write answers to a file, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f'{{"terraform": "{version}", "answers": [\n{lines}\n]}}\n', encoding="utf-8")
