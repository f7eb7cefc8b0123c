"""Comments of Terraform's language that accept findings; JSON has none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from dativo_lint.documents.comments import WORD, Comment
from dativo_lint.documents.document import Limits
from dativo_lint.documents.place import Lines
from dativo_lint.jobs.suppression_comment import Suppression, suppressions_in
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.syntax import Argument, Block, Label, Literal, Node, ObjectItem, Template

_SIGNS = ("#", "//", "/*")
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


# The jobs that use a module share what its comments accept.
@lru_cache(maxsize=128)
def module_suppressions(path: str, text: str) -> tuple[Suppression, ...]:
    """The suppressions in a file of a module, in order."""
    if WORD not in text or path.endswith(".json"):
        return ()
    lines = Lines(text)
    nodes = list(_nodes(parse(text, Limits())))
    last_lines: dict[int, int] = {}
    for node in nodes:
        if isinstance(node, (Argument, Block, ObjectItem)):
            first, last = (lines.position(at)[0] + 1 for at in (node.start, node.end - 1))
            last_lines[first] = max(last, last_lines.get(first, 0))
    quoted = sorted(
        (node.start, node.end) for node in nodes if isinstance(node, (Literal, Template, Label))
    )
    comments = tuple(_comments(text, lines, quoted))
    return suppressions_in(path, text, comments, last_lines, _SIGNS)


def _nodes(node: Node) -> Iterator[Node]:
    """A node and all below it, but for what is inside texts."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += () if isinstance(node, Template) else node.nodes


def _comments(text: str, lines: Lines, quoted: list[tuple[int, int]]) -> Iterator[Comment]:
    """The comments that name the linter, each as if `#` opened it."""
    starts = [start for start, _ in quoted]
    at = _next_sign(text, 0)
    while at < len(text):
        before = bisect_right(starts, at) - 1
        if before >= 0 and at < quoted[before][1]:
            at = _next_sign(text, quoted[before][1])
            continue
        is_block = text.startswith("/*", at)
        end = text.find("*/" if is_block else "\n", at)
        end = len(text) if end < 0 else end + 2 * is_block
        if WORD in text[at:end]:
            line, column = lines.position(at)
            inside = text[at:end].removeprefix("//").removeprefix("/*").removesuffix("*/")
            stands_alone = not text[at - column : at].strip()
            written = "# " + inside.lstrip("#* \t\r\n").rstrip()
            yield Comment(line + 1, column + 1, written, stands_alone, text.count("\n", at, end))
        at = _next_sign(text, end)


def _next_sign(text: str, begin: int) -> int:
    sign = _SIGN.search(text, begin)
    return len(text) if sign is None else sign.start()
