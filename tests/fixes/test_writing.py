"""Writing: whole files or nothing, only where nobody changed them meanwhile."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dativo_lint.errors import UsageError
from dativo_lint.fixes.writing import write_all

BEFORE = {"a.yaml": b"a", "b.yaml": b"b", "c/d.yaml": b"d"}
AFTER = {path: content.upper() for path, content in BEFORE.items()}
STEPS = ("fdopen", "fsync", "stat", "chmod", "replace", "access")
"""What writing asks of the system, besides reading and removing temporary files."""


def files(folder: Path) -> dict[str, bytes]:
    """All files in a folder, with their contents."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root/c").mkdir(parents=True)
    for path, content in BEFORE.items():
        (tmp_path / "root" / path).write_bytes(content)
    return tmp_path / "root"


def refusal(root: Path) -> str:
    """What is said when files are not written."""
    with pytest.raises(UsageError) as error:
        write_all({str(root): (BEFORE, AFTER)})
    return str(error.value)


def test_files_are_replaced_with_their_mode(root: Path) -> None:
    (root / "a.yaml").chmod(0o640)
    (root / "b.yaml").chmod(0o755)
    write_all({str(root): (BEFORE, AFTER)})
    assert files(root) == AFTER
    modes = [(root / name).stat().st_mode & 0o777 for name in ("a.yaml", "b.yaml")]
    assert modes == [0o640, 0o755]


def test_a_file_keeps_its_owner_or_is_left_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners: list[tuple[int, int]] = []
    real_stat = os.stat

    def stat(path: Any, **options: Any) -> os.stat_result:
        status = real_stat(path, **options)
        is_target = str(path).endswith("a.yaml")
        return os.stat_result((*status[:4], 12, 34, *status[6:])) if is_target else status

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", stat)
        patch.setattr(os, "chown", lambda _path, *owner: owners.append(owner))
        write_all({str(root): ({"a.yaml": b"a"}, {"a.yaml": b"A"})})
        assert owners == [(12, 34)]

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        patch.setattr(os, "chown", refuse)
        with pytest.raises(UsageError, match=r"cannot write a\.yaml: operation not permitted"):
            write_all({str(root): ({"a.yaml": b"A"}, {"a.yaml": b"x"})})
    assert files(root) == {**BEFORE, "a.yaml": b"A"}


def test_a_file_of_somebody_else_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = (root / "a.yaml").stat()
    for user, groups in ((status.st_uid + 1, [status.st_gid]), (status.st_uid or 1, [])):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        monkeypatch.setattr(os, "getegid", lambda: status.st_gid + 1)
        monkeypatch.setattr(os, "getgroups", lambda groups=groups: groups)
        assert "cannot write a.yaml: it belongs to another user or group" in refusal(root)
    assert files(root) == BEFORE


def test_a_name_may_be_as_long_as_any(root: Path) -> None:
    name = "x" * 250 + ".yaml"
    (root / name).write_bytes(b"x")
    write_all({str(root): ({name: b"x"}, {name: b"y"})})
    assert files(root) == {**BEFORE, name: b"y"}


def test_a_new_file_has_the_mode_of_the_user_and_replaces_nothing(root: Path) -> None:
    before = os.umask(0o027)
    try:
        write_all({str(root): ({"new/e.yaml": None}, {"new/e.yaml": b"e"})})
    finally:
        os.umask(before)
    assert 0o640 == (root / "new/e.yaml").stat().st_mode & 0o777
    assert {**BEFORE, "new/e.yaml": b"e"} == files(root)
    for path in ("a.yaml", "c", "../outside.yaml"):
        with pytest.raises(UsageError, match=r"there already|outside the repository"):
            write_all({str(root): ({**BEFORE, path: None}, {**AFTER, path: b"x"})})
    assert {**BEFORE, "new/e.yaml": b"e"} == files(root)


def test_a_link_stays_one_and_its_target_is_replaced(root: Path) -> None:
    (root / "b.yaml").unlink()
    (root / "b.yaml").symlink_to("c/b.yaml")
    (root / "c/b.yaml").write_bytes(b"b")
    write_all({str(root): (BEFORE, AFTER)})
    assert (root / "b.yaml").is_symlink()
    assert (root / "c/b.yaml").read_bytes() == b"B"


def link_outside(path: Path) -> None:
    path.unlink()
    (path.parent.parent / "outside.yaml").write_bytes(b"b")
    path.symlink_to("../outside.yaml")


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "it was changed meanwhile": lambda path: path.write_bytes(b"edited"),
    "it has another name (a hard link), which would keep the old content": (
        lambda path: os.link(path, path.parent.parent / "other.yaml")
    ),
    "it is outside the repository": link_outside,
    "no such file or directory": Path.unlink,
    "it is not a regular file": folder,
    "too many levels of symbolic links": loop,
}


@pytest.mark.parametrize("reason", CHANGES)
def test_a_file_that_is_no_longer_what_was_read_is_left_alone_with_all_others(
    root: Path, reason: str
) -> None:
    CHANGES[reason](root / "b.yaml")
    as_they_are = files(root.parent)
    assert refusal(root) == f"cannot write b.yaml: {reason}\nno file was changed"
    assert files(root.parent) == as_they_are


@pytest.mark.parametrize("reason", CHANGES)
def test_a_change_while_new_contents_are_prepared_is_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    fsync = os.fsync
    count = 0

    def change_at_last(handle: int) -> None:
        nonlocal count
        fsync(handle)
        count += 1
        if count == len(BEFORE):
            CHANGES[reason](root / "b.yaml")

    monkeypatch.setattr(os, "fsync", change_at_last)
    if "hard link" in reason:
        write_all({str(root): (BEFORE, AFTER)})
        return
    assert refusal(root).endswith("no file was changed")
    assert {**files(root), "b.yaml": b"b"} == BEFORE


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_no_data_is_lost_wherever_a_run_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: type[BaseException]
) -> None:
    real = getattr(os, step)
    for number in count():
        calls = 0

        def fail(*given: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number + 1:  # noqa: B023  called in this iteration
                raise error(errno.ENOSPC, "No space left on device")
            return real(*given, **options)

        is_done = True
        with monkeypatch.context() as patch:
            patch.setattr(os, step, fail)
            try:
                write_all({str(root): (BEFORE, AFTER)})
            except (UsageError, KeyboardInterrupt):
                is_done = False
        now = files(root)
        assert not is_done or now == AFTER
        assert set(now) == set(BEFORE), "a temporary file is left"
        assert all(now[path] in (BEFORE[path], AFTER[path]) for path in now)
        if step not in ("replace", "stat"):
            assert now in (BEFORE, AFTER)
        for path, content in BEFORE.items():
            (root / path).write_bytes(content)
        if calls <= number:  # none was left to fail
            assert (bool(number), now) == (True, AFTER)
            break


def test_what_is_written_before_the_disk_fails_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def fail(source: str, target: str) -> None:
        if target.endswith("b.yaml"):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    assert refusal(root).split("\n") == [
        "cannot write b.yaml: input/output error",
        "c/d.yaml is not written, either",
        "a.yaml is written",
    ]
    assert files(root) == {**BEFORE, "a.yaml": b"A"}


KILLED = """
import os, signal, sys
from dativo_lint.fixes.writing import write_all
real = getattr(os, sys.argv[2])
def kill(*given):
    if sys.argv[3] == "after": real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], kill)
write_all({sys.argv[1]: ({"a.yaml": b"a"}, {"a.yaml": b"A"})})
"""


@pytest.mark.parametrize(
    ("step", "when", "content"),
    [("fsync", "before", b"a"), ("replace", "before", b"a"), ("replace", "after", b"A")],
)
def test_a_killed_run_leaves_whole_files_and_nothing_that_a_run_reads(
    root: Path, step: str, when: str, content: bytes
) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(root), step, when], check=False)
    now = files(root)
    assert now.pop("a.yaml") == content
    left = now.keys() - BEFORE.keys()
    assert all(name.startswith(".dativo-lint.") and "yaml" not in name for name in left)


FULL = """
import resource, sys
from dativo_lint.errors import UsageError
from dativo_lint.fixes.writing import write_all
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
before, after = {"a.yaml": b"a", "b.yaml": b"b"}, {"a.yaml": b"A", "b.yaml": b"B" * 9000}
try:
    write_all({sys.argv[1]: (before, after)})
except UsageError as error:
    print(error)
"""


def test_a_file_that_has_no_room_leaves_all_as_they_were(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(root)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "cannot write b.yaml: file too large\nno file was changed\n"
    assert files(root) == BEFORE


@pytest.mark.parametrize("denied", ["a.yaml", "root"])
def test_a_file_or_folder_that_may_not_be_written_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, denied: str
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: not str(path).endswith(denied))
    assert "cannot write a.yaml: no permission to write" in refusal(root)
    assert files(root) == BEFORE
