"""Selectors: the places in which one fact may be stated, asked in one way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.documents.place import Field
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.sinks.sink import NAMESPACES
from dativo_lint.jobs.tags import Assignment, Tag

if TYPE_CHECKING:
    from dativo_lint.jobs.sinks.sink import Tagged

_SCHEDULES = "schedules.tags."


class Statement(Struct, frozen=True, eq=False):
    """What is stated in one place.

    `name` is the field as people write it; `trail` is that of the tag, empty for what is no tag.
    """

    name: str
    text: str
    at: FieldRef
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


class Selector(Struct, frozen=True):
    """A tag, a field of the job or a tag of its schedules that may state a fact.

    Either `key` is set (a tag, in whatever spelling of its key), or `below` (all tags whose keys
    begin so), or `schedule` (a tag of the job's schedules), or `route` (a field of the job).
    """

    key: str | None = None
    below: str | None = None
    schedule: str | None = None
    route: Field = ()

    def statements(self, subject: Tagged) -> Iterator[Statement]:
        """What is stated; nothing by what is absent, blank, or no scalar."""
        for tag in self._tags(subject):
            if tag.text and not tag.text.isspace():
                yield Statement(tag.name, tag.text, tag.at, tag.trail)
        for field in self._fields(subject):
            text = _scalar_text(field.value)
            if text and not text.isspace():
                yield Statement(field.name, text, field)

    def _tags(self, subject: Tagged) -> Iterable[Tag]:
        if self.key is not None:
            return subject.tags.alike(self.key)
        if self.below is None:
            return ()
        return [tag for key, tag in subject.tags.items() if key.startswith(self.below)]

    def _fields(self, subject: Tagged) -> Iterable[FieldRef]:
        if self.schedule is not None:
            return [schedule.below("tags", self.schedule) for schedule in subject.schedules]
        return (subject.said(*self.route),) if self.route else ()


def selector(spelled: str) -> Selector:
    """The selector that a rule spells.

    Spelled `finops.cost_center` (a tag), `finops.*` (all tags below), `*` (every tag),
    `schedules.tags.environment`, or `logging.redaction` (a field of the job: whatever begins with
    none of the namespaces of tags).
    """
    if spelled.endswith("*"):
        return Selector(below=spelled[:-1])
    if is_tag(spelled):
        return Selector(key=spelled)
    if spelled.startswith(_SCHEDULES):
        return Selector(schedule=spelled[len(_SCHEDULES) :])
    return Selector(route=tuple(spelled.split(".")))


def is_tag(spelled: str) -> bool:
    """Whether a selector is spelled as the key of a tag."""
    return spelled.partition(".")[0] in NAMESPACES


def select(subject: Tagged, selectors: Iterable[Selector]) -> list[Statement]:
    """What several selectors state, in their order."""
    return [statement for selector in selectors for statement in selector.statements(subject)]


def _scalar_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


@lru_cache(maxsize=4_096)
def folded_word(word: str) -> str:
    """A word without what the grammars of sinks force apart: case, and all but letters and digits.

    Google Cloud takes `fin-001` where AWS has `FIN-001`; both are one cost center.
    """
    text = "".join(char if char.isalnum() else " " for char in word.casefold())
    return "-".join(text.split()) or word
