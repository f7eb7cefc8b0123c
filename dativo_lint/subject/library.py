"""The library: every text that a run needs, read and parsed once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.subject.kinds import may_concern, seems_rendered
from dativo_lint.texts.document import Fault, FaultKind, Limits, Reading
from dativo_lint.texts.folder import Folder, read_content
from dativo_lint.texts.globs import expand_glob
from dativo_lint.texts.place import Place
from dativo_lint.texts.witness import Answer, Facts, Witness

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.module import Module

_Read = TypeVar("_Read")

_LINE_END = r"\r\n?|\n"
_RENDERED_SUFFIXES = (".json", ".tfvars")
_KEPT_CHARACTERS = 256 * 1024
"""So much text is kept with what was read of it, which takes twenty times the memory."""
_PEEKED_BYTES = 8 * 1024 * 1024
"""Contents that are at hand for who reads them next."""
_MOST_SPLIT = 16
"""Texts whose lines are at hand."""
_SEARCHED_BYTES = 64 * 1024 * 1024
"""So much of a file that is too large to be read is searched for what concerns this linter."""


class _Size(Struct, eq=False):
    """How many characters the kept readings hold, and how many bytes were peeked at."""

    characters: int = 0
    peeked: int = 0


class Library(Struct, frozen=True, eq=False):
    """Readings by path, and modules by folder; each is made the first time it is asked for.

    Of readings, those made last are kept, as many as come to `_KEPT_CHARACTERS`: jobs are read one
    by one, and what they share lies near each other. `folder` may be a `Witness`, so that it is
    known on which of its answers a module hangs.
    """

    folder: Folder
    limits: Limits = Limits()
    _readings: dict[str, Reading | None] = field(default_factory=dict)
    _kept: _Size = field(default_factory=_Size)
    _peeked: dict[str, tuple[bytes | Fault, Limits]] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)
    _trees: dict[str, ModuleTree] = field(default_factory=dict)
    _facts: dict[tuple[str, str], Facts] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def reading(self, path: str) -> Reading:
        """The documents and faults of a file, relative to the root."""
        found = self._readings.get(path)
        if found is None:
            found = self._read(path, *self._content(path))
            self._keep(path, found)
        return found

    def reading_if_concerned(self, path: str) -> Reading | None:
        """The reading of a file that nobody named; None where it holds nothing for this linter."""
        if path not in self._readings:
            content, limits = self._content(path)
            if isinstance(content, Fault):
                concerns = self._fault_concerns(path, content)
            else:
                concerns = may_concern(content)
            self._keep(path, self._read(path, content, limits) if concerns else None)
        return self._readings[path]

    def peek(self, path: str) -> bytes | Fault:
        """The content of a file, which is then at hand for who reads or forgets it.

        Of many, the first ones are read again.
        """
        found = self._peeked.get(path)
        if found is None:
            found = self._content(path)
            self._put_aside(path, *found)
        return found[0]

    def changed(self, contents: Mapping[str, Answer], witness: Witness) -> set[str]:
        """The files that do not hold what they held; what these hold now is at hand."""
        changed = set()
        for path, answer in contents.items():
            content = witness.changed(path, answer, self.limits)
            if content is not None:
                changed.add(path)
                if not isinstance(content, Fault):
                    self._put_aside(path, content, self.limits)
        return changed

    def _put_aside(self, path: str, content: bytes | Fault, limits: Limits) -> None:
        if self._kept.peeked > _PEEKED_BYTES:
            self._kept.peeked = 0
            self._peeked.clear()
        self._kept.peeked += 0 if isinstance(content, Fault) else len(content)
        self._peeked[path] = content, limits

    def content_fact(self, path: str, witness: Witness) -> tuple[str, str, Answer]:
        """What a witness knows of the content of a file, as it is read here."""
        fact = witness.content(path, self.limits)
        if isinstance(fact[2], str) and path.endswith(_RENDERED_SUFFIXES):
            return witness.content(path, self.limits.of_rendered)
        return fact

    def forget(self, path: str) -> None:
        """Drop a file that is not needed any more."""
        if isinstance(self.folder, Witness):
            self.folder.forget(path, self.limits)
        self._peeked.pop(path, None)
        self._lines.pop(path, None)
        reading = self._readings.pop(path, None)
        if reading is not None:
            self._kept.characters -= len(reading.text)

    def _keep(self, path: str, reading: Reading | None) -> None:
        self._readings[path] = reading
        self._kept.characters += len(reading.text) if reading is not None else 0
        while self._kept.characters > _KEPT_CHARACTERS and len(self._readings) > 1:
            self.forget(next(iter(self._readings)))

    def _content(self, path: str) -> tuple[bytes | Fault, Limits]:
        """The content of a file, and how much of it may be read: of a rendered set, more."""
        peeked = self._peeked.pop(path, None)
        if peeked is not None:
            return peeked
        content = self.folder.read(path, self.limits)
        is_too_large = isinstance(content, Fault) and content.kind is FaultKind.LIMIT
        if is_too_large and path.endswith(_RENDERED_SUFFIXES):
            limits = self.limits.of_rendered
            larger = self.folder.read(path, limits)
            if not isinstance(larger, Fault) and seems_rendered(larger):
                return larger, limits
            if isinstance(larger, Fault) and larger.kind is FaultKind.LIMIT:
                from dativo_lint.texts.source import limit_message  # few files are too large

                message = limit_message("rendered_bytes", limits.file_bytes, "bytes")
                return replace(larger, message=message), limits
        return content, self.limits

    def _read(self, path: str, content: bytes | Fault, limits: Limits) -> Reading:
        if isinstance(content, Fault):
            return Reading(path, "", (), (content,))
        if path.endswith(".tfvars"):
            # Few runs are given variables files.
            from dativo_lint.terraform.variables_file import read_variables

            return read_variables(path, content, limits)
        return read_content(path, content, limits)

    def _fault_concerns(self, path: str, fault: Fault) -> bool:
        """Whether a file that cannot be had is worth a word: not a link that leads nowhere."""
        if fault.kind is not FaultKind.LIMIT:
            return self.folder.kind(path) is not None
        content = self.folder.read(path, replace(self.limits, file_bytes=_SEARCHED_BYTES))
        return isinstance(content, Fault) or may_concern(content)

    def module(self, path: str) -> Module:
        """The Terraform module in a folder, relative to the root."""
        found = self._modules.get(path)
        if found is None:
            # The Terraform room is needed only by jobs that name a module.
            from dativo_lint.terraform.module import read_module

            found = self._modules[path] = self._noting(
                "module", path, lambda: read_module(self.folder, path, self.limits)
            )
        else:
            self._repeat("module", path)
        return found

    def module_tree(self, path: str) -> ModuleTree:
        """The Terraform module in a folder with those that it calls."""
        found = self._trees.get(path)
        if found is None:
            from dativo_lint.terraform.calls import read_tree

            found = self._trees[path] = self._noting(
                "tree", path, lambda: read_tree(self.folder, path, self.limits, self.module)
            )
        return found

    def facts_of_module(self, path: str) -> Facts:
        """The answers of the folder on which a module hangs with those that it calls."""
        self.module_tree(path)
        return self._facts.get(("tree", path), ())

    def _noting(self, what: str, path: str, read: Callable[[], _Read]) -> _Read:
        """What is read, with the answers of the folder on which it hangs noted."""
        if not isinstance(self.folder, Witness):
            return read()
        with self.folder.noting() as noted:
            found = read()
        self._facts[what, path] = tuple((*question, answer) for question, answer in noted.items())
        return found

    def _repeat(self, what: str, path: str) -> None:
        if isinstance(self.folder, Witness):
            self.folder.repeat(self._facts[what, path])

    def matching(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The files that globs without `**` stand for, from the root on."""
        paths = (path for it in patterns for path in expand_glob(self.folder, it))
        return tuple(dict.fromkeys(paths))

    def line_at(self, place: Place) -> str:
        """The line of a file where a place begins, without its end; empty where it is unknown."""
        lines = self._lines.get(place.path)
        if lines is None:
            if len(self._lines) >= _MOST_SPLIT:
                self._lines.clear()
            lines = self._lines[place.path] = _lines_of(self._text(place.path))
        return lines[place.line - 1] if place.line <= len(lines) else ""

    def plain_line_at(self, place: Place) -> str | None:
        """The same of a file that need not be read for it as YAML; None of one that may be a plan,
        which may hold secrets, and where it is not plain what a line is."""
        content = self.peek(place.path) if place.path.endswith((".yaml", ".yml")) else b"\r"
        if isinstance(content, Fault) or not content.isascii():
            return None
        if any(it in content for it in (b"\r", b"\\", b"format_version")):
            return None
        lines = content.decode().split("\n")
        return lines[place.line - 1] if place.line <= len(lines) else ""

    def _text(self, path: str) -> str:
        """The text of a file that was read, be it as part of a module."""
        reading = self._readings.get(path)
        if reading is not None:
            return reading.text
        module = self._modules.get(posixpath.dirname(path) or ".")
        for file in module.files if module else ():
            if file.path == path:
                return file.text
        return self.reading(path).text


def _lines_of(text: str) -> list[str]:
    return re.split(_LINE_END, text) if "\r" in text else text.split("\n")
