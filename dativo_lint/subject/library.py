"""The library: every text that a run needs, read and parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dativo_lint.texts.document import Fault, Limits, Reading
from dativo_lint.texts.folder import Folder, read_content, read_text
from dativo_lint.texts.place import Place

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Readings by path, and modules by folder; each is made the first time it is asked for."""

    folder: Folder
    limits: Limits = Limits()
    _readings: dict[str, Reading] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def reading(self, path: str) -> Reading:
        """The documents and faults of a file, relative to the root."""
        found = self._readings.get(path)
        if found is None:
            found = self._readings[path] = read_text(self.folder, path, self.limits)
        return found

    def reading_if(self, path: str, wanted: Callable[[bytes], bool] | None) -> Reading | None:
        """The reading of a file whose content is `wanted`; None where it is not.

        A file that cannot be opened, or is too large, is not wanted by anybody who asks.
        """
        if wanted is None or path in self._readings:
            return self.reading(path)
        content = self.folder.read(path, self.limits)
        if isinstance(content, Fault) or not wanted(content):
            return None
        return self.put(path, content)

    def put(self, path: str, content: bytes) -> Reading:
        """Take a content for that of a file, whatever stands on the disk."""
        reading = self._readings[path] = read_content(path, content, self.limits)
        return reading

    def module(self, path: str) -> Module:
        """The Terraform module in a folder, relative to the root."""
        found = self._modules.get(path)
        if found is None:
            # The Terraform room is needed only by jobs that name a module.
            from dativo_lint.terraform.module import read_module

            found = self._modules[path] = read_module(self.folder, path, self.limits)
        return found

    def matching(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The files that match a pattern; `*` stands for part of one name in a path."""
        return tuple(
            dict.fromkeys(
                path
                for pattern in patterns
                for path in self._below("", pattern.split("/"))
                if self.folder.kind(path) == "file"
            )
        )

    def _below(self, above: str, steps: list[str]) -> list[str]:
        if not steps:
            return [above]
        names: Iterable[str] = (steps[0],)
        if any(sign in steps[0] for sign in "*?["):
            names = [it for it in self.folder.names(above or ".") if fnmatchcase(it, steps[0])]
        paths = [f"{above}/{name}" if above else name for name in names]
        return [found for path in paths for found in self._below(path, steps[1:])]

    def line_at(self, place: Place) -> str:
        """The line of a file where a place begins, without its end; empty where it is unknown."""
        reading = self._readings.get(place.path)
        if reading is None:
            return ""
        lines = self._lines.get(place.path)
        if lines is None:
            lines = self._lines[place.path] = reading.text.splitlines()
        return lines[place.line - 1] if place.line <= len(lines) else ""
