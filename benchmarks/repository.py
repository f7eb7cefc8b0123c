"""Repository: a folder that files are written into, with a list of the defects seeded in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from benchmarks.yaml_text import Block, yaml_text

MANIFEST = "seeded.jsonl"
"""One seeded defect a line: its rule, and the files where it may be found."""

_JOBS_A_RUNNER = 1000
_UNRELATED = {
    ".gitignore": "__pycache__/\n*.tfstate\n.terraform/\n",
    ".github/workflows/ci.yml": """\
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
""",
    "package.json": '{"name": "portal", "private": true, "scripts": {"build": "vite build"}}\n',
    "deploy/dagster.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dagster
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: dagster:1.9
""",
    "docs/catalogue.json": '[{"name": "orders", "steward": "sales"}]\n',
}


class Repository:
    """A repository root of its own, written file by file so that none has to be remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[str] = set()
        self._schedules: list[Block] = []
        self._runners = 0

    def __enter__(self) -> Repository:
        for path, text in _UNRELATED.items():
            self.write(path, text)
        # What git takes for a repository in which nothing is committed yet.
        self.write(".git/HEAD", "ref: refs/heads/main\n")
        for name in ("objects", "refs"):
            (self._folder / ".git" / name).mkdir(exist_ok=True)
        self._manifest = (self._folder / MANIFEST).open("w", encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._manifest.close()
        self._write_runner()

    def write(self, path: str, text: str, line_break: str = "\n") -> None:
        """Write a file and the folders on the way to it."""
        parent, _, _ = path.rpartition("/")
        if parent not in self._known:
            (self._folder / parent).mkdir(parents=True, exist_ok=True)
            self._known.add(parent)
        with open(self._folder / path, "w", encoding="utf-8", newline=line_break) as file:
            file.write(text)

    def write_all(self, folder: str, files: Mapping[str, str]) -> list[str]:
        """Write the files of a folder; returns their paths."""
        for name, text in files.items():
            self.write(f"{folder}/{name}", text)
        return [f"{folder}/{name}" for name in files]

    def connector(self, path: str, name: str, role: str) -> None:
        """Write a connector recipe."""
        recipe: Block = {"name": name, "type": name, "roles": f"[{role}]"}
        self.write(path, yaml_text(recipe | {"default_engine": {"type": "native"}}))

    def seed(self, rule: str, files: Sequence[str]) -> None:
        """Note a defect and the files where it may be found."""
        self._manifest.write(json.dumps({"rule": rule, "files": list(files)}) + "\n")

    def schedule(self, job: str, cron: str, tags: Block) -> None:
        """Give a job a schedule in a runner file."""
        name = job.rsplit("/", 1)[-1].removesuffix(".yaml")
        schedule: Block = {"name": f"{name}_runs", "config": job, "cron": f'"{cron}"', "tags": tags}
        self._schedules.append(schedule)
        if len(self._schedules) == _JOBS_A_RUNNER:
            self._write_runner()

    def _write_runner(self) -> None:
        if not self._schedules:
            return
        orchestrator: Block = {"schedules": self._schedules}
        runner: Block = {"runner": {"mode": "orchestrated", "orchestrator": orchestrator}}
        self.write(f"configs/runner_{self._runners:03d}.yaml", yaml_text(runner))
        self._runners += 1
        self._schedules = []
