"""The story: for every job, gather what it refers to into one subject; hold the subject against
every rule that applies; sort what was found into a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.load import builtin_rules, own_rules
from dativo_lint.rulebook.rule import Rule
from dativo_lint.selection import Given, Selection, select
from dativo_lint.settings import Settings
from dativo_lint.settings_file import find_settings, start_of_run
from dativo_lint.subject.allowance import AllowanceUse, allowances
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler, text_of
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead
from dativo_lint.subject.rendered import JobOf
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tagging import KnownModule, Tagging
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.discovery import Discovery, discover, locate
from dativo_lint.texts.document import Document
from dativo_lint.texts.folder import DiskFolder, Folder
from dativo_lint.texts.overlaid import OverlaidFolder
from dativo_lint.texts.place import Place, spell
from dativo_lint.verdict.evaluate import Docket
from dativo_lint.verdict.ready import Readiness, ReadyRules
from dativo_lint.verdict.report import Report
from dativo_lint.verdict.secrets import (
    Censor,
    Secret,
    may_hold_secrets,
    secrets_of,
    secrets_of_rendered,
)
from dativo_lint.verdict.settle import settle

if TYPE_CHECKING:
    from dativo_lint.subject.rendered_forms import FormReader
    from dativo_lint.subject.taggable import TagKeeping

Progress = Callable[[int, int], None]
"""Told after each job how many of how many are judged."""

_ORDER = attrgetter("place", "rule.id", "message")


def lint(
    paths: Sequence[str | Path],
    settings: Settings | None = None,
    *,
    changed: bool = False,
    stdin: tuple[str, bytes] | None = None,
    rendered: Sequence[str | Path] = (),
    job: str | Path | None = None,
    sink: str = "",
    today: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Lint jobs, rendered sets, and whatever jobs depend on the other files that are given.

    `paths` are files, folders and globs; `settings` default to those found from the current
    folder. `changed` says that the paths are changed files, of which those that concern no job
    are passed over. `stdin` is a path, relative to the root, and the content that stands in for
    the file there. `rendered` are files of rendered sets, whatever their shape; those that name no
    job are held against `job`, and those whose form tells no sink are of `sink`. `today` decides
    which allowances have expired. Raises Misuse where there is nothing to check, or where
    settings or rule files cannot be used.
    """
    settings = settings or find_settings(start_of_run([str(path) for path in paths]))
    found = discover(settings.root, [str(path) for path in (*paths, *rendered)])
    if not changed:
        _hold_arguments(found, settings.root)
    folder: Folder = DiskFolder(settings.root)
    if stdin is not None:
        folder = OverlaidFolder(folder, *stdin)
    given = Given(
        named=(*found.named, *((stdin[0],) if stdin else ())),
        walked=found.walked,
        changed=changed,
        gone=tuple(locate(settings.root, path) or path for path in found.missing),
        rendered=tuple(locate(settings.root, str(path)) or str(path) for path in rendered),
        job=None if job is None else _located(job, settings.root),
        sink=sink,
        all_files=cache(lambda: discover(settings.root, [str(settings.root)]).walked),
    )
    return lint_folder(folder, given, settings, today=today, progress=progress)


def lint_folder(
    folder: Folder,
    given: Given,
    settings: Settings,
    rules: Iterable[Rule] | None = None,
    *,
    today: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """As `lint`, of texts in any folder and with given rules; paths are relative to the root."""
    ready = Readiness(all_rules(settings) if rules is None else rules, settings)
    library = Library(folder, settings.limits)
    selection = select(library, settings, given)
    _hold_rendered(given, selection)
    if not selection.jobs and not selection.texts and not given.changed:
        raise Misuse(_nothing(given))
    run = _Run(library, ready, selection)
    assembler = _assembler(library, settings, selection)
    for number, job in enumerate(selection.jobs, 1):
        run.judge(assembler.subject(job))
        if progress is not None:
            progress(number, len(selection.jobs))
    if selection.rendered:
        beside = None if given.job is None else _job_at(given.job, library, settings)
        subject = None if beside is None else assembler.subject(beside)
        run.judge_rendered(assembler, _form_reader(settings, given), subject)
    return run.report(given, today or date.today())


class _Run:
    """What comes up while the jobs of a selection are judged, one by one."""

    def __init__(self, library: Library, ready: Readiness, selection: Selection) -> None:
        self._library = library
        self._ready = ready
        self._selection = selection
        self._docket = Docket(self._line_at)
        self._texts = dict(selection.texts)
        self._rules: dict[str, ReadyRules] = {}
        self._ran: dict[str, frozenset[str]] = {}
        self._secrets: list[Secret] = []
        self._sets = 0

    def judge(self, subject: Subject) -> None:
        """Hold a job against its rules, and remember the files that were read for it."""
        rules = self._ready.for_job(subject.job)
        self._docket.hold(subject, rules.speaking(subject))
        self._secrets += secrets_of(subject)
        # Of a job that was not seen whole, nobody can say that an allowance is of no use.
        ran = rules.ids if subject.is_whole else frozenset()
        path = subject.job.path
        for read, kind in ((path, None), *_read_for(subject)):
            if read not in self._texts:
                self._texts[read] = text_of(self._library.reading(read), kind)
            before = self._ran.get(read, ran)
            self._ran[read] = ran if before is ran else before & ran
        # A file is judged under what is set for its jobs, if that is the same for all of them.
        same = self._rules.get(path, rules) is rules
        self._rules[path] = rules if same else self._ready.usual

    def judge_rendered(self, assembler: Assembler, reader: FormReader, job: Subject | None) -> None:
        """Hold the rendered sets against their rules, each with the job that it names, or `job`."""
        for document in self._selection.rendered:
            for rendered in assembler.rendered(document, reader, job):
                self._sets += 1
                rules = self._ready.for_job(rendered.fields)
                self._docket.hold(rendered, rules.rendered)
                self._secrets += secrets_of_rendered(rendered)
                self._remember_job(rendered.job)

    def _remember_job(self, job: JobOf) -> None:
        """Judge the file that should hold a set's job, where it is not one that can be read."""
        if job.reference is not None and job.reference.path and not job.is_readable:
            path = job.reference.path
            self._texts.setdefault(path, text_of(self._library.reading(path)))

    def _line_at(self, place: Place) -> str:
        """The line at a place; none of a plan, which may hold secrets anywhere on it."""
        text = self._texts.get(place.path)
        if text is not None and may_hold_secrets(text):
            return ""
        return self._library.line_at(place)

    def report(self, given: Given, today: date) -> Report:
        """Judge the texts, and sort all that came up into a report."""
        for path in sorted(self._texts):
            rules = self._rules.get(path, self._ready.usual)
            self._docket.hold(self._texts[path], rules.text)
        found = [it for text in self._texts.values() for it in allowances(text.reading)]
        settled = settle(self._docket, found, today)
        watch = Docket(self._docket.line_at)
        ran = self._ran_everywhere((*given.named, *given.walked))
        for allowance, accepted in settled.accepted.items():
            here = ran.get(allowance.place.path, frozenset())
            use = AllowanceUse(allowance, frozenset(accepted), self._ready.known, here, today)
            watch.hold(use, self._ready.usual.allowance)
        standing = [*settled.standing, *settle(watch, (), today).standing]
        censor = Censor(self._secrets)
        return Report(
            findings=tuple(sorted(map(censor.finding, standing), key=_ORDER)),
            allowed=tuple(map(censor.finding, settled.allowed)),
            open_questions=tuple(
                sorted(map(censor.question, self._docket.open_questions.values()), key=_ORDER)
            ),
            crashes=tuple(map(censor.crash, (*self._docket.crashes, *watch.crashes))),
            rules=self._ready.all,
            jobs=len(self._selection.jobs),
            rendered=self._sets,
            files=len(self._texts),
            passed_over=tuple(self._selection.passed_over),
        )

    def _ran_everywhere(self, given: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Of each given file: the rules that ran, to the end, on all that concerns it.

        Of a file that was read for the sake of one job, other jobs may have more to say.
        """
        crashed = {crash.rule.id for crash in self._docket.crashes}
        of_texts = frozenset(it.rule.id for it in self._ready.usual.text)
        return {
            path: self._ran.get(path, of_texts) - crashed
            for path in given
            if path in self._texts and not self._texts[path].reading.is_broken
        }


def _read_for(subject: Subject) -> Iterator[tuple[str, Kind | None]]:
    """The files that were read for a job, and what it takes them for, if that is anything."""
    for name, reference in subject.references.items():
        if reference.lead is Lead.FOUND and reference.path and name != spell(MODULE_FIELD):
            yield reference.path, Kind.ASSET if name == "asset_path" else None
    for schedule in subject.schedules:
        yield schedule.document.path, None


def all_rules(settings: Settings, *, whole: bool = False) -> tuple[Rule, ...]:
    """The built-in rules and those of the settings' rule folders, sorted by id."""
    rules = {rule.id: rule for rule in builtin_rules(whole=whole)}
    for folder in settings.rule_folders:
        rules.update((rule.id, rule) for rule in own_rules(folder, rules, settings.root))
    return tuple(rules[id] for id in sorted(rules))


def load_jobs(path: str | Path, settings: Settings | None = None) -> tuple[Subject, ...]:
    """The jobs in one file, each with all that it refers to.

    Raises Misuse for a file that is not there, cannot be read or holds no job.
    """
    settings = settings or find_settings(start_of_run([str(path)]))
    named = _located(path, settings.root)
    library = Library(DiskFolder(settings.root), settings.limits)
    selection = select(library, settings, Given((named,)))
    for fault in library.reading(named).faults:
        if fault.kind.is_fatal:
            raise Misuse(fault.message, fault.place)
    if not selection.jobs:
        raise Misuse(f"{path} holds no job: no asset_path, source_connector_path, infrastructure")
    assembler = _assembler(library, settings, selection)
    return tuple(map(assembler.subject, selection.jobs))


def load_module(path: str, settings: Settings) -> KnownModule:
    """The Terraform module in a folder, with those that it calls and what is known of its tags.

    Raises Misuse for what is no folder of the repository.
    """
    where = locate(settings.root, path)
    library = Library(DiskFolder(settings.root), settings.limits)
    if where is None or library.folder.kind(where) != "folder":
        reason = "lies outside the repository" if where is None else "is no folder"
        raise Misuse(f"{path} {reason}; expected the folder of a Terraform module")
    return KnownModule(library.module_tree(where), Tagging(_taggable))


def jobs_of(paths: Sequence[str | Path], settings: Settings) -> Iterator[Subject]:
    """The jobs in files and folders, each with all that it refers to; broken files are left out.

    Raises Misuse where there is no job.
    """
    found = discover(settings.root, [str(path) for path in paths])
    _hold_arguments(found, settings.root)
    given = Given(found.named, found.walked)
    library = Library(DiskFolder(settings.root), settings.limits)
    selection = select(library, settings, given)
    if not selection.jobs:
        raise Misuse(_nothing(given))
    return map(_assembler(library, settings, selection).subject, selection.jobs)


def _job_at(path: str, library: Library, settings: Settings) -> Document:
    """The one job in a file. Raises Misuse where there is none, or more than one."""
    for fault in library.reading(path).faults:
        if fault.kind.is_fatal:
            raise Misuse(fault.message, fault.place)
    found = select(library, settings, Given((path,))).jobs
    jobs = [it for it in found if it.path == path]
    if len(jobs) != 1:
        raise Misuse(f"{path} holds {len(jobs) or 'no'} job{'s'[: len(jobs)]}; expected one")
    return jobs[0]


def load_job(path: str | Path, settings: Settings | None = None) -> Subject:
    """The one job in a file; raises Misuse as `load_jobs`, and where there are several."""
    jobs = load_jobs(path, settings)
    if len(jobs) > 1:
        raise Misuse(f"{path} holds {len(jobs)} jobs; expected one")
    return jobs[0]


def derive_tags(job: Subject) -> TagSet:
    """The effective tags of a job by namespaced key, each with its trail."""
    return job.tags


def _assembler(library: Library, settings: Settings, selection: Selection) -> Assembler:
    runners = tuple(selection.runners)
    tagging = Tagging(_taggable)
    return Assembler(library, settings.prefixes, settings.propagation, runners, tagging)


def _taggable() -> tuple[TagKeeping, ...]:
    # The table is large, and only jobs that name a module need it.
    from dativo_lint.rulebook.taggable import taggable

    return taggable()


def _form_reader(settings: Settings, given: Given) -> FormReader:
    # Few runs are given rendered sets.
    from dativo_lint.rulebook.taggable import taggable
    from dativo_lint.subject.rendered_forms import FormReader

    return FormReader(taggable, given.sink, settings.propagation.dagster_namespaces)


def _hold_arguments(found: Discovery, root: Path) -> None:
    """Raise Misuse for arguments that stand for nothing in the repository, all at once."""
    faults = [f"{path}: there is no such file or folder" for path in found.missing]
    for path in found.outside:
        faults.append(f"{path} lies outside the repository, whose root is {root}")
    if faults:
        raise Misuse("\n".join(faults))


def _hold_rendered(given: Given, selection: Selection) -> None:
    """Raise Misuse for files that were said to be rendered sets and are none."""
    for path in given.rendered:
        text = selection.texts.get(path)
        if text is None or not (text.reading.is_broken or Kind.RENDERED in text.kinds):
            raise Misuse(
                f"{path} holds no rendered tag set; expected a plan in JSON, a variables file, "
                "properties of a table, or a mapping of tags"
            )


def _located(path: str | Path, root: Path) -> str:
    """A file of the repository, from its root. Raises Misuse where it is not one."""
    found = discover(root, [str(path)])
    _hold_arguments(found, root)
    if len(found.named) != 1:
        raise Misuse(f"{path} is not a file; expected one that holds a job")
    return found.named[0]


def _nothing(given: Given) -> str:
    if not given.named and not given.walked:
        return "nothing to check: there are no YAML or JSON files here"
    count = len(given.named) + len(given.walked)
    files = f"none of {count} files is a Dativo job or concerns one"
    if count == 1:
        files = f"{(*given.named, *given.walked)[0]} is no Dativo job and concerns none"
    return (
        f"nothing to check: {files}; a job has asset_path, source_connector_path or "
        "infrastructure at its top, or matches the setting jobs"
    )
