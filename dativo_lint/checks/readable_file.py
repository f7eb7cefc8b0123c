"""a file can be read, and reads as its author meant it"""

import re
from typing import TYPE_CHECKING, Annotated

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Related, Results, Violation
from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.documents.place import Lines, Place
from dativo_lint.edits.fix import Edit, Fix, fix
from dativo_lint.jobs.text import Text

if TYPE_CHECKING:
    from dativo_lint.edits.removal import KeysByOffset

APPLIES_TO = ("text",)


class Check(RuleParams, frozen=True):
    faults: Annotated[tuple[FaultKind, ...], non_empty("The kinds of faults that are reported.")]

    def judge(self, text: Text) -> Results:
        """Report the faults of some kinds that the reader found."""
        faults = [fault for fault in text.reading.faults if fault.kind in self.faults]
        lines = Lines(text.reading.text) if faults else None
        is_repeated = any(fault.kind is FaultKind.DUPLICATE_KEY for fault in faults)
        keys: KeysByOffset = {}
        if is_repeated:
            from dativo_lint.edits.removal import keys_by_offset  # only a violation needs it

            keys = keys_by_offset(text.reading.documents)
        for fault in faults:
            is_twice = fault.kind is FaultKind.DUPLICATE_KEY
            about = "first defined here" if is_twice else "the context starts here"
            mentions = () if fault.other is None else (Related(fault.other, about),)
            fixes: tuple[Fix, ...] = ()
            if lines and fault.kind is FaultKind.NON_STRING_KEY:
                fixes = _quoting(text.reading.text, lines, fault.place)
            elif lines and fault.other is not None and is_twice:
                fixes = _removal(lines, keys, fault, fault.other)
            yield Violation(fault.place, fault.message, mentions, fixes)


def _removal(lines: Lines, keys: "KeysByOffset", fault: Fault, first: Place) -> tuple[Fix, ...]:
    """The fix that removes the first of two equal keys, which does not count; safe if its value is
    that of the other."""
    from dativo_lint.edits.removal import remove_repeated, value_at  # only a violation needs it

    start, again = (lines.offset(at.line, at.column) for at in (first, fault.place))
    removed = remove_repeated(keys, start)
    if removed is None:
        return ()
    edit, value = removed
    is_same = value != "" and value == value_at(keys, again)
    return (fix("Remove the first one", edit, is_safe=is_same),)


def _quoting(text: str, lines: Lines, place: Place) -> tuple[Fix, ...]:
    """The fix that writes a plain key in quotes."""
    start = lines.offset(place.line, place.column)
    key = text[start : lines.offset(place.end_line, place.end_column)].rstrip()
    if not re.fullmatch(r"~|[\w.:+-]+", key):
        return ()
    where = lines.place(place.path, start, start + len(key))
    return (fix("Write the key in quotes", Edit(where, f'"{key}"')),)
