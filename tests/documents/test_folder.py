"""Folders: texts are had from inside only, and nothing but files is opened."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.documents.document import Fault, FaultKind, Limits
from dativo_lint.documents.edited_folder import OverlaidFolder
from dativo_lint.documents.folder import DiskFolder, Folder, read_content

FILES = {"a.yaml": "a: 1\n", "jobs/b.yaml": "b: é\n", "jobs/deep/c.json": '{"c": 2}'}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository beside a file that is none of its business."""
    (tmp_path / "secret.yaml").write_text("s: 1\n")
    root = tmp_path / "repo"
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, root: Path) -> Folder:
    return DiskFolder(root) if request.param == "disk" else MemoryFolder(FILES)


def fault(folder: Folder, path: str, limits: Limits = Limits()) -> tuple[str, str]:
    found = folder.read(path, limits)
    assert isinstance(found, Fault)
    assert (path, 1, 1) == (found.place.path, found.place.line, found.place.column)
    return found.kind.value, found.message


@pytest.mark.parametrize("path", ["jobs/b.yaml", "./jobs/b.yaml", "jobs/deep/../b.yaml"])
def test_a_file_is_read_whole(folder: Folder, path: str) -> None:
    assert "b: é\n".encode() == folder.read(path, Limits())
    assert "file" == folder.kind(path)
    assert not folder.is_outside(path)


def test_a_folder_tells_its_names_sorted_and_what_they_are(folder: Folder) -> None:
    assert ["a.yaml", "jobs"] == folder.names(".")
    assert ["b.yaml", "deep"] == folder.names("jobs")
    assert [] == folder.names("a.yaml")
    assert [] == folder.names("nowhere")
    assert ["folder", "folder", "folder"] == [folder.kind(it) for it in (".", "", "jobs/deep")]
    assert folder.kind("job") is None


def test_what_is_not_there_or_is_a_folder_is_a_fault(folder: Folder) -> None:
    assert ("unreadable", "no such file") == fault(folder, "nowhere.yaml")
    assert "unreadable" == fault(folder, "a.yaml/b")[0]
    assert ("not-a-file", "it is a folder, expected a file") == fault(folder, "jobs")
    assert "not-a-file" == fault(folder, ".")[0]


def test_a_file_over_the_limit_is_a_fault_that_names_the_setting(folder: Folder) -> None:
    kind, message = fault(folder, "jobs/b.yaml", Limits(file_bytes=5))

    assert ("limit", "more than 5 bytes, the setting limits.file_bytes") == (kind, message)
    assert isinstance(folder.read("jobs/b.yaml", Limits(file_bytes=6)), bytes)


@pytest.mark.parametrize(
    "path", ["..", "../secret.yaml", "jobs/../../secret.yaml", "/etc/passwd", "../repo2/x"]
)
def test_a_path_that_leaves_the_root_leads_nowhere(folder: Folder, path: str) -> None:
    assert folder.is_outside(path)
    assert folder.kind(path) is None
    assert [] == folder.names(path)
    assert ("unreadable", "outside the repository") == fault(folder, path)


def test_links_are_followed_inside_and_never_out(root: Path) -> None:
    (root / "in.yaml").symlink_to("a.yaml")
    (root / "in").symlink_to("jobs", target_is_directory=True)
    (root / "out.yaml").symlink_to("../secret.yaml")
    (root / "out").symlink_to("..", target_is_directory=True)
    (root / "round").symlink_to("round")
    (root / "gone.yaml").symlink_to("nowhere.yaml")
    folder = DiskFolder(root)

    assert b"a: 1\n" == folder.read("in.yaml", Limits())
    assert "b: é\n".encode() == folder.read("in/b.yaml", Limits())
    assert ["b.yaml", "deep"] == folder.names("in")
    for path in ("out.yaml", "out", "out/secret.yaml", "in/../out/secret.yaml", "out/repo/.."):
        assert folder.is_outside(path)
        assert folder.kind(path) is None
        assert [] == folder.names(path)
        assert "unreadable" == fault(folder, path)[0]
    for path in ("gone.yaml", "gone.yaml/x"):
        assert folder.kind(path) is None
        assert ("unreadable", "no such file") == fault(folder, path)
    for path in ("round", "round/x"):
        assert "unreadable" == folder.kind(path)
        assert ("unreadable", os.strerror(errno.ELOOP).lower()) == fault(folder, path)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errno.ENOENT, None),
        (errno.ENOTDIR, None),
        (errno.ENAMETOOLONG, None),
        (errno.EACCES, "unreadable"),
        (errno.EPERM, "unreadable"),
        (errno.EIO, "unreadable"),
        (errno.ESTALE, "unreadable"),
    ],
)
def test_not_allowed_is_not_the_same_as_not_there(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: int, kind: str | None
) -> None:
    def refuse(*_args: object, **_named: object) -> os.stat_result:
        raise OSError(error, os.strerror(error))

    folder = DiskFolder(root)
    monkeypatch.setattr(os, "lstat", refuse)

    assert kind == folder.kind("a.yaml")
    assert "unreadable" == fault(folder, "a.yaml")[0]


def test_a_folder_that_may_not_be_listed_is_no_empty_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert "unreadable" == DiskFolder(root).kind("jobs")


def test_one_file_may_have_another_content_than_on_the_disk(root: Path) -> None:
    folder = OverlaidFolder(DiskFolder(root), "new/x.yaml", b"x: 1\n")

    assert b"x: 1\n" == folder.read("new/x.yaml", Limits())
    assert "limit" == fault(folder, "new/x.yaml", Limits(file_bytes=4))[0]
    assert b"a: 1\n" == folder.read("a.yaml", Limits())
    assert ["file", "folder", "folder", None] == [
        folder.kind(path) for path in ("new/x.yaml", "new", "jobs", "newer")
    ]
    assert ["a.yaml", "jobs", "new"] == folder.names(".")
    assert ["x.yaml"] == folder.names("new")
    assert not folder.is_outside("new/x.yaml")
    assert folder.is_outside("../secret.yaml")


def test_a_folder_beside_the_root_with_a_longer_name_is_outside(root: Path) -> None:
    (root.parent / "repo2").mkdir()
    (root.parent / "repo2" / "x.yaml").write_text("x: 1\n")
    (root / "x.yaml").symlink_to("../repo2/x.yaml")

    assert DiskFolder(root).is_outside("x.yaml")


def test_the_root_may_itself_be_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to("repo", target_is_directory=True)

    assert b"a: 1\n" == DiskFolder(link).read("a.yaml", Limits())
    assert b"a: 1\n" == DiskFolder(str(link)).read("a.yaml", Limits())


def test_what_is_no_file_is_not_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "pipe.yaml")
    (root / "null.yaml").symlink_to("/dev/null")
    monkeypatch.chdir(root)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        folder = DiskFolder(root)

        assert ("not-a-file", "it is a named pipe, expected a file") == fault(folder, "pipe.yaml")
        assert ("not-a-file", "it is a socket, expected a file") == fault(folder, "socket.yaml")
        assert ["other", "other"] == [folder.kind(it) for it in ("pipe.yaml", "socket.yaml")]
        assert "unreadable" == fault(folder, "null.yaml")[0]


def test_a_pipe_that_takes_the_place_of_a_file_does_not_stop_the_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_file = os.stat(root / "a.yaml")
    os.mkfifo(root / "pipe.yaml")
    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, lambda *_args, **_named: as_file)

    assert b"" == DiskFolder(root).read("pipe.yaml", Limits())


def test_a_file_that_cannot_be_opened_is_a_fault(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    assert ("unreadable", "permission denied") == fault(DiskFolder(root), "a.yaml")


def test_a_file_that_grows_while_it_is_read_is_held_by_the_limit(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = os.stat(root / "a.yaml")
    (root / "a.yaml").write_bytes(b"x" * 100)
    monkeypatch.setattr(os, "lstat", lambda *_args, **_named: small)
    folder = DiskFolder(root)

    assert b"x" * 100 == folder.read("a.yaml", Limits(file_bytes=100))
    assert "limit" == fault(folder, "a.yaml", Limits(file_bytes=99))[0]


@given(
    path=st.text(max_size=20)
    | st.sampled_from(["\x00", "a\x00b", "x" * 5000, "\ud800", "a/" * 3000])
)
def test_no_path_raises(path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    for folder in (DiskFolder(tmp_path_factory.getbasetemp()), MemoryFolder(FILES)):
        assert isinstance(folder.read(path, Limits()), (bytes, Fault))
        assert folder.kind(path) in ("file", "folder", "other", "unreadable", None)
        assert isinstance(folder.names(path), list)
        assert isinstance(folder.is_outside(path), bool)


def test_a_text_is_read_by_the_ending_of_its_name() -> None:
    assert {"c": "1e3"} == read_content("jobs/b.yaml", b'{"c": 1e3}').documents[0].data
    assert {"c": 1000.0} == read_content("jobs/c.JSON", b'{"c": 1e3}').documents[0].data


def test_half_characters_in_memory_are_a_fault_of_encoding() -> None:
    content = MemoryFolder({"a.yaml": "a: \ud800\n"}).read("a.yaml", Limits())
    assert isinstance(content, bytes)

    assert [FaultKind.ENCODING] == [it.kind for it in read_content("a.yaml", content).faults]
