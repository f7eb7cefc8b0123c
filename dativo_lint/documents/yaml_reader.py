"""YAML as the platform reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import yaml
from yaml.nodes import Node

from dativo_lint.documents.document import Document, Fault, FaultKind, Limits, Reading, too_large
from dativo_lint.documents.odd_keys import odd_key_faults
from dativo_lint.documents.place import start_of
from dativo_lint.documents.source import Refused, Source, decode_yaml
from dativo_lint.documents.yaml_compose import EventComposer, compose_quickly
from dativo_lint.documents.yaml_dialect import needs_exact, syntax_fault
from dativo_lint.documents.yaml_node import YamlNode
from dativo_lint.documents.yaml_unusual import unusual_data
from dativo_lint.documents.yaml_values import PlainData, Unusual

EXACT_CHARACTERS: Final = 200_000
"""Texts longer than this, up to a second's work for PyYAML's own parser, are left to libyaml
alone, whatever they hold."""


def read_yaml(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a file's documents; problems become faults, and nothing is raised.

    Values are those of `yaml.safe_load_all`. The only other things rejected have no end or cost too
    much: collections inside themselves, numbers of more than 4300 digits, halves of surrogate
    pairs, two byte order marks, and whatever exceeds the limits. Texts of more than 200,000
    characters are read as libyaml reads them, where PyYAML's own parser would differ.
    """
    if len(content) > limits.file_bytes:
        return Reading(path, "", (), (too_large(path, limits),))
    decoded = decode_yaml(path, content)
    source = Source(path, decoded.text, limits)
    reading = _read(source, decoded.text[: decoded.sound])
    if decoded.fault is None:
        return reading
    documents = reading.documents if reading.is_broken else reading.documents[:-1]
    odd = tuple(fault for fault in reading.faults if not fault.kind.is_fatal)
    return Reading(path, decoded.text, documents, (*odd, decoded.fault))


def _read(source: Source, text: str) -> Reading:
    """Read the valid beginning of a source with the parser that reads it as PyYAML does."""
    is_small = len(text) <= EXACT_CHARACTERS
    if not (is_small and needs_exact(text, source.limits.nesting)):
        reading = _read_quickly(source, text) if is_small else None
        if reading is None:
            reading = _read_events(source, EventComposer(source, text, is_exact=False))
        if not (is_small and any(fault.kind is FaultKind.SYNTAX for fault in reading.faults)):
            return reading
    return _read_events(source, EventComposer(source, text, is_exact=True))


def _read_quickly(source: Source, text: str) -> Reading | None:
    """Read a text of plain documents that libyaml may compose; None for any other."""
    reader = _Documents(source)
    try:
        roots = compose_quickly(text, source.limits)
        for root in roots or ():
            reader.add(root)
            if reader.fatal is not None:
                break
    except (Unusual, MemoryError):
        return None
    return reader.reading() if roots is not None else None


def _read_events(source: Source, composer: EventComposer) -> Reading:
    reader = _Documents(source)
    try:
        for root in composer.roots():
            try:
                reader.add(root, has_tags=composer.has_tags)
            except Unusual:
                reader.add(root, has_tags=True)
            if reader.fatal is not None:
                break
    except (Refused, yaml.YAMLError) as error:
        fatal = error.fault if isinstance(error, Refused) else syntax_fault(error, source)
        if composer.root is not None and not composer.has_tags:
            # The text before the fault in its document may have faults, too.
            with suppress(Unusual):
                reader.add(composer.root, is_whole=False)
        reader.fatal = reader.fatal or fatal
    except MemoryError:
        message = "not enough memory to read the file"
        reader.fatal = Fault(FaultKind.LIMIT, message, start_of(source.path))
    return reader.reading()


class _Documents:
    """The documents of a text, up to the first fault that is fatal."""

    def __init__(self, source: Source) -> None:
        self.fatal: Fault | None = None
        self._source = source
        self._documents: list[Document] = []
        self._odd: list[Fault] = []

    def add(self, root: Node, *, has_tags: bool = False, is_whole: bool = True) -> None:
        """Build one more document, of which only the beginning may be there. Raises Unusual."""
        path, text = self._source.path, self._source.text
        node, builder = YamlNode(text, root), PlainData(self._source)
        data = None
        try:
            data = unusual_data(root, self._source) if has_tags else builder.of(root)
        except Refused as refused:
            self.fatal = refused.fault
        if has_tags or builder.has_odd_keys or self.fatal is not None:
            too_many = odd_key_faults(self._source, node, self._odd, self.fatal)
            self.fatal = too_many or self.fatal
        if is_whole and self.fatal is None:
            is_odd = has_tags or builder.has_odd_scalars
            self._documents.append(Document(path, text, data, node, len(self._documents), is_odd))

    def reading(self) -> Reading:
        """The result of reading the text."""
        path = self._source.path
        faults = [*self._odd, *([self.fatal] if self.fatal is not None else [])]
        if not self._documents and not faults:
            message = "the file is empty or has only comments"
            faults.append(Fault(FaultKind.EMPTY, message, start_of(path)))
        faults.sort(key=lambda fault: (fault.place.line, fault.place.column))
        return Reading(path, self._source.text, tuple(self._documents), tuple(faults))
