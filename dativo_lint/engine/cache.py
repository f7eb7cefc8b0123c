"""The cache: results of earlier runs, in one SQLite file a repository.

An entry is the result of a file in a role, under an identity (tool, rules and settings). It is used
only if everything that it depends on is unchanged, so the report with the cache equals the report
without. The arguments of a run are never part of an entry.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from dativo_lint.documents.tracked_folder import Dependencies, TrackedFolder

_Value = TypeVar("_Value")
_Key = tuple[bytes, str]
"""A path as the system has it, and the role of the file."""
_Row = Sequence[Any]
"""The day of the last use, the checksum, the dependencies and the value of a result."""

_SUFFIX = ".v2.sqlite"
_BUSY_SECONDS = 2.0
_DAY = 24 * 3600
_KEPT_DAYS = 30
_KEPT_IDENTITIES = 4
_TOGETHER = 100
"""Files that are looked up together."""
_BUFFERED = 1_000
"""Entries that are written down together, so that a run that is stopped leaves most of them."""
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache of dativo-lint.\n"
"""Makes backups leave the folder out, see https://bford.info/cachedir/."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS result (
    identity TEXT NOT NULL, path BLOB NOT NULL, role TEXT NOT NULL, used INTEGER NOT NULL,
    checksum INTEGER NOT NULL, dependencies BLOB NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (identity, path, role)
)
"""
_SELECT = "SELECT path, role, used, checksum, dependencies, value FROM result WHERE identity = ?"
_FORGET_OLD = """
DELETE FROM result WHERE identity NOT IN (
    SELECT identity FROM result GROUP BY identity ORDER BY max(used) DESC, max(rowid) DESC LIMIT ?
)
"""
"""Those with the results that were used, and then written, last are kept."""
_UNREADABLE = (msgspec.DecodeError, UnicodeError, TypeError)


class _Dependencies(msgspec.Struct, frozen=True, array_like=True):
    """The dependencies of a result: the runner files' schedules for the file, and answers of the
    folder."""

    schedule: str
    of_folder: Dependencies


class Cache:
    """The stored results of one repository under one identity.

    A run goes on whatever is wrong with the file: a damaged one is set aside and created again, and
    if it is locked or cannot be written, nothing is stored.
    """

    def __init__(self, file: str, identity: str, folder: TrackedFolder) -> None:
        self._file = file
        self._identity = identity
        self._folder = folder
        self._today = int(time.time() / _DAY)
        self._new: dict[_Key, tuple[int, bytes, bytes]] = {}
        self._used: list[_Key] = []
        self._was_set_aside = False
        self._connection: sqlite3.Connection | None = None
        self._open()

    def results(
        self, files: Sequence[tuple[str, str, str]], type: Callable[..., _Value]
    ) -> Iterator[_Value | None]:
        """The stored result of each file, given by its path, its role and the schedules of its
        jobs; None where it is not valid any more."""
        decode = msgspec.msgpack.Decoder(type).decode
        for start in range(0, len(files), _TOGETHER):
            some = files[start : start + _TOGETHER]
            keys = [(os.fsencode(path), role) for path, role, _ in some]
            rows = self._rows([path for path, _ in keys])
            for key, (_, _, schedule) in zip(keys, some, strict=True):
                yield self._valid(key, rows.get(key), schedule, decode)

    def _rows(self, paths: Sequence[bytes]) -> dict[_Key, _Row]:
        query = f"{_SELECT} AND path IN ({', '.join('?' * len(paths))})"
        values = (self._identity, *paths)
        rows = self._attempt(lambda connection: connection.execute(query, values).fetchall())
        return {(path, role): row for path, role, *row in rows or ()}

    def _valid(
        self, key: _Key, row: _Row | None, schedule: str, decode: Callable[[bytes], _Value]
    ) -> _Value | None:
        if row is None:
            return None
        used, checksum, packed, value = row
        try:
            if checksum != _checksum(packed, value):
                return None
            dependencies = _DEPENDENCIES.decode(packed)
            is_same = dependencies.schedule == schedule
            if not (is_same and dependencies.of_folder.holds(self._folder)):
                return None
            result = decode(value)
        except _UNREADABLE:
            return None
        if used != self._today:
            self._used.append(key)
        return result

    def put(
        self, path: str, role: str, value: Any, dependencies: Dependencies, schedule: str = ""
    ) -> None:
        """Store the result of a file."""
        try:
            packed = msgspec.msgpack.encode(_Dependencies(schedule, _needed(dependencies)))
            packed_value = msgspec.msgpack.encode(value)
        except UnicodeError:
            return  # a path, or a text in JSON, that is no Unicode
        entry = _checksum(packed, packed_value), packed, packed_value
        self._new[os.fsencode(path), role] = entry
        if len(self._new) >= _BUFFERED:
            self._attempt(self._write)

    def close(self) -> None:
        """Write down what is new."""
        if self._new or self._used:
            self._attempt(self._write)
        self._give_up()

    def _write(self, connection: sqlite3.Connection) -> None:
        with connection:
            connection.executemany(
                "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((self._identity, *key, self._today, *entry) for key, entry in self._new.items()),
            )
            connection.executemany(
                "UPDATE result SET used = ? WHERE identity = ? AND path = ? AND role = ?",
                ((self._today, self._identity, *key) for key in self._used),
            )
            if self._used:
                oldest = self._today - _KEPT_DAYS
                connection.execute("DELETE FROM result WHERE used < ?", (oldest,))
        self._new.clear()
        self._used.clear()

    def _attempt(self, action: Callable[[sqlite3.Connection], Any]) -> Any:
        """The result of an action on the SQLite file; None where something is wrong with it."""
        if self._connection is None:
            return None
        try:
            return action(self._connection)
        except sqlite3.Error as error:
            self._give_up()
            self._recover(error)
            return None

    def _open(self) -> None:
        try:
            self._connection = sqlite3.connect(self._file, timeout=_BUSY_SECONDS)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            with self._connection:
                self._connection.execute(_SCHEMA)
                query = "SELECT 1 FROM result WHERE identity = ?"
                if self._connection.execute(query, (self._identity,)).fetchone() is None:
                    self._connection.execute(_FORGET_OLD, (_KEPT_IDENTITIES - 1,))
        except sqlite3.Error as error:
            self._give_up()
            self._recover(error)

    def _recover(self, error: sqlite3.Error) -> None:
        """Begin anew beside a damaged file, once; one that others have locked is left alone."""
        if self._was_set_aside or "locked" in str(error):
            return
        self._was_set_aside = True
        try:
            os.replace(self._file, f"{self._file}.damaged")
            for ending in ("-wal", "-shm"):
                Path(f"{self._file}{ending}").unlink(missing_ok=True)
        except OSError:
            return
        self._open()

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_cache(
    folder: str | os.PathLike[str], root: str, identity: str, tracked: TrackedFolder
) -> Cache | None:
    """The cache of a repository in a cache folder; None where there can be none."""
    file = cache_file(folder, root)
    try:
        if not file.exists():
            _make_folder(file.parent)
    except OSError:
        return None
    return Cache(str(file), identity, tracked)


def cache_file(folder: str | os.PathLike[str], root: str) -> Path:
    """The file in a folder of caches that is kept of the repository with a root."""
    name = blake2b(os.fsencode(os.path.realpath(root)), digest_size=16).hexdigest()
    return Path(folder, f"{name}{_SUFFIX}")


def entries_in(file: Path) -> int:
    """The number of results in the file of a repository; 0 where it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM result").fetchone()[0])
    except sqlite3.Error:
        return 0


def clear_cache(file: Path) -> None:
    """Remove the file of a repository, with everything beside it. Raises OSError."""
    for part in _parts(file):
        part.unlink(missing_ok=True)


def size_of(file: Path) -> int:
    """The size in bytes of the file of a repository, with everything beside it."""
    return sum(part.stat().st_size for part in _parts(file) if part.exists())


def _parts(file: Path) -> Iterator[Path]:
    return (Path(f"{file}{ending}") for ending in ("", "-wal", "-shm", ".damaged"))


def _make_folder(folder: Path) -> None:
    """Make a folder of caches that backups and git pass over, without what is long unused."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
    long_ago = time.time() - _KEPT_DAYS * _DAY
    for file in folder.glob("*.sqlite"):
        if file.stat().st_mtime < long_ago:
            clear_cache(file)


def _checksum(dependencies: bytes, value: bytes) -> int:
    return crc32(value, crc32(dependencies))


def _needed(dependencies: Dependencies) -> Dependencies:
    """Dependencies without what the content of a file implies: that there is one, and inside."""
    answers = dependencies.answers.items()
    # Other than a digest, the message of a fault has a colon.
    read = {path for (what, path, _), answer in answers if what == "content" and ":" not in answer}
    return Dependencies(
        {
            question: answer
            for question, answer in answers
            if not (question[0] in ("kind", "outside") and question[1] in read)
        }
    )


_DEPENDENCIES = msgspec.msgpack.Decoder(_Dependencies)
