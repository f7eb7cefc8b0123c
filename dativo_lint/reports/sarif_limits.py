"""The limits of GitHub code scanning, beyond which it refuses a SARIF file.

https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import zlib

from msgspec import Raw

from dativo_lint.reports.escape import Json, json_line

RESULTS = 25_000
RULES = 25_000
PLACES = 999
"""Related locations of a result, which with its own has 1,000."""
TAGS = 10
"""Tags of a rule that are shown; 20 are allowed."""
NAME = 255
DESCRIPTION = 990
"""Characters of a description, of which 1,024 are allowed: that it was cut takes some."""
GZIP = 9_900_000
"""Bytes of the compressed file, without those of the end, of which 10 MB are allowed."""
_HELD = 131_072
"""More bytes than zlib holds back before it writes them."""


class Compressed:
    """How large what is written so far is when compressed, as an upload is.

    It is compressed only when it could be too large otherwise.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting = bytearray()
        self._written = 0
        self._stream = zlib.compressobj(wbits=31)

    def take(self, value: Json) -> Raw | None:
        """A value as it is to be written; None if it is too large for what is left."""
        text = json_line(value).encode()
        if not self._has_room(text):
            self._written += len(self._stream.compress(self._waiting))
            self._waiting.clear()
            if not self._has_room(text):
                trial = self._stream.copy()
                size = len(trial.compress(text)) + len(trial.flush())
                if self._written + size > self._limit:
                    return None
        self._waiting += text
        return Raw(text)

    def _has_room(self, text: bytes) -> bool:
        return self._written + _HELD + len(self._waiting) + len(text) <= self._limit
