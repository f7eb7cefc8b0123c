"""Digests, of bytes, without OpenSSL: `hashlib` loads it, which takes longer than all other imports
of a report together; the digests below come with Python in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b
else:
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b

__all__ = ["blake2b", "digest", "sha256"]


def digest(content: bytes) -> bytes:
    """What tells bytes from all others, in 16 bytes."""
    return blake2b(content, digest_size=16).digest()


def sha256(content: bytes) -> str:
    """The digest that other tools know, in hexadecimal; some forms of the report tell it."""
    if TYPE_CHECKING:
        from hashlib import sha256 as made
    else:
        try:
            from _sha2 import sha256 as made  # since Python 3.12
        except ImportError:
            try:
                from _sha256 import sha256 as made
            except ImportError:
                from hashlib import sha256 as made
    return made(content).hexdigest()
