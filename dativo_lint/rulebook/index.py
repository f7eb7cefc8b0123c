"""The index of the built-in rules: the content of their YAML files, as JSON in `index.json`.

Reading the YAML of all rules takes as long as linting dozens of files. The index has a digest of
the files that it was made from; if one is edited, all are read as YAML, and checked. `make docs`
writes the index, also when a check applies to other targets; a test compares it with the rules.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import DecodeError, Struct, json

from dativo_lint.checks import CHECKS, check
from dativo_lint.errors import UsageError, hold

INDEX = Path(__file__).with_name("index.json")
TAGGABLE = "taggable.yaml"
"""The table of taggable resources, which is beside the folders of rules."""
APPLIES_TO = "applies_to"
"""The targets of a check, which the index has so that a run imports only the checks it needs."""

_EXAMPLES = b"\nexamples:"

Parts = Mapping[str, Any]
"""The data of a rule file."""


class Index(Struct, frozen=True):
    """The data of files by path, and the digest of the files."""

    digest: str
    files: dict[str, dict[str, Any]]


def builtin_path() -> str:
    """The folder of the built-in rules, one folder a family.

    A wheel carries the rules inside the package; a checkout, and so an editable install, has them
    beside it.
    """
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    packaged = os.path.join(package, "rules")
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), "rules")


@cache
def builtin_index() -> Mapping[str, Parts] | None:
    """The data of every built-in file without its examples, by its path; not to be changed. None
    where a file was edited since `make docs`."""
    return indexed(builtin_texts(), INDEX)


def builtin_texts(*, whole: bool = False) -> dict[str, bytes]:
    """The built-in files by path from their folder, sorted, each up to its examples or `whole`."""
    folder = builtin_path()
    families = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir())
    paths = [
        f"{family}/{name}"
        for family in families
        for name in sorted(os.listdir(os.path.join(folder, family)))
        if name.endswith(".yaml")
    ]
    texts: dict[str, bytes] = {}
    for path in (*paths, TAGGABLE):
        with open(os.path.join(folder, path), "rb", buffering=0) as file:
            texts[path] = file.read() if whole else file.read().partition(_EXAMPLES)[0]
    return texts


def indexed(texts: Mapping[str, bytes], file: Path) -> Mapping[str, Parts] | None:
    """The data of files as an index has it; None where it was not made from just these files."""
    try:
        index = json.decode(file.read_bytes(), type=Index)
    except (OSError, DecodeError):
        return None
    return index.files if index.digest == _digest(texts) else None


def read_as_yaml(texts: Mapping[str, bytes]) -> Mapping[str, Parts]:
    """The data of built-in files; raises UsageError with the places of what is no YAML."""
    from dativo_lint.documents.yaml_reader import read_yaml  # with an index, none is read

    readings = {path: read_yaml(f"rules/{path}", text) for path, text in texts.items()}
    faults = [fault for reading in readings.values() for fault in reading.faults]
    hold([UsageError(fault.message, fault.place) for fault in faults])
    return {path: reading.documents[0].data for path, reading in readings.items()}


def index_of(texts: Mapping[str, bytes]) -> bytes:
    """The index of files, a line each, so that a change of it can be reviewed."""
    rows = (
        json.encode(path) + b": " + json.encode(_with_targets(data))
        for path, data in read_as_yaml(texts).items()
    )
    head = b'{"digest": "' + _digest(texts).encode() + b'", "files": {\n'
    return head + b",\n".join(rows) + b"\n}}\n"


def _with_targets(data: Parts) -> Parts:
    is_rule = data.get("check") in CHECKS
    return {**data, APPLIES_TO: check(data["check"]).APPLIES_TO} if is_rule else data


def _digest(texts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path, text in texts.items():
        digest.update(b"%s %d\n%s" % (path.encode(), len(text), text))
    return digest.hexdigest()
