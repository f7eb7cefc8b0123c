"""Style: how different people write the same YAML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.names import Names
from benchmarks.yaml_text import Block, Node, Text

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.@+ -]*(?<! )")
_PLAIN_OUTSIDE_FLOW = re.compile(r"[A-Za-z_/$][A-Za-z0-9_/.@+ ,{}$()=<'-]*(?<! )")
_NO_TEXT = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|[0-9.eE_+-]+")
_MARKERS = ("", "", "---\n", "---\n", "--- # written by hand\n")
_LONG = 60
_WIDEST = 88


@dataclass(frozen=True)
class Style:
    """How one person writes YAML; shares are between 0 and 1."""

    step: int
    list_step: int
    quotes: str
    quoted_keys: bool
    flow: float
    comments: float
    gaps: float
    marker: str
    aliases: bool
    shuffled: bool
    fold: int
    line_break: str


def any_style(names: Names) -> Style:
    """A style that hardly anybody else has."""
    choice, chance = names.rng.choice, names.chance
    step = choice((2, 2, 2, 3, 4))
    return Style(
        step=step,
        list_step=choice((0, step)),
        quotes=choice(("", "", "'", '"')),
        quoted_keys=chance(0.04),
        flow=choice((0.0, 0.2, 0.5, 0.9)),
        comments=choice((0.0, 0.05, 0.15)),
        gaps=choice((0.0, 0.3, 1.0)),
        marker="%YAML 1.1\n---\n" if chance(0.01) else choice(_MARKERS),
        aliases=chance(0.3),
        shuffled=chance(0.5),
        fold=names.rng.randint(40, 100),
        line_break="\r\n" if chance(0.03) else "\n",
    )


def styled_text(block: Block, style: Style, names: Names) -> str:
    """The text of a document in somebody's style."""
    writer = _Writer(style, names, block)
    return style.marker + "\n".join(writer.lines(block, "")) + "\n"


class _Writer:
    """Writes one document; remembers which texts have an anchor."""

    def __init__(self, style: Style, names: Names, block: Block) -> None:
        self._style = style
        self._names = names
        counts = Counter(_texts(block)) if style.aliases else Counter[str]()
        self._repeated = {text for text, count in counts.items() if count > 1}
        self._anchors: dict[str, str] = {}

    def lines(self, block: Block, indent: str) -> Iterator[str]:
        """The lines of a mapping in block style."""
        style, chance = self._style, self._names.chance
        for key, value in self._ordered(block) if not indent else block.items():
            if not indent and chance(style.gaps):
                yield ""
            if chance(style.comments):
                yield f"{indent}# {self._names.sentence(self._names.rng.randint(3, 12))}"
            if key.startswith("#"):
                yield f"{indent}{key}"
            elif key.startswith("&"):
                continue
            elif not key.strip():
                yield ""
            else:
                yield from self._entry(f"{indent}{self._key(key)}:", value, indent)

    def _ordered(self, block: Block) -> list[tuple[str, Node]]:
        entries = list(block.items())
        if self._style.shuffled:
            self._names.rng.shuffle(entries)
        return entries

    def _key(self, key: str) -> str:
        return f'"{key}"' if self._style.quoted_keys and key != "<<" else key

    def _entry(self, head: str, value: Node, indent: str) -> Iterator[str]:
        step = " " * self._style.step
        if isinstance(value, str):
            yield from self._scalar(head, value, indent + step)
        elif self._fits_flow(value):
            yield from self._flow_lines(head, self._flow(value), indent + step)
        elif isinstance(value, dict):
            anchor = next((f" {key}" for key in value if key.startswith("&")), "")
            yield head + anchor
            yield from self.lines(value, indent + step)
        else:
            yield head
            yield from self._items(value, indent + " " * self._style.list_step)

    def _items(self, items: Sequence[Block] | Sequence[str], indent: str) -> Iterator[str]:
        dash = "-" + " " * max(1, self._style.step - 1)
        for item in items:
            if isinstance(item, str):
                yield f"{indent}{dash}{self._spelled(item, within_flow=False)}"
            elif self._fits_flow(item):
                yield from self._flow_lines(f"{indent}-", self._flow(item), indent + "    ")
            else:
                within = indent + " " * len(dash)
                rest = self.lines(item, within)
                first = next(line for line in rest if line.strip() and line.lstrip()[0] != "#")
                yield f"{indent}{dash}{first.lstrip()}"
                yield from rest

    def _scalar(self, head: str, value: str, indent: str) -> Iterator[str]:
        if isinstance(value, Text) and "\n" in value:
            yield f"{head} |"
            yield from (f"{indent}{line}".rstrip() for line in value.rstrip("\n").split("\n"))
        elif isinstance(value, Text) and len(value) > _LONG and " " in value:
            yield from self._folded(head, value, indent)
        else:
            comment = ""
            if "#" not in value and self._names.chance(self._style.comments):
                comment = f"  # {self._names.sentence(4)}"
            yield f"{head} {self._spelled(value, within_flow=False)}{comment}".rstrip()

    def _folded(self, head: str, value: str, indent: str) -> Iterator[str]:
        """A long text: folded, literal, over several lines in quotes, or plain on one."""
        way = self._names.rng.choice((">-", ">", "|", '"', "plain"))
        lines = [f"{indent}{line}" for line in _wrapped(value, self._style.fold)]
        if way == "plain":
            yield f"{head} {self._spelled(value, within_flow=False)}"
        elif way == '"':
            lines[0] = f'{head} "{lines[0].lstrip()}'
            lines[-1] += '"'
            yield from lines
        else:
            yield f"{head} {way}"
            yield from lines

    def _flow_lines(self, head: str, parts: list[str], indent: str) -> Iterator[str]:
        """A flow collection on one line, or on several where it is too long."""
        start, *inner, end = parts
        whole = f"{head} {start}{', '.join(inner)}{end}"
        if len(whole) <= _WIDEST:
            yield whole
            return
        yield f"{head} {start}"
        yield from (f"{indent}{part}," for part in inner[:-1])
        yield f"{indent}{inner[-1]}{end}"

    def _fits_flow(self, value: Node) -> bool:
        return self._names.chance(self._style.flow) and _may_flow(value)

    def _flow(self, value: Node) -> list[str]:
        """The parts of a flow collection: its bracket, its entries, its bracket."""
        if isinstance(value, dict):
            entries = (f"{self._key(key)}: {self._flow_node(it)}" for key, it in value.items())
            return ["{", *entries, "}"]
        return ["[", *(self._flow_node(item) for item in value), "]"]

    def _flow_node(self, value: Node) -> str:
        if isinstance(value, str):
            return self._spelled(value, within_flow=True)
        start, *inner, end = self._flow(value)
        return f"{start}{', '.join(inner)}{end}"

    def _spelled(self, value: str, *, within_flow: bool) -> str:
        """A scalar: as it is, or, where it is text, in quotes, plain or as an alias."""
        if not isinstance(value, Text):
            return value
        if value in self._anchors:
            return f"*{self._anchors[value]}"
        anchor = ""
        if value in self._repeated:
            self._anchors[value] = f"a{len(self._anchors)}_{self._names.word()}"
            anchor = f"&{self._anchors[value]} "
        return anchor + self._quoted(value, within_flow=within_flow)

    def _quoted(self, value: str, *, within_flow: bool) -> str:
        quotes = self._style.quotes
        if self._names.chance(0.1):
            quotes = self._names.rng.choice(("", "'", '"'))
        if quotes == "" and is_plain(value, within_flow=within_flow):
            return str(value)
        if quotes == "'" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value, ensure_ascii=False)


def is_plain(value: str, *, within_flow: bool) -> bool:
    """Whether a text needs no quotes to be read as the text that it is."""
    form = _PLAIN if within_flow else _PLAIN_OUTSIDE_FLOW
    return bool(form.fullmatch(value)) and not _NO_TEXT.fullmatch(value)


def _may_flow(value: Node) -> bool:
    """Whether nothing in a node has to stand on a line of its own."""
    if isinstance(value, str):
        return "\n" not in value and "#" not in value and len(value) <= _LONG
    if isinstance(value, dict):
        kept = all(key.strip() and key[0] not in "#&<" for key in value)
        return bool(value) and kept and all(_may_flow(it) for it in value.values())
    return bool(value) and all(_may_flow(item) for item in value)


def _texts(node: Node) -> Iterator[str]:
    """All short texts of a node, in the order in which they stand."""
    if isinstance(node, str):
        if isinstance(node, Text) and 3 < len(node) <= _LONG:
            yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    else:
        for item in node:
            yield from _texts(item)


def _wrapped(value: str, width: int) -> Iterator[str]:
    line = ""
    for word in value.split():
        if line and len(line) + len(word) >= width:
            yield line
            line = word
        else:
            line = f"{line} {word}".lstrip()
    yield line
