"""Edits of Terraform's native syntax, which leave every other byte of its file as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from typing import Concatenate, Final, ParamSpec, TypeAlias

from dativo_lint.documents.place import Lines, Place
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.nodes import Refused
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.source import Source, Written
from dativo_lint.terraform.syntax import (
    Argument,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    ForObject,
    Literal,
    Node,
    ObjectCons,
    Parens,
    Reference,
    Relative,
)

Edits: TypeAlias = "tuple[Edit | NotExact, ...]"
_P = ParamSpec("_P")
_Spans = Sequence[tuple[int, int, str]]

_STEP: Final = "  "
_REST: Final = re.compile(r"[ \t]*(?:(?:#|//)[^\r\n]*)?(?=(\r?\n)|\Z)")
"""What may follow on a line: blanks and a comment."""
_MAPPINGS: Final = (Call, Conditional, ForObject, ObjectCons, Parens, Reference, Relative)
_BEHIND: Final = "depends_on"
"""The argument that stands at the end of a block by convention."""
_NEXT: Final = re.compile(r"(\r?\n)[ \t]*[^\s]")
_BELOW: Final = re.compile(rf"\r?\n[ \t]*{_BEHIND}\b")


def _exactly(
    edit: Callable[Concatenate[Source, _P], _Spans],
) -> Callable[Concatenate[Source, _P], Edits]:
    @wraps(edit)
    def edited(source: Source, /, *args: _P.args, **kwargs: _P.kwargs) -> Edits:
        try:
            spans = edit(source, *args, **kwargs)
        except Refused as refusal:
            return (NotExact(str(refusal)),)
        return tuple(Edit(source.place(Node(start, end)), text) for start, end, text in spans)

    return edited


@lru_cache(maxsize=32)
def _parsed(text: str) -> tuple[Body, dict[tuple[int, int], Block]]:
    """The body of a file, and the blocks in it by line and column, from 0, of their last label."""
    body, lines = parse(text), Lines(text)
    labelled = [block for block in body.blocks() if block.labels]
    return body, {lines.position(block.labels[-1].start): block for block in labelled}


def _read(source: Source) -> tuple[Body, dict[tuple[int, int], Block]]:
    if source.is_json:
        raise Refused(f"{source.path} is written in JSON syntax")
    body, blocks = _parsed(source.text)
    if body.errors:
        raise Refused(f"{source.path} has a syntax error")
    return body, blocks


def _block_named(source: Source, name: Place) -> Block:
    """The block at the top of a file whose last label stands at a place."""
    block = _read(source)[1].get((name.line - 1, name.column - 1))
    if block is None:
        raise Refused(f"there is no block in {source.path}:{name.line}")
    return block


@_exactly
def add_argument(
    source: Source, name: Place, route: Sequence[str], argument: str, value: str
) -> _Spans:
    """Add an argument to a declared block, or to the one block in it at a route of types."""
    blocks = list(_inner(_block_named(source, name), route))
    if len(blocks) != 1:
        raise Refused(f"there are {len(blocks) or 'no'} {'.'.join(route)} blocks")
    return [_added(source.text, blocks[0], argument, value)]


@_exactly
def set_argument(
    source: Source, name: Place, route: Sequence[str], argument: str, value: str
) -> _Spans:
    """Give an argument a value in the blocks at a route that lack it. If none does, then in all of
    them in place of a constant."""
    missing, spans = [], []
    for block in _inner(_block_named(source, name), route):
        written = block.body.arguments.get(argument)
        if written is None:
            missing.append(_added(source.text, block, argument, value))
        elif source.written(written.value) != value:
            spans.append((written.value.start, written.value.end, value))
            if not _is_constant(source, written.value):
                raise Refused(f"{argument} is set to an expression")
    if not missing and not spans:
        raise Refused(f"there is no {'.'.join(route)} block")
    return missing or spans


@_exactly
def replace_literal(source: Source, node: Expression, text: str) -> _Spans:
    """Write an expression in place of a constant that may be one."""
    around = next(
        (block for block in _read(source)[0].blocks() if block.start <= node.start < block.end),
        None,
    )
    if around is None or around.type in ("variable", "terraform"):
        raise Refused("no variable can be used there")
    if not _is_constant(source, node):
        raise Refused("it is not a constant")
    return [(node.start, node.end, text)]


@_exactly
def begin_text(source: Source, node: Expression, prefix: str) -> _Spans:
    """Write something at the beginning of a quoted text, in JSON syntax too."""
    if not (isinstance(node, Literal) and source.written(node).startswith('"')):
        raise Refused("it is not a quoted text")
    return [(node.start + 1, node.start + 1, prefix)]


@_exactly
def merge_last(source: Source, node: Expression, mapping: str) -> _Spans:
    """Let the entries of a mapping override those of an expression."""
    _read(source)
    text = source.written(node)
    if text == "null" or (isinstance(node, ObjectCons) and not text[1:-1].strip()):
        return [(node.start, node.end, mapping)]
    if isinstance(node, Call) and node.name == "merge" and node.arguments and not node.expand:
        return _last_of(source, node, mapping)
    if not isinstance(node, _MAPPINGS):
        raise Refused("the tags are not a mapping")
    return [(node.start, node.start, "merge("), (node.end, node.end, f", {mapping})")]


def _last_of(source: Source, call: Call, mapping: str) -> _Spans:
    """Make a mapping the last argument of a call, also if it is one already."""
    text, last = source.text, call.arguments[-1]
    if source.written(last) == mapping:
        raise Refused(f"{mapping} overrides all others already")
    if re.search(r"#|//|/\*", text[last.end : call.end]):
        raise Refused("a comment follows the last argument")
    spans = []
    for at, argument in enumerate(call.arguments[:-1]):
        if source.written(argument) == mapping:
            following = call.arguments[at + 1].start
            if text[argument.end : following].strip() != ",":
                raise Refused("a comment would be lost")
            spans.append((argument.start, following, ""))
    start = _line_start(text, last.start)
    above = text[start : last.start]
    gap = " " if above.strip() else _line_end(text, start - 1) + above
    return [*spans, (last.end, last.end, f",{gap}{mapping}")]


def _is_constant(source: Source, node: Expression) -> bool:
    """Whether an expression is a constant on one line; a heredoc ends with its last line."""
    return isinstance(node, Literal) and "\n" not in source.written(node)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> str:
    return "\r\n" if text[:at].endswith("\r") else "\n"


def _inner(block: Block, route: Sequence[str]) -> Iterator[Block]:
    """The blocks at a route of types, those that `dynamic` makes included."""
    blocks = [block]
    for type_ in route:
        blocks = [
            inner
            for outer in blocks
            for each in outer.body.blocks(type_, "dynamic")
            if each.type == type_ or [label.text for label in each.labels] == [type_]
            for inner in ([each] if each.type == type_ else each.body.blocks("content"))
        ]
    return iter(blocks)


def _added(text: str, block: Block, name: str, value: str) -> tuple[int, int, str]:
    """An argument below the others of a block, its `=` below theirs where that fits; where it does
    not, a blank line is between them, as `terraform fmt` aligns only lines without one."""
    body = block.body
    margin = text[_line_start(text, block.start) : block.start]
    if margin.strip() or not block.whole:
        raise Refused("the block does not begin its line")
    if "\n" not in text[body.start : body.end]:
        if text[body.start + 1 : body.end - 1].strip():
            raise Refused("the block is written on one line")
        line_end = "\r\n" if "\r\n" in text else "\n"
        line = f"{line_end}{margin}{_STEP}{name} = {value}{line_end}{margin}"
        return body.start + 1, body.end - 1, line
    arguments = [item for item in body.items if isinstance(item, Argument) and item.name != _BEHIND]
    anchor = arguments[-1] if arguments else None
    first = anchor or next(iter(body.items), None)
    indent = margin + _STEP
    if first is not None:
        indent = text[_line_start(text, first.start) : first.start]
    end = body.start + 1 if anchor is None else anchor.end
    if text[end - 1] == "\n":  # a heredoc, which ends with its line
        end -= 2 if text[end - 2] == "\r" else 1
    rest = _REST.match(text, end)
    if rest is None or not rest[1] or indent.strip():
        raise Refused("another argument or a comment is on its line")
    line_end = rest[1]
    if anchor is None:
        gap = line_end if body.items else ""
        return rest.end(), rest.end(), f"{line_end}{indent}{name} = {value}{gap}"
    written = text[anchor.start : anchor.end]
    width = len(written.partition("=")[0])
    if "\n" not in written and len(name) < width:
        return rest.end(), rest.end(), f"{line_end}{indent}{name.ljust(width)}= {value}"
    below = line_end if _BELOW.match(text, rest.end()) else ""
    return rest.end(), rest.end(), f"{line_end * 2}{indent}{name} = {value}{below}"


@_exactly
def add_block(source: Source, type_: str, lines: Sequence[str]) -> _Spans:
    """Add a block below the last of its type in a file, or below all blocks."""
    body, text = _read(source)[0], source.text
    blocks = list(body.blocks(type_)) or list(body.blocks())
    line_end = "\r\n" if "\r\n" in text else "\n"
    block = line_end.join(lines)
    if not blocks:
        gap = "" if not text or text.endswith("\n") else line_end
        return [(len(text), len(text), gap + block + line_end)]
    rest = _REST.match(text, blocks[-1].end)
    if rest is None:
        raise Refused(f"a comment follows the last block of {source.path}")
    # The blank line below is an edit of its own: other blocks may be added at this place, too.
    below = _NEXT.match(text, rest.end())
    blank = [(below.end(1), below.end(1), line_end)] if below else []
    return [(rest.end(), rest.end(), line_end * 2 + block), *blank]


@_exactly
def add_inner_block(source: Source, name: Place, lines: Sequence[str]) -> _Spans:
    """Add a block as the last in a declared block, which is written on lines of its own."""
    block, text = _block_named(source, name), source.text
    margin = text[_line_start(text, block.start) : block.start]
    line_end = "\r\n" if "\r\n" in text else "\n"
    close = block.body.end - 1
    if margin.strip() or not block.whole or text[_line_start(text, close) : close].strip():
        raise Refused("the block does not begin and end its lines")
    end = len(text[:close].rstrip())
    blank = line_end if block.body.items else ""
    added = "".join(f"{line_end}{margin}{_STEP}{line}" for line in lines)
    return [(end, end, blank + added)]


def is_reference(written: Written, kind: str) -> str:
    """The name of the variable or local value that an expression is, and nothing else."""
    match written.expression:
        case Reference(name=root, steps=(step,)) if root == kind:
            return str(getattr(step, "name", ""))
    return ""
