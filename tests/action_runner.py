"""A runner of GitHub that runs the scripts of the action, and evaluates its expressions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pipeline_samples import PROJECT, TOOLS, commit

ACTION = yaml.safe_load((PROJECT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def evaluate(text: Any, context: Mapping[str, Any]) -> str:
    """A text with the values of its expressions: paths, quoted words, ==, !=, && and ||."""
    return EXPRESSION.sub(lambda it: condition(it[1], context), str(text))


def condition(text: str, context: Mapping[str, Any]) -> str:
    """The value of an expression; empty for one that does not hold."""
    value = ""
    for choice in text.split(" || "):
        for part in choice.split(" && "):
            left, comparison, right = re.fullmatch(r"(\S+)(?: (==|!=) (\S+))?", part).groups()
            value = term(left, context)
            if comparison:
                is_same = value == term(right, context)
                value = "true" if is_same is (comparison == "==") else ""
            if not value:
                break
        if value:
            break
    return value


def term(text: str, context: Any) -> str:
    """A quoted word, or what is at a path."""
    if text.startswith("'"):
        return text.strip("'")
    for name in text.split("."):
        context = (context or {}).get(name)
    return context or ""


class Runner:
    """A runner with one repository; it runs scripts, and only names the actions that it would."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "temp"
        self.workspace = folder / "workspace"
        self.github: dict[str, Any] = {"event_name": "push", "sha": "0" * 40}
        self.used: list[str] = []
        self.outputs: dict[str, str] = {}
        self.log = self.summary = ""
        (self.temp / "dativo-lint" / "bin").mkdir(parents=True)
        (self.temp / "dativo-lint" / "bin" / "dativo-lint").symlink_to(TOOLS / "dativo-lint")

    def commit(self, files: Mapping[str, str]) -> str:
        """Commit files; the name of the commit."""
        return commit(self.workspace, files)

    def replace_tool(self, script: str) -> None:
        """Run a script in place of the linter; it knows the FILE for JSON, and COUNTS for it."""
        tool = self.temp / "dativo-lint" / "bin" / "dativo-lint"
        tool.unlink()
        counts = """COUNTS='{"summary": {"errors": 0, "warnings": 0, "notes": 0}}'"""
        file = """FILE=$(printf '%s\\n' "$@" | sed -n 's/^--format=json=//p')"""
        tool.write_text(f"#!/bin/bash\n{counts}\n{file}\n{script}\n")
        tool.chmod(0o755)

    def run(self, *, installs: bool = False, **inputs: str) -> int:
        """The exit code of the first step that fails, or 0."""
        self.used, self.log, self.summary, code = [], "", "", 0
        steps: dict[str, Any] = {"python": {"outputs": {"python-path": sys.executable}}}
        context = {
            "github": self.github,
            "runner": {"temp": str(self.temp), "os": "Linux"},
            "steps": steps,
        }
        defaults = {name: evaluate(it["default"], context) for name, it in ACTION["inputs"].items()}
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(given) <= set(defaults)
        context["inputs"] = defaults | given
        for step in STEPS:
            if "if" in step and not condition(step["if"], context):
                continue
            if "uses" in step:
                self.used.append(step["uses"].partition("@")[0])
            elif installs or step["name"] != "Install":
                code, outputs = self._start(step, context)
                steps[step.get("id", step["name"])] = {"outputs": outputs}
            if code:
                break
        self.outputs = {
            name: evaluate(output["value"], context) for name, output in ACTION["outputs"].items()
        }
        return code

    def _start(self, step: Any, context: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
        files = [self.temp / name for name in ("output", "summary")]
        for file in files:
            file.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env={
                **os.environ,
                **{name: evaluate(value, context) for name, value in step["env"].items()},
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(PROJECT),
                "GITHUB_OUTPUT": str(files[0]),
                "GITHUB_STEP_SUMMARY": str(files[1]),
                "RUNNER_TEMP": str(self.temp),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += done.stdout
        self.summary += files[1].read_text()
        pairs = [line.partition("=") for line in files[0].read_text().splitlines()]
        return done.returncode, {name: value for name, _, value in pairs}
