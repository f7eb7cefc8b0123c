"""Entries of `ignores`, as fields of the settings files that they are in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from dativo_lint.documents.document import Document, Fault
from dativo_lint.documents.folder import Folder, read_content
from dativo_lint.documents.place import Place
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.settings.settings import Settings, ignores_in
from dativo_lint.settings.source import Source


def entries_of(
    ignores: Iterable[Suppression], folder: Folder, settings: Settings
) -> dict[Place, FieldRef]:
    """The fields that suppressions of the settings are, by their places; none of those in TOML."""
    entries: dict[Place, FieldRef] = {}
    for path in {ignore.place.path for ignore in ignores if ignore.kind == "setting"}:
        content = folder.read(path, settings.limits)
        if not isinstance(content, Fault) and (document := _document(path, content)):
            for number in range(len(document.value(("ignores",)))):
                entry = FieldRef(document, ("ignores", number))
                entries[entry.child("rules").place] = entry
    return entries


def with_contents(settings: Settings, contents: Mapping[str, bytes]) -> Settings:
    """Settings with the `ignores` of files that have other contents now, by their paths."""
    by_file: dict[str, list[Suppression]] = {}
    for ignore in settings.ignores:
        by_file.setdefault(ignore.place.path, []).append(ignore)
    for path in by_file.keys() & contents.keys():
        if document := _document(path, contents[path]):
            folder = dict(settings.files).get(os.path.join(settings.root, path), "")
            source = Source(path, document.data, document, folder=folder)
            by_file[path] = list(ignores_in(source))
    return replace(settings, ignores=tuple(each for part in by_file.values() for each in part))


def _document(path: str, content: bytes) -> Document | None:
    """The settings in a file, if they can be read and edited."""
    documents = () if path.endswith(".toml") else read_content(path, content).documents
    return next((each for each in documents if isinstance(each.data, dict)), None)
