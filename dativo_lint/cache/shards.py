"""Shards: entries by path on the disk, in many small files, so that a run over one job reads one.

A single file with 100,000 entries would take 0.4 s to look up ten of them; one of 256 shards takes
0.4 ms.
"""

from __future__ import annotations

import marshal
import os
from binascii import crc32
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

_MAGIC = b"dativo-lint cache 1\n"
_DIGEST = 16

UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""What plain data of another shape lead to."""

Key = str | bytes
Entries = dict[Key, Any]
"""Plain data by path, or by the name of something that is kept beside an entry."""


class Shards:
    """The entries in a folder, each shard read when it is first asked for one of its own.

    A shard that cannot be read, or is damaged, holds nothing. Several processes may read and write
    at once: each shard is replaced whole, and whoever writes last is remembered.
    """

    def __init__(self, folder: str, count: int = 256) -> None:
        self._folder = folder
        self._count = count
        self._digits = len(f"{count - 1:x}")
        self._shards: dict[int, Entries] = {}
        self._changed: dict[int, Entries] = {}

    def get(self, key: Key, *, beside: str | None = None) -> Any:
        """An entry, None where there is none; one that was kept `beside` another, in its shard."""
        number = self._number(key if beside is None else beside)
        shard = self._shards.get(number)
        if shard is None:
            shard = self._shards[number] = self._read(number)
        return shard.get(key)

    def forget(self, key: Key) -> None:
        """Drop what was read of the shard of an entry that is not needed any more."""
        self._shards.pop(self._number(key), None)

    def put(self, key: Key, entry: Any, *, beside: str | None = None) -> None:
        """Keep an entry until all are written."""
        self._changed.setdefault(self._number(key if beside is None else beside), {})[key] = entry

    def write(self, keep: Callable[[Entries], Entries], *, sweeps: bool = False) -> None:
        """Write the shards that have new entries, with those that are to be kept; if it `sweeps`,
        those too in which others are not to be kept.

        Whatever the disk has against it, a run goes on without.
        """
        try:
            if self._changed:
                os.makedirs(self._folder, mode=0o700, exist_ok=True)
            for number in range(self._count) if sweeps else tuple(self._changed):
                old = self._shards.get(number)
                old = self._read(number) if old is None else old
                kept = keep({**old, **self._changed.get(number, {})})
                if kept != old:
                    self._write(number, kept)
                    # It is read again, with what others wrote meanwhile, by who asks for more.
                    self._shards.pop(number, None)
        except OSError:
            pass  # a full or read-only disk costs the next run time, and this one nothing
        self._changed.clear()

    def _read(self, number: int) -> Entries:
        try:
            with open(self._file(number), "rb", buffering=0) as file:
                content = file.read()
            said, payload = _parted(content)
            if said != _digest(payload):
                return {}
            found = marshal.loads(payload)  # noqa: S302  written by this tool, and not damaged
        except (OSError, ValueError, EOFError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, number: int, entries: Entries) -> None:
        payload = marshal.dumps(entries)
        name = f"{self._file(number)}.{os.getpid()}"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            file = os.open(name, flags, 0o600)
            try:
                for part in (_MAGIC, _digest(payload), payload):
                    _write_all(file, part)
            finally:
                os.close(file)
            os.replace(name, self._file(number))
        except OSError:
            _forget(name)
            raise

    def _number(self, key: Key) -> int:
        content = key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")
        return crc32(content) % self._count

    def _file(self, number: int) -> str:
        return f"{self._folder}/{number:0{self._digits}x}"


def _parted(content: bytes) -> tuple[bytes, bytes]:
    """The digest in a shard, and what it is of."""
    begin = len(_MAGIC)
    if content[:begin] != _MAGIC:
        return b"", b""
    return content[begin : begin + _DIGEST], content[begin + _DIGEST :]


def _forget(name: str) -> None:
    try:
        os.unlink(name)
    except OSError:
        return  # it was never made


def _write_all(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]


def _digest(content: bytes) -> bytes:
    """What tells bytes from all others, in 16 bytes."""
    return blake2b(content, digest_size=16).digest()
