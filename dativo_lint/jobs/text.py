"""Text: a file as the target of rules about files."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from dativo_lint.documents.document import Document, Reading
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind, is_recipe, kind_of
from dativo_lint.jobs.references import Reference


class Text(Struct, frozen=True, dict=True):
    """A file as the target of rules about files; `kinds` are the kinds of its documents.

    `references` are the jobs that its schedules name, once they are followed.
    """

    reading: Reading
    kinds: tuple[Kind, ...]
    references: tuple[Reference, ...] = ()

    @property
    def path(self) -> str:
        """Relative to the root."""
        return self.reading.path

    @property
    def jobs(self) -> tuple[Document, ...]:
        """The jobs that can be judged; a list of them is none."""
        return tuple(each for each in self.documents(Kind.JOB) if isinstance(each.data, dict))

    @property
    def is_broken(self) -> bool:
        """Whether what it was meant to hold could not be read as such."""
        return self.reading.is_broken or len(self.jobs) < len(self.documents(Kind.JOB))

    def documents(self, kind: Kind) -> tuple[Document, ...]:
        """The documents of one kind."""
        if len(self.kinds) == 1:
            return self.reading.documents if self.kinds[0] is kind else ()
        pairs = zip(self.reading.documents, self.kinds, strict=True)
        return tuple(document for document, kind_of in pairs if kind_of is kind)

    @property
    def schedules(self) -> Iterator[FieldRef]:
        """The enabled schedules of a runner file."""
        for runner in self.documents(Kind.RUNNER):
            schedules = FieldRef(runner, ("runner", "orchestrator", "schedules"))
            number = len(schedules.value) if isinstance(schedules.value, list) else 0
            for schedule in map(schedules.child, range(number)):
                if schedule.child("enabled").value is not False:
                    yield schedule


def text_of(reading: Reading, named_as: Kind | None = None) -> Text:
    """A file with the kinds of its documents; a reference may decide a kind that the shape does
    not.

    A document with the shape of another kind keeps that kind.
    """

    def kind(document: Document) -> Kind:
        shape = kind_of(document)
        is_as_named = shape is Kind.OTHER and not is_recipe(document.data)
        return named_as if named_as is not None and is_as_named else shape

    return Text(reading, tuple(map(kind, reading.documents)))
