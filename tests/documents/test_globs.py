"""Globs: the patterns of a shell, matched soon whatever the pattern."""

from __future__ import annotations

import fnmatch
import posixpath
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.documents.globs import GlobError, expand_glob, glob_matcher, path_matcher


@given(
    st.lists(
        st.sampled_from([*"ab*?.[]!", "[ab]", "[!a]", "[a-b]", "[!.-a]", "[]]", "[a-]", "[]a-b-]"])
    ).map("".join),
    st.text(alphabet="ab.[]!-", min_size=1, max_size=8),
)
def test_a_pattern_of_a_name_is_that_of_a_shell(pattern: str, name: str) -> None:
    assume(pattern not in ("", ".", "**"))

    assert fnmatch.fnmatchcase(name, pattern) == glob_matcher(pattern)(name)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("jobs/*.yaml", "jobs/a.yaml", True),
        ("jobs/*.yaml", "jobs/b/a.yaml", False),
        ("jobs/**/*.yaml", "jobs/a.yaml", True),
        ("jobs/**/*.yaml", "jobs/b/c/a.yaml", True),
        ("jobs/**/*.yaml", "jobs2/a.yaml", False),
        ("**/b/**/c", "a/b/b/d/c", True),
        ("**/b/c", "b/b/b/c", True),
        ("a/**", "a/b/c", True),
        ("a/**", "b/a", False),
        ("a[0-9].yaml", "a7.yaml", True),
        ("a[^0-9].yaml", "ax.yaml", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("./a//b", "a/b", True),
        ("a[z-a]", "ab", False),
        ("a[!z-a]", "ab", True),
        ("a[.-0]b", "a/b", False),
        ("a[!b]c", "a/c", False),
        ("a*b", "a\nb", True),
        ("a*b", "a\udcffb", True),
    ],
)
def test_two_stars_stand_for_any_folders(pattern: str, path: str, expected: bool) -> None:
    assert expected is glob_matcher(pattern)(posixpath.normpath(path))


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        (["vendor"], "a/vendor/b.yaml", True),
        (["vendor"], "vendored/b.yaml", False),
        (["vendor/"], "a/vendor/b.yaml", True),
        (["/vendor"], "a/vendor/b.yaml", False),
        (["/vendor"], "vendor/b.yaml", True),
        (["a/b"], "c/a/b", False),
        (["a/b"], "a/b/c/d", True),
        (["*.yaml"], "a/b.yaml", True),
        (["*.yaml", "!b.yaml"], "a/b.yaml", False),
        (["!b.yaml", "*.yaml"], "a/b.yaml", True),
        (["configs/runner*.yaml"], "configs/runner_1.yaml", True),
        ([], "a", False),
        (["./jobs/*"], "jobs/a.yaml", True),
    ],
)
def test_patterns_of_settings_read_as_those_of_a_gitignore(
    patterns: list[str], path: str, expected: bool
) -> None:
    assert expected is path_matcher(patterns)(path)


@given(st.lists(st.text(max_size=10), max_size=3), st.text(max_size=12))
def test_no_pattern_raises(patterns: list[str], path: str) -> None:
    assert path_matcher(patterns)(path) in (True, False)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 100 + "b", "a" * 255),
        ("**/a/" * 100 + "b", "a/" * 2000),
        ("**/*a*a*a*a*b/" * 20 + "c", "aaaaaaaaaaaaaaaaaaaa/" * 190),
        ("?" * 200 + "*" * 50, "a" * 255),
        ("[" * 50_000, "[" * 255),
        ("[!" * 50_000 + "]", "[" * 255),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    started = time.process_time()
    path_matcher([pattern])(path)

    assert time.process_time() - started < 60  # what runs away takes hours


def test_a_glob_is_expanded_in_a_folder_to_its_files() -> None:
    paths = ("runner.yaml", "configs/runner_a.yaml", "configs/runner_b.yaml/c", "configs/x.yaml")
    folder = MemoryFolder(dict.fromkeys(paths, ""))

    assert ["configs/runner_a.yaml"] == expand_glob(folder, "configs/runner*.yaml")
    assert ["configs/runner_a.yaml", "configs/x.yaml"] == expand_glob(folder, "./*/*.yaml")
    assert ["runner.yaml"] == expand_glob(folder, "runner.yaml")
    assert [] == expand_glob(folder, "nowhere/*")


def test_a_pattern_that_is_too_large_is_an_error() -> None:
    with pytest.raises(GlobError):
        glob_matcher("?*" * 100_000)
