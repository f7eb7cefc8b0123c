"""Presets: settings of rules under a name, or in a file of a shop."""

from __future__ import annotations

import os
from typing import Any

from dativo_lint.documents.discovery import is_within
from dativo_lint.documents.folder import is_there
from dativo_lint.documents.quoting import quoted
from dativo_lint.errors import UsageError, near_path
from dativo_lint.names import nearest
from dativo_lint.rulebook.index import builtin_path
from dativo_lint.settings.source import (
    OF_PRESETS,
    Source,
    hold_only,
    hold_shape,
    read_source,
    words,
)

PRESETS = ("minimal", "recommended", "strict")
_SUFFIXES = (".yaml", ".yml")
_DEEPEST = 10
_MOST = 100


def with_presets(source: Source, root: str) -> list[Source]:
    """A source after the presets that it is based on, weakest first.

    Raises UsageError for presets that cannot be read, are outside of the repository, or are based
    on themselves.
    """
    sources: list[Source] = []
    _collect(source, root, (), sources)
    return sources


def _collect(source: Source, root: str, above: tuple[Source, ...], into: list[Source]) -> None:
    chain = (*above, source)
    for number, name in enumerate(words(source.data, "preset")):
        is_list = isinstance(source.data["preset"], list)
        place = source.place("preset", *((number,) if is_list else ()))
        if len(into) >= _MOST:
            raise UsageError(f"preset: more than {_MOST} presets", place)
        if name in PRESETS:
            into.append(Source(f"preset {name}", _builtin(name), folder=source.folder))
            continue
        if not (name.lower().endswith(_SUFFIXES) or "/" in name):
            expected = f"one of: {', '.join(PRESETS)}, or the path of a YAML file"
            message = f"preset is {quoted(name)}; expected {expected}{nearest(name, PRESETS)}"
            raise UsageError(message, place)
        try:
            preset = _own(name, source, root)
            names = [source.name for source in (*chain, preset)]
            if preset.file in (source.file for source in chain):
                raise UsageError(f"it is based on itself: {' -> '.join(names)}")
            if len(chain) > _DEEPEST:
                raise UsageError(f"more than {_DEEPEST} presets based on one another")
        except UsageError as error:
            fault = error if error.place else UsageError(f'preset "{name}": {error}', place)
            raise fault from None
        _collect(preset, root, chain, into)
    into.append(source)


def _own(name: str, by: Source, root: str) -> Source:
    """The preset of a shop in a file, seen from the file that names it."""
    file = os.path.normpath(os.path.join(os.path.dirname(by.file) or root, name))
    if not all(is_within(path, os.path.realpath(root)) for path in (file, os.path.realpath(file))):
        raise UsageError("the file is outside the repository")
    if not is_there(file):
        raise UsageError(f"file not found: {file}{near_path(file)}")
    preset = read_source(file, root, by.folder)
    hold_shape(preset)
    hold_only(preset, OF_PRESETS, f"is not a setting of presets; expected {', '.join(OF_PRESETS)}")
    return preset


def _builtin(name: str) -> dict[str, Any]:
    """The settings of a preset of the linter; they are data beside the rules."""
    if name == "recommended":
        return {}
    # Most shops keep to what is recommended.
    from dativo_lint.documents.yaml_reader import read_yaml

    with open(os.path.join(builtin_path(), "presets.yaml"), "rb") as stream:
        content = stream.read()
    presets: dict[str, dict[str, Any]] = read_yaml("presets.yaml", content).documents[0].data
    return presets[name]
