"""Fitting: what of a module must be looked at to see that its variables take what they are given.

Of most variables the declaration settles it, together with where they are taken from: any text will
do for what is given the text of a tag, or there is a default. To look at the others costs 5
microseconds a job, where to ask each variable took 45.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dativo_lint.subject.sieves import Sieve, sieves
from dativo_lint.subject.taking import fingerprint, is_plain
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.subject.sources import Outline
    from dativo_lint.subject.supplies import OwnSupplies, Supplies
    from dativo_lint.terraform.module import Module

_MOST_SHARED = 128
_MOST_VIEWS = 512
"""Ways to supply variables of which it is remembered what to look at."""
_MOST_OWN = 64
"""Of what jobs write themselves is so much known to pass at sight, and of it so many bytes."""
_LONGEST_OWN = 1_024


class _NotGiven:
    """Stands for what is not handed over; null is."""


NOT_GIVEN: Final = _NotGiven()
_TEXT = frozenset((str,))

_Sieves = tuple[tuple[str, Sieve], ...]


class _View(NamedTuple):
    """What there is to be looked at of what is supplied in one way.

    `is_met` tells that nothing lacks. Of what the platform supplies, `names` are looked at: the
    first of them, as many as `texts`, pass if they are texts, and of the others their sieves tell.
    `own` are the sieves of what the job writes, of which `known` has passed before.
    """

    is_met: bool
    texts: int
    names: tuple[str, ...]
    others: tuple[Sieve, ...]
    own: _Sieves
    known: set[bytes]


class Fitting:
    """The sieves of a module's variables, and what there is to see of what they are given."""

    def __init__(self, sieves: _Sieves) -> None:
        self._sieves = sieves
        self._views: dict[tuple[Outline, Outline], _View] = {}

    def in_question(self, own: OwnSupplies, platform: Supplies) -> tuple[str, ...]:
        """The variables that do not surely take what they are given, and hold it valid."""
        way = own.outline, platform.outline
        view = self._views.get(way)
        if view is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            view = self._views[way] = self._view(*way)
        return () if _is_clear(view, own, platform) else tuple(self._unsure(own, platform))

    def _view(self, own: Outline, platform: Outline) -> _View:
        sources = platform.sources
        left = [pair for pair in self._sieves if pair[0] not in own.sources]
        supplied = [pair for pair in left if pair[0] in sources]
        unsettled = [pair for pair in supplied if not _is_settled(pair[1], sources[pair[0]])]
        texts = [name for name, it in unsettled if it.takes_text]
        others = [pair for pair in unsettled if not pair[1].takes_text]
        return _View(
            is_met=all(it.passes_alone for name, it in left if name not in sources),
            texts=len(texts),
            names=(*texts, *(name for name, _ in others)),
            others=tuple(it for _, it in others),
            own=tuple(pair for pair in self._sieves if pair[0] in own.sources),
            known=set(),
        )

    def _unsure(self, own: OwnSupplies, platform: Supplies) -> Iterator[str]:
        for name, sieve in self._sieves:
            of = own if name in own.sources else platform
            is_given = name in of.sources
            if not (sieve.passes(of.value(name)) if is_given else sieve.passes_alone):
                yield name


def _is_settled(sieve: Sieve, source: Any) -> bool:
    """Whether whatever comes from a source passes: a text from a tag, or what no job tells."""
    if isinstance(source, str):
        return sieve.takes_text
    return source is None and sieve.passes(ABSENT)


def _is_clear(view: _View, own: OwnSupplies, platform: Supplies) -> bool:
    values = platform.values_of(view.names) if view.is_met else []
    if not view.is_met or not _TEXT.issuperset(map(type, values[: view.texts])):
        return False
    for sieve, value in zip(view.others, values[view.texts :], strict=True):
        if not _passes(sieve, value):
            return False
    return not view.own or _passes_own(view, own)


def _passes_own(view: _View, own: OwnSupplies) -> bool:
    key = fingerprint(own.written)
    if key in view.known:
        return True
    if not all(_passes(sieve, own.written[name]) for name, sieve in view.own):
        return False
    if key is not None and len(key) <= _LONGEST_OWN and len(view.known) < _MOST_OWN:
        view.known.add(key)
    return True


def _passes(sieve: Sieve, value: Any) -> bool:
    if is_plain(value):
        return (value, value.__class__) in sieve.known or sieve.passes(value)
    if value.__class__ is dict and sieve.takes_map_of_texts:
        if _TEXT.issuperset(map(type, value)) and _TEXT.issuperset(map(type, value.values())):
            return True
    return sieve.passes(value)


@lru_cache(maxsize=_MOST_SHARED)
def fitting_of(module: Module) -> Fitting:
    """The fitting of a module; modules that are declared alike share it, and so do their jobs."""
    return _fitting(sieves(module))


_fitting = lru_cache(maxsize=_MOST_SHARED)(Fitting)
