"""Selection: which files a run judges, in which role, and which jobs depend on others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property

from msgspec import Struct

from dativo_lint.documents.discovery import is_within
from dativo_lint.documents.document import Document, Fault, Reading
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.globs import glob_matcher, path_matcher
from dativo_lint.findings.shards import Shard
from dativo_lint.jobs.job_shape import TEXT_SUFFIXES
from dativo_lint.jobs.kinds import (
    MODULE_SUFFIXES,
    VARIABLES_SUFFIXES,
    Kind,
    is_called_variables,
    is_flat,
    kind_of,
    may_be_runner,
    nearly,
    seems_to_be,
)
from dativo_lint.jobs.rendered import sink_of_keys
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.text import Text, text_of
from dativo_lint.settings.settings import Settings
from dativo_lint.settings.source import ALL_NAMES


class Given(Struct, frozen=True):
    """The arguments of a run, as paths relative to the root.

    `named` are single files, `walked` those from folders and globs. With `changed`, the named files
    are those of a commit: those unrelated to jobs are skipped, and some may be `gone` as files
    (some are links to folders); so are those that git reports as `deleted`. Of the jobs that depend
    on others, those in files that are `wanted` are judged; `follows_jobs` means that named jobs may
    be such others, too.

    `rendered` are rendered sets, whatever their shape; `job` is compared with sets that name none,
    and `sink` is that of sets without a known one. `is_whole` means that the whole repository is
    walked; `all_files` lists every text file of it, to find the jobs that depend on a file. Of a
    `shard`, only the files in it are judged.
    """

    named: Sequence[str]
    walked: Sequence[str] = ()
    changed: bool = False
    gone: Sequence[str] = ()
    deleted: Sequence[str] = ()
    rendered: Sequence[str] = ()
    job: str | None = None
    sink: str = ""
    is_whole: bool = False
    all_files: Callable[[], Sequence[str]] = tuple
    wanted: Callable[[str], bool] = lambda path: True
    follows_jobs: bool = False
    shard: Shard | None = None

    def judges(self, path: str) -> bool:
        """Whether a file is in the shard of the run."""
        return self.shard is None or self.shard.holds(path)


class Role(str, Enum):
    """The role of a file: by its shape, or as some other file uses it."""

    WALKED = "walked"
    NAMED = "named"
    DEPENDENT = "dependent"
    """As `WALKED`, but only those of its jobs are judged that depend on certain files."""
    FLAT = "flat"
    """Named, and no job depends on it: it may be a bare set of tags."""
    READ = "read"
    """Read for the sake of a job."""
    ASSET = "asset"
    """Read for the sake of a job that calls it its asset."""


class Request(Struct, frozen=True):
    """A file to judge in a role."""

    path: str
    role: Role


class Taken(Struct, frozen=True, eq=False):
    """A file as a run uses it: its content, None if it is not Dativo's, and its jobs. `is_final`
    means that it is a job or a rendered set, so that no job depends on it; `lack` is what keeps a
    file from being Dativo's that was meant to be."""

    text: Text | None = None
    jobs: tuple[Document, ...] = ()
    is_final: bool = False
    lack: str = ""


class FileSelection:
    """Classifies the files of a run, one by one, so that none has to be kept.

    `files` are the given ones, of a shard those in it, sorted; `excluded` those that the settings
    exclude, and `skipped` all those, with the reason.
    """

    def __init__(self, folder: Folder, settings: Settings, given: Given) -> None:
        self.repository = Repository(folder, settings.limits)
        self.settings = settings
        self._given = given
        self._is_job = path_matcher(settings.jobs)
        self._is_rendered = path_matcher(settings.rendered)
        self._is_excluded = path_matcher(settings.exclude)
        self._walked = tuple(path for path in given.walked if not self._is_excluded(path))
        self.excluded = tuple(filter(self._is_excluded, given.named)) if given.changed else ()
        left_out = (*filter(self._is_excluded, given.walked), *self.excluded)
        why = f"excluded: {settings.origins.get('exclude', 'settings')}"
        self.skipped = dict.fromkeys(left_out, why)
        self._named = frozenset(given.named).difference(self.excluded)
        self._in_folders = frozenset(self._walked)
        self._rendered = frozenset(given.rendered)
        self._gone = frozenset((*given.gone, *given.deleted))
        self._given_files = self._named | self._in_folders
        self.files = tuple(sorted(filter(given.judges, self._given_files)))
        # What is behind a link has two names.
        self._folders: dict[str, list[str]] = {}
        for file, below in settings.files:
            for name in _from_root(settings.root, {file, os.path.realpath(file)}):
                self._folders.setdefault(name, []).append(below)
        rule_folders = _from_root(settings.root, settings.rule_folders)
        self._rule_folders = tuple("" if it == "." else f"{it}/" for it in rule_folders)

    def is_walked(self, path: str) -> bool:
        """Whether a file is one of those in folders, and nothing that concerns every job."""
        return path in self._in_folders and not self.governed(path)

    def is_given(self, path: str) -> bool:
        """Whether a file is one of those that are judged for their own sake."""
        return path in self._given_files

    def role(self, path: str) -> Role:
        """The role of a given file; a changed one is classified by its shape."""
        is_named = path in self._named and not self._given.changed
        return Role.NAMED if is_named else Role.WALKED

    def key(self, role: Role, path: str) -> str:
        """Everything about the run that decides how a file is classified."""
        sink, job = self._given.sink, self._given.job or ""
        return f"{role.value}\0{sink}\0{job}\0{path in self._rendered}"

    def take(self, request: Request) -> Taken:
        """A file in a role, if it is Dativo's."""
        path, role = request.path, request.role
        if role is Role.FLAT:
            return self._take_flat(path)
        if role in (Role.READ, Role.ASSET):
            kind = Kind.ASSET if role is Role.ASSET else None
            return Taken(text_of(self.repository.reading(path), kind))
        text = self._named_text(path) if role is Role.NAMED else self.text(path)
        return self._taken(text) if text is not None else Taken(lack=self._lack(path))

    def _named_text(self, path: str) -> Text | None:
        is_of_module = path.endswith(MODULE_SUFFIXES) and not path.endswith(VARIABLES_SUFFIXES)
        if is_of_module and self.repository.folder.kind(path) != "unreadable":
            return None
        text = self._text_at(path)
        return text if text.reading.is_broken or _is_ours(text) else None

    def _taken(self, text: Text) -> Taken:
        seems_job = text.reading.is_broken and seems_to_be(text.reading.text) is Kind.JOB
        # A variables file may be one of a module, on which jobs depend.
        is_set = Kind.RENDERED in text.kinds and not text.path.endswith(VARIABLES_SUFFIXES)
        is_final = seems_job or is_set or Kind.JOB in text.kinds
        return Taken(text, text.jobs, is_final)

    def _take_flat(self, path: str) -> Taken:
        text = _with_sets(self._text_at(path), self._is_set)
        return Taken(text, text.jobs) if Kind.RENDERED in text.kinds else Taken()

    def _is_set(self, document: Document, kind: Kind) -> bool:
        """Whether a flat mapping is a set of tags, by its keys or by the arguments of the run."""
        is_asked = self._given.sink or self._given.job is not None
        return _may_be_set(document, kind) and bool(is_asked or sink_of_keys(document.data))

    def text(self, path: str) -> Text | None:
        """An unnamed file, if it is Dativo's; also a broken one that seems to be."""
        is_module_file = path.endswith((".tf.json", ".tofu.json"))
        is_text = path.lower().endswith(TEXT_SUFFIXES) and not is_module_file
        if self._is_rendered(path) or (is_text and self._is_job(path)):
            return self._text_at(path)
        if not is_text:
            is_unreadable = self.repository.folder.kind(path) == "unreadable"
            return self._text_at(path) if is_unreadable else None
        if (reading := self.repository.reading_if_concerned(path)) is None:
            return None
        text = self._text_of(reading)
        is_ours = _is_ours(text)
        if reading.is_broken and not is_ours:  # one that cannot be opened may be Dativo's
            is_ours = not reading.text or seems_to_be(reading.text) is not Kind.OTHER
        return text if is_ours else None

    def _lack(self, path: str) -> str:
        """What keeps a file from being Dativo's, where it plainly was meant to be."""
        if not path.lower().endswith(TEXT_SUFFIXES) or path.endswith(MODULE_SUFFIXES):
            return ""
        reading = self.repository.reading_if_concerned(path)
        return next(filter(None, map(nearly, reading.documents)), "") if reading else ""

    def _text_at(self, path: str) -> Text:
        return self._text_of(self.repository.reading(path))

    def _text_of(self, reading: Reading) -> Text:
        if self._is_job(reading.path):
            return Text(reading, (Kind.JOB,) * len(reading.documents))
        text = Text(reading, tuple(map(kind_of, reading.documents)))
        is_rendered = reading.path in self._rendered or self._is_rendered(reading.path)
        return _with_sets(text, _may_be_set) if is_rendered else text

    @cached_property
    def runner_paths(self) -> tuple[str, ...]:
        """The runner files of the settings, and those named as arguments."""
        patterns = self.settings.runners
        paths = [path for path in self._given.named if self._is_named_runner(path)]
        paths += self.repository.matching(pattern for pattern in patterns if "**" not in pattern)
        globs = [glob_matcher(pattern) for pattern in patterns if "**" in pattern]
        for path in self._given.all_files() if globs else ():
            paths += [path] if any(matches(path) for matches in globs) else []
        return tuple(dict.fromkeys(paths))

    def runners(self) -> list[Text]:
        """These files, read."""
        return [self._text_at(path) for path in self.runner_paths]

    def _is_named_runner(self, path: str) -> bool:
        """Whether a file that is named as an argument, and not as a changed one, is a runner."""
        if self._given.changed or path not in self._named:
            return False
        content = self.repository.content(path)
        if isinstance(content, Fault) or not may_be_runner(content):
            return False
        text = self.take(Request(path, self.role(path))).text
        return text is not None and Kind.RUNNER in text.kinds

    def others(self, is_final: Mapping[str, bool], *, has_jobs: bool) -> Sequence[str]:
        """The given files on which jobs may depend, by whether each is final as in `Taken`."""
        follows = self._given.follows_jobs
        named = [path for path in self._given.named if follows or not is_final.get(path, True)]
        if not self._given.named and not has_jobs:
            named += self._walked
        return (*named, *self._given.deleted, *self._given.gone)

    def candidates(self) -> Iterator[str]:
        """The files of the repository in which jobs may be that depend on others."""
        for path in dict.fromkeys((*self._walked, *self._given.all_files())):
            is_wanted = self._given.wanted(path) and self._given.judges(path)
            if is_wanted and not self._is_excluded(path):
                yield path

    def is_any_job(self) -> bool:
        """Whether any of the given files, in whatever shard, is a job."""
        return any(self.take(Request(path, self.role(path))).jobs for path in self._given_files)

    def governed(self, path: str) -> Sequence[str]:
        """The folders of the jobs that a file of settings, presets or rules concerns, with a slash
        at the end; the empty one has all jobs. None for any other file."""
        names = {path, self.repository.folder.real(path)}  # a link may lead there
        folders = [folder for name in names for folder in self._folders.get(name, ())]
        above, slash, name = path.rpartition("/")
        folders += [above + slash] if path in self._gone and name in ALL_NAMES else []
        is_rule = any(f"{it}/".startswith(self._rule_folders) for it in names)
        return [*folders, ""] if is_rule or path == self.settings.baseline else folders


def _from_root(root: str, paths: Iterable[str]) -> Iterator[str]:
    """Those of some absolute paths that are in the repository, from its root."""
    for path in paths:
        if is_within(path, root):
            yield os.path.relpath(path, root).replace(os.sep, "/")


def _is_ours(text: Text) -> bool:
    return any(kind is not Kind.OTHER for kind in text.kinds)


def _with_sets(text: Text, is_set: Callable[[Document, Kind], bool]) -> Text:
    """A text whose documents are rendered sets where they may be."""
    pairs = zip(text.reading.documents, text.kinds, strict=True)
    kinds = (Kind.RENDERED if is_set(document, kind) else kind for document, kind in pairs)
    return Text(text.reading, tuple(kinds))


def _may_be_set(document: Document, kind: Kind) -> bool:
    """Whether a document that is nothing else may be a bare set of tags."""
    is_set = is_flat(document.data) or is_called_variables(document)
    return kind is Kind.RENDERED or (kind is Kind.OTHER and is_set)
