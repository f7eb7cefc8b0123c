"""The rules that ran on a file: only they can say that a suppression there is of no use."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

from dativo_lint.findings.file_results import JobResult, TextResult
from dativo_lint.settings.ruleset import RuleSets

NOTHING: Final = TextResult()
"""Of a text that has nothing to report."""


class RulesRan:
    """The rules that ran, to the end, on all that may have findings in a file.

    `texts` are the files that were read, None for those with nothing to report; `of_jobs` are the
    rules that ran on every job that reads a file.
    """

    def __init__(self, rules: RuleSets, texts: Mapping[str, TextResult | None]) -> None:
        self.of_jobs: dict[str, frozenset[str]] = {}
        self._rules = rules
        self._texts = texts

    @property
    def is_any_broken(self) -> bool:
        """Whether a file could not be read as what it was meant to be."""
        return any(text is not None and text.is_broken for text in self._texts.values())

    def note(self, path: str, job: JobResult) -> None:
        """Add those that ran on a job of a file."""
        rules = self._rules.for_overrides(job.overrides)
        # If a part of a job was not read, a suppression may still be used there.
        ran = rules.ids if job.is_whole else frozenset()
        reads = (read for read, _ in job.reads)
        for concerned in (path, *reads, *{own.place.path for own, _ in job.suppressions}):
            before = self.of_jobs.setdefault(concerned, ran)
            if before is not ran:
                self.of_jobs[concerned] = before & ran

    def at(
        self, path: str, given: Container[str], gone: Container[str], is_whole: bool
    ) -> frozenset[str]:
        """Those for a file of a run over given ones, or over all, of which some are gone."""
        if is_whole and path in gone:
            return self._rules.usual.ids
        if path in self._texts and (is_whole or path in given):
            return self.on(path, self._texts[path] or NOTHING)
        return self.of_jobs.get(path, self.everywhere()) if is_whole else frozenset()

    def everywhere(self) -> frozenset[str]:
        """Those that ran on every job."""
        ran = (self._rules.usual.ids, *self.of_jobs.values())
        return frozenset() if self.is_any_broken else frozenset.intersection(*ran)

    def on(self, path: str, text: TextResult) -> frozenset[str]:
        """Those for a given file; one that was read for a job may be used by others, too."""
        if text.is_broken:
            return frozenset()
        if path in self.of_jobs:
            return self.of_jobs[path]
        rules = self._rules.for_overrides(text.overrides).of("text")
        return frozenset(prepared.rule.id for prepared in rules)
