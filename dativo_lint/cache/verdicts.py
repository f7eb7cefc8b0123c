"""Verdicts of earlier runs, each with the answers of the repository that it hangs on."""

from __future__ import annotations

import contextlib
import marshal
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dativo_lint.cache.shards import Shards
from dativo_lint.subject.library import Library
from dativo_lint.texts.digest import digest
from dativo_lint.texts.witness import Answer, Facts, Witness
from dativo_lint.verdict.answers import FileVerdict, TextVerdict
from dativo_lint.verdict.packing import Unpacking, pack_file, pack_text

_Group = tuple[bytes, Facts]
"""Answers that belong together, with a name for them."""

_RUNNERS = "\0runners"
_UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""What plain data of another shape lead to."""

_KEPT_STATES = 4
_KEPT_SECONDS = 30 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}")
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache of dativo-lint.\n"
"""What tells backups to leave the folder out, see https://bford.info/cachedir/."""

Schedules = Callable[[], tuple[dict[str, str], tuple[Facts, ...], bool]]
"""Reads what runner files say of jobs, with the answers of the repository that it hangs on, and
whether one of them is broken."""


class Verdicts:
    """The verdicts that are kept of one repository, under one state of tool, rules and settings.

    `knows_schedules` tells that the runner files are those of an earlier run, and none is broken.
    """

    def __init__(
        self,
        folder: Path,
        root: Path,
        identity: str,
        library: Library,
        witness: Witness,
        unpacking: Unpacking,
    ) -> None:
        repository = digest(os.fsencode(os.path.realpath(root))).hex()
        self._top = folder
        self._folder = folder / repository / identity
        self._shards = Shards(self._folder)
        self._witness = witness
        self._library = library
        self._unpacking = unpacking
        self._holds: dict[bytes, bool] = {}
        self._groups: dict[Facts, _Group] = {}
        self._schedules: dict[str, str] = {}
        self.knows_schedules = False

    def take_schedules(self, runners: Sequence[str], read: Schedules) -> None:
        """Learn what runner files say of each job, by reading them where that is not known."""
        contents = tuple(self._library.content_fact(path, self._witness) for path in runners)
        entry = self._shards.get(_RUNNERS)
        with contextlib.suppress(*_UNREADABLE):
            if entry is not None and entry[0] == contents and all(map(self._hold, entry[1])):
                self._schedules = dict(entry[2])
                self.knows_schedules = True
                return
        self._schedules, facts, is_broken = read()
        if not is_broken:
            self._shards.put(_RUNNERS, (contents, self._grouped(facts), self._schedules))

    def file(self, path: str, mode: str = "") -> FileVerdict | None:
        """What became of a file, if it would become of it again."""
        entry = self._shards.get(path + mode)
        if entry is None:
            return None
        try:
            content, groups, schedules, plain = entry
            if content != self._content(path):
                return None
            if schedules != self._schedules.get(path, "") or not all(map(self._hold, groups)):
                return None
            return self._unpacking.file(path, plain)
        except _UNREADABLE:
            return None

    def keep_file(self, verdict: FileVerdict, mode: str = "") -> None:
        """Keep what became of a file, unless the next run should look again."""
        path = verdict.path
        content = self._content(path)
        is_crashed = verdict.answers.crashes or (verdict.text and verdict.text.answers.crashes)
        if isinstance(content, bytes) and not (is_crashed or verdict.has_sets or verdict.uses):
            groups = self._grouped(verdict.hangs_on)
            entry = content, groups, self._schedules.get(path, ""), pack_file(verdict)
            self._shards.put(path + mode, entry)

    def text(self, path: str, kind: str | None) -> TextVerdict | None:
        """What became of a file that was read for a job, which took it for a kind."""
        entry = self._shards.get(_text_key(path, kind))
        try:
            if entry is not None and entry[0] == self._content(path):
                return self._unpacking.text(path, entry[1])
        except _UNREADABLE:
            pass
        return None

    def keep_text(self, verdict: TextVerdict, kind: str | None) -> None:
        """Keep what became of such a file."""
        content = self._content(verdict.path)
        if isinstance(content, bytes) and not verdict.answers.crashes:
            self._shards.put(_text_key(verdict.path, kind), (content, pack_text(verdict)))

    def write(self) -> None:
        """Write down what is new, and drop what nobody needs."""
        is_new = not self._folder.is_dir()
        self._shards.write(self._is_alive)
        with contextlib.suppress(OSError):
            os.utime(self._folder.parent)
            if is_new:
                self._prune()

    def _content(self, path: str) -> Answer:
        return self._library.content_fact(path, self._witness)[2]

    def _is_alive(self, key: str) -> bool:
        path = key.partition("\0")[0]
        return not path or self._witness.kind(path) is not None

    def _hold(self, group: _Group) -> bool:
        name, facts = group
        holds = self._holds.get(name)
        if holds is None:
            holds = self._holds[name] = self._witness.holds(facts)
        return holds

    def _grouped(self, hangs_on: Sequence[Facts]) -> tuple[_Group, ...]:
        groups = []
        for facts in hangs_on:
            group = self._groups.get(facts)
            if group is None:
                group = self._groups[facts] = digest(marshal.dumps(facts, 2)), facts
            groups.append(group)
        return tuple(groups)

    def _prune(self) -> None:
        """Mark the folder as a cache; drop states and repositories that were not used of late."""
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            if not (self._top / name).exists():
                (self._top / name).write_text(text, encoding="utf-8")
        repository = self._folder.parent
        _drop(_newest_first(repository)[_KEPT_STATES:])
        long_ago = time.time() - _KEPT_SECONDS
        _drop([it for it in _newest_first(self._top) if it.stat().st_mtime < long_ago])


def _newest_first(folder: Path) -> list[Path]:
    """The folders in a folder that this tool has made."""
    found = [it for it in folder.iterdir() if _NAME.fullmatch(it.name) and it.is_dir()]
    return sorted(found, key=lambda it: -it.stat().st_mtime)


def _drop(folders: Sequence[Path]) -> None:
    if folders:
        import shutil  # few runs drop anything

        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _text_key(path: str, kind: str | None) -> str:
    return f"{path}\0text\0{kind or ''}"
