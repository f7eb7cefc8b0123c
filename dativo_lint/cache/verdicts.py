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

_FEW = 3
"""Answers that are kept in the shard of each verdict that hangs on them; of more, there is one
copy for all: hundreds of jobs hang on what is in the folder of one module."""
_RUNNERS = "\0runners"
_SHARED = "\0facts "
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
        # Names of answers that are as they were, or not.
        self._held: set[bytes] = set()
        self._broken: set[bytes] = set()
        self._names: dict[Facts, bytes] = {}
        self._schedules: dict[str, str] = {}
        self.knows_schedules = False

    def take_schedules(self, runners: Sequence[str], read: Schedules) -> None:
        """Learn what runner files say of each job, by reading them where that is not known."""
        contents = tuple(self._library.content_fact(path, self._witness) for path in runners)
        entry = self._shards.get(_RUNNERS)
        with contextlib.suppress(*_UNREADABLE):
            if entry is not None and entry[0] == contents and self._hold(_RUNNERS, entry[1]):
                self._schedules = dict(entry[2])
                self.knows_schedules = True
                return
        self._schedules, facts, is_broken = read()
        if not is_broken:
            self._shards.put(_RUNNERS, (contents, self._named(_RUNNERS, facts), self._schedules))

    def file(self, path: str, mode: str = "") -> FileVerdict | None:
        """What became of a file, if it would become of it again."""
        entry = self._shards.get(path + mode)
        if entry is None:
            return None
        self._library.peek(path)
        try:
            content, names, schedules, plain = entry
            if content != self._content(path) or schedules != self._schedules.get(path, ""):
                return None
            return self._unpacking.file(plain) if self._hold(path + mode, names) else None
        except _UNREADABLE:
            return None

    def keep_file(self, path: str, verdict: FileVerdict, mode: str = "") -> None:
        """Keep what became of a file, unless the next run should look again."""
        content = self._content(path)
        is_crashed = verdict.answers.crashes or (verdict.text and verdict.text.answers.crashes)
        if isinstance(content, bytes) and not (is_crashed or verdict.has_sets or verdict.uses):
            names = self._named(path + mode, verdict.hangs_on)
            entry = content, names, self._schedules.get(path, ""), pack_file(verdict)
            self._shards.put(path + mode, entry)

    def text(self, path: str, kind: str | None) -> TextVerdict | None:
        """What became of a file that was read for a job, which took it for a kind."""
        entry = self._shards.get(_text_key(path, kind))
        try:
            if entry is not None and entry[0] == self._content(path):
                return self._unpacking.text(entry[1])
        except _UNREADABLE:
            pass
        return None

    def keep_text(self, path: str, verdict: TextVerdict, kind: str | None) -> None:
        """Keep what became of such a file."""
        content = self._content(path)
        if isinstance(content, bytes) and not verdict.answers.crashes:
            self._shards.put(_text_key(path, kind), (content, pack_text(verdict)))

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

    def _is_alive(self, key: str | bytes) -> bool:
        """Whether an old entry is worth keeping: of a file that is still there, and of answers
        that hold."""
        if isinstance(key, bytes):
            return key in self._held
        if key.startswith(_SHARED):
            return self._hold("", (bytes.fromhex(key[len(_SHARED) :]),))
        path = key.partition("\0")[0]
        return not path or self._witness.kind(path) is not None

    def _hold(self, key: str, names: Sequence[bytes]) -> bool:
        """Whether the repository answers as it did when an entry was made."""
        if self._held.issuperset(names):
            return True
        for name in names:
            if name not in self._held:
                facts = self._shards.get(name, beside=key) or self._shards.get(_shared(name))
                if name in self._broken or facts is None or not self._witness.holds(facts):
                    self._broken.add(name)
                    return False
                self._held.add(name)
        return True

    def _named(self, key: str, hangs_on: Sequence[Facts]) -> tuple[bytes, ...]:
        """Names for answers, which are kept beside the entry that hangs on them."""
        names = []
        for facts in filter(None, hangs_on):
            name = self._names.get(facts)
            if name is None:
                name = self._names[facts] = digest(marshal.dumps(facts, 2))
                if len(facts) > _FEW:
                    self._shards.put(_shared(name), facts)
            if len(facts) <= _FEW:
                self._shards.put(name, facts, beside=key)
            names.append(name)
        return tuple(names)

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


def _shared(name: bytes) -> str:
    return f"{_SHARED}{name.hex()}"


def _text_key(path: str, kind: str | None) -> str:
    return f"{path}\0text\0{kind or ''}"
