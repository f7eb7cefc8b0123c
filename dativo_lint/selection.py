"""Selection: which jobs a run judges, given files, and which other files it reads for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from dativo_lint.settings import Settings
from dativo_lint.subject.kinds import (
    MODULE_SUFFIXES,
    VARIABLES_SUFFIXES,
    Kind,
    is_flat,
    kind_of,
    may_be_runner,
    seems_to_be,
)
from dativo_lint.subject.library import Library
from dativo_lint.subject.text import Text
from dativo_lint.texts.discovery import is_within
from dativo_lint.texts.document import Document, Fault, Reading
from dativo_lint.texts.globs import glob_matcher, path_matcher

if TYPE_CHECKING:
    from dativo_lint.dependence import Dependence

_OTHER = frozenset((Kind.OTHER,))
_TEXT_SUFFIXES = (".yaml", ".yml", ".json")


class Given(Struct, frozen=True):
    """What a run was given, as paths relative to the root.

    `named` one by one; `walked` in folders and by globs. `changed` says that the named files are
    a commit's, of which those that concern no job are passed over, and which may be `gone`.
    Those of `rendered` are rendered sets, though their shape may not tell it; `job` is held
    against the sets that name none, and `sink` is that of those which tell none.
    `all_files` finds every text file of the repository, for when the jobs that depend on a file
    have to be found.
    """

    named: Sequence[str]
    walked: Sequence[str] = ()
    changed: bool = False
    gone: Sequence[str] = ()
    rendered: Sequence[str] = ()
    job: str | None = None
    sink: str = ""
    all_files: Callable[[], Sequence[str]] = tuple


class Selection(Struct, eq=False):
    """The jobs to judge, in the order of their places, and the files to judge as texts.

    `texts` are by path; `runners` are the files that may give jobs their schedules; `passed_over`
    are the named files that concern no job.
    """

    jobs: list[Document] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)
    runners: list[Text] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    @property
    def rendered(self) -> list[Document]:
        """The rendered sets to judge, in the order of their places."""
        texts = [self.texts[path] for path in sorted(self.texts)]
        return [document for text in texts for document in text.documents(Kind.RENDERED)]

    def enter(self, path: str, taken: Taken) -> None:
        """Enter a file that is taken."""
        if taken.text is not None and path not in self.texts:
            self.texts[path] = taken.text
            self.jobs += taken.jobs


class Taken(Struct, frozen=True, eq=False):
    """What a run takes of one file: the file as a text, None where it concerns nobody, and its
    jobs to judge.

    `is_final` tells that the file is a job or a rendered set, so that no job depends on it; `uses`
    are the files for whose sake its jobs were taken.
    """

    text: Text | None = None
    jobs: tuple[Document, ...] = ()
    is_final: bool = False
    uses: frozenset[str] = frozenset()


def select(library: Library, settings: Settings, given: Given) -> Selection:
    """Find the jobs among the given files, and those that depend on the others."""
    selector = Selector(library, settings, given)
    found = Selection(runners=selector.runners)
    taken = {path: selector.take(path) for path in selector.files}
    for path, it in taken.items():
        found.enter(path, it)
    is_final = {path: it.is_final for path, it in taken.items()}
    others = selector.others(is_final, has_jobs=bool(found.jobs))
    if others:
        dependents = selector.dependents(others)
        used: set[str] = set()
        for path in dependents.files:
            if path not in found.texts:
                it = dependents.take(path)
                used |= it.uses
                found.enter(path, it)
        for path in dependents.left_over(used, found.texts.__contains__):
            it = selector.take_flat(path)
            found.enter(path, it)
            if it.text is None:
                found.passed_over.append(path)
    found.passed_over[:0] = selector.excluded
    if found.jobs:
        for runner in selector.broken_runners:
            found.texts.setdefault(runner.path, runner)
    found.jobs.sort(key=lambda job: (job.path, job.number))
    return found


class Selector:
    """Says of each file whether a run judges it, one by one, so that none need be kept.

    `files` are the given ones, sorted; `excluded` those of them that settings leave out.
    """

    def __init__(self, library: Library, settings: Settings, given: Given) -> None:
        self._library = library
        self._settings = settings
        self._given = given
        self._is_job = path_matcher(settings.jobs)
        self._is_rendered = path_matcher(settings.rendered)
        self._is_excluded = path_matcher(settings.exclude)
        self._walked = tuple(path for path in given.walked if not self._is_excluded(path))
        self.excluded = tuple(filter(self._is_excluded, given.named)) if given.changed else ()
        left_out = frozenset(self.excluded)
        self._named = frozenset(path for path in given.named if path not in left_out)
        self.files = tuple(sorted({*self._named, *self._walked}))

    def take(self, path: str) -> Taken:
        """Take a given file with all its jobs, if it is Dativo's."""
        if path not in self._named:
            text = self.text(path)
            return Taken(text, text.documents(Kind.JOB)) if text is not None else Taken()
        return self._take_named(path)

    def _take_named(self, path: str) -> Taken:
        if self._given.changed:
            text = self.text(path)
        elif path.endswith(MODULE_SUFFIXES) and not path.endswith(VARIABLES_SUFFIXES):
            text = None
        else:
            text = self._text_of(self._library.reading(path))
        if text is None or not (text.reading.is_broken or _is_ours(text)):
            return Taken()
        seems_job = text.reading.is_broken and seems_to_be(text.reading.text) is Kind.JOB
        # A variables file may be one of a module, on which jobs depend.
        is_set = Kind.RENDERED in text.kinds and not path.endswith(VARIABLES_SUFFIXES)
        is_final = seems_job or is_set or Kind.JOB in text.kinds
        return Taken(text, text.documents(Kind.JOB), is_final)

    def is_asked_by_name(self, path: str) -> bool:
        """Whether a file is taken in another way than one that lies about."""
        is_named = path in self._named and not self._given.changed
        return is_named or path in self._given.rendered

    def others(self, is_final: Mapping[str, bool], *, has_jobs: bool) -> Sequence[str]:
        """The given files on which jobs may depend that are not given themselves.

        `is_final` tells of each named file whether it was, as of `Taken`.
        """
        named = [path for path in self._given.named if not is_final.get(path, True)]
        if not self._given.named and not has_jobs:
            named += self._walked
        return (*named, *self._given.gone)

    def dependents(self, others: Sequence[str]) -> Dependents:
        """The files whose jobs may depend on others."""
        from dativo_lint.dependence import Dependence  # for what is given beside jobs

        every = dict.fromkeys((*self._walked, *self._given.all_files()))
        files = tuple(path for path in every if not self._is_excluded(path))

        depend = Dependence(others, self._library, self._settings, self.runners)
        policy = frozenset(filter(self._is_policy, others))
        return Dependents(files, tuple(others), policy, self, depend)

    def text(self, path: str) -> Text | None:
        """A file that nobody named, if it is Dativo's; a broken one, if it was meant to be."""
        if self._is_rendered(path):
            return self._text_of(self._library.reading(path))
        if not path.lower().endswith(_TEXT_SUFFIXES) or path.endswith(".tf.json"):
            return None
        if self._is_job(path):
            return self._text_of(self._library.reading(path))
        reading = self._library.reading_if_concerned(path)
        if reading is None:
            return None
        text = self._text_of(reading)
        if _is_ours(text) or (reading.is_broken and _seems_ours(reading)):
            return text
        return None

    def _text_of(self, reading: Reading) -> Text:
        if self._is_job(reading.path):
            return Text(reading, (Kind.JOB,) * len(reading.documents))
        kinds = tuple(map(kind_of, reading.documents))
        if reading.path in self._given.rendered or self._is_rendered(reading.path):
            pairs = zip(reading.documents, kinds, strict=True)
            kinds = tuple(Kind.RENDERED if _may_be_set(*pair) else pair[1] for pair in pairs)
        return Text(reading, kinds)

    @cached_property
    def runner_paths(self) -> tuple[str, ...]:
        """The runner files that the settings name, and those that were given by name."""
        patterns = self._settings.runners
        paths = [path for path in self._given.named if self._may_run_jobs(path)]
        paths += self._library.matching(it for it in patterns if "**" not in it)
        globs = [glob_matcher(it) for it in patterns if "**" in it]
        for path in self._given.all_files() if globs else ():
            if any(glob(path) for glob in globs):
                paths.append(path)
        return tuple(dict.fromkeys(paths))

    @cached_property
    def runners(self) -> list[Text]:
        """These files, read."""
        return [self._text_of(self._library.reading(path)) for path in self.runner_paths]

    def _may_run_jobs(self, path: str) -> bool:
        """Whether a file that was given by name may be a runner file."""
        if path not in self._named:
            return False
        content = self._library.peek(path)
        if isinstance(content, Fault) or not may_be_runner(content):
            return False
        text = self.take(path).text
        return text is not None and Kind.RUNNER in text.kinds

    @property
    def broken_runners(self) -> list[Text]:
        """The runner files that cannot be read."""
        return [runner for runner in self.runners if runner.reading.is_broken]

    def take_flat(self, path: str) -> Taken:
        """Take a file on which no job depends, if it was named and may be a bare set of tags."""
        if path in self._given.named and not self._given.changed:
            text = self._text_of(self._library.reading(path))
            pairs = zip(text.reading.documents, text.kinds, strict=True)
            kinds = tuple(Kind.RENDERED if self._is_set(*pair) else pair[1] for pair in pairs)
            if Kind.RENDERED in kinds:
                text = Text(text.reading, kinds)
                return Taken(text, text.documents(Kind.JOB))
        return Taken()

    def _is_set(self, document: Document, kind: Kind) -> bool:
        """Whether the keys of a flat mapping, or what was asked of it, tell that it holds tags."""
        from dativo_lint.subject.rendered import told_by_keys  # few runs are given such files

        is_asked = self._given.sink or self._given.job is not None
        return _may_be_set(document, kind) and bool(is_asked or told_by_keys(document.data))

    def _is_policy(self, path: str) -> bool:
        """Whether a file is of the settings or of a rule folder, and so concerns every job."""
        absolute = os.path.normpath(os.path.join(self._settings.root, path))
        return absolute == self._settings.file or any(
            is_within(absolute, folder) for folder in self._settings.rule_folders
        )


class Dependents(Struct, frozen=True, eq=False):
    """The files that may hold jobs which depend on `others`; all depend on those of `policy`."""

    files: tuple[str, ...]
    others: tuple[str, ...]
    policy: frozenset[str]
    _selector: Selector
    _depend: Dependence

    def take(self, path: str) -> Taken:
        """Take the jobs of a file that depend on one of the others."""
        text = self._selector.text(path)
        uses = [
            (job, set(self._depend.on(job))) for job in (text.documents(Kind.JOB) if text else ())
        ]
        jobs = tuple(job for job, its in uses if its or self.policy)
        used = frozenset().union(*(its for _, its in uses))
        return Taken(text, jobs, uses=used) if jobs else Taken()

    def left_over(self, used: Container[str], is_taken: Callable[[str], bool]) -> Iterator[str]:
        """The others on which no job depends, and that were not taken themselves."""
        for path in self.others:
            if not (path in used or is_taken(path) or path in self.policy):
                yield path


def _is_ours(text: Text) -> bool:
    return not _OTHER.issuperset(text.kinds)


def _may_be_set(document: Document, kind: Kind) -> bool:
    """Whether a document that is nothing else may be a bare set of tags."""
    return kind is Kind.RENDERED or (kind is Kind.OTHER and is_flat(document.data))


def _seems_ours(reading: Reading) -> bool:
    """Whether a broken file was meant for Dativo; of what cannot be opened, nobody can tell."""
    return not reading.text or seems_to_be(reading.text) is not Kind.OTHER
