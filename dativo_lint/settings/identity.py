"""Identity: what a result depends on beside the files of the repository."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dativo_lint.rulebook.index import builtin_path
from dativo_lint.settings.settings import Settings
from dativo_lint.version import __version__

_PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
_OTHERS = ("pyyaml-", "jsonschema-", "jsonschema_rs-", "google_re2-", "pathspec-", "msgspec-")
_INSTALLED = (".dist-info", ".egg-info")
_NOT_OF_RESULTS = frozenset(
    {"root", "file", "files", "faults", "fail_on", "origins", "globs", "rule_folders"}
    | {"ignores", "suppressions", "baseline"}
)
"""Settings that decide nothing about a file; rule folders do by what is in them, and what is
accepted is sorted out when all is judged."""

_PLACES = ("place", "source", "origin", "origins")


def identity_of(settings: Settings) -> str:
    """A name for all that decides about results: the tool, its rules, its parser, and settings."""
    decided = {
        name: _plain(getattr(settings, name))
        for name in Settings.__match_args__
        if name not in _NOT_OF_RESULTS
    }
    own = [_content(folder) for folder in settings.rule_folders]
    parts = (_tool(), tuple(sys.version_info), sorted(decided.items()), own)
    return _digest(repr(parts).encode("utf-8", "surrogateescape"))


def _tool() -> Any:
    """The tool itself: its version, or in a checkout the state of its files; and its libraries."""
    rules = builtin_path()
    is_installed = os.path.dirname(rules) == _PACKAGE
    state = () if is_installed else tuple(_state((_PACKAGE, rules)))
    return __version__, state, _others()


def _others() -> list[str]:
    """The versions of other packages by their folders: to import them would take longer."""
    packages: list[str] = []
    for folder in sys.path:
        if folder.endswith("-packages"):
            try:
                names = os.listdir(folder)
            except OSError:
                continue
            packages += (name for name in names if name.lower().startswith(_OTHERS))
    return sorted(name for name in packages if name.endswith(_INSTALLED))


def _state(folders: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The name, size and time of every file that is no bytecode."""
    pending = list(folders)
    while pending:
        with os.scandir(pending.pop()) as entries:
            in_order = sorted(entries, key=lambda entry: entry.name)
        for entry in in_order:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    pending.append(entry.path)
            else:
                status = entry.stat()
                yield entry.name, status.st_size, status.st_mtime_ns


def _content(of: str) -> list[tuple[str, str]]:
    """What is in a folder of rules."""
    folder = Path(of)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(path.relative_to(folder)), _digest(_bytes_of(path))) for path in files]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:  # of a rule file, that is an error of its own
        return str(error).encode()


def digest_of(value: Any) -> str:
    """A digest of settings, rules and the like, without where they stand."""
    return _digest(repr(_plain(value)).encode("utf-8", "surrogatepass"))


def _plain(value: Any) -> Any:
    """A setting in an order that does not depend on Python's hashes."""
    if isinstance(value, Mapping):
        return [(repr(_plain(key)), _plain(value[key])) for key in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if isinstance(value, (list, tuple)):
        return list(map(_plain, value))
    names = getattr(type(value), "__match_args__", None)
    if names is not None:
        return [_plain(getattr(value, name)) for name in names if name not in _PLACES]
    return value


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
