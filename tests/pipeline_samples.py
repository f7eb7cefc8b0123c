"""Repositories with a history, as build services clone them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from sysconfig import get_path

import yaml
from jsonschema_rs import validator_for
from repository_samples import BAD_JOB, FILES, write

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent

OLD = "jobs/old.yaml"
NEW = "jobs/new.yaml"
BASE = {**FILES, OLD: BAD_JOB}
"""A repository whose one finding is there before a change."""


def shown(page: str) -> str:
    """The first YAML on a page of the documentation."""
    text = (PROJECT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    return block[1]


def hold_valid(schema: str, text: str) -> None:
    """Hold a YAML text against the schema that check-jsonschema has of a build service."""
    folder = Path(get_path("purelib"), "check_jsonschema", "builtin_schemas", "vendor")
    validator = validator_for(json.loads((folder / f"{schema}.json").read_bytes()))
    # YAML 1.1 takes the key of a workflow for a boolean.
    data = {"on" if name is True else name: it for name, it in yaml.safe_load(text).items()}
    validator.validate(data)


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    author = {
        f"GIT_{name}_{of}": "a@example.com"
        for name in ("AUTHOR", "COMMITTER")
        for of in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **author},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """Commit files; the name of the commit."""
    if not (folder / ".git").exists():
        folder.mkdir(exist_ok=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")
    return git(folder, "rev-parse", "HEAD")


def path_with(folder: Path, **commands: str) -> str:
    """A search path with this checkout's linter, and with scripts in place of commands."""
    folder.mkdir(exist_ok=True)
    for name, script in commands.items():
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return os.pathsep.join([str(folder), str(TOOLS), os.environ["PATH"]])
