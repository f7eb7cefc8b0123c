"""Regular expressions with the meaning that they have in Terraform, which is RE2's.

Python's own `re` is given those on which both agree and which it cannot lose itself in; the rest
is matched by a machine that is slower and never loses itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from dativo_lint.terraform.pattern_classes import LAST, PatternLimit, Ranges, inverted
from dativo_lint.terraform.pattern_machine import Allowance, Machine, Spans, may_be_empty
from dativo_lint.terraform.pattern_reader import (
    Chars,
    Choice,
    Edge,
    Group,
    Node,
    Repeat,
    Row,
    read_expression,
)

LONGEST_TEXT: Final = 20_000
"""Characters of a text that is searched."""
_MOST_WAYS: Final = 200_000
"""Steps that Python's `re` may take on a text in the worst case before it is not asked."""
_NO_END: Final = 1 << 62
_TEXT_UNIT: Final = 256
"""So many characters cost Python's `re` about as much as one step of the machine."""

_EDGES: Final = {
    "text-start": r"\A",
    "text-end": r"\Z",
    "line-start": "(?m:^)",
    "line-end": "(?m:$)",
    "word": r"(?a:\b)",
    # Python's own \B does not match an empty text.
    "no-word": r"(?!(?a:\b))",
}


class Pattern:
    """A regular expression as a `tree`, and the `names` of its groups, empty for one without."""

    def __init__(self, text: str) -> None:
        expression = read_expression(text)
        self.names = expression.names
        self.tree = expression.node
        self._quick: re.Pattern[str] | None = None
        self._machine: Machine | None = None
        self._is_plain = _is_plain(self.tree)

    def search(self, text: str, start: int, allowance: Allowance) -> Spans | None:
        """The leftmost match that begins at a position or behind it. Raises PatternLimit."""
        if len(text) > LONGEST_TEXT:
            raise PatternLimit(f"a text is longer than {LONGEST_TEXT} characters")
        if not self._is_plain or _ways(self.tree, len(text)) * (len(text) + 1) > _MOST_WAYS:
            if self._machine is None:
                self._machine = Machine(self.tree, len(self.names))
            return self._machine.search(text, start, allowance)
        allowance.spend(len(text) // _TEXT_UNIT)
        if self._quick is None:
            self._quick = re.compile(_translated(self.tree))
        found = self._quick.search(text, start)
        if found is None:
            return None
        return tuple(edge for span in found.regs for edge in span)

    def search_all(self, text: str, allowance: Allowance) -> Iterator[Spans]:
        """All matches from left to right; an empty one does not follow right on another.

        Raises PatternLimit.
        """
        at, last_end = 0, -1
        while at <= len(text):
            found = self.search(text, at, allowance)
            if found is None:
                return
            start, end = found[:2]
            is_empty_behind = end == at and start == last_end
            at = end if end > at else at + 1
            last_end = end
            if not is_empty_behind:
                yield found


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """The pattern that a text spells. Raises PatternError, and PatternLimit."""
    return Pattern(text)


def _is_plain(node: Node) -> bool:
    """Whether Python's `re` makes the choices that RE2 makes: nothing empty is repeated."""
    if isinstance(node, (Row, Choice)):
        return all(map(_is_plain, node.parts))
    if isinstance(node, Repeat):
        return _is_plain(node.part) and not may_be_empty(node.part)
    return _is_plain(node.part) if isinstance(node, Group) else True


def _ways(node: Node, length: int) -> int:
    """In how many ways a node may match at one position of a text, at the most."""
    if isinstance(node, (Chars, Edge)):
        return 1
    if isinstance(node, Group):
        return _ways(node.part, length)
    if isinstance(node, Choice):
        return min(sum(_ways(part, length) for part in node.parts), _NO_END)
    if isinstance(node, Row):
        found = 1
        for part in node.parts:
            found = min(found * _ways(part, length), _NO_END)
        return found
    times = min(length if node.high is None else node.high, length)
    inner = _ways(node.part, length)
    if inner == 1:
        return max(times - node.low, 0) + 1
    return _NO_END if times > 3 else inner**times * (times + 1)


def _translated(node: Node) -> str:
    """A node in the syntax of Python's `re`."""
    if isinstance(node, Chars):
        return _translated_chars(node.ranges)
    if isinstance(node, Edge):
        return _EDGES[node.kind]
    if isinstance(node, Row):
        return "".join(map(_translated, node.parts))
    if isinstance(node, Choice):
        return f"(?:{'|'.join(map(_translated, node.parts))})"
    if isinstance(node, Group):
        return f"({_translated(node.part)})"
    high = "" if node.high is None else node.high
    lazy = "" if node.greedy else "?"
    return f"(?:{_translated(node.part)}){{{node.low},{high}}}{lazy}"


def _translated_chars(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return re.escape(chr(ranges[0][0]))
    if ranges[-1][1] == LAST and (others := inverted(ranges)):
        # Python takes 5 ms to compile a range that reaches to the end, and none to leave some out.
        return f"[^{_spelled(others)}]"
    return f"[{_spelled(ranges)}]"


def _spelled(ranges: Ranges) -> str:
    return "".join(f"{_hex(low)}-{_hex(high)}" for low, high in ranges)


def _hex(code: int) -> str:
    return f"\\U{code:08x}"
