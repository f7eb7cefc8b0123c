"""Assembly: follow the references of one job and build its subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dativo_lint.subject.asset import Asset, asset_of
from dativo_lint.subject.kinds import Kind, kind_of
from dativo_lint.subject.library import Library
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.references import Lead, Reference, Resolver
from dativo_lint.subject.said import Said
from dativo_lint.subject.subject import Subject, Text
from dativo_lint.texts.document import ABSENT, Document, Reading
from dativo_lint.texts.place import spell

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module

FILE_FIELDS = (("asset_path",), ("source_connector_path",), ("target_connector_path",))
MODULE_FIELD = ("infrastructure", "terraform_module")


@dataclass(frozen=True, slots=True, eq=False)
class Assembler:
    """Builds subjects from one library; `runners` are the documents of runner files."""

    library: Library
    prefixes: Mapping[str, str]
    propagation: Propagation = Propagation()
    runners: tuple[Document, ...] = ()
    _schedules: dict[str, list[Said]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        resolver = self.resolver
        for runner in self.runners:
            entries = Said(runner, ("runner", "orchestrator", "schedules"))
            for number, _ in enumerate(entries.value):
                entry = entries.below(number)
                path = resolver.follow(entry.below("config"), "file").path
                if path is not None:
                    self._schedules.setdefault(path, []).append(entry)

    @property
    def resolver(self) -> Resolver:
        """What follows paths in the library's folder."""
        return Resolver(self.library.folder, self.prefixes)

    def subject(self, job: Document) -> Subject:
        """A job with all that it refers to; never raises for what the job says."""
        references = self.references(job)
        return Subject(
            job=job,
            references=references,
            asset=self._asset(references.get("asset_path")),
            module=self._module(references.get(spell(MODULE_FIELD))),
            schedules=tuple(self._schedules.get(job.path, ())),
            propagation=self.propagation,
        )

    def references(self, job: Document) -> dict[str, Reference]:
        """The paths that a job names, by field, each followed."""
        resolver = self.resolver
        found = {}
        for route in (*FILE_FIELDS, MODULE_FIELD):
            said = Said(job, route)
            if said.value not in (ABSENT, None):
                wanted = "folder" if route == MODULE_FIELD else "file"
                reference = resolver.follow(said, wanted)
                if route == MODULE_FIELD:
                    reference = _remote_or(reference)
                found[spell(route)] = reference
        return found

    def _asset(self, reference: Reference | None) -> Asset | None:
        if reference is None or reference.lead is not Lead.FOUND or reference.path is None:
            return None
        reading = self.library.reading(reference.path)
        if reading.is_broken or not reading.documents:
            return None
        return asset_of(reading.documents[0])

    def _module(self, reference: Reference | None) -> Module | None:
        if reference is None or reference.lead is not Lead.FOUND or reference.path is None:
            return None
        return self.library.module(reference.path)


def text_of(reading: Reading, named_as: Kind | None = None) -> Text:
    """A file with the kinds of its documents; a reference may tell a kind that the shape does not.

    What is written in the shape of something else stays what it is.
    """
    kinds = map(kind_of, reading.documents)
    told = (named_as if named_as and kind is Kind.OTHER else kind for kind in kinds)
    return Text(reading, tuple(told))


def _remote_or(reference: Reference) -> Reference:
    """A module that is no folder here may be the address of one that is fetched."""
    if reference.lead is not Lead.MISSING or not isinstance(reference.said.value, str):
        return reference
    from dativo_lint.terraform.address import classify_source

    kind = classify_source(reference.said.value).kind
    if kind in ("local", "invalid", "absolute"):
        return reference
    return Reference(reference.said, Lead.REMOTE, tried=reference.tried)
