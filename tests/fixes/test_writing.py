"""Writing: whole files or nothing, only where nobody changed them meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dativo_lint.fixes.writing import write_all


def files(folder: Path) -> dict[str, bytes]:
    """All files in a folder, with their contents."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_are_replaced_with_their_mode(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a")
    (tmp_path / "a.yaml").chmod(0o640)
    assert write_all(str(tmp_path), {"a.yaml": b"a"}, {"a.yaml": b"b"}) == {}
    assert files(tmp_path) == {"a.yaml": b"b"}
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert write_all(str(tmp_path), {"b.yaml": b"a"}, {"b.yaml": b"b"}) == {}
    assert (tmp_path / "b.yaml").is_symlink()
    assert (tmp_path / "a.yaml").read_bytes() == b"b"


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "a.yaml").write_bytes(b"a")
    (root / "b.yaml").symlink_to("../a.yaml")
    refused = write_all(str(root), {"b.yaml": b"a"}, {"b.yaml": b"b"})
    assert refused == {"b.yaml": "it is outside the repository"}
    assert files(tmp_path) == {"a.yaml": b"a", "root/b.yaml": b"a"}


def test_a_file_that_was_changed_meanwhile_is_left_alone_with_all_others(tmp_path: Path) -> None:
    before = {"a.yaml": b"a", "b.yaml": b"b"}
    (tmp_path / "a.yaml").write_bytes(b"a")
    (tmp_path / "b.yaml").write_bytes(b"other")
    refused = write_all(str(tmp_path), before, {"a.yaml": b"1", "b.yaml": b"2"})
    assert refused == {
        "a.yaml": "another file cannot be written",
        "b.yaml": "it was changed meanwhile",
    }
    assert files(tmp_path) == {"a.yaml": b"a", "b.yaml": b"other"}


@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_no_data_is_lost_when_a_step_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException
) -> None:
    before = {"a.yaml": b"a", "b.yaml": b"b"}
    for path, content in before.items():
        (tmp_path / path).write_bytes(content)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, name, fail)
    try:
        refused = write_all(str(tmp_path), before, {"a.yaml": b"1", "b.yaml": b"2"})
    except KeyboardInterrupt:
        refused = dict.fromkeys(before, "no space left on device")
    assert set(refused) == set(before)
    assert files(tmp_path) == before


def test_a_file_that_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a")
    monkeypatch.setattr(os, "access", lambda *_: False)
    refused = write_all(str(tmp_path), {"a.yaml": b"a"}, {"a.yaml": b"b"})
    assert refused == {"a.yaml": "it may not be written"}
