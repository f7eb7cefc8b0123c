"""Discovery: arguments stand for the files that people mean by them."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dativo_lint.documents.discovery import Discovery, discover
from dativo_lint.documents.walk import walked_files
from dativo_lint.git.files import listed_files
from dativo_lint.settings.files import find_root


def make(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a: 1\n")
    return root


def found(root: Path, *arguments: str, **options: object) -> Discovery:
    return discover(root, arguments, start=root, **options)  # type: ignore[arg-type]


def test_a_folder_is_walked_in_order_for_its_texts(tmp_path: Path) -> None:
    make(
        tmp_path,
        *("b.yaml", "a.yml", "c.json", "d.txt", "jobs/z.yaml", "jobs/a/b.yaml", ".hidden/e.yaml"),
        *(".git/x.yaml", ".terraform/x.yaml", "a/node_modules/x.yaml", ".venv/x.yaml"),
    )
    expected = (".hidden/e.yaml", "a.yml", "b.yaml", "c.json", "jobs/a/b.yaml", "jobs/z.yaml")

    assert Discovery(walked=expected) == found(tmp_path, ".")
    assert ("jobs/a/b.yaml", "jobs/z.yaml") == found(tmp_path, "jobs").walked
    assert ("d.txt",) == found(tmp_path, ".", suffixes=(".txt",)).walked


def test_a_named_file_is_taken_whatever_its_name_and_though_git_ignores_it(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.yaml", "c/d.yaml")
    (tmp_path / ".gitignore").write_text("*.yaml\n*.txt\n")

    assert ("c/d.yaml", "a.txt") == found(tmp_path, "c/d.yaml", "./a.txt", "c/../a.txt").named
    assert () == found(tmp_path, ".").walked


def test_a_file_is_told_once_and_named_before_walked(tmp_path: Path) -> None:
    make(tmp_path, "a.yaml", "jobs/b.yaml")

    assert (
        Discovery(named=("jobs/b.yaml",), walked=("a.yaml",))
        == found(tmp_path, "jobs", ".", "jobs/b.yaml", "jobs/b.yaml")
    )  # fmt: skip


def test_arguments_are_seen_from_the_folder_where_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "jobs/a.yaml", "b.yaml")
    expected = Discovery(named=("jobs/a.yaml",), walked=("b.yaml",))

    assert expected == discover(tmp_path, ["a.yaml", "../b*"], start=tmp_path / "jobs")
    monkeypatch.chdir(tmp_path / "jobs")
    assert expected == discover(str(tmp_path), ["a.yaml", "../b*"])
    assert ("jobs/a.yaml",) == discover(tmp_path, [str(tmp_path / "jobs" / "a.yaml")]).named


def test_what_is_not_there_and_what_lies_outside_is_told(tmp_path: Path) -> None:
    root = make(tmp_path / "repo", "a.yaml")
    make(tmp_path, "secret.yaml", "repo2/b.yaml")
    (root / "out.yaml").symlink_to("../secret.yaml")
    (root / "out").symlink_to("../repo2", target_is_directory=True)
    arguments = ("nowhere.yaml", "*.txt", "..", "../secret.yaml", "/etc", "out", "out.yaml", "a\0b")

    result = found(root, *arguments, "../repo2/*", "../repo/a.yaml")

    assert ("nowhere.yaml", "*.txt", "a\0b") == result.missing
    assert ("..", "../secret.yaml", "/etc", "out", "../repo2/*") == result.outside
    assert ("out.yaml", "a.yaml") == result.named


def test_links_to_folders_are_not_walked_and_links_to_files_are_told(tmp_path: Path) -> None:
    make(tmp_path, "jobs/a.yaml")
    (tmp_path / "again").symlink_to("jobs", target_is_directory=True)
    (tmp_path / "folder.yaml").symlink_to("jobs", target_is_directory=True)
    (tmp_path / "jobs" / "round").symlink_to("..", target_is_directory=True)
    (tmp_path / "link.yaml").symlink_to("jobs/a.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere")

    assert ("gone.yaml", "jobs/a.yaml", "link.yaml") == found(tmp_path, ".").walked
    assert ("jobs/a.yaml",) == found(tmp_path, "again").walked
    assert ("link.yaml", "gone.yaml") == found(tmp_path, "link.yaml", "gone.yaml").named


def test_what_has_the_name_of_a_text_and_is_none_is_told_and_a_folder_is_walked(
    tmp_path: Path,
) -> None:
    make(tmp_path, "folder.yaml/a.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")

    assert ("folder.yaml/a.yaml", "pipe.yaml") == found(tmp_path, ".").walked
    assert ("pipe.yaml",) == found(tmp_path, "pipe.yaml").named


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("jobs/*.yaml", ("jobs/a.yaml", "jobs/b.yaml")),
        ("jobs/**/*.yaml", ("jobs/a.yaml", "jobs/b.yaml", "jobs/x/c.yaml", "jobs/x/y/d.yaml")),
        ("jobs/[a]*", ("jobs/a.yaml",)),
        ("jobs/x*", ("jobs/x/c.yaml", "jobs/x/y/d.yaml")),
        ("**/d.*", ("jobs/x/y/d.yaml",)),
        ("jobs/?.txt", ("jobs/a.txt",)),
        ("*/x/c.yaml", ("jobs/x/c.yaml",)),
        ("./jobs/*", ("jobs/a.yaml", "jobs/b.yaml", "jobs/x/c.yaml", "jobs/x/y/d.yaml")),
        ("jobs/.h*", ("jobs/.hidden.yaml",)),
    ],
)
def test_a_glob_stands_for_what_a_shell_would_make_of_it(
    tmp_path: Path, pattern: str, expected: tuple[str, ...]
) -> None:
    make(
        tmp_path,
        *("jobs/a.yaml", "jobs/b.yaml", "jobs/a.txt", "jobs/x/c.yaml", "jobs/x/y/d.yaml"),
        *("other/e.yaml", "jobs/.hidden.yaml"),
    )

    assert Discovery(walked=expected) == found(tmp_path, pattern)


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    make(tmp_path, "a[1].yaml", "a1.yaml")

    assert ("a[1].yaml",) == found(tmp_path, "a[1].yaml").named


def test_a_glob_takes_nothing_that_git_ignores(tmp_path: Path) -> None:
    make(tmp_path, "jobs/a.yaml", "jobs/old/b.yaml")
    (tmp_path / ".gitignore").write_text("old/\n")

    assert ("jobs/a.yaml",) == found(tmp_path, "**/*.yaml").walked


NAMES = st.sampled_from(["a", "b", "foo", "c.yaml", "d.yaml", "foo.yaml", "[x].yaml"])
STEPS = st.sampled_from(
    [
        "a",
        "b",
        "*",
        "**",
        "*.yaml",
        "*d.yaml",
        "foo",
        "c.yaml",
        "f*",
        "?.yaml",
        "[cd].yaml",
        "\\[x].yaml",
    ]
)
LINES = st.builds(
    lambda wanted, root, steps, end: f"{wanted}{root}{'/'.join(steps)}{end}",
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(STEPS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", " ", "\r"]),
) | st.sampled_from(["", "# comment", "!", "/", "//", "\\", "[", "a\\ ", "*\n!*/\n!*.yaml"])


@settings(max_examples=60)
@given(
    files=st.sets(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=12),
    ignores=st.dictionaries(
        st.sampled_from(["", "a/", "b/", "a/b/", "foo/"]),
        st.lists(LINES, min_size=1, max_size=5).map("\n".join),
        max_size=3,
    ),
    exclude=st.sampled_from(["", "", "d.yaml\n", "*\n"]),
    repositories=st.sets(st.sampled_from(["a/b", "b"]), max_size=1),
    folder=st.sampled_from([".", ".", "a", "a/foo"]),
)
def test_a_walk_finds_what_git_lists(
    tmp_path_factory: pytest.TempPathFactory,
    files: set[str],
    ignores: dict[str, str],
    exclude: str,
    repositories: set[str],
    folder: str,
) -> None:
    root = tmp_path_factory.mktemp("repo")
    subprocess.run(["git", "init", "-q", root], check=True)
    for path in sorted(files):
        if not any((root / above).is_file() for above in Path(path).parents):
            if not (root / path).is_dir():
                make(root, path)
    for above, lines in ignores.items():
        if (root / above).is_dir():
            (root / above / ".gitignore").write_text(lines, newline="")
    (root / ".git" / "info" / "exclude").write_text(exclude)
    for path in repositories:
        if (root / path).is_dir():
            subprocess.run(["git", "init", "-q", root / path], check=True)
    # Git tells nothing of another repository from outside.
    assume((root / folder).is_dir() and not folder.startswith(tuple(repositories)))

    listed = set(listed_files(str(root), folder).files)
    assert listed == set(walked_files(str(root), folder).files)
    texts = {path for path in listed if path.endswith(".yaml")}
    assert texts == set(found(root, folder).walked)


def test_a_repository_inside_is_walked_only_where_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.yaml", "tree/.git", "tree/b.yaml", "tree/.gitignore", "plain/c.yaml")
    (tmp_path / "tree" / ".gitignore").write_text("d.yaml\n")
    make(tmp_path, "tree/d.yaml", "tree/e/f.yaml")

    assert ("a.yaml", "plain/c.yaml") == found(tmp_path, ".").walked
    assert ("tree/b.yaml", "tree/e/f.yaml") == found(tmp_path, "tree").walked
    assert ("tree/e/f.yaml",) == found(tmp_path, "tree/e").walked
    assert ("a.yaml", "plain/c.yaml", "tree/e/f.yaml") == found(tmp_path, ".", "tree/e").walked


def test_a_root_inside_a_repository_is_seen_as_git_sees_it(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.yaml", "sub/b/c.yaml", "d.yaml")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("a.yaml\n")

    assert ("b/c.yaml",) == found(tmp_path / "sub", ".").walked


def test_what_is_tracked_is_told_though_it_is_ignored_and_what_is_deleted_is_not(
    tmp_path: Path,
) -> None:
    make(tmp_path, "tracked.yaml", "deleted.yaml", "ignored.yaml", "new.yaml", "sub/x.yaml")
    make(tmp_path, "node_modules/tracked.yaml", "of user.yaml", "of exclude.yaml")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "node_modules", "tracked.yaml", "deleted.yaml"], check=True)
    make(tmp_path, "node_modules/new.yaml")
    (tmp_path / "deleted.yaml").unlink()
    (tmp_path / ".gitignore").write_text("tracked.yaml\nignored.yaml\n")
    (tmp_path / ".git" / "info" / "exclude").write_text("of exclude.yaml\n")
    (tmp_path / ".git" / "user").write_text("of user.yaml\n")
    subprocess.run([*git, "config", "core.excludesFile", tmp_path / ".git" / "user"], check=True)

    expected = ("new.yaml", "node_modules/tracked.yaml", "sub/x.yaml", "tracked.yaml")
    assert expected == tuple(sorted(found(tmp_path, ".").walked))
    assert ("node_modules/new.yaml", "node_modules/tracked.yaml") == (
        found(tmp_path, "node_modules").walked
    )


@pytest.mark.parametrize("is_repository", [True, False])
def test_a_loop_of_links_is_told_and_stops_nothing(tmp_path: Path, is_repository: bool) -> None:
    make(tmp_path, "jobs/a.yaml")
    if is_repository:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name in ("jobs/loop.yaml", "jobs/loop.txt", "loop", ".gitignore"):
        (tmp_path / name).symlink_to(Path(name).name)
    (tmp_path / "jobs" / "x.yaml").symlink_to("y.yaml")
    (tmp_path / "jobs" / "y.yaml").symlink_to("x.yaml")
    walked = ("jobs/a.yaml", "jobs/loop.yaml", "jobs/x.yaml", "jobs/y.yaml")

    told = (".gitignore",)
    assert Discovery(walked=walked, unreadable=told) == found(tmp_path, ".")
    assert Discovery(walked=walked) == found(tmp_path, "jobs/*.yaml")
    named = ("jobs/loop.yaml", "loop")
    assert Discovery(named=named) == found(tmp_path, *named)
    assert Discovery(named=("loop/x.yaml",)) == found(tmp_path, "loop/x.yaml")


def test_a_folder_that_may_not_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "jobs/a.yaml", "jobs/locked/b.yaml", "c.yaml")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert (
        Discovery(walked=("c.yaml", "jobs/a.yaml"), unreadable=("jobs/locked",))
        == found(tmp_path, ".")
    )  # fmt: skip
    assert () == found(tmp_path, "c*").unreadable


@pytest.mark.parametrize(
    "line", ["*a" * 40 + "b", "**/a/" * 40 + "b", "a*" * 40, "[" * 1000, "*a*a*b/" * 20]
)
def test_no_gitignore_takes_long(tmp_path: Path, line: str) -> None:
    make(tmp_path, "a" * 200 + ".yaml", "a/" * 40 + "c.yaml")
    (tmp_path / ".gitignore").write_text(f"{line}\nb.yaml\n")
    make(tmp_path, "b.yaml")
    started = time.process_time()
    walked = found(tmp_path, ".").walked

    assert time.process_time() - started < 60  # what runs away takes hours
    assert "b.yaml" not in walked


@pytest.mark.parametrize("what", ["folder", "pipe", "link", "large", "bytes"])
def test_a_gitignore_that_is_none_does_no_harm(tmp_path: Path, what: str) -> None:
    make(tmp_path, "a.yaml")
    file = tmp_path / ".gitignore"
    if what == "folder":
        file.mkdir()
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "link":
        file.symlink_to("a.yaml")
    else:
        file.write_bytes(b"#" * 2_000_000 if what == "large" else b"\xff\xfe\x00\n")

    assert ("a.yaml",) == found(tmp_path, ".").walked


def test_only_the_ignores_from_the_root_down_hold(tmp_path: Path) -> None:
    root = make(tmp_path / "repo", "jobs/a.yaml", "jobs/b.yaml")
    (tmp_path / ".gitignore").write_text("*\n")
    (root / ".gitignore").write_text("a.yaml\n")

    assert ("jobs/b.yaml",) == found(root, "jobs").walked


def test_the_root_is_the_nearest_folder_upwards_with_a_repository(tmp_path: Path) -> None:
    make(tmp_path, "repo/.git/HEAD", "repo/a/b/c.yaml", "repo/tree/.git", "repo/tree/x/y.yaml")

    assert str(tmp_path / "repo") == find_root(tmp_path / "repo" / "a" / "b")
    assert str(tmp_path / "repo") == find_root(str(tmp_path / "repo"))
    assert str(tmp_path / "repo" / "tree") == find_root(tmp_path / "repo" / "tree" / "x")


def test_without_a_repository_the_root_is_where_one_starts(tmp_path: Path) -> None:
    inside = make(tmp_path / "x", "y.yaml")

    assert str(inside) == find_root(inside)


@given(arguments=st.lists(st.text(max_size=8), max_size=3))
def test_no_argument_raises(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.getbasetemp() / "bare"
    root.mkdir(exist_ok=True)

    result = discover(root, arguments, start=root)
    told = len(result.named) + len(result.missing) + len(result.outside)
    assert told <= len(arguments)
