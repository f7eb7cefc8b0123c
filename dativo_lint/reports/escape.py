"""Values of others made harmless: one function for each place in which a report quotes them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

import msgspec

Json = dict[str, object]
"""An object of a report in JSON."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Build services take commands from what a step prints: `##[error]` (GitHub) and `##vso[...]`
# (Azure) even in the middle of a line, `##teamcity[...]` at its start.
_LOGGING_COMMAND = r"#(?=#\w*\[)"
# GitHub links addresses, mentions and issue numbers by itself, whatever is escaped around them,
# but never inside a code span.
_LINKED = r"(?i)@|://|www\.|#\d"
_TOGETHER = 50
"""Items of an array that are written together."""
_HTML = {ord(char): f"&{name};" for char, name in (("&", "amp"), ("<", "lt"), (">", "gt"))}
_WORD = r"\S+"
_CLOSING = ",.;:!?)"
_MARKDOWN = r"[\\`*\[\]<>&|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
_OPENING = r"\A(\d{0,9})([-+#=.)])"


def visible(text: str) -> str:
    r"""On one line, with nothing that a terminal or a build service would obey.

    Whatever is not printable is spelled as in Python: control characters, line ends, bidi
    overrides, invisible characters and lone surrogates become `\n`, `\x1b`, `\u202e`.
    """
    if not text.isprintable():
        text = text.translate({ord(char): _spelled(char) for char in _unprintable(text)})
    return re.sub(_LOGGING_COMMAND, r"\\x23", text) if "##" in text else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as comma-separated values; cells of others are made `harmless` first."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def harmless(text: str) -> str:
    """A text that no terminal obeys and no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


def shown_path(path: str) -> str:
    """A path that nothing takes for a command, not even at the beginning of a line."""
    shown = visible(path)
    return f"./{shown}" if shown.lstrip().startswith(":") else shown


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters and a word about how many are left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text) - limit} more characters)"


def json_text(data: object, *, indent: int | None = 2) -> str:
    r"""Data as JSON.

    Letters stay as they are; what is not printable is written as `\u...`, so that the text is
    harmless wherever it is printed and has the same meaning. Lone surrogates, which many
    readers refuse, are spelled out instead.
    """
    return "".join(json_pieces(data, indent=indent))


def json_line(data: object) -> str:
    """Data as JSON on one line, without its end."""
    return _harmless(_encoded(data, None))


def json_pieces(data: object, *, indent: int | None = 2) -> Iterator[str]:
    """The same, piece by piece: an iterator in the data is an array, of some items a piece."""
    encode = partial(_encoded, indent=indent)
    line = None if indent is None else "\n"
    yield from map(_harmless, _json_pieces(data, encode, line, " " * (indent or 0)))
    yield "\n"


def _encoded(data: object, indent: int | None) -> str:
    try:
        text = msgspec.json.format(msgspec.json.encode(data), indent=indent or 0)
        return text.decode()
    except (UnicodeEncodeError, OverflowError):  # half a character, a number of many digits
        return json.dumps(data, ensure_ascii=False, indent=indent)


def _json_pieces(
    data: Any, encode: Callable[[object], str], line: str | None, step: str
) -> Iterator[str]:
    """`line` begins a line of the value itself, `step` is what one level more adds to it."""
    below = None if line is None else line + step
    rows: Iterator[Iterable[str]]
    if isinstance(data, Iterator):
        batches = iter(lambda: list(islice(data, _TOGETHER)), [])
        around = len("[" + (below or "")), len((line or "") + "]")
        rows = ([_laid_out(encode(batch), line)[around[0] : -around[1]]] for batch in batches)
        brackets = "[]"
    elif not _is_streamed(data):
        yield _laid_out(encode(data), line)
        return
    elif isinstance(data, dict):
        brackets, rows = (
            "{}",
            (
                chain([f"{encode(key)}: "], _json_pieces(item, encode, below, step))
                for key, item in data.items()
            ),
        )
    else:
        brackets, rows = "[]", (_json_pieces(item, encode, below, step) for item in data)
    lead, between = brackets[0] + (below or ""), ", " if below is None else f",{below}"
    is_empty = True
    for row in rows:
        yield lead
        yield from row
        lead, is_empty = between, False
    yield brackets if is_empty else (line or "") + brackets[1]


def _laid_out(text: str, line: str | None) -> str:
    """JSON with its lines begun as they begin where it stands; no string in it holds a line end."""
    return text if line is None or line == "\n" else text.replace("\n", line)


def _is_streamed(data: object) -> bool:
    """Whether data is or holds an iterator."""
    if isinstance(data, (dict, list)):
        return any(map(_is_streamed, data.values() if isinstance(data, dict) else data))
    return isinstance(data, Iterator)


def _harmless(text: str) -> str:
    """JSON without what a terminal would obey; of ASCII, only the last sign is not escaped yet."""
    if not text.isascii() or "\x7f" in text:
        risky = _unprintable(text) - {"\n"}
        text = text.translate({ord(char): _json_escape(char) for char in risky})
    return re.sub(_LOGGING_COMMAND, r"\\u0023", text) if "##" in text else text


def uri(path: str) -> str:
    """A path as a URI reference: percent-encoded, relative where the path is."""
    try:
        written = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        written = path.encode("utf-8", "surrogatepass")
    encoded = quote(written, safe="/")
    return f"file://{encoded}" if encoded.startswith("/") else encoded or "."


def sarif_message(text: str) -> str:
    """Plain text for a SARIF message, in which brackets would begin a link."""
    return re.sub(r"[\[\]\\]", r"\\\g<0>", visible(text))


def in_command(text: str, escapes: Mapping[int, str]) -> str:
    """A text in a command to a build service, whose own escapes keep its line ends."""
    return "\n".join(map(visible, text.split("\n"))).translate(escapes)


def code(text: str) -> str:
    """A Markdown code span."""
    shown = visible(text) or " "
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown(text: str) -> str:
    """Plain text for Markdown: no markup, no HTML, and no link that nobody wrote."""
    shown = visible(text)
    pieces = []
    end = 0
    for word in re.finditer(_WORD, shown):
        if re.search(_LINKED, word.group()):
            linked = word.group().rstrip(_CLOSING)
            pieces += [_escaped(shown[end : word.start()]), code(linked)]
            end = word.start() + len(linked)
    pieces.append(_escaped(shown[end:]))
    return re.sub(_OPENING, r"\1\\\2", "".join(pieces).strip())


def html(text: str) -> str:
    """Plain text for HTML."""
    return visible(text).translate(_HTML)


def cell(text: str) -> str:
    """Finished Markdown, code spans included, for a cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\|", text)


def markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells of finished Markdown; without a line end."""
    lines = [f"| {' | '.join(headers)} |", f"|{' --- |' * len(headers)}"]
    lines += (f"| {' | '.join(map(cell, row))} |" for row in rows)
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return re.sub(_MARKDOWN, r"\\\g<0>", text)


def _unprintable(text: str) -> set[str]:
    return {char for char in set(text) if not char.isprintable()}


def _spelled(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    number = ord(char)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _json_escape(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return f"\\\\u{ord(char):04x}"
    return json.dumps(char)[1:-1]
