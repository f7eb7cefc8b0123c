"""YAML as the platform reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import Any, Final, TypeAlias

import yaml
from msgspec import Struct
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dativo_lint.documents.document import Document, Fault, FaultKind, Limits, Reading, too_large
from dativo_lint.documents.place import start_of
from dativo_lint.documents.source import OddKey, Refused, Source, decode_yaml, odd_key_faults
from dativo_lint.documents.yaml_compose import AliasNode, EventComposer, compose_quickly, span_of
from dativo_lint.documents.yaml_dialect import needs_exact, syntax_fault
from dativo_lint.documents.yaml_unusual import unusual_data
from dativo_lint.documents.yaml_values import MAP_TAG, Unusual, is_scalar, plain_data, value_of

_Build: TypeAlias = Callable[[Node, Source, list[OddKey]], Any]

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
            reader.add(root, plain_data)
            if reader.fatal is not None:
                break
    except (Unusual, MemoryError):
        return None
    return reader.reading() if roots is not None else None


def _read_events(source: Source, composer: EventComposer) -> Reading:
    reader = _Documents(source)
    try:
        for root in composer.roots():
            reader.add(root, _data)
            if reader.fatal is not None:
                break
    except (Refused, yaml.YAMLError) as error:
        fatal = error.fault if isinstance(error, Refused) else syntax_fault(error, source)
        if composer.root is not None:
            # The text before the fault in its document may have faults, too.
            with suppress(Unusual):
                reader.add(composer.root, plain_data, is_whole=False)
        reader.fatal = reader.fatal or fatal
    except MemoryError:
        message = "not enough memory to read the file"
        reader.fatal = Fault(FaultKind.LIMIT, message, start_of(source.path))
    return reader.reading()


def _data(root: Node, source: Source, odd_keys: list[OddKey]) -> Any:
    try:
        return plain_data(root, source, odd_keys)
    except Unusual:
        odd_keys.clear()
        return unusual_data(root, source, odd_keys)


class _Documents:
    """The documents of a text, up to the first fault that is fatal."""

    def __init__(self, source: Source) -> None:
        self.fatal: Fault | None = None
        self._source = source
        self._documents: list[Document] = []
        self._odd: list[Fault] = []

    def add(self, root: Node, build: _Build, *, is_whole: bool = True) -> None:
        """Build one more document, of which only the beginning may be there. Raises Unusual."""
        path, text = self._source.path, self._source.text
        odd_keys: list[OddKey] = []
        data = None
        try:
            data = build(root, self._source, odd_keys)
        except Refused as refused:
            self.fatal = refused.fault
        is_read = is_whole and self.fatal is None
        if odd_keys:
            too_many = odd_key_faults(self._source, odd_keys, data if is_read else None, self._odd)
            self.fatal = too_many or self.fatal
        if is_whole and self.fatal is None:
            node = _YamlNode(text, root)
            self._documents.append(Document(path, text, data, node, len(self._documents)))

    def reading(self) -> Reading:
        """The result of reading the text."""
        path = self._source.path
        faults = [*self._odd, *([self.fatal] if self.fatal is not None else [])]
        if not self._documents and not faults:
            message = "the file is empty or has only comments"
            faults.append(Fault(FaultKind.EMPTY, message, start_of(path)))
        faults.sort(key=lambda fault: (fault.place.line, fault.place.column))
        return Reading(path, self._source.text, tuple(self._documents), tuple(faults))


class _YamlNode(Struct, frozen=True, eq=False, dict=True):
    """See `documents.document.Node`."""

    text: str
    node: Any

    @cached_property
    def _span(self) -> tuple[int, int]:
        return span_of(self.node, self.text)

    @property
    def start(self) -> int:
        return self._span[0]

    @property
    def end(self) -> int:
        return self._span[1]

    @property
    def is_alias(self) -> bool:
        return isinstance(self.node, AliasNode)

    @property
    def target(self) -> _YamlNode:
        return _YamlNode(self.text, self.node.value) if self.is_alias else self

    @cached_property
    def fields(self) -> Mapping[Any, tuple[_YamlNode | None, _YamlNode]]:
        node, text = self.target.node, self.text
        if isinstance(node, MappingNode) and (node.tag or MAP_TAG) == MAP_TAG:
            return {
                value_of(key): (_YamlNode(text, key), _YamlNode(text, value))
                for key, value in node.value
                if is_scalar(key)
            }
        if isinstance(node, SequenceNode):
            return {at: (None, _YamlNode(text, item)) for at, item in enumerate(node.value)}
        return {}

    @property
    def quoted(self) -> Iterator[tuple[int, int]]:
        pending: list[Any] = [self.node]
        while pending:
            node = pending.pop()
            if isinstance(node, ScalarNode):
                if node.style:
                    yield span_of(node, self.text)
            elif isinstance(node, SequenceNode):
                pending += node.value
            elif isinstance(node, MappingNode):
                pending += chain.from_iterable(node.value)
