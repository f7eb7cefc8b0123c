"""Loading: a job with all that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import spell
from dativo_lint.jobs.asset import Asset, Misfit
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import Propagation
from dativo_lint.jobs.references import Reference, Resolution, Resolver
from dativo_lint.jobs.rendered import JobSource, RenderedSet
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.text import Text, text_of

if TYPE_CHECKING:
    from dativo_lint.jobs.rendered_forms import FormReader
    from dativo_lint.jobs.taggable import TagKeeping

RECIPE_FIELDS = ("source_connector_path", "target_connector_path")
FILE_FIELDS = (("asset_path",), *((name,) for name in RECIPE_FIELDS))
MODULE_FIELD = ("infrastructure", "terraform_module")
MODULE_NAME = spell(MODULE_FIELD)
_Value = TypeVar("_Value")
_FIELDS = {spell(route): route for route in (*FILE_FIELDS, MODULE_FIELD)}


class JobLoader(Struct, frozen=True, eq=False, dict=True):
    """Loads jobs with everything that they refer to, from one repository.

    `runners` returns the files that give jobs their schedules; it is called for the first job that
    may have one. `scheduled` has the paths of the jobs with schedules, where these are known.
    """

    repository: Repository
    prefixes: Mapping[str, str]
    propagation: Propagation = Propagation()
    runners: Callable[[], Iterable[Text]] = tuple
    scheduled: Container[str] | None = None
    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.repository.folder, self.prefixes)

    @cached_property
    def all_schedules(self) -> Mapping[str, Sequence[FieldRef]]:
        """The enabled schedules of the runner files by the path of the job that each starts."""
        schedules: dict[str, list[FieldRef]] = {}
        for schedule in (each for runner in self.runners() for each in runner.schedules):
            path = self._started_by(schedule).path
            if path is not None:
                schedules.setdefault(path, []).append(schedule)
        return schedules

    def _started_by(self, schedule: FieldRef) -> Reference:
        return self._resolver.follow(schedule.child("config"), "file")

    def with_references(self, text: Text) -> Text:
        """A file with the jobs that its schedules name."""
        references = tuple(map(self._started_by, text.schedules))
        return replace(text, references=references) if references else text

    def schedules(self, path: str) -> tuple[FieldRef, ...]:
        """The entries of runner files that start the job in a file."""
        if self.scheduled is not None and path not in self.scheduled:
            return ()
        return tuple(self.all_schedules.get(path, ()))

    def load(self, job: Document) -> Job:
        """A job with everything that it refers to; never raises for its content."""
        references = self.references(job)
        read = self.repository.recipe
        recipes = {name: _target_of(references.get(name), read) for name in RECIPE_FIELDS}
        asset = _target_of(references.get("asset_path"), self.repository.asset)
        return Job(
            config=job,
            references=references,
            asset=asset if isinstance(asset, Asset) else None,
            no_asset=asset if isinstance(asset, Misfit) else None,
            recipes={name: recipe for name, recipe in recipes.items() if recipe is not None},
            module_tree=_target_of(references.get(MODULE_NAME), self.repository.module_tree),
            schedules=self.schedules(job.path),
            propagation=self.propagation,
            taggable=self.taggable,
        )

    def rendered(
        self, document: Document, reader: FormReader, job: Job | None
    ) -> Iterator[RenderedSet]:
        """The rendered sets of a document, each with the job that it names, or else with `job`."""
        for rendered in reader.sets(document):
            named = rendered.source.field
            yield replace(
                rendered, source=JobSource(job=job) if named is None else self.source(named)
            )

    def source(self, field: FieldRef) -> JobSource:
        """The job that a rendered set names, with all that it refers to."""
        reference = self._resolver.follow(field, "file")
        if reference.resolution is not Resolution.FOUND or reference.path is None:
            return JobSource(field, reference)
        reading = self.repository.reading(reference.path)
        jobs = text_of(reading).jobs
        job = self.load(jobs[0]) if len(jobs) == 1 else None
        return JobSource(field, reference, job, len(jobs), not reading.is_broken)

    def references(self, job: Document) -> dict[str, Reference]:
        """The paths that a job names, by field, each followed."""
        references = {}
        for name, route in _FIELDS.items():
            written = job.value(route)
            if written is not ABSENT and written is not None:
                is_module = route is MODULE_FIELD
                wanted = "folder" if is_module else "file"
                reference = self._resolver.follow(FieldRef(job, route), wanted)
                references[name] = _remote_or(reference) if is_module else reference
        return references


def _target_of(reference: Reference | None, read: Callable[[str], _Value]) -> _Value | None:
    """What a reference leads to; None where that is nothing."""
    if reference is None or reference.path is None or reference.resolution is not Resolution.FOUND:
        return None
    return read(reference.path)


def _remote_or(reference: Reference) -> Reference:
    """A module that is no folder here may be the address of one that is fetched."""
    if reference.resolution is not Resolution.MISSING or not isinstance(reference.field.value, str):
        return reference
    from dativo_lint.terraform.address import classify_source

    address = classify_source(reference.field.value)
    if address.kind in ("local", "absolute") or address.suggestion.startswith("./"):
        return reference
    return Reference(reference.field, Resolution.REMOTE, tried=reference.tried)
