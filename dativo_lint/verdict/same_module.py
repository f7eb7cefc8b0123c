"""Same module: rules about the modules of jobs, and which of them were silent of a module before.

Twenty rules concern every job with a module, and hundreds of jobs name the same one. What most of
them say hangs on the module and on the names of what it is given, so that one look-up stands for
them all: 3 microseconds a job, where to ask them took 40.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dativo_lint.checks.silence import ByModule, is_silent
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.document import ABSENT
from dativo_lint.verdict.sound_pairs import NOBODY, Numbers

_FIELD = ("infrastructure", "terraform_module")
_NAME = "infrastructure.terraform_module"
_MOST = 64
"""Ways to name a module and to give it variables, of which is remembered who was silent."""
_LONGEST = 4_096
"""Characters of what a job writes, in a way that is remembered."""


class SameModule:
    """Rules whose silence hangs on a module, and on the names of what it is given."""

    def __init__(self, rules: Mapping[int, ByModule]) -> None:
        self._numbers = tuple(rules)
        self._rules = tuple(rules.values())
        self._names = frozenset().union(*(it.names for it in rules.values()))
        self._without: dict[Any, Any] = {}

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        written = subject.job.value(_FIELD)
        if not (written is ABSENT or written is None or written.__class__ is str):
            return self._numbers
        reference = subject.references.get(_NAME)
        lead = None if reference is None else reference.lead
        tree, handover = subject.module_tree, subject.handover
        own, platform = subject.own_supplies.sources, subject.platform_supplies.sources
        if tree is None or handover is None:
            known, names, unsure = self._without, self._names.union(own), None
        else:
            # It goes with the module.
            known = _remembered(tree.remembered, self._rules)
            outline = subject.own_supplies.outline
            if outline not in known:
                if len(known) >= _MOST:
                    known.clear()
                known[outline] = self._names.union(tree.module.variables, own)
            names = known[outline]
            unsure = handover.all_open, handover.asset_is_unknown
        key = (written, lead, tuple(own), names.intersection(platform), unsure)
        found = known.get(key)
        if found is None:
            found = tuple(at for at, it in enumerate(self._rules) if not is_silent(it, subject))
            if len("".join((str(written), *own))) <= _LONGEST:
                if len(known) >= _MOST:
                    known.clear()
                known[key] = found
        return [self._numbers[at] for at in found] if found else NOBODY


class SureHandover:
    """Rules that are silent where no variable of the module is in question."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of all of them, or of nobody."""
        handover = subject.handover
        return NOBODY if handover is None or not handover.in_question else self._numbers


def _remembered(with_module: dict[Any, Any], rules: tuple[ByModule, ...]) -> dict[Any, Any]:
    """What is remembered with a module of some rules, and is forgotten with it: who was silent, and
    the names that matter, by the outline of what the job writes itself.

    The rules of several kinds of jobs are mostly the same ones.
    """
    found = with_module.get(rules)
    if found is None:
        if len(with_module) >= _MOST:
            with_module.clear()
        found = with_module[rules] = {}
    return cast(dict[Any, Any], found)
