"""Edits of lists of a document, which leave every other byte of its file as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dativo_lint.documents.document import Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.exact import Change, exactly
from dativo_lint.edits.fields import block
from dativo_lint.edits.nodes import (
    Refused,
    begin_of,
    column_of,
    end_for_more,
    entries_of,
    is_flow,
    line_end_at,
    spot_of,
    step_of,
)


@exactly
def append(document: Document, route: Field, item: Mapping[str, Any]) -> tuple[Node, Change]:
    """Add a mapping as the last item of a list, indented as the item before it."""
    node = spot_of(document, route).value
    entries = entries_of(document, node)
    if not entries or entries[-1][0] is not None or is_flow(document, node):
        raise Refused("it is not a list with a dash before each item")
    last = entries[-1][1]
    begin, end = begin_of(last), end_for_more(document, last)
    dash = document.text.rindex("-", 0, begin)
    indent, gap = " " * column_of(document, dash), document.text[dash + 1 : begin]
    gap = gap if gap.strip(" ") == "" and gap else " "
    step, line_end = step_of(document), line_end_at(document, end)
    lines = "".join(
        block(key, value, f"{indent} {gap}", step, line_end) for key, value in item.items()
    )
    head = f"{line_end}{indent}-{gap}"
    return node, (end, end, head + lines[len(head) :])
