"""A repository for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import FILES, write


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Repository:
    """A clean repository with one job."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    write(folder, FILES)
    return Repository(folder, monkeypatch, capsysbinary)
