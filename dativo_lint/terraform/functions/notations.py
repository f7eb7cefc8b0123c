"""Functions that write and read JSON, YAML and CSV."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from dativo_lint.terraform.convert import convert
from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import Takes, function
from dativo_lint.terraform.numbers import read_number, rounded
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import STRING, ObjectType, quoted
from dativo_lint.terraform.values import (
    FALSE,
    HEAVIEST,
    NULL,
    TRUE,
    Value,
    boolean,
    list_value,
    numeric,
    record,
    row,
    spell_plain,
    text,
)

_MOST_LEVELS: Final = 150
_LONGEST_TEXT: Final = 50_000
"""Characters of YAML and CSV that are read, and parts of a value that are written."""
_MOST_BRACKETS: Final = 2_000
"""libyaml takes quadratic time over brackets inside each other."""
_LONGEST_KEY: Final = 100
"""YAML marks longer keys in a way of its own."""


def json_text(value: Value) -> str:
    """A value as Terraform writes it in JSON, without blanks."""
    data = value.data
    if isinstance(data, str):
        return _json_string(data)
    if isinstance(data, tuple):
        return f"[{','.join(map(json_text, data))}]"
    if isinstance(data, dict):
        parts = (f"{_json_string(name)}:{json_text(part)}" for name, part in data.items())
        return f"{{{','.join(parts)}}}"
    if isinstance(data, float):
        raise CallFailed("cannot serialize infinity as JSON")
    return spell_plain(data)


def _json_string(value: str) -> str:
    """A text in JSON; Go also escapes what could end a script in a web page."""
    written = quoted(value)
    for char in "<>&\u2028\u2029":
        if char in written:
            written = written.replace(char, f"\\u{ord(char):04x}")
    return written


@function("jsonencode", val=Takes(null=True), returns=STRING)
def _jsonencode(value: Value) -> Value:
    return text(json_text(value))


class _Spelled(str):
    """A number as it is spelled in JSON."""

    __slots__ = ()


@function("jsondecode", str=STRING)
def _jsondecode(value: Value) -> Value:
    try:
        data = json.loads(
            value.data, parse_int=_Spelled, parse_float=_Spelled, parse_constant=_refuse
        )
        return _decoded(data)
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise CallFailed(f"{what} at character {error.pos + 1}") from None
    except RecursionError:
        raise NotKnown("jsondecode(): a text nests too deeply") from None


def _refuse(name: str) -> Any:
    raise json.JSONDecodeError(f"invalid literal {name}", name, 0)


def _decoded(data: Any) -> Value:
    if isinstance(data, _Spelled):
        number = read_number(str(data))
        return numeric(0 if number is None else number)
    if isinstance(data, str):
        # Half of a character cannot be written in UTF-8; Go puts a sign of doubt in its place.
        return text(normal(data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")))
    if isinstance(data, list):
        return row([_decoded(item) for item in data])
    if isinstance(data, dict):
        return record({normal(name): _decoded(item) for name, item in data.items()})
    return NULL if data is None else boolean(data)


_TRUE_AND_FALSE: Final = ((TRUE, ("y", "yes", "true", "on")), (FALSE, ("n", "no", "false", "off")))
_YAML_WORDS: Final = {
    form(word): value
    for value, words in ((NULL, ("", "~", "null")), *_TRUE_AND_FALSE)
    for word in words
    for form in (str.lower, str.title, str.upper)
}
_YAML_NUMBER: Final = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z"
_YAML_WHOLE: Final = r"0x[0-9A-Fa-f]+\Z|0o[0-7]+\Z"
_YAML_UNCLEAR: Final = r"[0-9]{4}-[0-9]|[-+]?\.[iInN]"
"""What may be a point in time, or no number at all."""


@function("yamldecode", cost=64, src=STRING)
def _yamldecode(source: Value) -> Value:
    brackets = source.data.count("[") + source.data.count("{")
    if len(source.data) > _LONGEST_TEXT or brackets > _MOST_BRACKETS:
        raise NotKnown("yamldecode(): it is too long")
    try:
        return _of_events(list(yaml.parse(source.data, Loader=yaml.CSafeLoader)))
    except yaml.YAMLError as error:
        raise CallFailed(str(getattr(error, "problem", None) or "it is no YAML")) from None


def _of_events(events: list[yaml.Event]) -> Value:
    """The value of the one document that there is. Raises CallFailed, and NotKnown."""
    opened: list[tuple[type, str | None, list[Value]]] = [(object, None, [])]
    anchors: dict[str, Value | None] = {}
    weight = 0
    for event in events:
        kind, anchor, parts = opened[-1]
        is_key = kind is yaml.MappingStartEvent and len(parts) % 2 == 0
        if getattr(event, "tag", None) is not None:
            raise NotKnown("yamldecode(): tags are not followed")
        if isinstance(event, yaml.CollectionStartEvent):
            anchors |= {event.anchor: None} if event.anchor else {}
            opened.append((type(event), event.anchor, []))
            if len(opened) > _MOST_LEVELS:
                raise NotKnown("yamldecode(): it nests too deeply")
            continue
        if isinstance(event, yaml.AliasEvent):
            value = None if is_key else _yaml_alias(event.anchor, anchors)
            if value is None:
                raise CallFailed("only strings are allowed as mapping keys")
            anchor, weight = None, weight + value.weight
            if weight > HEAVIEST:
                raise NotKnown("yamldecode(): its aliases stand for too much")
        elif isinstance(event, yaml.ScalarEvent):
            # Terraform forgets the anchors of keys.
            value, anchor = _yaml_scalar(event), None if is_key else event.anchor
        elif isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
            value = row(parts) if kind is yaml.SequenceStartEvent else _yaml_mapping(parts)
        else:
            continue
        anchors |= {anchor: value} if anchor else {}
        opened[-1][-1].append(value)
    if len(opened[0][-1]) != 1:
        raise CallFailed("expected one document")
    return opened[0][-1][0]


def _yaml_alias(name: str | None, anchors: Mapping[str, Value | None]) -> Value:
    """What an alias stands for; an anchor that has no value yet is around it."""
    value = anchors.get(name or "")
    if value is None:
        what = f'cannot refer to anchor "{name}" from inside its own definition'
        raise CallFailed(what if name in anchors else f'reference to undefined anchor "{name}"')
    return value


def _yaml_mapping(parts: list[Value]) -> Value:
    entries: dict[str, Value] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if key.data is None:
            raise CallFailed("mapping key cannot be null")
        if isinstance(key.data, (tuple, dict)):
            raise CallFailed("only strings are allowed as mapping keys")
        if key.data != "<<":
            entries[convert(key, STRING).data] = value
        elif isinstance(value.data, dict):
            entries |= value.data  # in the order of the text
        else:
            raise CallFailed(f"cannot merge {value.type.friendly} into mapping")
    return record(entries)


def _yaml_scalar(event: yaml.ScalarEvent) -> Value:
    written = event.value
    if event.style:
        return text(normal(written))
    if written in _YAML_WORDS:
        return _YAML_WORDS[written]
    number = read_number(written) if re.match(_YAML_NUMBER, written) else None
    if re.match(_YAML_WHOLE, written):
        number = rounded(int(written, 0))
    if number is not None:
        return numeric(number)
    if re.match(_YAML_UNCLEAR, written):
        raise NotKnown(f"yamldecode(): {written} is read differently by different readers")
    return text(normal(written))


@function("yamlencode", cost=32, value=Takes(null=True), returns=STRING)
def _yamlencode(value: Value) -> Value:
    if value.weight > _LONGEST_TEXT // 8:
        raise NotKnown("yamlencode(): it is too long")
    start = yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False)
    end = yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()
    events = (*start, *_as_events(value), *end)
    written = yaml.emit(events, Dumper=yaml.CSafeDumper, width=80, allow_unicode=True)
    # Some versions of libyaml leave the mark out that Terraform puts behind a plain scalar.
    is_plain = not isinstance(value.data, (str, tuple, dict))
    return text(written.removesuffix("...\n") + "...\n" * is_plain)


def _as_events(value: Value) -> Iterator[yaml.Event]:
    data = value.data
    if isinstance(data, tuple):
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=not data)
        for part in data:
            yield from _as_events(part)
        yield yaml.SequenceEndEvent()
    elif isinstance(data, dict):
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=not data)
        for name, part in data.items():
            if "\n" in name or len(name) > _LONGEST_KEY:
                raise NotKnown("yamlencode(): a key is long")
            yield yaml.ScalarEvent(None, None, (False, True), name, style='"')
            yield from _as_events(part)
        yield yaml.MappingEndEvent()
    elif isinstance(data, str):
        style = "|" if "\n" in data else '"'
        yield yaml.ScalarEvent(None, None, (False, True), data, style=style)
    elif isinstance(data, float):
        raise NotKnown("yamlencode(): infinity is not written")
    else:
        yield yaml.ScalarEvent(None, None, (True, False), json_text(value))


_CSV_FIELD: Final = r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\Z)'


@function("csvdecode", cost=64, str=STRING)
def _csvdecode(source: Value) -> Value:
    if len(source.data) > _LONGEST_TEXT:
        raise NotKnown("csvdecode(): it is too long")
    rows: list[list[str]] = []
    fields: list[str] = []
    at, content = 0, source.data
    while at < len(content) or fields:
        match = re.compile(_CSV_FIELD).match(content, at)
        if match is None:
            line = content.count("\n", 0, at) + 1
            raise CallFailed(f"CSV parse error on line {line}")
        quoted_field, plain, end = match.groups()
        is_blank = not fields and match[0] in ("\n", "\r\n")
        fields.append(plain if quoted_field is None else quoted_field.replace('""', '"'))
        at = match.end()
        if end != ",":
            rows += [] if is_blank else [fields]
            fields = []
    if not rows:
        raise CallFailed("missing header line")
    names, *records = ([normal(name.replace("\r\n", "\n")) for name in line] for line in rows)
    if len({*names}) < len(names):
        name = Counter(names).most_common(1)[0][0]
        raise CallFailed(f"duplicate column name {quoted(name)}")
    if any(len(line) != len(names) for line in records):
        raise CallFailed("CSV parse error: wrong number of fields")
    parts = [record(dict(zip(names, map(text, line), strict=True))) for line in records]
    return list_value(ObjectType(dict.fromkeys(names, STRING)), parts)
