"""Fitting: what of a module must be looked at to see that its variables take what they are given.

Of most variables the declaration settles it: any text will do, or there is a default. To look at
the others costs 5 microseconds a job, where to ask each variable took 45.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import repeat

from dativo_lint.subject.sieves import sieves
from dativo_lint.subject.taking import is_plain
from dativo_lint.texts.document import ABSENT
from dativo_lint.typed import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module

_MOST_SHARED = 128


class _NotGiven:
    """Stands for what is not handed over; null is."""


_NOT_GIVEN: Final = _NotGiven()
_TEXT = frozenset((str, type(ABSENT), _NotGiven))


class Fitting:
    """The sieves of a module's variables, sorted by what there is to see of what they are given."""

    def __init__(self, module: Module) -> None:
        """Sort out what no value can change."""
        self._sieves = sieves(module)
        self._needy = frozenset(name for name, it in self._sieves if not it.passes_alone)
        takes_text = {name for name, it in self._sieves if it.takes_text and it.passes(ABSENT)}
        self._texts = tuple(takes_text)
        self._others = tuple(pair for pair in self._sieves if pair[0] not in takes_text)

    def in_question(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """The variables that do not surely take what they are given, and hold it valid."""
        if self._is_clear(data):
            return ()
        return tuple(
            name
            for name, sieve in self._sieves
            if not (sieve.passes(data[name]) if name in data else sieve.passes_alone)
        )

    def _is_clear(self, data: Mapping[str, Any]) -> bool:
        if not self._needy <= data.keys():
            return False
        if not _TEXT.issuperset(map(type, map(data.get, self._texts, repeat(_NOT_GIVEN)))):
            return False
        for name, sieve in self._others:
            value = data.get(name, _NOT_GIVEN)
            if is_plain(value) and (value, value.__class__) in sieve.known:
                continue
            if value is not _NOT_GIVEN and not sieve.passes(value):
                return False
        return True


@lru_cache(maxsize=_MOST_SHARED)
def fitting_of(module: Module) -> Fitting:
    """The fitting of a module; many jobs share it."""
    return Fitting(module)
