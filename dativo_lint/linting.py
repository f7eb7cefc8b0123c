"""The story: for every job, gather what it refers to into one subject; hold the subject against
every rule that applies; sort what was found into a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path

from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.load import builtin_rules, own_rules
from dativo_lint.rulebook.rule import Rule
from dativo_lint.selection import Given, Selection, select
from dativo_lint.settings import Settings, find_settings
from dativo_lint.subject.allowance import Allowance, AllowanceUse, allowances
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler, text_of
from dativo_lint.subject.condition import holds
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.discovery import discover
from dativo_lint.texts.document import Document, Reading
from dativo_lint.texts.folder import DiskFolder, Folder
from dativo_lint.texts.place import spell
from dativo_lint.verdict.evaluate import Docket, settle
from dativo_lint.verdict.ready import ReadyRules, make_ready
from dativo_lint.verdict.report import Report

Progress = Callable[[int, int], None]
"""Told after each job how many of how many are judged."""


def lint(
    paths: Sequence[str | Path],
    settings: Settings | None = None,
    *,
    changed: bool = False,
    stdin: tuple[str, bytes] | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Lint jobs, and whatever jobs depend on the other files that are given.

    `paths` are files, folders and globs; `settings` default to those found from the current
    folder. `changed` says that the paths are changed files, of which those that concern no job
    are passed over. `stdin` is a path and the content that stands in for the file there.
    `today` decides which allowances have expired. Raises Misuse where there is nothing to check,
    or where settings or rule files cannot be used.
    """
    settings = settings or find_settings(Path.cwd())
    found = discover(settings.root, [str(path) for path in paths])
    for path in () if changed else found.missing:
        raise Misuse(f"{path}: there is no such file or folder")
    for path in () if changed else found.outside:
        raise Misuse(f"{path} lies outside the repository, whose root is {settings.root}")
    named = (*found.named, *((stdin[0],) if stdin else ()))
    given = Given(named, found.walked, changed, lambda: discover(settings.root, ["."]).walked)
    return lint_folder(
        DiskFolder(settings.root), given, settings, stdin=stdin, today=today, progress=progress
    )


def lint_folder(
    folder: Folder,
    given: Given,
    settings: Settings,
    rules: Iterable[Rule] | None = None,
    *,
    stdin: tuple[str, bytes] | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """As `lint`, of texts in any folder and with given rules; paths are relative to the root."""
    rules = tuple(all_rules(settings) if rules is None else rules)
    ready = _Readiness(rules, settings)
    library = Library(folder, settings.limits)
    if stdin is not None:
        library.put(*stdin)
    selection = select(library, settings, given)
    if not selection.jobs and not selection.readings and not given.changed:
        raise Misuse(_nothing(given))
    docket = Docket(library.line_at)
    readings = _judge_jobs(
        docket, ready, selection, _assembler(library, settings, selection), progress
    )
    for path in sorted(readings):
        docket.hold(text_of(*readings[path]), ready.usual.text)
    allowed_by = [it for reading, _ in readings.values() for it in allowances(reading)]
    return _report(docket, ready, selection, allowed_by, len(readings), today or date.today())


def _judge_jobs(
    docket: Docket,
    ready: _Readiness,
    selection: Selection,
    assembler: Assembler,
    progress: Progress | None,
) -> dict[str, tuple[Reading, Kind | None]]:
    """Hold every job against its rules; tell the files that were read for them."""
    readings = dict(selection.readings)
    for number, job in enumerate(selection.jobs, 1):
        subject = assembler.subject(job)
        docket.hold(subject, ready.for_job(job).job)
        for name, reference in subject.references.items():
            path = reference.path
            if path is not None and reference.lead is Lead.FOUND and path not in readings:
                if name != spell(MODULE_FIELD):
                    kind = Kind.ASSET if name == "asset_path" else None
                    readings[path] = (assembler.library.reading(path), kind)
        if progress is not None:
            progress(number, len(selection.jobs))
    return readings


def _report(
    docket: Docket,
    ready: _Readiness,
    selection: Selection,
    comments: list[Allowance],
    files: int,
    today: date,
) -> Report:
    standing, allowed, accepted = settle(docket, comments, today)
    watch = Docket(docket.line_at)
    ran = frozenset(rule.id for rule in ready.usual.all)
    for allowance in comments:
        use = AllowanceUse(allowance, accepted[allowance], ready.known, ran, today)
        watch.hold(use, ready.usual.allowance)
    watched, _, _ = settle(watch, (), today)
    order = attrgetter("place", "rule.id", "message")
    return Report(
        findings=tuple(sorted((*standing, *watched), key=order)),
        allowed=tuple(allowed),
        open_questions=tuple(sorted(docket.open_questions.values(), key=order)),
        crashes=(*docket.crashes, *watch.crashes),
        rules=ready.usual.all,
        jobs=len(selection.jobs),
        files=files,
        passed_over=tuple(selection.passed_over),
    )


def all_rules(settings: Settings, *, whole: bool = False) -> tuple[Rule, ...]:
    """The built-in rules and those of the settings' rule folders, sorted by id."""
    rules = {rule.id: rule for rule in builtin_rules(whole=whole)}
    for folder in settings.rule_folders:
        rules.update((rule.id, rule) for rule in own_rules(folder, rules))
    return tuple(rules[id] for id in sorted(rules))


def load_jobs(path: str | Path, settings: Settings | None = None) -> tuple[Subject, ...]:
    """The jobs in one file, each with all that it refers to.

    Raises Misuse for a file that is not there, cannot be read or holds no job.
    """
    settings = settings or find_settings(Path.cwd())
    found = discover(settings.root, [str(path)])
    if len(found.named) != 1:
        raise Misuse(f"{path}: there is no such file in {settings.root}")
    library = Library(DiskFolder(settings.root), settings.limits)
    selection = select(library, settings, Given(found.named))
    for reading, _ in selection.readings.values():
        for fault in reading.faults:
            if fault.kind.is_fatal:
                raise Misuse(fault.message, fault.place)
    jobs = [job for job in selection.jobs if job.path == found.named[0]]
    if not jobs:
        raise Misuse(f"{path} holds no job: no asset_path, source_connector_path, infrastructure")
    assembler = _assembler(library, settings, selection)
    return tuple(map(assembler.subject, jobs))


def load_job(path: str | Path, settings: Settings | None = None) -> Subject:
    """The one job in a file; raises Misuse as `load_jobs`, and where there are several."""
    jobs = load_jobs(path, settings)
    if len(jobs) > 1:
        raise Misuse(f"{path} holds {len(jobs)} jobs; expected one")
    return jobs[0]


def derive_tags(job: Subject) -> TagSet:
    """The effective tags of a job by namespaced key, each with its trail."""
    return job.tags


class _Readiness:
    """The rules made ready: as usual, and for the jobs that overrides of the settings pick out."""

    def __init__(self, rules: tuple[Rule, ...], settings: Settings) -> None:
        self._rules = rules
        self._settings = settings
        self._by_overrides: dict[tuple[int, ...], ReadyRules] = {}
        self.usual = self._for(())
        self.known = frozenset(rule.id for rule in rules)

    def for_job(self, job: Document) -> ReadyRules:
        """The rules for one job."""
        if not self._settings.overrides:
            return self.usual
        pairs = enumerate(self._settings.overrides)
        return self._for(tuple(n for n, it in pairs if holds(it.when, job) is True))

    def _for(self, overrides: tuple[int, ...]) -> ReadyRules:
        ready = self._by_overrides.get(overrides)
        if ready is None:
            extra = [self._settings.overrides[number].rules for number in overrides]
            ready = make_ready(self._rules, self._settings, extra)
            self._by_overrides[overrides] = ready
        return ready


def _assembler(library: Library, settings: Settings, selection: Selection) -> Assembler:
    return Assembler(library, settings.prefixes, settings.propagation, tuple(selection.runners))


def _nothing(given: Given) -> str:
    if not given.named and not given.walked:
        return "nothing to check: there are no YAML or JSON files here"
    count = len(given.named) + len(given.walked)
    return (
        f"nothing to check: none of {count} files is a Dativo job or concerns one; a job has "
        "asset_path, source_connector_path or infrastructure at its top, or matches `jobs`"
    )
