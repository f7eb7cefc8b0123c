"""Awkward files: 60 styles of one job, with the exact bytes that all fixes make of each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

from dativo_lint.cli import main

SAMPLES = Path(__file__).with_name("awkward")
NO_PATCH = {"cr-only.yaml", "separators.yaml", "form-feed-and-controls.yaml", "utf16*", "wide-*"}
"""Files of which a diff shows characters in another spelling."""
OPTIONS = ["--unsafe-fixes", "--fix-at", "job", "--no-cache", "."]
COMMAND = ["check", "--fix", "--format", "concise", *OPTIONS]


def contents(folder: Path) -> Mapping[str, bytes]:
    """All files in a folder, with their contents."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder, from which the command line runs, without git."""
    shutil.copytree(SAMPLES / "before", tmp_path / "root", symlinks=True)
    monkeypatch.chdir(tmp_path / "root")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return tmp_path / "root"


def test_fixed_files_are_what_they_should_be_byte_for_byte(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golden = SAMPLES / "after"
    outside = shutil.copy(root / "target.yaml", root.parent)
    (root / "outside.yaml").symlink_to(outside)
    assert main(["check", "--fix", "--format", "concise", *OPTIONS]) == 1
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

    assert main(["check", "--fix", "--format", "concise", *OPTIONS]) == 1
    assert contents(root) == contents(golden)


def test_a_diff_writes_nothing_and_is_a_patch_that_does_what_fixing_does(
    root: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["check", "--diff", *OPTIONS]) == 1
    assert contents(root) == contents(SAMPLES / "before")
    patch = capsysbinary.readouterr().out
    command = ["git", "apply", "--whitespace=nowarn", *(f"--exclude={name}" for name in NO_PATCH)]
    subprocess.run(command, input=patch, check=True)
    patched, fixed = contents(root), contents(SAMPLES / "after")
    names = [name for name in fixed if not any(fnmatch(name, odd) for odd in NO_PATCH)]
    assert {name: patched[name] for name in names} == {name: fixed[name] for name in names}
