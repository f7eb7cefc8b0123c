"""Survey: what the files of a repository are, and of those that are nothing, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from dativo_lint.documents.discovery import discover, ignored
from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.engine.loading import job_loader
from dativo_lint.engine.selection import FileSelection, Given, Request, Role
from dativo_lint.jobs.kinds import MODULE_SUFFIXES, Kind, may_concern, nearly
from dativo_lint.jobs.loading import MODULE_NAME, RECIPE_FIELDS
from dativo_lint.jobs.repository import Repository
from dativo_lint.settings.settings import Settings

NEARLY = "nearly a file of Dativo"
"""The reason that a person should look at."""
_TEMPLATE = "a template; lint the files that are made from it"
_TEMPLATE_SUFFIXES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".erb")
_MARKS = ("{{", "{%", "<%")
_REASONS = {
    FaultKind.EMPTY: "empty",
    FaultKind.LIMIT: "too large",
    FaultKind.UNREADABLE: "cannot be opened",
    FaultKind.NOT_A_FILE: "cannot be opened",
}
_FEW = 5
"""Providers that are counted on their own."""
_MOST_IGNORED = 1000
"""Files that git ignores which are looked at."""


class Unrecognised(Struct, frozen=True):
    """A file that is neither of a kind nor used by a job, or cannot be read: why, in few words and
    in more."""

    path: str
    reason: str
    details: str = ""


class Survey(Struct, frozen=True):
    """The files of a repository: `counts` by what people call their kinds, the number of jobs by
    provider, the `runners` that the settings name and those that they do not, and the rest."""

    given: Given
    counts: Mapping[str, int]
    providers: Counter[str]
    runners: Sequence[str]
    other_runners: Sequence[str]
    unrecognised: Sequence[Unrecognised]

    @property
    def jobs(self) -> int:
        """The number of jobs."""
        return self.counts["job"]

    @property
    def summary(self) -> str:
        """What there is: `2 jobs (aws 2), 1 asset`."""
        numbers = ((noun, count) for noun, count in self.counts.items() if count)
        parts = [f"{count:,} {noun}{'s' if count > 1 else ''}" for noun, count in numbers]
        if self.providers:
            jobs = ", ".join(
                f"{name} {count:,}" for name, count in self.providers.most_common(_FEW)
            )
            parts[0] = f"{parts[0]} ({jobs})"
        return ", ".join(parts)


def survey(settings: Settings) -> Survey:
    """Look at all files of a repository, without evaluating any rule."""
    root = settings.root
    found = discover(root, [root])
    given = Given((), (*found.walked, *found.unreadable), all_files=lambda: found.walked)
    selector = FileSelection(DiskFolder(root), settings, given)
    repository, loader = selector.repository, job_loader(selector)
    kinds: Counter[Kind] = Counter()
    providers: Counter[str] = Counter()
    runners: list[str] = []
    used: dict[str, set[str]] = {"": set(selector.runner_paths)}
    rest: list[str] = []
    broken = 0
    for path in selector.files:
        text = selector.take(Request(path, Role.WALKED)).text
        if text is None or text.is_broken:
            rest.append(path)
        if text is None:
            continue
        broken += text.reading.is_broken
        kinds.update(text.kinds)
        kinds[Kind.JOB] += len(text.jobs) - len(text.documents(Kind.JOB))  # no lists of them
        if Kind.RUNNER in text.kinds and path not in used[""]:
            runners.append(path)
        for job in text.jobs:
            for name, reference in loader.references(job).items():
                used.setdefault(name, set()).update(filter(None, [reference.path]))
            provider = job.value(("infrastructure", "provider"))
            providers.update([provider.lower()] if isinstance(provider, str) else [])
        repository.forget(path)
    counts = {
        "job": kinds[Kind.JOB],
        "asset": kinds[Kind.ASSET],
        "connector": len(set().union(*(used.get(name, ()) for name in RECIPE_FIELDS))),
        "module": len(used.get(MODULE_NAME, ())),
        "runner file": kinds[Kind.RUNNER],
        "rendered tag set": kinds[Kind.RENDERED],
        "unreadable file": broken,
    }
    all_used = set().union(*used.values())
    unrecognised = [
        *(Unrecognised(path, reason) for path, reason in selector.skipped.items()),
        *(
            _unrecognised(repository, path)
            for path in rest
            if not (path in all_used or selector.governed(path) or path.endswith(MODULE_SUFFIXES))
        ),
        *_unread(root, repository, selector),
    ]
    unrecognised.sort(key=lambda file: file.path)
    return Survey(given, counts, providers, selector.runner_paths, runners, unrecognised)


def _unrecognised(repository: Repository, path: str) -> Unrecognised:
    """Why a file that was read is of no kind."""
    reading = repository.reading(path)
    repository.forget(path)
    if details := next(filter(None, map(nearly, reading.documents)), ""):
        return Unrecognised(path, NEARLY, details)
    fault = next((fault for fault in reading.faults if fault.kind.is_fatal), None)
    if fault is None:
        return Unrecognised(path, "no field of Dativo")
    if any(mark in reading.text for mark in _MARKS):
        return Unrecognised(path, _TEMPLATE)
    return Unrecognised(path, _REASONS.get(fault.kind, "invalid YAML or JSON"), fault.message)


def _unread(root: str, repository: Repository, selector: FileSelection) -> Iterator[Unrecognised]:
    """The files that a run does not read, but which may hold jobs."""
    for path in ignored(root)[:_MOST_IGNORED]:
        text = selector.text(path)
        if text is not None and text.jobs:
            yield Unrecognised(path, "a job, but ignored by git")
    for path in discover(root, [root], suffixes=_TEMPLATE_SUFFIXES).walked:
        content = repository.content(path)
        if not isinstance(content, Fault) and may_concern(content):
            yield Unrecognised(path, _TEMPLATE)
