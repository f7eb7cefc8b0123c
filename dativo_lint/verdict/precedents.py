"""Precedents: which of many rules may have something to say of a job, by what was silent before.

Of sixty rules that concern a sound job nearly all are silent, and that on which their silence hangs
(`checks.silence`) jobs share: sizes, tags, references. So a job of which everything was met before
costs a few look-ups, and not sixty questions: 40 us in place of 400. What is remembered is silence
and nothing else, under equal values of all that it hangs on; whoever may speak is asked as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from dativo_lint.checks import Judge
from dativo_lint.checks.silence import (
    ByFacts,
    ByFields,
    ByHandover,
    ByModule,
    ByPairs,
    ByTags,
    ByVoices,
    LeafPairs,
    is_silent,
    tag_pairs,
)
from dativo_lint.subject.key_sets import KeySet
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.document import ABSENT
from dativo_lint.verdict.same_module import SameModule, SureHandover
from dativo_lint.verdict.sound_leaves import SoundLeaves
from dativo_lint.verdict.sound_pairs import (
    LONGEST,
    MOST,
    Knowledge,
    Numbers,
    RequiredTags,
    SoundPairs,
    SoundTags,
)

_MOST_TOLD = 256
"""Of what voices tell together, which takes more room; jobs that share it lie near each other."""

_MOST_KINDS = 16
"""Kinds of jobs for which it is remembered which of some keys tell."""

_PLAIN = frozenset((int, float, bool, str, type(None), type(ABSENT)))


class _Group(Protocol):
    """Rules whose silence hangs on the same kind of thing."""

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        ...


class Precedents:
    """What is known of the silence of some rules, each told by its number."""

    def __init__(self, judges: Sequence[Judge | None], knowledge: Knowledge | None = None) -> None:
        """Sort the rules by what their silence hangs on; None is a check that cannot be asked."""
        knowledge = knowledge or Knowledge()
        numbered = dict(enumerate(judges))
        fields = {n: it for n, it in numbered.items() if isinstance(it, ByFields)}
        pairs = {n: it for n, it in numbered.items() if isinstance(it, ByPairs)}
        tags = {n: it for n, it in numbered.items() if isinstance(it, ByTags)}
        voices = {n: it for n, it in numbered.items() if isinstance(it, ByVoices)}
        groups: list[tuple[_Group, Numbers]] = []
        leaves = {}
        for source in dict.fromkeys(source for it in pairs.values() for source in it.sound):
            some = {n: it.sound[source] for n, it in pairs.items() if source in it.sound}
            if isinstance(source, LeafPairs):
                leaves[source] = some
            elif source is tag_pairs:
                groups.append((SoundTags(some, knowledge), tuple(some)))
            else:
                groups.append((SoundPairs(source, some, knowledge), tuple(some)))
        facts = {n: it for n, it in numbered.items() if isinstance(it, ByFacts)}
        if leaves or facts:
            of_leaves = (*facts, *(n for it in leaves.values() for n in it))
            groups.append((SoundLeaves(leaves, facts, knowledge), of_leaves))
        groups += [(_SameFields(fields), tuple(fields))] if fields else []
        groups += [(RequiredTags(tags, knowledge), tuple(tags))] if tags else []
        groups += [(_ClearVoices(voices), tuple(voices))] if voices else []
        modules = {n: it for n, it in numbered.items() if isinstance(it, ByModule)}
        handed = tuple(n for n, it in numbered.items() if isinstance(it, ByHandover))
        groups += [(SameModule(modules), tuple(modules))] if modules else []
        groups += [(SureHandover(handed), handed)] if handed else []
        self._groups = groups
        self._sorted: dict[tuple[int, ...], Numbers] = {}
        told = {*fields, *pairs, *facts, *tags, *voices, *modules, *handed}
        self._always = tuple(n for n in numbered if n not in told)

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of the rules that may have something to say, in order."""
        found: list[int] = []
        for group, numbers in self._groups:
            try:
                found += group.speaking(subject)
            except Exception:  # noqa: BLE001  it is told when they are asked
                found += numbers
        if not found:
            return self._always
        # Jobs that share an asset often have the same breach in it.
        key = tuple(found)
        known = self._sorted.get(key)
        if known is None:
            known = tuple(sorted({*found, *self._always}))
            _remember(self._sorted, key, known)
        return known


class _SameFields:
    """Rules that answer alike where fields of the job have equal plain values."""

    def __init__(self, rules: Mapping[int, ByFields]) -> None:
        self._rules = rules
        routes = dict.fromkeys(it for rule in rules.values() for it in rule.fields)
        by_block = {route[:-1]: [it for it in routes if it[:-1] == route[:-1]] for route in routes}
        self._routes = tuple(it for its in by_block.values() for it in its)
        self._blocks = [(block, [it[-1] for it in its]) for block, its in by_block.items()]
        self._known: dict[tuple[Any, ...], Numbers] = {}

    def speaking(self, subject: Subject) -> Numbers:
        found: list[Any] = []
        for route, names in self._blocks:
            block = subject.job.value(route)
            get = (block if isinstance(block, dict) else {}).get
            found += [get(name, ABSENT) for name in names]
        values = tuple(found)
        classes = tuple(map(type, values))
        if not _PLAIN.issuperset(classes):
            # Few jobs share lists and mappings: the rules that look at one are asked each time.
            plain = (it if type(it) in _PLAIN else None for it in values)
            return self._known_of(subject, tuple(plain), classes)
        return self._known_of(subject, values, classes)

    def _known_of(
        self, subject: Subject, values: tuple[Any, ...], classes: tuple[type, ...]
    ) -> Numbers:
        # 1, 1.0 and true are one key, and so are the two zeros.
        floats = [str(it) for it in values if type(it) is float] if float in classes else ()
        key = values, classes, *floats
        found = self._known.get(key)
        if found is None:
            strange = {
                it for it, kind in zip(self._routes, classes, strict=True) if kind not in _PLAIN
            }
            found = tuple(
                n
                for n, rule in self._rules.items()
                if not strange.isdisjoint(rule.fields) or not is_silent(rule, subject)
            )
            if all(len(it) <= LONGEST for it in values if type(it) is str):
                _remember(self._known, key, found)
        return found


class _ClearVoices:
    """Rules that are silent where what some voices tell is clear."""

    def __init__(self, rules: Mapping[int, ByVoices]) -> None:
        voices = dict.fromkeys(it for rule in rules.values() for it in rule.voices)
        keys = [it for it in voices if it.key is not None]
        self._folded = [it.folded for it in keys]
        self._others = [it for it in voices if it.key is None]
        number = {it: n for n, it in enumerate((*keys, *self._others))}
        self._rules = tuple(
            _Listener(n, rule, _picking([number[it] for it in rule.voices]), set())
            for n, rule in rules.items()
        )

    def speaking(self, subject: Subject) -> Numbers:
        tags = subject.tags
        keys = tags.key_set.remembered.get(self)
        if keys is None:
            keys = self._telling(tags.key_set)
        if not (tags.is_whole and tags.key_set.are_apart):
            return [it.number for it in self._rules]
        told = (
            *map(tags.texts.get, keys),
            *(tuple(it.texts(subject)) for it in self._others),
        )
        found: list[int] = []
        # Ten times a job: no more is done for a rule than a look-up.
        for number, rule, picked, clear in self._rules:
            heard = picked(told)
            if heard not in clear and not _is_clear(rule, heard, clear):
                found.append(number)
        return found

    def _telling(self, keys: KeySet) -> tuple[str | None, ...]:
        """Of the keys of some tags, those that tell, in the order of the voices."""
        found = tuple(next(iter(keys.by_folded.get(it, ())), None) for it in self._folded)
        if len(keys.remembered) >= _MOST_KINDS:
            keys.remembered.clear()
        keys.remembered[self] = found
        return found


class _Listener(NamedTuple):
    """A rule, what it picks of what all voices tell, and of which of that it was silent."""

    number: int
    rule: ByVoices
    picked: Callable[[Sequence[Any]], tuple[Any, ...]]
    clear: set[tuple[Any, ...]]


def _picking(numbers: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(numbers) == 1:
        return lambda told: (told[numbers[0]],)
    return itemgetter(*numbers) if numbers else lambda _: ()


def _is_clear(rule: ByVoices, heard: tuple[Any, ...], clear: set[tuple[Any, ...]]) -> bool:
    """Whether what a rule hears is clear to it, which is then remembered."""
    texts = [text for it in heard for text in (it if type(it) is tuple else (it,)) if text]
    if not rule.is_clear(texts):
        return False
    if all(map(_is_short, heard)):
        if len(clear) >= _MOST_TOLD:
            clear.clear()
        clear.add(heard)
    return True


def _is_short(told: Any) -> bool:
    """Whether what a voice tells is worth to be remembered."""
    if told.__class__ is tuple:
        return len(told) <= LONGEST and all(map(_is_short, told))
    return told is None or len(told) <= LONGEST


def _remember(known: dict[Any, Numbers], key: Any, numbers: Numbers) -> None:
    if len(known) >= MOST:
        known.clear()
    known[key] = numbers
