"""Kept facts: the answers of the repository on which verdicts hang, by digests of them."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable
from hashlib import blake2b

from dativo_lint.cache.shards import Shards
from dativo_lint.texts.witness import Facts, Witness

_FEW = 3
"""Answers that are kept with each verdict that hangs on them; of more, there is one copy for all:
hundreds of jobs hang on what is in the folder of one module."""
_SHARED = "\0facts "


class KeptFacts:
    """Which facts hold; those of many answers are kept in the shards of what verdicts share."""

    def __init__(self, shared: Shards, witness: Witness) -> None:
        self._shared = shared
        self._witness = witness
        self._held: set[bytes] = set()
        self._broken: set[bytes] = set()
        self._names: dict[Facts, bytes] = {}

    def named(self, hangs_on: Iterable[Facts]) -> tuple[tuple[bytes, ...], dict[bytes, Facts]]:
        """Names for facts of this run, and those of them that are to be kept with the verdict."""
        names = []
        few = {}
        for facts in filter(None, hangs_on):
            name = self._names.get(facts)
            if name is None:
                name = self._names[facts] = _digest(marshal.dumps(facts, 2))
                self._held.add(name)
                if len(facts) > _FEW:
                    self._shared.put(f"{_SHARED}{name.hex()}", facts)
            if len(facts) <= _FEW:
                few[name] = facts
            names.append(name)
        return tuple(names), few

    def hold(self, names: Iterable[bytes], few: Callable[[bytes], Facts | None]) -> bool:
        """Whether the repository answers as it did; `few` finds what is kept with a verdict."""
        held, broken = self._held, self._broken
        for name in names:
            if name not in held:
                facts = few(name) or self._shared.get(f"{_SHARED}{name.hex()}")
                if name in broken or facts is None or not self._witness.holds(facts):
                    broken.add(name)
                    return False
                held.add(name)
        return True

    def is_worth_keeping(self, key: str | bytes) -> bool:
        """Whether what verdicts share under a key are facts that hold."""
        is_facts = isinstance(key, str) and key.startswith(_SHARED)
        return is_facts and self.hold((bytes.fromhex(str(key)[len(_SHARED) :]),), lambda _: None)


def _digest(content: bytes) -> bytes:
    """What tells bytes from all others, in 16 bytes."""
    return blake2b(content, digest_size=16).digest()
