"""Fitting: what of a module must be looked at where jobs hand over variables of the same names.

Which of its variables are given anything hangs on names, and of most it is settled by that: any
text will do, or there is a default. To look at the others costs 5 microseconds a job, where to ask
each variable took 45.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dativo_lint.subject.sieves import sieves
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.subject.supplies import Outline
    from dativo_lint.terraform.module import Module

_TEXT = frozenset((str,))
_MOST_SHARED = 128


class Fitting:
    """The sieves of a module's variables, sorted by what there is to see where names are given."""

    def __init__(self, module: Module, own: Outline, platform: Outline) -> None:
        """Sort out what no value can change."""
        self._sieves = sieves(module)
        texts, others = [], []
        self._is_in_question = False
        for name, sieve in self._sieves:
            if name not in own.sources and name not in platform.sources:
                self._is_in_question |= not sieve.passes_alone
            elif name not in own.sources and platform.sources[name] is None:
                self._is_in_question |= not sieve.passes(ABSENT)
            elif sieve.takes_text:
                texts.append(name)
            else:
                others.append((name, sieve))
        self._texts = tuple(texts)
        self._others = tuple(others)

    def in_question(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """The variables that do not surely take what they are given, and hold it valid."""
        if not self._is_in_question and self._is_clear(data):
            return ()
        return tuple(
            name
            for name, sieve in self._sieves
            if not (sieve.passes(data[name]) if name in data else sieve.passes_alone)
        )

    def _is_clear(self, data: Mapping[str, Any]) -> bool:
        if not _TEXT.issuperset(map(type, map(data.__getitem__, self._texts))):
            if not all(sieve.passes(data[name]) for name, sieve in self._sieves if name in data):
                return False
        for name, sieve in self._others:
            value = data[name]
            if value.__class__ is dict or value.__class__ is list:
                if not sieve.passes(value):
                    return False
            elif (value, value.__class__) not in sieve.known and not sieve.passes(value):
                return False
        return True


@lru_cache(maxsize=_MOST_SHARED)
def fitting_of(module: Module, own: Outline, platform: Outline) -> Fitting:
    """The fitting of a module; jobs that hand over variables of the same names share it."""
    return Fitting(module, own, platform)
