"""The repository: every text that a run needs, and what each result depends on."""

from __future__ import annotations

import posixpath
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import (
    Document,
    Fault,
    FaultKind,
    Limits,
    Reading,
    limit_message,
)
from dativo_lint.documents.folder import Folder, read_content
from dativo_lint.documents.globs import expand_glob
from dativo_lint.documents.tracked_folder import Dependencies, TrackedFolder
from dativo_lint.jobs.asset import Asset, Misfit, asset_of
from dativo_lint.jobs.kinds import (
    MODULE_SUFFIXES,
    Kind,
    is_recipe,
    kind_of,
    may_concern,
    seems_rendered,
)

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.module import Module

_Value = TypeVar("_Value")

_RENDERED_SUFFIXES = (".json", ".tfvars")
_KEPT_CHARACTERS = 256 * 1024
"""How much text is kept with what was read of it: some batches of files with what they share."""
_KEPT_MODULES = 256
_SEARCHED_BYTES = 64 * 1024 * 1024
"""How much of a file that is too large to be read is searched for what concerns this linter."""


class _Kept(Struct, frozen=True, dict=True):
    """The reading of a file with its dependencies; None for a file that is not Dativo's."""

    reading: Reading | None
    dependencies: Dependencies

    @property
    def documents(self) -> tuple[Document, ...]:
        """What a job may refer to: nothing where a part of the file cannot be read."""
        return () if self.reading is None or self.reading.is_broken else self.reading.documents

    @cached_property
    def asset(self) -> Asset | Misfit | None:
        if not self.documents:
            return None
        return _misfit(self.documents, Kind.ASSET) or asset_of(self.documents[0])

    @cached_property
    def recipe(self) -> Document | Misfit | None:
        if not self.documents:
            return None
        return _misfit(self.documents, Kind.CONNECTOR) or self.documents[0]

    @property
    def size(self) -> int:
        return len(self.reading.text) if self.reading is not None else 0


class Repository:
    """Readings by path, and modules by folder; the most recently used are kept.

    Every request, also one from memory, is recorded by the folder for the result that needs it.
    """

    def __init__(self, folder: Folder, limits: Limits = Limits()) -> None:
        self.folder = folder if isinstance(folder, TrackedFolder) else TrackedFolder(folder)
        self.limits = limits
        self._readings: dict[str, _Kept] = {}
        self._size = 0
        self._modules: dict[tuple[str, str], tuple[Any, Dependencies]] = {}

    def reading(self, path: str) -> Reading:
        """The documents and faults of a file, relative to the root."""
        kept = self._readings.get(path)
        reading = kept.reading if kept is not None else None
        if kept is None or reading is None:
            with self.folder.recording() as dependencies:
                reading = _parsed(path, *self._content(path))
            kept = _Kept(reading, dependencies)
        self._keep(path, kept)
        return reading

    def asset(self, path: str) -> Asset | Misfit | None:
        """The asset in a file; None where it cannot be read. The jobs that name it share it."""
        self.reading(path)
        return self._readings[path].asset

    def recipe(self, path: str) -> Document | Misfit | None:
        """The connector recipe in a file; None where it cannot be read."""
        self.reading(path)
        return self._readings[path].recipe

    def reading_if_concerned(self, path: str) -> Reading | None:
        """The reading of an unnamed file; None if it has nothing for this linter."""
        kept = self._readings.get(path)
        if kept is None:
            with self.folder.recording() as dependencies:
                content, limits = self._content(path)
                if isinstance(content, Fault):
                    concerns = self._fault_concerns(path, content)
                else:
                    concerns = may_concern(content)
                reading = _parsed(path, content, limits) if concerns else None
            kept = _Kept(reading, dependencies)
        self._keep(path, kept)
        return kept.reading

    def content(self, path: str) -> bytes | Fault:
        """The content of a file, and why it cannot be had."""
        return self.folder.read(path, self.limits)

    def forget(self, path: str) -> None:
        """Drop a file that is not needed any more."""
        self.folder.forget(path)
        self._drop(path)

    def _keep(self, path: str, kept: _Kept) -> None:
        """Keep what was read as the last that was used, and note that it was."""
        self._drop(path)
        self._readings[path] = kept
        self._size += kept.size
        while self._size > _KEPT_CHARACTERS and len(self._readings) > 1:
            self._drop(next(iter(self._readings)))
        self.folder.add(kept.dependencies)

    def _drop(self, path: str) -> None:
        kept = self._readings.pop(path, None)
        self._size -= kept.size if kept is not None else 0

    def _content(self, path: str) -> tuple[bytes | Fault, Limits]:
        """The content of a file, and how much of it may be read: of a rendered set, more."""
        content = self.folder.read(path, self.limits)
        is_too_large = isinstance(content, Fault) and content.kind is FaultKind.LIMIT
        if is_too_large and path.lower().endswith(_RENDERED_SUFFIXES):
            limits = self.limits.of_rendered
            larger = self.folder.read(path, limits)
            if not isinstance(larger, Fault) and seems_rendered(larger):
                return larger, limits
            if isinstance(larger, Fault) and larger.kind is FaultKind.LIMIT:
                message = limit_message("rendered_bytes", limits.file_bytes, "bytes")
                return replace(larger, message=message), limits
        return content, self.limits

    def _fault_concerns(self, path: str, fault: Fault) -> bool:
        """Whether an unreadable file should be reported: not a broken link."""
        if fault.kind is not FaultKind.LIMIT:
            return self.folder.kind(path) is not None or self.folder.is_outside(path)
        content = self.folder.read(path, replace(self.limits, file_bytes=_SEARCHED_BYTES))
        return isinstance(content, Fault) or may_concern(content)

    def module(self, path: str) -> Module:
        """The Terraform module in a folder, relative to the root."""
        # The Terraform room is needed only by jobs that name a module.
        from dativo_lint.terraform.module import read_module

        return self._once("module", path, lambda: read_module(self.folder, path, self.limits))

    def module_tree(self, path: str) -> ModuleTree:
        """The Terraform module in a folder with those that it calls."""
        from dativo_lint.terraform.calls import read_tree

        return self._once(
            "tree", path, lambda: read_tree(self.folder, path, self.limits, self.module)
        )

    def _once(self, what: str, path: str, read: Callable[[], _Value]) -> _Value:
        """What is read, or was read before; its dependencies are recorded either way."""
        kept = self._modules.pop((what, path), None)
        if kept is None:
            with self.folder.recording() as dependencies:
                kept = read(), dependencies
        self._modules[what, path] = kept
        if len(self._modules) > _KEPT_MODULES:
            del self._modules[next(iter(self._modules))]
        value: _Value = kept[0]
        self.folder.add(kept[1])
        return value

    def matching(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The files that match globs without `**`, from the root."""
        paths = (path for pattern in patterns for path in expand_glob(self.folder, pattern))
        return tuple(dict.fromkeys(paths))

    def lines(self, path: str) -> list[str]:
        """The lines of a file as editors count them, without their ends."""
        return self._text(path).replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def is_marked(self, path: str) -> bool:
        """Whether a file begins with the byte order mark of UTF-8, which is not in its text."""
        content = self.folder.read(path, self.limits)
        return isinstance(content, bytes) and content.startswith(BOM_UTF8)

    def _text(self, path: str) -> str:
        """The content of a file that was read, also as part of a module."""
        if path.endswith(MODULE_SUFFIXES) and path not in self._readings:
            for file in self.module(posixpath.dirname(path) or ".").files:
                if file.path == path:
                    return file.text
        return self.reading(path).text


_HOLDS = {
    Kind.JOB: "a job",
    Kind.ASSET: "an asset definition",
    Kind.RUNNER: "a runner file",
    Kind.RENDERED: "rendered tags",
    Kind.CONNECTOR: "a connector recipe",
}


def _misfit(documents: tuple[Document, ...], wanted: Kind) -> Misfit | None:
    """What a file plainly holds that is not `wanted`, which the platform reads only if alone."""
    if len(documents) > 1:
        return Misfit(f"{len(documents)} documents", documents[1])
    kind = kind_of(documents[0])
    if kind is Kind.OTHER and is_recipe(documents[0].data):
        kind = Kind.CONNECTOR
    return None if kind in (wanted, Kind.OTHER) else Misfit(_HOLDS[kind])


def _parsed(path: str, content: bytes | Fault, limits: Limits) -> Reading:
    if isinstance(content, Fault):
        return Reading(path, "", (), (content,))
    if path.endswith(".tfvars"):
        # Few runs have variables files.
        from dativo_lint.jobs.variables_file import read_variables

        return read_variables(path, content, limits)
    return read_content(path, content, limits)
