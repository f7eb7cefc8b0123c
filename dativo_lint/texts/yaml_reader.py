"""YAML as the platform reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

from dativo_lint.texts.document import Document, Fault, FaultKind, Limits, Reading
from dativo_lint.texts.encoding import decode_yaml
from dativo_lint.texts.line_marks import LineMarks
from dativo_lint.texts.place import start_of
from dativo_lint.texts.yaml_lines import line_values


def read_yaml(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a file's documents; whatever is wrong with it is a fault, and nothing is raised.

    Values are those of `yaml.safe_load_all`. Refused, though the safe loader takes them, are only
    things that have no end or cost too much: collections inside themselves, numbers of more than
    4300 digits, half characters, two byte order marks, and whatever exceeds the limits. Of a text
    longer than 200,000 characters, libyaml's word is taken where PyYAML's own parser would differ.
    """
    if len(content) > limits.file_bytes:
        from dativo_lint.texts.source import limit_message  # few files are too large

        message = limit_message("file_bytes", limits.file_bytes, "bytes")
        return Reading(path, "", (), (Fault(FaultKind.LIMIT, message, start_of(path)),))
    decoded = decode_yaml(path, content)
    if decoded.fault is None:
        return _read_lines(path, decoded.text, limits) or _parsed(path, decoded.text, limits)
    before = _parsed(path, decoded.text, limits, decoded.sound)
    documents = before.documents if before.is_broken else before.documents[:-1]
    odd = tuple(fault for fault in before.faults if not fault.kind.is_fatal)
    return Reading(path, decoded.text, documents, (*odd, decoded.fault))


def _read_lines(path: str, text: str, limits: Limits) -> Reading | None:
    """Read a text whose lines are such that they can be read one by one; None for others."""
    values = line_values(text, limits)
    if values is None:
        return None
    (data,) = values.data
    marks = LineMarks(text, data)
    document = Document(
        path, text, data, marks, marks, is_literal=values.is_literal, by_lines=marks
    )
    return Reading(path, text, (document,))


def _parsed(path: str, text: str, limits: Limits, sound: int | None = None) -> Reading:
    """Read a text, or the `sound` characters that it begins with, as PyYAML does."""
    # PyYAML takes as long to import as a small run.
    from dativo_lint.texts.source import Source
    from dativo_lint.texts.yaml_parsed import parsed

    return parsed(Source(path, text, limits), text[:sound])
