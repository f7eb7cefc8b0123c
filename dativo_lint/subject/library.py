"""The library: every text that a run needs, read and parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field

from typing import TYPE_CHECKING

from dativo_lint.texts.document import Limits, Reading
from dativo_lint.texts.folder import Folder, read_text

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Readings by path, and modules by folder; each is made the first time it is asked for."""

    folder: Folder
    limits: Limits = Limits()
    _readings: dict[str, Reading] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)

    def reading(self, path: str) -> Reading:
        """The documents and faults of a file, relative to the root."""
        found = self._readings.get(path)
        if found is None:
            found = self._readings[path] = read_text(self.folder, path, self.limits)
        return found

    def module(self, path: str) -> Module:
        """The Terraform module in a folder, relative to the root."""
        found = self._modules.get(path)
        if found is None:
            # The Terraform room is needed only by jobs that name a module.
            from dativo_lint.terraform.module import read_module

            found = self._modules[path] = read_module(self.folder, path, self.limits)
        return found
