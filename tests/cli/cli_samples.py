"""The command line as its users meet it, in a repository."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from repository_samples import write

from dativo_lint.cli import main


@dataclass
class Repository:
    """A repository in which the command line runs."""

    folder: Path
    patch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[bytes]

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by path from the root."""
        write(self.folder, files)

    def run(self, *arguments: str, stdin: bytes = b"", below: str = ".") -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a run in this process."""
        self.patch.chdir(self.folder / below)
        self.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.captured.readouterr()
        code = main(list(arguments))
        out, err = self.captured.readouterr()
        return code, out.decode(), err.decode()

    def start(
        self,
        *arguments: str,
        script: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """A process of its own, to its end; one that runs a script if there is one."""
        return subprocess.run(
            [sys.executable, *(["-c", script] if script else ["-m", "dativo_lint"]), *arguments],
            cwd=self.folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
