"""A run since a commit is the whole run, of the jobs that the change since then can affect."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Set
from datetime import date
from pathlib import Path
from posixpath import normpath
from typing import Any

import pytest
from edit_samples import START, apply, edits, losses, renames
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import OWN_RULE, write

from dativo_lint.api import lint, lint_folder
from dativo_lint.changes.since import Since, lint_since
from dativo_lint.documents.discovery import discover
from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import DiskFolder, Kind
from dativo_lint.documents.past_folder import folders_above
from dativo_lint.documents.place import Place
from dativo_lint.engine.selection import Given
from dativo_lint.errors import NothingToCheck, UsageError
from dativo_lint.findings.baseline import Key, key_of
from dativo_lint.findings.report import Report
from dativo_lint.settings.files import find_settings

DAY = date(2026, 1, 1)
MANY = int(os.environ.get("SINCE_EXAMPLES", "10"))
"""Random histories that are tried; thousands, where somebody asks for them."""
UNUSED = "unused-suppression"


def git(folder: Path, *arguments: str) -> str:
    options = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    command = ["git", "-C", folder, *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def committed(folder: Path) -> str:
    """Commit everything; the hash, which two folders never have in common."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", folder.name)
    return git(folder, "rev-parse", "HEAD").strip()


def since(folder: Path, ref: str, *, only_new: bool = False) -> Report:
    """A run since a commit in a folder."""
    return lint_since(
        [str(folder)], find_settings(folder), Since(ref, find_settings, None, only_new), today=DAY
    )


def whole(folder: Path) -> Report | None:
    """A run over everything; None where there is nothing to check, or the settings are wrong."""
    try:
        return lint([str(folder)], find_settings(folder), today=DAY)
    except NothingToCheck:
        return Report()
    except UsageError:
        return None


Told = set[tuple[str, Place, str]]


def told(report: Report) -> Told:
    """What a report says, but for what only a run over all files of a kind can know."""
    return {(it.rule.id, it.place, it.message) for it in report.findings if it.rule.id != UNUSED}


class NotingFolder(DiskFolder):
    """A folder that notes what it is asked about, in whatever way."""

    def __init__(self, root: str | Path) -> None:
        super().__init__(root)
        self.asked: set[str] = set()

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        self.asked |= {normpath(path), self.real(path)}
        return super().read(path, limits)

    def kind(self, path: str) -> Kind | None:
        self.asked |= {normpath(path), self.real(path)}
        return super().kind(path)

    def names(self, path: str) -> list[str]:
        self.asked.add(f"{self.real(path)}/")
        return super().names(path)


def alone(folder: Path, path: str) -> tuple[Told, set[str]]:
    """What a run over one file says, and what it asks about."""
    noting = NotingFolder(folder)
    given = Given((path,), all_files=lambda: discover(folder, [folder]).walked)
    try:
        return told(lint_folder(noting, given, find_settings(folder), today=DAY)), noting.asked
    except UsageError:  # nothing to check
        return set(), noting.asked


def may_depend(asked: set[str], changed: Set[str]) -> bool:
    """Whether one of some files is what was asked about, or in a folder that was looked into."""
    return any(
        not asked.isdisjoint((path, *(f"{above}/" for above in folders_above(path))))
        for path in changed
    )


def contents(folder: Path) -> set[tuple[str, str | bytes]]:
    """Everything in a repository: files with their contents, links with where they lead."""
    return {
        (
            str(path.relative_to(folder)),
            os.readlink(path) if path.is_symlink() else path.read_bytes(),
        )
        for path in folder.rglob("*")
        if ".git" not in path.parts and (path.is_symlink() or path.is_file())
    }


def keys(report: Report) -> Counter[Key]:
    return Counter(key_of(it) for it in report.findings if it.rule.id != UNUSED)


removals = losses.filter(lambda step: step[0] == "remove")
commits = st.tuples(st.just("commit"))
steps = st.lists(st.one_of(edits, edits, removals, renames, commits), max_size=6)


def edited(folder: Path, changes: list[Any]) -> None:
    """Edit a repository, and leave no empty folders, of which git knows nothing."""
    for what, *rest in changes:
        if what == "commit":
            committed(folder)
        else:
            apply(folder, what, *rest)
        for above, _, _ in os.walk(folder, topdown=False):
            if ".git" not in Path(above).parts and not os.listdir(above):
                os.rmdir(above)


@examples(max_examples=MANY, suppress_health_check=list(HealthCheck), deadline=None)
@given(steps, steps, steps)
def test_a_run_since_a_commit_is_the_whole_run_of_what_the_change_affects(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], other: list[Any], ours: list[Any]
) -> None:
    top = tmp_path_factory.mktemp("history")
    folder, past, theirs = (top / name for name in ("repository", "past", "theirs"))
    write(folder, START | {"policy/own-rule.yaml": OWN_RULE})
    git(folder, "init", "-q", "-b", "main")
    edited(folder, before)
    base = committed(folder)
    git(folder, "checkout", "-q", "-b", "work")
    for name in (past, theirs):
        git(folder, "worktree", "add", "-q", "--detach", name, base)
    edited(theirs, other)
    git(folder, "branch", "-f", "main", committed(theirs))
    edited(folder, ours)
    now, then = whole(folder), whole(past)
    assume(now is not None)
    assert now is not None

    report, new = since(folder, "main"), since(folder, "main", only_new=True)

    assert told(report) <= told(now)
    assert told(new) <= told(report)
    assert len(new.findings) + len(new.unchanged) == len(report.findings)
    names = renamed(folder, base)
    known = Counter(
        (names.get(path, path), rule, field)
        for path, rule, field in (keys(then) if then is not None else Counter()).elements()
    )
    assert keys(new) == keys(now) - known
    if then is not None:
        different = {path for path, _, _ in (keys(now) - known) + (known - keys(now))}
        jobs = {path for path in different if path.startswith("jobs/")}
        assert jobs & {*now.judged} <= {*report.read, *report.judged}
    changed = {path for path, _ in contents(folder) ^ contents(past)}
    if not any(path.startswith(("policy/", "presets/")) or ".dativo" in path for path in changed):
        there = [path for path in report.read if (folder / path).is_file()]
        texts = {path: (folder / path).read_text() for path in there}
        jobs = {path for path, text in texts.items() if "asset_path:" in text or path[:4] == "out/"}
        parts = [alone(folder, path) for path in jobs]
        for path, (_, asked) in zip(jobs, parts, strict=True):
            before = alone(past, path)[1] if (past / path).is_file() else set()
            assert path in changed or may_depend(asked | before, changed)
        if jobs <= {*report.judged}:
            by_jobs = set[Any]().union(*(part for part, _ in parts))
            of_jobs = {it for it in told(now) if it in by_jobs or it[1].path in changed}
            runners = {it for it in told(now) if it[1].path.endswith("runner.yaml")}
            assert told(report) - runners == of_jobs - runners
    shutil.rmtree(top)


def renamed(folder: Path, base: str) -> dict[str, str]:
    words = git(folder, "diff", "-M", "--diff-filter=R", "--name-status", "-z", base).split("\0")
    return dict(zip(words[1::3], words[2::3], strict=False))
