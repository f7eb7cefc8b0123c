"""The option `--watch`: lint again after each change of a file."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dativo_lint.cli import USAGE, fail
from dativo_lint.cli.options import settings_by_root
from dativo_lint.cli.output import shared_options, tell
from dativo_lint.documents.discovery import inside_repository, is_within
from dativo_lint.errors import UsageError
from dativo_lint.findings.baseline import Key, key_of
from dativo_lint.findings.report import Report
from dativo_lint.git.files import ignored_among
from dativo_lint.jobs.job_shape import TEXT_SUFFIXES
from dativo_lint.jobs.kinds import MODULE_SUFFIXES
from dativo_lint.settings.source import PROJECT_FILE

if TYPE_CHECKING:
    from watchfiles import Change

_OTHERS = ("fix", "fix_only", "diff", "add_suppressions", "changed", "shard", "stdin_filename")
"""Options that change files, or are about files that do not change."""
_SUFFIXES = (*TEXT_SUFFIXES, *MODULE_SUFFIXES, PROJECT_FILE, ".gitignore")
"""What the names of the files end with that a run reads without being led to them."""


class Watch:
    """Runs of a command with the same options, and what the last one found and read.

    The command calls `on_report` with the report of each run and the folder of its paths.
    """

    def __init__(self, command: Callable[..., int], options: Mapping[str, Any]) -> None:
        paths, asked = options["paths"], {f"--{name}": options[name] for name in _OTHERS}
        for option, value in {**asked, "-": "-" in paths}.items():
            if value:
                raise UsageError(f"--watch cannot be combined with {option.replace('_', '-')}")
        self._command, self._options = command, options
        runs = settings_by_root(paths)
        self._roots = [os.path.realpath(settings.root) for settings, _ in runs]
        files = [options["output"], *(form.partition("=")[2] for form in options["formats"])]
        self._written = [os.path.realpath(file) for file in files if file]
        self._cache = os.path.realpath(options["cache_dir"] or os.devnull)
        self._found: Counter[Key] | None = None
        self._read: frozenset[str] = frozenset()

    def run(self) -> NoReturn:
        """Lint, and again after each change, until KeyboardInterrupt."""
        try:
            from watchfiles import DefaultFilter, watch  # an extra
            from watchfiles._rust_notify import WatchfilesRustInternalError
        except ImportError as error:
            install = 'pip install "dativo-lint[watch]"'
            raise UsageError(f"--watch needs the package watchfiles; {install}") from error
        is_usual = DefaultFilter()  # no .git, no virtual environments, no editor's swap files
        gc.enable()  # this process is a long one
        # It is watching before the first run: a change in the meantime is not lost.
        watcher = watch(
            *self._roots,
            watch_filter=lambda change, path: is_usual(change, self._below_root(path)),
            rust_timeout=100,  # milliseconds until the first run
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        try:
            for changes in watcher:
                paths = self._relevant(changes)
                if self._found is None or paths:
                    self._run_again(paths)
        # There may be more folders than the system watches, or a name that is not UTF-8.
        except (OSError, WatchfilesRustInternalError) as error:
            raise UsageError(f"--watch: {error}") from error
        raise KeyboardInterrupt

    def _run_again(self, changed: list[str]) -> None:
        before = self._found
        if before is not None:
            click.clear()  # of a terminal only
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            tell(f"--- {os.path.relpath(changed[0])}{more} changed")
        compared = ""
        try:
            self._command(**self._options, on_report=self._keep)
            if before is not None and self._found is not None:
                new, gone = self._found - before, before - self._found
                compared = f"{new.total()} new, {gone.total()} gone since the last run; "
        except UsageError as error:
            if before is None:  # it is the arguments, or there is nothing to watch
                raise
            fail(str(error), USAGE, shared_options())
        tell(f"{compared}watching {', '.join(self._roots)}")

    def _keep(self, report: Report, root: str) -> None:
        self._found = Counter(map(key_of, report.findings))
        self._read = frozenset(os.path.join(root, path) for path in report.read)

    def _below_root(self, path: str) -> str:
        return next((path[len(root) :] for root in self._roots if is_within(path, root)), path)

    def _relevant(self, changes: Iterable[tuple[Change, str]]) -> list[str]:
        """The paths whose changes can concern a run: of files that it does not write itself, and
        that git does not ignore, unless it has read them."""
        paths = {
            path
            for change, path in changes
            # Whatever is new or gone may have been looked for.
            if (change.name != "modified" or path.lower().endswith(_SUFFIXES) or path in self._read)
            and not self._is_own(path)
        }
        for root in self._roots:
            repository, inside = inside_repository(root)
            below = {path for path in paths - self._read if is_within(path, root)}
            inner = {f"{inside}{os.path.relpath(path, root)}": path for path in below}
            paths -= {inner[path] for path in ignored_among(repository, inner)}
        return sorted(paths, key=lambda path: (not os.path.lexists(path), path))

    def _is_own(self, path: str) -> bool:
        """Whether a run writes a file: a report, its temporary file, the cache, or its output."""
        above, name = os.path.split(path)
        for folder, file in map(os.path.split, self._written):
            if above == folder and (name == file or name.startswith(f".{file}.")):
                return True
        with suppress(OSError):
            status = os.stat(path)
            if any(os.path.samestat(status, os.fstat(number)) for number in (1, 2)):
                return True
        return is_within(path, self._cache)
