"""Awkward files: 60 styles of one job, with the exact bytes that all fixes make of each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from dativo_lint.cli import main

SAMPLES = Path(__file__).with_name("awkward")
COMMAND = ["check", "--fix", "--unsafe-fixes", "--no-cache", "--format", "concise", "."]


def contents(folder: Path) -> Mapping[str, bytes]:
    """All files in a folder, with their contents."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_fixed_files_are_what_they_should_be_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, golden = tmp_path / "root", SAMPLES / "after"
    shutil.copytree(SAMPLES / "before", root, symlinks=True)
    outside = shutil.copy(root / "target.yaml", tmp_path)
    (root / "outside.yaml").symlink_to(outside)
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert main(COMMAND) == 1
    told = capsys.readouterr().err

    (root / "outside.yaml").unlink()
    assert Path(outside).read_bytes() == (SAMPLES / "before/target.yaml").read_bytes()
    assert (root / "link.yaml").readlink() == Path("target.yaml")
    assert os.access(root / "executable.yaml", os.X_OK)
    if os.environ.get("ACCEPT") == "1":
        shutil.rmtree(golden, ignore_errors=True)
        shutil.copytree(root, golden, symlinks=True)
        (SAMPLES / "told.txt").write_text(told)
    assert contents(root) == contents(golden)
    assert told == (SAMPLES / "told.txt").read_text()

    assert main(COMMAND) == 1
    assert contents(root) == contents(golden)
