"""Selection: which jobs a run judges, given files, and which other files it reads for them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence

from dativo_lint.records import dataclass, field
from dativo_lint.settings import Settings
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler
from dativo_lint.subject.kinds import VARIABLES_SUFFIXES, Kind, is_flat, kind_of, seems_to_be
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead, Reference
from dativo_lint.subject.rendered import told_by_keys
from dativo_lint.subject.subject import Text
from dativo_lint.texts.discovery import matcher
from dativo_lint.texts.document import Document, Reading
from dativo_lint.texts.globs import compile_glob
from dativo_lint.texts.place import spell

_MODULE_SUFFIXES = (".tf", ".tf.json", ".tfvars", ".tfvars.json")
_TEXT_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Given:
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


@dataclass(slots=True, eq=False)
class Selection:
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


def select(library: Library, settings: Settings, given: Given) -> Selection:
    """Find the jobs among the given files, and those that depend on the others."""
    return _Selector(library, settings, given).select()


class _Selector:
    def __init__(self, library: Library, settings: Settings, given: Given) -> None:
        self._library = library
        self._settings = settings
        self._given = given
        self._is_job = matcher(settings.jobs)
        self._is_rendered = matcher(settings.rendered)
        self._is_excluded = matcher(settings.exclude)
        self._found = Selection()

    def select(self) -> Selection:
        given, found = self._given, self._found
        walked = [path for path in given.walked if not self._is_excluded(path)]
        others = [path for path in given.named if not self._take_named(path)]
        for path in walked:
            self._take(self._text(path))
        self._take_runners()
        if not given.named and not found.jobs:
            others += walked
        others += given.gone
        if others:
            self._take_dependents(others, walked)
        for runner in found.runners if found.jobs else ():
            if runner.reading.is_broken:
                found.texts.setdefault(runner.path, runner)
        found.jobs.sort(key=lambda job: (job.path, job.number))
        return found

    def _take_named(self, path: str) -> bool:
        """Take a file that was named; whether it is a job, so that nothing depends on it."""
        if self._given.changed and self._is_excluded(path):
            self._found.passed_over.append(path)
            return True
        if self._given.changed:
            text = self._text(path)
        elif path.endswith(_MODULE_SUFFIXES) and not path.endswith(VARIABLES_SUFFIXES):
            text = None
        else:
            text = self._text_of(self._library.reading(path))
        if text is None or not (text.reading.is_broken or _is_ours(text)):
            return False
        self._take(text)
        seems_job = text.reading.is_broken and seems_to_be(text.reading.text) is Kind.JOB
        # A variables file may be one of a module, on which jobs depend.
        is_set = Kind.RENDERED in text.kinds and not path.endswith(VARIABLES_SUFFIXES)
        return seems_job or is_set or Kind.JOB in text.kinds

    def _take(self, text: Text | None) -> None:
        if text is not None and text.path not in self._found.texts:
            self._found.texts[text.path] = text
            self._found.jobs += text.documents(Kind.JOB)

    def _text(self, path: str) -> Text | None:
        """A file that nobody named, if it is Dativo's; a broken one, if it was meant to be."""
        if self._is_rendered(path):
            return self._text_of(self._library.reading(path))
        if not path.endswith(_TEXT_SUFFIXES) or path.endswith(".tf.json"):
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

    def _take_runners(self) -> None:
        """Take the runner files that the settings name, and those that were given by name."""
        patterns = self._settings.runners
        paths = [path for path in self._given.named if path in self._found.texts]
        paths += self._library.matching(it for it in patterns if "**" not in it)
        globs = [compile_glob(it) for it in patterns if "**" in it]
        for path in self._given.all_files() if globs else ():
            if any(glob.matches(path.split("/")) for glob in globs):
                paths.append(path)
        for path in dict.fromkeys(paths):
            text = self._found.texts.get(path) or self._text_of(self._library.reading(path))
            self._found.runners.append(text)

    def _take_dependents(self, others: Sequence[str], walked: Iterable[str]) -> None:
        """Take the jobs that depend on files which are no jobs themselves."""
        used = set()
        judges_all = any(map(self._is_policy, others))
        depend = _Dependence(others, self._library, self._settings, self._found.runners)
        for path in dict.fromkeys((*walked, *self._given.all_files())):
            if path in self._found.texts or self._is_excluded(path):
                continue
            text = self._text(path)
            for job in text.documents(Kind.JOB) if text else ():
                uses = set(depend.on(job))
                used |= uses
                if text and (uses or judges_all):
                    self._found.jobs.append(job)
                    self._found.texts[path] = text
        for path in others:
            is_policy = judges_all and self._is_policy(path)
            if not (path in used or path in self._found.texts or is_policy):
                self._take_flat(path)

    def _take_flat(self, path: str) -> None:
        """Take a file on which no job depends, if it was named and may be a bare set of tags."""
        if path in self._given.named and not self._given.changed:
            text = self._text_of(self._library.reading(path))
            pairs = zip(text.reading.documents, text.kinds, strict=True)
            kinds = tuple(Kind.RENDERED if self._is_set(*pair) else pair[1] for pair in pairs)
            if Kind.RENDERED in kinds:
                self._take(Text(text.reading, kinds))
                return
        self._found.passed_over.append(path)

    def _is_set(self, document: Document, kind: Kind) -> bool:
        """Whether the keys of a flat mapping, or what was asked of it, tell that it holds tags."""
        is_asked = self._given.sink or self._given.job is not None
        return _may_be_set(document, kind) and bool(is_asked or told_by_keys(document.data))

    def _is_policy(self, path: str) -> bool:
        """Whether a file is of the settings or of a rule folder, and so concerns every job."""
        absolute = self._settings.root / path
        return absolute == self._settings.file or any(
            absolute.is_relative_to(folder) for folder in self._settings.rule_folders
        )


class _Dependence:
    """Which of some files a job depends on."""

    def __init__(
        self,
        files: Iterable[str],
        library: Library,
        settings: Settings,
        runners: Iterable[Text],
    ) -> None:
        self._files = frozenset(files)
        self._assembler = Assembler(library, settings.prefixes, runners=tuple(runners))
        self._library = library
        # A module may read files in folders below its own.
        self._by_folder: dict[str, list[str]] = {}
        for path in self._files:
            if path.endswith(_MODULE_SUFFIXES):
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


def _is_ours(text: Text) -> bool:
    return any(kind is not Kind.OTHER for kind in text.kinds)


def _may_be_set(document: Document, kind: Kind) -> bool:
    """Whether a document that is nothing else may be a bare set of tags."""
    return kind is Kind.RENDERED or (kind is Kind.OTHER and is_flat(document.data))


def _seems_ours(reading: Reading) -> bool:
    """Whether a broken file was meant for Dativo; of what cannot be opened, nobody can tell."""
    return not reading.text or seems_to_be(reading.text) is not Kind.OTHER


def _folders_above(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield "."
