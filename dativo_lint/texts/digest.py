"""Digests: what tells one content from another."""

from __future__ import annotations

try:
    # `hashlib` is a third of the start-up time of Python: it loads OpenSSL for other digests.
    from _blake2 import blake2b
except ImportError:  # pragma: no cover  a Python without the module still has its digest
    from hashlib import blake2b

_BYTES = 16


def digest(content: bytes) -> bytes:
    """A digest of 16 bytes; nobody finds two contents that share one."""
    return blake2b(content, digest_size=_BYTES).digest()
