"""Nodes as edits need them: where a field begins and ends, and which other fields it is also."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeAlias

from msgspec import Struct

from dativo_lint.documents.document import Document, Node
from dativo_lint.documents.place import Field, spell
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.spelling import Unspeakable

BREAK: Final = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
"""The line ends of YAML 1.1."""
BREAKS: Final = "\n\r\x85\u2028\u2029"
LINE_END: Final = re.compile(BREAK)
REST: Final = re.compile(rf"[ \t]*(?:(?<=[ \t])#[^{BREAKS}]*)?(?={BREAK}|\Z)")
"""The rest of a line after a value: nothing, or a comment."""
_NESTED: Final = re.compile(
    rf"(?:\A|(?<=[{BREAKS}]))( *)[^\s#-][^{BREAKS}]*:[ \t]*{BREAK}\1( +)[^\s#-][^{BREAKS}]*:"
)
_ANCHOR: Final = re.compile(r"&([0-9A-Za-z_-]+)")
_ALIAS: Final = re.compile(r"\*([0-9A-Za-z_-]+)")
MOST: Final = 1000
"""Fields of a mapping, or of a file with anchors, since each edit looks at all of them."""


_FRAGMENT: Final = re.compile(r"x-|\.")
"""The beginning of a key at the top that only holds an anchor."""
_P = ParamSpec("_P")
Change: TypeAlias = tuple[int, int, str]
"""From where to where, and the new text."""


class Refused(Exception):
    """The field cannot be edited exactly."""


class Spot(Struct, frozen=True, eq=False):
    """A field as written: the nodes around it, outermost first, its key (if any), its value."""

    around: tuple[Node, ...]
    key: Node | None
    value: Node

    @property
    def is_elsewhere(self) -> bool:
        """Whether the value is in another mapping or list, by an alias or a merge key."""
        is_merged = self.key is not None and begin_of(self.key) < begin_of(self.around[-1])
        return is_merged or self.value.is_alias


def spot_of(document: Document, route: Field) -> Spot:
    """A field where it is written, which for one in an alias or a merged mapping is elsewhere."""
    if document.root is None:
        raise Refused("the document is empty")
    around: list[Node] = []
    key, value = None, document.root
    for step in route:
        around.append(value.target)
        if step not in around[-1].fields:
            raise Refused("it is not written in the file")
        key, value = around[-1].fields[step]
    return Spot(tuple(around), key, value)


def routes_to(document: Document, node: Node) -> list[Field]:
    """All fields whose value is a node, by aliases and merge keys too, where there are any."""
    raw, text = raw_of(node), document.text
    if raw is None or document.root is None or "&" not in text or "*" not in text:
        return []
    if not (_ANCHOR.search(text) and _ALIAS.search(text)):
        return []
    routes: list[Field] = []
    pending: list[tuple[Field, Node]] = [((), document.root)]
    for count, (at, value) in enumerate(pending):
        if count == MOST:
            raise Refused("the file has anchors and too many fields")
        if raw is raw_of(value) and node.start in (value.start, value.target.start):
            routes.append(at)
        pending += (((*at, step), below) for step, (_, below) in value.fields.items())
    return routes


def exactly(
    edit: Callable[Concatenate[Document, Field, _P], tuple[Node, Change]],
) -> Callable[Concatenate[Document, Field, _P], Edit | NotExact]:
    """An edit that is told with the node that it changes, or in which it changes something."""

    @wraps(edit)
    def edited(
        document: Document, route: Field, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Edit | NotExact:
        try:
            node, (start, end, text) = edit(document, route, *args, **kwargs)
            others = _others(route, routes_to(document, node))
        except (Refused, Unspeakable) as refusal:
            return NotExact(str(refusal))
        place = document.between(start, end, spell(route) if others else "")
        return Edit(place, text, others=others)

    return edited


def _others(route: Field, routes: Sequence[Field]) -> tuple[str, ...]:
    """The other fields that change with a field, where routes lead to it or to what it is in."""
    own = next((at for at in routes if at == route[: len(at)]), ())
    others = (at for at in routes if at != own and not _FRAGMENT.match(str(at[0])))
    return tuple(spell((*at, *route[len(own) :])) for at in others)


def hold_unmerged(document: Document, node: Node) -> None:
    """Refuse a mapping whose keys are those of others, too."""
    anchor = _ANCHOR.search(properties_of(document, node))
    if anchor and "<<" in document.text and anchor[1] in _ALIAS.findall(document.text):
        raise Refused(f"its anchor &{anchor[1]} is used elsewhere")


def hold_unused(document: Document, start: int, end: int) -> None:
    """Refuse to remove an anchor that is used outside of what is removed."""
    text = document.text
    names = set(_ANCHOR.findall(text, start, end))
    others = (*_ALIAS.findall(text, 0, start), *_ALIAS.findall(text, end)) if names else ()
    if used := names.intersection(others):
        raise Refused(f"its anchor &{min(used)} is used elsewhere")


def entries_of(document: Document, node: Node) -> list[tuple[Node | None, Node]]:
    """The fields of a mapping or the items of a list, if all are written in it plainly and once."""
    if len(node.fields) > MOST:
        raise Refused("it is one of too many fields")
    if node.merged:
        raise Refused("the mapping merges another one")
    entries = list(node.fields.values())
    raw = raw_of(node)
    count = len(list(node.parts())) if raw is None else len(raw.value)
    if len(entries) != count:
        raise Refused("a key beside it is written twice, or is no plain key")
    if not entries:
        return entries
    key = entries[0][0]
    opening = node.start + 1 if raw is None else node.end
    if key is not None and not re.fullmatch(
        rf"(?:\s|#[^{BREAKS}]*)*", document.text[opening : key.start]
    ):
        raise Refused("the mapping merges another one, or has complex keys")
    return entries


def pairs_of(node: Node) -> list[tuple[Node | None, Node]]:
    """The entries of a mapping or list, those with a key that is written again too."""
    return [(key, value) for _, key, value in node.parts()]


def is_json_file(document: Document) -> bool:
    return document.path.lower().endswith(".json")


def raw_of(node: Node) -> Any:
    """PyYAML's node; None in JSON."""
    return getattr(node, "node", None)


def is_collection(node: Node) -> bool:
    raw = raw_of(node)
    return bool(node.fields) if raw is None else node.is_alias or not isinstance(raw.value, str)


def is_flow(document: Document, node: Node) -> bool:
    raw = raw_of(node)
    return raw is None or bool(getattr(raw, "flow_style", False))


def properties_of(document: Document, node: Node) -> str:
    """The anchor and the tag that are written before a node."""
    raw = raw_of(node)
    if raw is None or node.is_alias:
        return ""
    own = node.start
    if not isinstance(raw.value, str):
        own = node.end - 1 if is_flow(document, node) else node.end
    return document.text[raw.start_mark.index : own]


def begin_of(node: Node) -> int:
    raw = raw_of(node)
    return node.start if raw is None or node.is_alias else int(raw.start_mark.index)


def last_of(node: Node) -> Node:
    """What is written last of a value: itself, or the last scalar or bracket of a block."""
    while (raw := raw_of(node)) is not None and not node.is_alias:
        if isinstance(raw.value, str) or raw.flow_style or not raw.value:
            break
        node = list(node.fields.values())[-1][1]
    return node


def end_of(document: Document, node: Node) -> int:
    """Where a value ends; a block of text with its last line."""
    last = last_of(node)
    raw = raw_of(last)
    if raw is None or last.is_alias:
        return last.end
    end = int(raw.end_mark.index)
    begin = begin_of(last)
    return begin + len(document.text[begin:end].rstrip()) if _is_scalar(raw) else end


def _is_scalar(raw: Any) -> bool:
    return isinstance(raw.value, str)


def is_block_text(document: Document, node: Node) -> bool:
    return raw_of(node) is not None and document.text.startswith(("|", ">"), node.start)


def line_start(text: str, at: int) -> int:
    return max(text.rfind(sign, 0, at) for sign in BREAKS) + 1


def line_end_at(document: Document, at: int) -> str:
    """The line end at an offset; at the end of a text that has none, the one of its first line."""
    line_end = LINE_END.match(document.text, at) or LINE_END.search(document.text)
    return line_end.group() if line_end is not None else "\n"


def step_of(document: Document) -> str:
    """The indentation of a mapping in another one, as the file has it; or two spaces."""
    nested = _NESTED.search(document.text)
    return nested[2] if nested is not None else "  "


def column_of(document: Document, at: int) -> int:
    above = document.text[line_start(document.text, at) : at]
    if above.strip(" -"):
        raise Refused("its keys do not begin their lines")
    return len(above)


def end_for_more(document: Document, value: Node) -> int:
    """The end of the line on which a value ends, where a line can be added below it."""
    last, end = last_of(value), end_of(document, value)
    rest = REST.match(document.text, end)
    if rest is None:
        raise Refused("the last value does not end its line")
    if is_block_text(document, last):
        header = document.text[last.start : last.start + 3]
        after = document.text[end : raw_of(last).end_mark.index]
        if "+" in header or after.strip(BREAKS) or not LINE_END.match(document.text, end):
            raise Refused("the last value is a block of text, whose end would change")
    return rest.end()
