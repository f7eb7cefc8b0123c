"""Indexes: all that a run needs of the built-in rules, in modules used while they are true.

Reading the YAML of 92 rule files takes 15 ms, a quarter of what a run over one file may last;
reading their bytes and the index takes 2 ms, and would take 4 ms if the index were JSON. An index
tells the digest of the bytes that it was made from, so a rule that somebody has edited is read as
YAML, at once and without a word. `make docs` writes the indexes, and a test holds them to the
rules.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from dativo_lint.rulebook.builtin import builtin_path

RULES = f"{__package__}.index_of_rules"
TAGGABLE = f"{__package__}.index_of_taggable"
"""An index for each use, so that none reads what it does not need."""

_EXAMPLES = b"\nexamples:"

Parts = Mapping[str, Any]
"""What stands in a file, without examples."""


def rule_texts(*, whole: bool = False) -> dict[str, bytes]:
    """The built-in rule files, sorted by `family/id.yaml`, each up to its examples or `whole`."""
    folder = builtin_path()
    with os.scandir(folder) as entries:
        families = sorted(entry.name for entry in entries if entry.is_dir())
    texts = {}
    for family in families:
        for name in sorted(os.listdir(f"{folder}/{family}")):
            if name.endswith(".yaml"):
                with open(f"{folder}/{family}/{name}", "rb", buffering=0) as stream:
                    text = stream.read()
                texts[f"{family}/{name}"] = text if whole else text.partition(_EXAMPLES)[0]
    return texts


def taggable_texts() -> dict[str, bytes]:
    """The table of taggable resources, which lies beside the rules, by its name."""
    with open(f"{builtin_path()}/taggable.yaml", "rb") as stream:
        return {"taggable.yaml": stream.read()}


def parts_of(path: str, text: bytes) -> Parts:
    """The parts of a built-in file, as its YAML tells them."""
    from dativo_lint.texts.yaml_reader import read_yaml  # the index spares a run of it

    parts: Parts = read_yaml(f"rules/{path}", text).documents[0].data
    return parts


def indexed(texts: Mapping[str, bytes], module: str) -> dict[str, Parts]:
    """The parts of files, as the index in a module tells them where it knows just these texts."""
    try:
        # As `importlib.import_module`, which takes 0.4 ms to import.
        index = __import__(module, fromlist=["INDEX"]).INDEX
    except (AttributeError, ImportError, SyntaxError):
        index = {}
    told = {}
    for path, text in texts.items():
        known, parts = index.get(path, (None, {}))
        told[path] = parts if known == _digest(text) else parts_of(path, text)
    return told


def index_of(texts: Mapping[str, bytes]) -> str:
    """The text of an index, a line a file; raises ValueError for what is no literal of Python."""
    from ast import literal_eval

    lines = [_HEAD]
    for path, text in texts.items():
        entry = f"({_digest(text)!r}, {parts_of(path, text)!r})"
        _ = literal_eval(entry)
        lines.append(f"    {path!r}: {entry},")
    return "\n".join([*lines, "}", ""])


_HEAD = '''\
"""Made from the rules by `make docs`: of each file the digest, and what stands in it."""

from __future__ import annotations

from typing import Any

INDEX: dict[str, tuple[bytes, dict[str, Any]]] = {\
'''


def _digest(content: bytes) -> bytes:
    """What tells bytes from all others, in 16 bytes."""
    return blake2b(content, digest_size=16).digest()
