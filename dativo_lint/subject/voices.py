"""Voices: the places in which one fact may be told, asked in one way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tags import Assignment, Tag

NAMESPACES = ("classification", "governance", "finops", "infrastructure", "asset")
_SCHEDULES = "schedules.tags."


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What a voice says.

    `name` is the field as people write it; `trail` is that of the tag, empty for what is no tag.
    """

    name: str
    text: str
    at: Said
    trail: tuple[Assignment, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the text is known only when the job runs."""
        return is_open(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The words of a list, or the text itself."""
        if any(isinstance(assignment.written, list) for assignment in self.trail):
            return tuple(part for part in self.text.split(",") if part)
        return (self.text,)


@dataclass(frozen=True, slots=True)
class Voice:
    """A tag, a field of the job or a tag of its schedules that may tell a fact.

    Spelled `finops.cost_center` (a tag, whatever the spelling of its key), `finops.*` (all tags
    below), `*` (every tag), `schedules.tags.environment`, or `logging.redaction` (a field of the
    job: whatever begins with none of the namespaces of tags).
    """

    spelled: str

    def words(self, subject: Subject) -> Iterator[Word]:
        """What is told; nothing from what is absent, empty, or no scalar."""
        spelled = self.spelled
        if spelled.endswith("*"):
            for tag in subject.tags.values():
                if tag.key.startswith(spelled[:-1]):
                    yield from _of_tag(tag)
        elif spelled.partition(".")[0] in NAMESPACES:
            for tag in subject.tags.alike(spelled):
                yield from _of_tag(tag)
        elif spelled.startswith(_SCHEDULES):
            for schedule in subject.schedules:
                yield from _of_field(schedule.below("tags", spelled[len(_SCHEDULES) :]))
        else:
            yield from _of_field(subject.said(*spelled.split(".")))


def hear(subject: Subject, voices: Iterable[Voice]) -> list[Word]:
    """What several voices tell, in their order."""
    return [word for voice in voices for word in voice.words(subject)]


def _of_tag(tag: Tag) -> Iterator[Word]:
    if tag.text:
        yield Word(tag.name, tag.text, tag.at, tag.trail)


def _of_field(said: Said) -> Iterator[Word]:
    text = _scalar_text(said.value)
    if text:
        yield Word(said.name, text, said)


def _scalar_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
