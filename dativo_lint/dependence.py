"""Dependence: which of some files a job depends on."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from dativo_lint.settings import Settings
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler
from dativo_lint.subject.kinds import MODULE_SUFFIXES
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead, Reference
from dativo_lint.subject.text import Text
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import spell


class Dependence:
    """Which of some files a job depends on."""

    def __init__(
        self,
        files: Iterable[str],
        library: Library,
        settings: Settings,
        runners: Sequence[Text],
    ) -> None:
        self._files = frozenset(files)
        self._assembler = Assembler(library, settings.prefixes, runners=lambda: runners)
        self._library = library
        # A module may read files in folders below its own.
        self._by_folder: dict[str, list[str]] = {}
        for path in self._files:
            if path.endswith(MODULE_SUFFIXES):
                for folder in _folders_above(path):
                    self._by_folder.setdefault(folder, []).append(path)

    def on(self, job: Document) -> Iterator[str]:
        for name, reference in self._assembler.references(job).items():
            if name == spell(MODULE_FIELD):
                for folder in self._module_folders(reference):
                    yield from self._by_folder.get(folder, ())
            else:
                leads = (reference.path,) if reference.path else reference.tried
                yield from self._files.intersection(leads)
        for schedule in self._assembler.schedules(job):
            yield from self._files.intersection((schedule.document.path,))

    def _module_folders(self, reference: Reference) -> Iterator[str]:
        """The folder of a job's module, and those of the modules that it calls."""
        if self._by_folder and reference.path is not None:
            yield reference.path
            if reference.lead is Lead.FOUND:
                for *_, called in self._library.module_tree(reference.path).chains():
                    yield called.module.path


def _folders_above(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield "."
