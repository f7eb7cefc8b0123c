"""Plain documents: YAML without tags, merge keys and keys that are collections, in one pass."""

from __future__ import annotations

from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from dativo_lint.texts.anchors import Anchors
from dativo_lint.texts.document import Document
from dativo_lint.texts.scalars import number_or_text
from dativo_lint.texts.source import OddKey, OddKeys, Source
from dativo_lint.texts.words import MERGE_KEY, NUMBER_STARTS, VALUE_KEY, WORDS, NotAValue
from dativo_lint.texts.yaml_events import NextEvent


class Unusual(Exception):
    """The document holds what only PyYAML's own constructor knows how to build."""


_SPECIAL: Final = {**WORDS, MERGE_KEY: Unusual, VALUE_KEY: Unusual}


def read_plain(next_event: NextEvent, source: Source, number: int, odd: OddKeys) -> Document:
    """Build the document whose start has just been read.

    All in one loop, for a call for each event would cost more than what is done about it. Raises
    Unusual, Refused, and what the parser raises.
    """
    has_tags, has_anchors = "!" in source.text, "&" in source.text
    nesting, most = source.limits.nesting, source.limits.expanded_nodes
    anchors = Anchors(source)
    roots: list[Any] = []
    roots_written: list[Any] = []
    marks: dict[int, Any] = {}
    above: list[Any] = []
    here: Any = roots
    written: Any = roots_written
    is_mapping = False
    key: Any = None
    key_event: Any = None
    nodes = 0
    while True:
        event = next_event()
        kind = event.__class__
        if kind is ScalarEvent:
            value = event.value
            if not event.style:
                if value[:1] in NUMBER_STARTS:
                    try:
                        value = number_or_text(value)
                    except NotAValue as error:
                        raise source.not_a_value(str(error), event) from error
                elif value in _SPECIAL:
                    value = _SPECIAL[value]
                    if value is Unusual:
                        raise Unusual
            if has_tags and (event.tag is not None or (event.style and event.implicit[0])):
                raise Unusual
            if has_anchors and event.anchor is not None:
                anchors.add(event, value)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            value = {} if kind is MappingStartEvent else []
            if has_tags and event.tag is not None:
                raise Unusual
        elif kind is AliasEvent:
            value, size = anchors.follow(event)
            nodes += size - 1
        elif kind is DocumentEndEvent:
            data = roots[0]
            return Document(source.path, source.text, data, roots_written[0], marks, number)
        else:
            nodes += 2 * len(here) if is_mapping else len(here)
            if nodes > most:
                raise source.over("expanded_nodes", "keys, values and items", event)
            if has_anchors:
                anchors.close_collection(here, nodes)
            here, written, is_mapping = above.pop()
            continue
        if not is_mapping:
            here.append(value)
            written.append(event)
        elif key_event is None:
            if kind is not ScalarEvent:
                raise Unusual
            if value in here:
                odd.add(OddKey(here, value, event, written[value][0]))
            elif value.__class__ is not str:
                odd.add(OddKey(here, value, event))
            key, key_event = value, event
            continue
        else:
            here[key] = value
            written[key] = (key_event, event)
            key_event = None
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            above.append((here, written, is_mapping))
            if len(above) > nesting:
                raise source.over("nesting", "levels of mappings and lists", event)
            here, is_mapping = value, kind is MappingStartEvent
            marks[id(value)] = written = {} if is_mapping else []
            if has_anchors and event.anchor is not None:
                anchors.open_collection(event, value, nodes)
