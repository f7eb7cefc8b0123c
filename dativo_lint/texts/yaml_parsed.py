"""YAML that is not read line by line, by the parser that knows its constructs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

import yaml
from yaml.events import DocumentStartEvent, StreamEndEvent

from dativo_lint.texts.document import Document, Fault, FaultKind, Reading
from dativo_lint.texts.place import start_of
from dativo_lint.texts.positions import Lines
from dativo_lint.texts.source import OddKeys, Refused, Source
from dativo_lint.texts.usual import Values
from dativo_lint.texts.words import MERGE_KEY
from dativo_lint.texts.yaml_construct import read_unusual
from dativo_lint.texts.yaml_events import (
    EXACT_CHARACTERS,
    TAG,
    NextEvent,
    events,
    fault_of,
    needs_exact,
)
from dativo_lint.texts.yaml_marks import LINE_ENDS, Composed, YamlMarks
from dativo_lint.texts.yaml_plain import Unusual, read_plain
from dativo_lint.texts.yaml_values import usual_values

_LONG = 100_000


def parsed(source: Source, text: str) -> Reading:
    """Read what is sound of a source's text, by the parser that knows its constructs.

    Of a long text there are up to a million events, all in use, and Python's collector would look
    at them again and again, which takes as long as all the rest: 1.5 s for a line of 4 MB.
    """
    if len(text) <= _LONG or not gc.isenabled():
        return _parsed(source, text)
    gc.disable()
    try:
        return _parsed(source, text)
    finally:
        gc.enable()


def _parsed(source: Source, text: str) -> Reading:
    is_small = len(text) <= EXACT_CHARACTERS
    is_unusual = MERGE_KEY in text or ("!" in text and TAG.search(text) is not None)
    if not (is_small and needs_exact(text, source.limits.nesting)):
        is_whole = len(text) == len(source.text)
        values = usual_values(text, source.limits) if is_whole and not is_unusual else None
        if values is not None:
            return Reading(source.path, source.text, tuple(_documents_of(values, source)))
        reading = _read_by(source, text, is_exact=False, is_unusual=is_unusual)
        if not (is_small and any(it.kind is FaultKind.SYNTAX for it in reading.faults)):
            return reading
    return _read_by(source, text, is_exact=True, is_unusual=is_unusual)


def _documents_of(values: Values, source: Source) -> Iterator[Document]:
    """Documents whose marks are made when a place is asked for."""
    composed = Composed(source.text, len(values.data))
    for number, data in enumerate(values.data):
        marks = YamlMarks(composed, data, number)
        yield Document(
            source.path, source.text, data, marks, marks, number, is_literal=values.is_literal
        )


def _read_by(source: Source, text: str, *, is_exact: bool, is_unusual: bool) -> Reading:
    """Read with one of the parsers; without the constructor where a document turns out plain."""
    next_event = events(text, exact=is_exact)
    try:
        return _documents(next_event, source, read_unusual if is_unusual else read_plain)
    except Unusual:
        return _documents(events(text, exact=is_exact), source, read_unusual)


def _keep_inside(document: Document) -> None:
    """Let what is written at the end of the text end there.

    Where the last line has no end, libyaml places an empty value on a line after it.
    """
    text = document.text
    if text.endswith(LINE_ENDS):
        return
    written: list[Any] = [document.root]
    for marks in document.marks.values():
        written += chain.from_iterable(marks.values()) if isinstance(marks, Mapping) else marks
    end = Lines(text).position(len(text))
    for event in written:
        if event.end_mark.index == end.index:
            event.end_mark = end
            if event.start_mark.index == end.index:
                event.start_mark = end


def _documents(
    next_event: NextEvent,
    source: Source,
    read: Callable[[NextEvent, Source, int, OddKeys], Document],
) -> Reading:
    """All documents of a text, up to the first fatal fault."""
    documents: list[Document] = []
    faults: list[Fault] = []
    odd = OddKeys(source)
    try:
        while (kind := (event := next_event()).__class__) is not StreamEndEvent:
            if kind is DocumentStartEvent:
                if len(documents) == source.limits.documents:
                    raise source.over("documents", "documents in one file", event)
                document = read(next_event, source, len(documents), odd)
                _keep_inside(document)
                documents.append(document)
                faults += odd.told(document.data)
    except Refused as refused:
        faults += [*odd.told(None), refused.fault]
    except yaml.YAMLError as error:
        faults += [*odd.told(None), fault_of(error, source.path, source.text)]
    except MemoryError:
        message = "there is not enough memory to read the file"
        faults.append(Fault(FaultKind.LIMIT, message, start_of(source.path)))
    if not documents and not faults:
        message = "the file holds no document, only comments and empty lines"
        faults.append(Fault(FaultKind.EMPTY, message, start_of(source.path)))
    faults.sort(key=lambda fault: (fault.place.line, fault.place.column))
    return Reading(source.path, source.text, tuple(documents), tuple(faults))
