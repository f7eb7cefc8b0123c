"""Voices: the places in which one fact may be told, asked in one way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.subject.key_sets import folded_key
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Assignment, TagSet
from dativo_lint.texts.place import Field

if TYPE_CHECKING:
    from dativo_lint.subject.carrier import Carrier

NAMESPACES = ("classification", "governance", "finops", "infrastructure", "asset")
_SCHEDULES = "schedules.tags."


class Word(Struct, frozen=True, eq=False):
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


class Voice(Struct, frozen=True, dict=True):
    """A tag, a field of the job or a tag of its schedules that may tell a fact.

    Either `key` is set (a tag, in whatever spelling of its key), or `below` (all tags whose keys
    begin so), or `schedule` (a tag of the job's schedules), or `route` (a field of the job).
    """

    key: str | None = None
    below: str | None = None
    schedule: str | None = None
    route: Field = ()

    def texts(self, subject: Carrier) -> list[str]:
        """What is told, without where; nothing from what is absent, empty, or no scalar."""
        texts: list[str | None]
        if self.route:
            texts = [_scalar_text(subject.said(*self.route).value)]
        elif self.schedule is not None:
            texts = [_scalar_text(it.value) for it in self._fields(subject)]
        else:
            texts = [subject.tags.texts[key] for key in self._keys(subject.tags)]
        return [text for text in texts if text]

    def words(self, subject: Carrier) -> Iterator[Word]:
        """What is told, and where."""
        for key in self._keys(subject.tags):
            told = subject.tags.texts[key]
            if told:
                tag = subject.tags[key]
                yield Word(tag.name, told, tag.at, tag.trail)
        for said in self._fields(subject):
            text = _scalar_text(said.value)
            if text:
                yield Word(said.name, text, said)

    @property
    def is_of_tags(self) -> bool:
        """Whether only the tags of a job are asked."""
        return self.key is not None or self.below is not None

    def hears(self, key: str) -> bool:
        """Whether the tag of a key is one of those that tell."""
        if self.key is not None:
            return folded_key(key) == self.folded
        return self.below is not None and key.startswith(self.below)

    @cached_property
    def folded(self) -> str:
        """The key, as by `folded_key`."""
        return folded_key(self.key or "")

    def _keys(self, tags: TagSet) -> Iterable[str]:
        """The keys of the tags that tell."""
        if self.key is not None:
            return tags.keys_like(self.folded)
        begin = self.below
        if not begin:
            return () if begin is None else tags.texts
        return [key for key in tags.texts if key.startswith(begin)]

    def _fields(self, subject: Carrier) -> Sequence[Said]:
        if self.schedule is not None:
            return [schedule.below("tags", self.schedule) for schedule in subject.schedules]
        return (subject.said(*self.route),) if self.route else ()


def voice(spelled: str) -> Voice:
    """The voice that a rule names.

    Spelled `finops.cost_center` (a tag), `finops.*` (all tags below), `*` (every tag),
    `schedules.tags.environment`, or `logging.redaction` (a field of the job: whatever begins with
    none of the namespaces of tags).
    """
    if spelled.endswith("*"):
        return Voice(below=spelled[:-1])
    if is_tag(spelled):
        return Voice(key=spelled)
    if spelled.startswith(_SCHEDULES):
        return Voice(schedule=spelled[len(_SCHEDULES) :])
    return Voice(route=tuple(spelled.split(".")))


def is_tag(spelled: str) -> bool:
    """Whether a voice is spelled as the key of a tag."""
    return spelled.partition(".")[0] in NAMESPACES


def hear(subject: Carrier, voices: Iterable[Voice]) -> list[Word]:
    """What several voices tell, in their order."""
    return [word for voice in voices for word in voice.words(subject)]


def texts_of(subject: Carrier, voices: Iterable[Voice]) -> list[str]:
    """What several voices tell, without where: enough for rules that find nothing wrong."""
    return [text for voice in voices for text in voice.texts(subject)]


def _scalar_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


@lru_cache(maxsize=1_024)
def folded_word(word: str) -> str:
    """A word without what the grammars of sinks force apart: case, and all but letters and digits.

    Google Cloud takes `fin-001` where AWS has `FIN-001`; both are one cost center.
    """
    text = "".join(char if char.isalnum() else " " for char in word.casefold())
    return "-".join(text.split()) or word
