"""Dependents: what a job reads and refers to, and which of some files it depends on."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dativo_lint.documents.comments import WORD
from dativo_lint.documents.past_folder import folders_above
from dativo_lint.findings.file_results import Read
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.loading import MODULE_NAME
from dativo_lint.jobs.references import Reference, Resolution
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.suppression_comment import Suppression


def reads_of(job: Job) -> Iterator[Read]:
    """The files that were read for a job, and their role for it, if any."""
    for name, reference in job.references.items():
        if reference.resolution is Resolution.FOUND and reference.path and name != MODULE_NAME:
            yield reference.path, Kind.ASSET if name == "asset_path" else None
    for schedule in job.schedules:
        yield schedule.document.path, None


def reads_of_sets(sets: Sequence[RenderedSet]) -> Iterator[Read]:
    """The files that should contain the jobs of rendered sets, where they cannot be read."""
    for rendered in sets:
        source = rendered.source
        reference = source.reference
        if reference is not None and reference.path and not source.is_readable:
            yield reference.path, None


def paths_referred_to(
    references: Mapping[str, Reference], schedules: Sequence[FieldRef], repository: Repository
) -> tuple[str, ...]:
    """The paths that a job refers to, or that were searched in vain; module folders end in `/`."""
    paths = [schedule.document.path for schedule in schedules]
    for name, reference in references.items():
        if name != MODULE_NAME:
            # A file at a path that is searched earlier would win.
            paths += [*filter(None, [reference.path]), *reference.tried]
        elif reference.path is None:
            paths += [f"{path}/" for path in reference.tried]
        else:
            paths.append(f"{reference.path}/")
            if reference.resolution is Resolution.FOUND:
                chains = repository.module_tree(reference.path).chains()
                for tree in {chain[-1].module.path: chain[-1] for chain in chains}.values():
                    module = tree.module
                    paths += [f"{module.path}/", *(source.path for source in module.files)]
                    paths += [posixpath.join(module.path, name) for name in module.texts.files]
                    # One that is not there is missed only by what calls it.
                    paths += [f"{folder}/" for folder in tree.local_folders]
    return tuple(dict.fromkeys(paths))


def paths_of_sets(sets: Sequence[RenderedSet], repository: Repository) -> tuple[str, ...]:
    """The paths that rendered sets refer to: their jobs, and what these refer to."""
    paths: dict[str, None] = {}
    for source in {rendered.source for rendered in sets}:
        named = {} if source.reference is None else {"job": source.reference}
        paths.update(dict.fromkeys(paths_referred_to(named, (), repository)))
        if source.job is not None:
            references, schedules = source.job.references, source.job.schedules
            paths.update(dict.fromkeys(paths_referred_to(references, schedules, repository)))
    return tuple(paths)


def suppressions_in_modules(job: Job) -> Iterator[Suppression]:
    """The suppressions in the files of the modules that a job uses."""
    for chain in job.module_tree.chains() if job.module_tree is not None else ():
        for source in chain[-1].module.files:
            if WORD in source.text:
                # Few modules have suppressions.
                from dativo_lint.jobs.module_comments import module_suppressions

                yield from module_suppressions(source.path, source.text)


class Touched:
    """Which of some files a job depends on, by the paths that it refers to.

    `folders` are those, with a slash at the end, in which every job depends on one of them, and
    every job that refers to something in it; an empty one has all jobs. `real` tells where a path
    leads through links.
    """

    def __init__(
        self,
        files: Iterable[str],
        folders: Iterable[str] = (),
        real: Callable[[str], str] = lambda path: path,
    ) -> None:
        self.files = frozenset(files)
        self._folders = tuple(folders)
        self._real = real
        self._by_path: dict[str, set[str]] = {}
        for path in self.files:
            # A module may read files in its folder and below, of whatever kind.
            for folder in (*folders_above(path), "."):
                self._by_path.setdefault(f"{folder}/", set()).add(path)

    def by(self, refers_to: Iterable[str]) -> set[str]:
        """The files that are referred to, or are in the folder of a module, which ends in `/`, or
        are links and submodules, which are files to git, on the way to something."""
        return {
            path
            for name in self._with_real(refers_to)
            for path in (
                *self._by_path.get(name, ()),
                *self.files.intersection((name, *folders_above(name))),
            )
        }

    def concerns(self, job: str, refers_to: Sequence[str]) -> bool:
        """Whether the job in a file depends on any of them."""
        paths = (job, *self._with_real(refers_to)) if self._folders else ()
        is_governed = any(path.startswith(self._folders) for path in paths)
        return is_governed or bool(self.by(refers_to))

    def concern_sets(self, path: str, sets: Sequence[RenderedSet], repository: Repository) -> bool:
        """Whether rendered sets in a file depend on any of them."""
        return bool(sets) and self.concerns(path, paths_of_sets(sets, repository))

    def _with_real(self, paths: Iterable[str]) -> Iterator[str]:
        """Paths with where they lead, each folder with a slash at the end."""
        for path in paths:
            yield path
            yield f"{self._real(path[:-1])}/" if path.endswith("/") else self._real(path)
